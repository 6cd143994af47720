// SPDX-License-Identifier: BSD-3-Clause
// What the stage "guard" decides, for those who want to tell why.
#pragma once

#include <stdint.h>

#include "dataplane/path/claim.h"
#include "dataplane/tables/policy.h"
#include "lib/drops.h"

enum { GUARD_SPOKEN_FOR = 2 };

// The addresses for which a claim speaks: whoever hears it may believe that they are reached by its
// sender. A question speaks for who asks, an advertisement for its target too.
struct guard_spoken {
	uint32_t n;
	struct neigh_key keys[GUARD_SPOKEN_FOR];
	struct neigh_entry *entries[GUARD_SPOKEN_FOR]; // NULL: nobody has it
};

// Judge a claim of a frame from "src" that came by "port". Returns DROP_NONE if it is honest.
enum drop_reason guard_judge(const struct policy_lan *lan, uint16_t port, mac_t src,
			     const struct claim *claim, struct guard_spoken *spoken);
