// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/meter.h"

#include <pthread.h>

#include <criterion/criterion.h>

static const uint64_t HZ = 2249998000;
enum { SHORTEST = 60, LONGEST = 9014, ENOUGH = 100000 };

static struct meter meter;

static void set(uint64_t value, enum rate_unit unit, uint32_t floor, uint32_t speed)
{
	meter_set(&meter, &(struct rate){.value = value, .unit = unit, .floor = floor}, speed, HZ);
}

// How many frames pass at "now", of ENOUGH.
static uint32_t burst(uint64_t now, uint16_t octets)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ENOUGH; i++)
		n += meter_take(&meter, now, octets, false);
	return n;
}

struct limit {
	const char *name;
	struct rate rate;
	uint32_t speed;
	uint16_t octets;
	uint32_t passes; // at once, and in a second
};

static const struct limit limits[] = {
	{"100 frames", {100, RATE_FRAMES, 0}, 10000, SHORTEST, 100},
	{"of any length", {100, RATE_FRAMES, 0}, 10000, LONGEST, 100},
	{"one frame", {1, RATE_FRAMES, 0}, 10000, SHORTEST, 1},
	{"7 frames: no whole part of a second", {7, RATE_FRAMES, 0}, 10000, SHORTEST, 7},
	{"no frame", {0, RATE_FRAMES, 0}, 10000, SHORTEST, 0},
	{"a frame limit has no floor", {5, RATE_FRAMES, 100}, 10000, SHORTEST, 5},
	{"1 Mb/s in the shortest frames: 84 octets each", {1000000, RATE_BITS, 0}, 0, 60, 1488},
	{"in frames of 1514", {1000000, RATE_BITS, 0}, 0, 1514, 81},
	{"0.01 % of 1 Gb/s", {100, RATE_PPM, 0}, 1000, SHORTEST, 148},
	{"0.01 % of 10 Gb/s", {100, RATE_PPM, 0}, 10000, SHORTEST, 1488},
	{"0.01 % of 100 Gb/s", {100, RATE_PPM, 0}, 100000, SHORTEST, 14880},
	{"0.01 % of nobody knows what", {100, RATE_PPM, 0}, 0, SHORTEST, 1488},
	{"0.01 % of 100 Mb/s, but 100 frames", {100, RATE_PPM, 100}, 100, SHORTEST, 100},
	{"0.01 % of 1 Gb/s in long frames, but 100 of them", {100, RATE_PPM, 100}, 1000, 1514, 100},
	{"a floor below the limit is none", {100, RATE_PPM, 100}, 10000, SHORTEST, 1488},
	{"nothing but the floor", {0, RATE_BITS, 10}, 10000, SHORTEST, 10},
	{"nothing at all", {0, RATE_PPM, 0}, 10000, SHORTEST, 0},
	{"less than a frame a second is one", {67, RATE_BITS, 0}, 10000, SHORTEST, 1},
	{"also a long one", {1, RATE_BITS, 0}, 10000, UINT16_MAX, 1},
};

Test(meter, limits)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		const struct limit *l = &limits[i];

		meter = (struct meter){0};
		meter_set(&meter, &l->rate, l->speed, HZ);
		cr_expect_eq(burst(HZ, l->octets), l->passes, "%s: at once", l->name);
		cr_expect_eq(burst(HZ, l->octets), 0, "%s: more at once", l->name);
		cr_expect_eq(burst(2 * HZ, l->octets), l->passes, "%s: in a second", l->name);
		cr_expect_eq(burst(9 * HZ, l->octets), l->passes, "%s: saved up", l->name);
	}
}

Test(meter, no_limit)
{
	set(0, RATE_NONE, 0, 10000);
	cr_expect_not(meter_limits(&meter));
	cr_expect_eq(burst(HZ, SHORTEST), ENOUGH);
	set(5, RATE_FRAMES, 0, 10000);
	cr_expect(meter_limits(&meter));
	cr_expect_eq(burst(HZ, SHORTEST), 5);
	set(5, RATE_NONE, 100, 10000);
	cr_expect_not(meter_limits(&meter));
	cr_expect_eq(burst(HZ, SHORTEST), ENOUGH);
}

Test(meter, refill)
{
	set(100, RATE_FRAMES, 0, 10000);
	cr_expect_eq(burst(HZ, SHORTEST), 100);
	cr_expect_eq(burst(HZ + HZ / 200, SHORTEST), 0, "half a frame's time");
	cr_expect_eq(burst(HZ + HZ / 100, SHORTEST), 1);
	cr_expect_eq(burst(HZ + HZ / 10, SHORTEST), 9);

	uint32_t passed = 0;
	for (int i = 1; i <= 100000; i++) // ten seconds at a hundred times the limit
		passed += meter_take(&meter, 2 * HZ + HZ / 10000 * i, SHORTEST, false);
	cr_expect_geq(passed, 1089, "%u", passed);
	cr_expect_leq(passed, 1090, "%u", passed);
}

