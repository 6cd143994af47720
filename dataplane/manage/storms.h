// SPDX-License-Identifier: BSD-3-Clause
// Ports that are above a storm limit for too long are disabled.
//
// Once a second the manager looks whether frames of a port died above its limits. If some did in
// each of storm_seconds seconds on end, the port is disabled with DISABLE_STORM. What dies by the
// egress meter is the fault of others, and does not count.
//
// Threads: manager only. Time is an argument, CLOCK_MONOTONIC.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct manager;

struct storm_watch {
	uint64_t drops;	  // at the last look
	uint32_t seconds; // on end in which there were more
};

// One second has passed, and "drops" frames died until now. Returns true if that was so in each of
// the last "limit" seconds; then it starts anew. 0: never. Pure.
bool storm_watch(struct storm_watch *watch, uint64_t drops, uint32_t limit);

// Does something once a second.
void storms_tick(struct manager *manager, uint64_t now_ns);
