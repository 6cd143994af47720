// SPDX-License-Identifier: BSD-3-Clause
// The name of the XDP program of ports on kernel interfaces (dataplane/ports/bpf/guard.bpf.c): who
// finds it without a living dataplane knows that a killed one left it.
#pragma once

#include <stdbool.h>
#include <string.h>

// As the kernel knows it now, and knew the one of earlier versions.
#define XDP_PROGRAM	    "ixfab_guard"
#define XDP_PROGRAM_EARLIER "ixfab_port"

static inline bool xdp_program_is_ours(const char *name)
{
	return strcmp(name, XDP_PROGRAM) == 0 || strcmp(name, XDP_PROGRAM_EARLIER) == 0;
}