Test(meter, long_frames_cost_more)
{
	set(8 * 3000, RATE_BITS, 0, 10000); // 3000 octets on the wire
	cr_expect(meter_take(&meter, HZ, 2000, false));
	cr_expect_not(meter_take(&meter, HZ, 1000, false));
	cr_expect(meter_take(&meter, HZ, 900, false), "there is room for a shorter one");
}

Test(meter, longest)
{
	for (uint64_t bits = 300; bits < 3000000; bits = bits * 9 / 5) {
		set(bits, RATE_BITS, bits % 3, 10000);
		for (uint64_t now = HZ; now < 2 * HZ; now += HZ / 37) {
			int longest = meter_longest(&meter, now);

			for (int octets = 0; octets <= UINT16_MAX; octets += 7)
				cr_assert_eq(meter_take(&meter, now, (uint16_t)octets, true),
					     octets <= longest, "%lu b/s, %d octets", bits, octets);
			if (longest >= 0)
				cr_assert(meter_take(&meter, now, (uint16_t)longest, true));
			meter_take(&meter, now, (uint16_t)(now % 3000), false);
		}
	}
	set(2, RATE_FRAMES, 0, 10000);
	cr_expect_eq(meter_longest(&meter, 9 * HZ), UINT16_MAX);
	cr_expect_eq(burst(9 * HZ, SHORTEST), 2);
	cr_expect_eq(meter_longest(&meter, 9 * HZ), -1);
}

Test(meter, asking_costs_nothing)
{
	set(2, RATE_FRAMES, 0, 10000);
	for (int i = 0; i < 10; i++)
		cr_expect(meter_take(&meter, HZ, SHORTEST, true));
	cr_expect_eq(burst(HZ, SHORTEST), 2);
	cr_expect_not(meter_take(&meter, HZ, SHORTEST, true));
}

Test(meter, a_change_of_limit_forgives_nothing)
{
	set(100, RATE_FRAMES, 0, 10000);
	cr_expect_eq(burst(HZ, SHORTEST), 100);
	set(10, RATE_FRAMES, 0, 10000);
	cr_expect_eq(burst(HZ, SHORTEST), 0);
	cr_expect_eq(burst(HZ + HZ / 2, SHORTEST), 5);
}

// The word behind the time by anything up to a wrap, and the time across the wrap.
Test(meter, years)
{
	const uint64_t wrap = UINT64_C(1) << 60; // cycles

	set(100, RATE_FRAMES, 0, 10000);
	for (uint64_t eighth = 0; eighth < 24; eighth++) {
		uint64_t now = HZ * 10 + wrap / 8 * eighth + eighth * 10000 * HZ;

		cr_expect_eq(burst(now, SHORTEST), 100, "after %lu eighths of a wrap", eighth);
		cr_expect_eq(burst(now, SHORTEST), 0);
	}
	uint64_t end = 4 * wrap - HZ / 2; // of steps, in cycles
	burst(end, SHORTEST);
	cr_expect_eq(burst(end, SHORTEST), 0);
	cr_expect_eq(burst(end + HZ / 2, SHORTEST), 50);
	cr_expect_eq(burst(end + HZ, SHORTEST), 50);
}

Test(meter, a_worker_that_was_stopped)
{
	set(100, RATE_FRAMES, 0, 10000);
	cr_expect_eq(burst(1000 * HZ, SHORTEST), 100);
	cr_expect_eq(burst(10 * HZ, SHORTEST), 0, "by a clock that was read long ago");
	cr_expect_eq(burst(1000 * HZ, SHORTEST), 0);
	cr_expect_eq(burst(1001 * HZ, SHORTEST), 100);
}

// ---- Workers

enum { THREADS = 2, ROUNDS = 2000000 };
static _Atomic uint64_t clock_of_both = 1;

static void *race(void *passed)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t now = atomic_fetch_add(&clock_of_both, 100);

		*(uint32_t *)passed += meter_take(&meter, now, SHORTEST, false);
	}
	return NULL;
}

Test(meter, workers_racing)
{
	const uint64_t hz = (uint64_t)THREADS * ROUNDS * 100 / 10; // the race takes ten seconds
	const struct rate rate = {.value = 10000, .unit = RATE_FRAMES};
	uint32_t passed[THREADS][16] = {0}; // on lines of their own
	pthread_t threads[THREADS];

	meter_set(&meter, &rate, 10000, hz);
	for (int t = 0; t < THREADS; t++)
		cr_assert_eq(pthread_create(&threads[t], NULL, race, passed[t]), 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	uint32_t sum = passed[0][0] + passed[1][0];
	cr_expect_leq(sum, 110000, "%u: a burst of 10000, and ten times as many", sum);
	cr_expect_geq(sum, 109900, "%u", sum);
}
