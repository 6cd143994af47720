// SPDX-License-Identifier: BSD-3-Clause
// A sliding window: how often did something happen within the last so many seconds.
//
// Time is cut into parts, 63 to the window, and each part has one count. So what happened counts
// for the whole window at least, and for 64/63 of it at most, however much it was.
//
// Pure: time is an argument. Zeroed memory is an empty window.
#pragma once

#include <stdint.h>

enum { WINDOW_PARTS = 64 };

struct window {
	uint64_t part_ns; // 0: nothing was ever added
	uint64_t part;	  // the latest, counted from the start of the clock
	uint16_t counts[WINDOW_PARTS];
};

// Add "n" at "now_ns", a clock that never goes back, to a window of "seconds" (0 counts as 1).
// Returns how many there are in it, UINT16_MAX for each part at most. A window whose length changes
// starts anew.
uint32_t window_add(struct window *window, uint32_t n, uint32_t seconds, uint64_t now_ns);

void window_clear(struct window *window);
