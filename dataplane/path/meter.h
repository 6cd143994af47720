// SPDX-License-Identifier: BSD-3-Clause
// A meter: how much may pass in a second.
//
// It is a GCRA in the form of virtual scheduling (ITU-T I.371): one word says until when what
// passed so far is paid for. A frame passes if that is no further ahead than one second once the
// frame's own cost is added. So a meter of N frames/s that was idle lets a burst of N pass at once,
// from then on one frame every N-th of a second, and on the long run exactly N in a second.
//
// Because the state is one word, a meter is exact however many workers ask it at once: they race
// by compare-and-swap. Above the limit nothing is written: a storm costs a load and a comparison
// for each frame, and the cache line stays shared.
//
// Time counts in steps of 1/16 TSC cycle. The word wraps every 2^60 cycles, seven years at 5 GHz.
// What is paid for is never more than a second ahead of the frame that paid; for a worker that was
// stopped since it looked at the clock it may be more. What seems to be further ahead than
// METER_AHEAD_MAX is behind, however far, and counts as now. So only a meter that was idle for a
// whole number of wraps, to within that hour, can be mistaken, and then for that hour.
//
// What counts as an octet: see METER_OVERHEAD (lib/message.h).
//
// Threads: meter_take() by any worker, meter_set() by the manager.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/message.h"

enum {
	METER_STEPS = 16,	// in a cycle
	METER_FRACTION = 16,	// bits behind the point of a step
	METER_AHEAD_MAX = 3600, // seconds
};

struct meter {
	_Atomic uint64_t paid_until; // steps
	_Atomic uint64_t octet;	     // cost of an octet, 1/65536 steps; 0: all frames cost alike
	_Atomic uint64_t frame;	     // cost of a frame, at most, steps; 0: no limit
	_Atomic uint64_t second;     // steps
} __attribute__((aligned(64)));

// Of one port. Each on a cache line of its own: different workers write them.
struct meters {
	struct meter of[METERS];
};

// Have a meter let "rate" pass on a link of "speed" Mb/s (0: unknown), with "hz" TSC cycles in a
// second. What passed so far stays paid.
void meter_set(struct meter *meter, const struct rate *rate, uint32_t speed, uint64_t hz);

static inline uint64_t meter_load(const _Atomic uint64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

// Whether there is a limit at all.
static inline bool meter_limits(const struct meter *meter)
{
	return meter_load(&meter->frame) != 0;
}

static inline uint64_t meter_cost(const struct meter *meter, uint16_t octets)
{
	uint64_t most = meter_load(&meter->frame), octet = meter_load(&meter->octet);
	uint64_t cost = (octets + METER_OVERHEAD) * octet >> METER_FRACTION;

	return octet && cost < most ? cost : most;
}

// How many steps what passed so far is ahead of "now", which is in steps.
static inline uint64_t meter_ahead(uint64_t paid_until, uint64_t now, uint64_t second)
{
	uint64_t ahead = paid_until - now;

	return ahead <= METER_AHEAD_MAX * second ? ahead : 0; // else it is behind
}

// The octets, without FCS, of the longest frame that would pass at "now" (TSC cycles); -1: none.
// None that is longer passes at that time, whatever passes before it.
static inline int meter_longest(const struct meter *meter, uint64_t now)
{
	uint64_t most = meter_load(&meter->frame), octet = meter_load(&meter->octet);
	uint64_t second = meter_load(&meter->second);
	uint64_t ahead = meter_ahead(meter_load(&meter->paid_until), now * METER_STEPS, second);

	if (ahead + most <= second)
		return UINT16_MAX;
	if (!octet || ahead > second)
		return -1;
	uint64_t octets = (((second - ahead + 1) << METER_FRACTION) - 1) / octet;

	if (octets < METER_OVERHEAD)
		return -1;
	octets -= METER_OVERHEAD;
	return octets < UINT16_MAX ? (int)octets : UINT16_MAX;
}

// Let a frame of "octets" without FCS pass at "now" (TSC cycles), or not. With "dry", only say
// whether it would.
static inline bool meter_take(struct meter *meter, uint64_t now, uint16_t octets, bool dry)
{
	uint64_t cost = meter_cost(meter, octets), second = meter_load(&meter->second);
	uint64_t paid_until = meter_load(&meter->paid_until), ahead;

	now *= METER_STEPS;
	do {
		ahead = meter_ahead(paid_until, now, second);
		if (ahead + cost > second)
			return cost == 0;
	} while (!dry &&
		 !atomic_compare_exchange_weak_explicit(&meter->paid_until, &paid_until,
							now + ahead + cost, memory_order_relaxed,
							memory_order_relaxed));
	return true;
}
