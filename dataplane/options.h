// SPDX-License-Identifier: BSD-3-Clause
// The command line of ixfab-dataplane: CPUs, memory and socket path; all the rest comes from
// control.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"
#include "lib/log.h"

struct options {
	uint32_t n_workers;
	uint32_t worker_cpus[MAX_WORKERS]; // a CPU may be named twice
	uint32_t memory_mib;		   // for frame buffers and drivers
	const char *socket;
	const char *group; // that may attach control; NULL: root only
	bool adaptive;	   // idle workers sleep
	bool no_huge;	   // do not use huge pages even if there are some
	enum log_level log;
};

// Fill "options" from the command line, or print what is wrong with it, or the help that was asked
// for. Returns -1 to go on, or the status to exit with.
int options_parse(struct options *options, int argc, char **argv);
