// SPDX-License-Identifier: BSD-3-Clause
// Whether a link of a LAG is in use, looked at once a second; and what to do if it is not. Pure.
//
// A link that was in use and is no more is news at once. One that never was has LAG_WATCH_PATIENCE
// to agree with its partner, who need not speak more often than every 30 seconds. What is switched
// off is meant to be out of use.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct port_info;

enum { LAG_WATCH_PATIENCE = 40 }; // seconds

// What was seen of a slot. Zero at first.
struct lag_watch {
	uint32_t incarnation;
	uint32_t waited; // seconds that it has not been in use
	bool was_in_use;
};

// Look at a port. Returns whether it is a link whose being out of use is worth a word.
bool lag_watch_is_missed(struct lag_watch *watch, const struct port_info *info);

enum { LAG_WATCH_DETAIL_SIZE = 160 };

// What is wrong with a link, and what to do: a sentence or two. "lag" is the name of its LAG.
const char *lag_watch_describe(const struct port_info *link, const char *lag,
			       const struct port_info *lag_info, char *detail);
