// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/latency.h"

// The highest value that is counted in a bucket.
static uint64_t upper_end(uint32_t bucket)
{
	uint32_t power = bucket / LATENCY_STEPS;

	if (!power)
		return bucket;
	return ((uint64_t)(bucket % LATENCY_STEPS + LATENCY_STEPS + 1) << (power - 1)) - 1;
}

uint64_t latency_percentile(const struct latency *latency, double part)
{
	uint64_t wanted = (uint64_t)(part * (double)latency->n);
	uint64_t seen = 0;

	for (uint32_t bucket = 0; bucket < LATENCY_BUCKETS && latency->n; bucket++) {
		seen += latency->buckets[bucket];
		if (seen > wanted || seen == latency->n)
			return upper_end(bucket) < latency->most ? upper_end(bucket)
								 : latency->most;
	}
	return 0;
}
