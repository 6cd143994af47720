// SPDX-License-Identifier: BSD-3-Clause
// The reasons for which frames die; the list itself is lib/drops.def.
#pragma once

#include <stdint.h>

enum drop_reason {
	DROP_NONE, // the frame lives
#define DROP(NAME, name, side, text) DROP_##NAME,
#include "lib/drops.def"
#undef DROP
	DROP_COUNT,
};

enum drop_side { DROP_SIDE_IN, DROP_SIDE_OUT };

struct drop_info {
	const char *name; // lower case, as operators and metrics see it
	const char *text; // one sentence for operators
	enum drop_side side;
};

// Indexed by enum drop_reason; entry 0 is "none".
extern const struct drop_info drop_infos[DROP_COUNT];

// Find a reason by its name. Returns DROP_NONE if there is none of that name.
enum drop_reason drop_find(const char *name);
