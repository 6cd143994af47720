// SPDX-License-Identifier: BSD-3-Clause
// A configuration in several files: FILE, and conf.d/*.yaml beside it in the order of their names.
// So an import can own members.yaml, and people own the rest.
//
// All of them travel as one text, to the daemon and into its state:
//
//     #%file ixfab.yaml
//     version: 1
//     …
//     #%file conf.d/members.yaml
//     ports:
//     …
//
// A file that has nothing beside it is its own text, without such lines. One that has such lines
// itself (as `ixfab show config` prints them) is complete, and nothing beside it is read.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_FILE_MARK "#%file "
#define CONFIG_DIRECTORY "conf.d"

enum { CONFIG_PARTS_MAX = 64 };

struct config_errors;

struct config_part {
	char *name; // of its file, for complaints
	const char *text;
	size_t length;
};

struct config_parts {
	struct config_part list[CONFIG_PARTS_MAX];
	size_t n; // at least 1
};

// Read FILE and what lies beside it, but for the file "except" of conf.d (a name without a
// directory; NULL: all). Returns one text, to be freed; or NULL with errno and a complaint.
char *config_files_read(const char *path, const char *except, size_t *length,
			struct config_errors *errors);

// Such a text with one more file in it: "name" of conf.d, with the text "more". "path" is where the
// first lies. Free the result.
char *config_files_add(const char *path, const char *text, size_t length, const char *name,
		       const char *more, size_t *total);

// Split such a text; "file" is the name of the first part. The parts point into "text". Returns
// false if there are too many. Free in any case.
bool config_parts_split(struct config_parts *parts, const char *file, const char *text,
			size_t length);
void config_parts_free(struct config_parts *parts);
