// SPDX-License-Identifier: BSD-3-Clause
// The reasons for which frames die; the list itself is lib/drops.def.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum drop_reason {
	DROP_NONE, // the frame lives
#define DROP(NAME, name, side, class, text) DROP_##NAME,
#include "lib/drops.def"
#undef DROP
	DROP_COUNT,
};

enum drop_side { DROP_SIDE_IN, DROP_SIDE_OUT };

// How grave it is, in rising order.
enum drop_class { DROP_CLASS_QUIET, DROP_CLASS_RULE, DROP_CLASS_SECURITY, DROP_CLASS_ALARM };

struct drop_info {
	const char *name; // lower case, as operators and metrics see it
	const char *text; // one sentence for operators
	enum drop_side side;
	enum drop_class class;
};

// Indexed by enum drop_reason; entry 0 is "none".
extern const struct drop_info drop_infos[DROP_COUNT];

// Find a reason by its name. Returns DROP_NONE if there is none of that name.
enum drop_reason drop_find(const char *name);

// Whether frames that die for it make events.
static inline bool drop_makes_event(enum drop_reason reason)
{
	return drop_infos[reason].class >= DROP_CLASS_RULE;
}

// Whether it counts as a violation of port security.
static inline bool drop_is_violation(enum drop_reason reason)
{
	return drop_infos[reason].class >= DROP_CLASS_SECURITY;
}
