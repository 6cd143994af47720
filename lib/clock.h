// SPDX-License-Identifier: BSD-3-Clause
// Clocks as nanoseconds. Whatever counts time takes it as an argument; these are for callers.
#pragma once

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND UINT64_C(1000000000)

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * CLOCK_SECOND + (uint64_t)now.tv_nsec;
}

// Since the epoch, as people see it; it may jump.
static inline uint64_t clock_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

// Since some start; it never jumps.
static inline uint64_t clock_steady_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}
