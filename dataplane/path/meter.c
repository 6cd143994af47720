// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/meter.h"

enum { SPEED_UNKNOWN = 10000 }; // Mb/s

// Nothing costs more than a second, so beyond this an octet's cost makes no difference; and that of
// the longest frame still fits a word.
static const uint64_t octet_max = UINT64_MAX / (UINT16_MAX + METER_OVERHEAD);

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

// A frame costs at most the part of a second that the floor gives it, and never more than all of
// it: a limit lower than one frame a second is one.
static uint64_t frame_cost(const struct rate *rate, uint64_t second)
{
	uint64_t frames = rate->unit == RATE_FRAMES ? rate->value : rate->floor;

	if (rate->value == 0 && frames == 0)
		return 2 * second; // nothing passes
	if (frames == 0)
		return second;
	return frames < second ? second / frames : 1;
}

static uint64_t octet_cost(const struct rate *rate, uint32_t speed, uint64_t second)
{
	uint64_t bits = rate->value;

	if (rate->unit == RATE_FRAMES)
		return 0;
	if (rate->unit == RATE_PPM) // of millions of bits
		bits *= speed ? speed : SPEED_UNKNOWN;
	uint64_t cost = bits ? (second << METER_FRACTION) * 8 / bits : octet_max;

	return cost ? least(cost, octet_max) : 1;
}

void meter_set(struct meter *meter, const struct rate *rate, uint32_t speed, uint64_t hz)
{
	uint64_t second = hz * METER_STEPS;

	if (rate->unit == RATE_NONE) {
		atomic_store(&meter->frame, 0);
		return;
	}
	atomic_store(&meter->second, second);
	atomic_store(&meter->octet, octet_cost(rate, speed, second));
	atomic_store(&meter->frame, frame_cost(rate, second));
}
