// SPDX-License-Identifier: BSD-3-Clause
// How long frames were on their way: a histogram of TSC cycles, whose buckets are at most 1/64 of
// their value wide, and percentiles of it.
#pragma once

#include <stdint.h>

enum {
	LATENCY_STEPS = 64, // buckets in each power of two
	LATENCY_BUCKETS = 40 * LATENCY_STEPS,
};

struct latency {
	uint64_t n;
	uint64_t most; // exact
	uint64_t buckets[LATENCY_BUCKETS];
};

static inline uint32_t latency_bucket(uint64_t cycles)
{
	uint32_t power;

	if (cycles < LATENCY_STEPS)
		return (uint32_t)cycles;
	power = 57 - (uint32_t)__builtin_clzll(cycles); // 0 for 64 to 127
	return (power + 1) * LATENCY_STEPS + (uint32_t)(cycles >> power) - LATENCY_STEPS;
}

static inline void latency_add(struct latency *latency, uint64_t cycles)
{
	uint32_t bucket = latency_bucket(cycles);

	latency->buckets[bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1]++;
	latency->n++;
	if (cycles > latency->most)
		latency->most = cycles;
}

// Cycles that "part" of all frames, 0 to 1, did not take longer than. 0 if there are none.
uint64_t latency_percentile(const struct latency *latency, double part);
