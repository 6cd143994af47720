// SPDX-License-Identifier: BSD-3-Clause
// The options that every command takes; they may stand anywhere on the line.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "control/ctl/arguments.h"

#define DEFAULT_SOCKET "/run/ixfab/control.sock"

enum { DEFAULT_TIMEOUT = 60, DEFAULT_WATCH = 2 }; // seconds

struct options {
	const char *socket;
	double timeout; // seconds
	double watch;	// seconds between two looks; 0: look once
	bool json;
	bool no_header;
	bool help;
	bool version;
	char **words; // the rest of the line
	size_t n_words;
};

// Read the command line without its first word. Returns 0, or -EINVAL with "error" filled. Free
// "words" in any case; its strings belong to "argv".
int options_parse(struct options *options, int argc, char **argv, char error[USAGE_TEXT_SIZE]);

// Whether a word is an option whose value is a path.
bool options_takes_path(const char *word);

// List them with their help.
void options_print(FILE *file);

// The name of option "i", or NULL behind the last.
const char *options_name(size_t i);
