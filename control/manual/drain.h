// SPDX-License-Identifier: BSD-3-Clause
// How much traffic ports carry, to tell when one that is being drained carries next to none:
// RFC 8327 has operators wait for that before they begin with their maintenance.
//
// Every DRAIN_EVERY_S seconds the rate of every port is what its octets, both directions together,
// grew since the last look. A port's traffic is near zero when it is below DRAIN_RATE, or below one
// DRAIN_PART-th of what it was when draining began.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct control;
struct drains;

enum {
	DRAIN_EVERY_S = 10,
	DRAIN_RATE = 100000, // bits/s
	DRAIN_PART = 100,
};

// Returns NULL with errno.
struct drains *drains_create(struct control *control);
void drains_destroy(struct drains *drains); // NULL is fine

// Look now, and say which ports that are being drained have come near zero. "now_ms" is of the
// clock that only goes forward. The timer of its own calls it.
void drains_look(struct drains *drains, uint64_t now_ms);

// The rate of the port in "slot", in bits/s. Returns false if it is not known yet. NULL is fine.
bool drains_rate(const struct drains *drains, uint16_t slot, uint64_t *rate);

// Whether "rate" is near zero, when it was "before"; 0: that is not known.
bool drain_is_near_zero(uint64_t rate, uint64_t before);
