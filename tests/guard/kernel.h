// SPDX-License-Identifier: BSD-3-Clause
// The XDP guard in the kernel, on no interface: frames are handed to it one by one
// (BPF_PROG_TEST_RUN).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dataplane/ports/guard.h"
#include "dataplane/ports/guard_sources.h"

struct kernel {
	int program_fd;
	struct guard *guard;
	struct guard_sources *sources;
};

extern struct kernel kernel;

// Load the guard. Ends the program if it cannot be, with 77 (skipped) where BPF is not allowed.
void kernel_load(const char *path);
void kernel_unload(void);

// End the program if "result" is negative: then it is -errno.
void kernel_check(const char *what, int result);

// Let a frame come, without asking what became of it. Any thread.
void kernel_run(const uint8_t *octets, size_t n);

// Why a frame that comes dies, or DROP_NONE. What the guard counts is added to "counters".
enum drop_reason kernel_judge(const uint8_t *octets, size_t n, struct port_counters *counters);
