// SPDX-License-Identifier: BSD-3-Clause
// The command line of ixfab-control.
#pragma once

#include <stdbool.h>

#include "control/metrics/metrics.h"
#include "lib/log.h"

struct options {
	const char *dataplane; // socket of the dataplane
	const char *socket;    // for operators
	const char *state;     // directory
	const char *config;    // file
	const char *group;     // that may change things; NULL: our own
	bool fits;	       // only ask the dataplane whether it fits
	enum log_level log;
	struct metrics_wish metrics;
};

// Fill "options" from the command line, or print what is wrong with it, or the help that was asked
// for. Returns -1 to go on, or the status to exit with.
int options_parse(struct options *options, int argc, char **argv);
