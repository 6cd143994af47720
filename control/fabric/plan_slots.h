// SPDX-License-Identifier: BSD-3-Clause
// Which slot of the dataplane each port of the configuration gets.
//
// A port keeps the slot that its name has; a new one gets a slot that was never used, or else the
// free one with the fewest lives behind it. The slot of a port that leaves is not given away in the
// same plan, because no slot may pass from one port to another in one commit.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"

struct plan_wish;
struct stats;

// A port slot of the dataplane as it is now.
struct plan_slot {
	bool used;
	uint32_t lives; // how many ports lived there, this one included
	char name[NAME_SIZE];
};

enum { PLAN_NO_SLOT = 0xffff };

// Read the slots from a dataplane's counters into "slots", of MAX_PORTS.
void plan_read_slots(const struct stats *stats, struct plan_slot *slots);

// Fill "assigned", of as many as the configuration has ports; PLAN_NO_SLOT for those left out.
// Returns 0, or -ENOSPC if more ports are new than slots are free now.
int plan_assign_slots(const struct plan_wish *wish, const struct plan_slot *slots,
		      uint16_t *assigned);
