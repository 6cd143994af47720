// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/watchdog.h"

#include <criterion/criterion.h>

enum { N = 3 };

static const uint64_t patience = 8 * CLOCK_SECOND; // so a sign is due every 2 s
static const uint64_t tick = CLOCK_SECOND / 10;

static struct watchdog watchdog;
static uint64_t rounds[N];
static uint64_t now_ns = 5000 * CLOCK_SECOND;

// So many ticks pass, in which the workers of the mask move. Returns how many signs were given.
static uint32_t pass(uint32_t ticks, uint32_t moving)
{
	uint32_t signs = 0;

	for (uint32_t t = 0; t < ticks; t++) {
		now_ns += tick;
		for (uint32_t w = 0; w < N; w++)
			rounds[w] += moving >> w & 1;
		signs += watchdog_look(&watchdog, rounds, N, now_ns);
	}
	return signs;
}

static void start(void)
{
	watchdog_init(&watchdog, patience, now_ns);
}

TestSuite(watchdog, .init = start);

Test(watchdog, signs_come_four_times_as_often_as_they_are_missed)
{
	cr_expect_eq(pass(19, 7), 0);
	cr_expect_eq(pass(1, 7), 1);
	cr_expect_eq(pass(60, 7), 3);
}

Test(watchdog, one_worker_that_stands_still_stops_them)
{
	pass(20, 7);
	cr_expect_eq(pass(200, 5), 0);
}

Test(watchdog, a_worker_that_moves_again_brings_them_back_at_once)
{
	pass(20, 7);
	pass(100, 5);
	cr_expect_eq(pass(1, 7), 1);
	cr_expect_eq(pass(19, 7), 0);
	cr_expect_eq(pass(1, 7), 1);
}

// A worker that sleeps moves at least once in IDLE_WAIT_MS; one round in the time of a sign is
// enough.
Test(watchdog, one_round_between_two_signs_is_enough)
{
	cr_expect_eq(pass(5, 5) + pass(1, 7) + pass(14, 5), 1);
	cr_expect_eq(pass(19, 5) + pass(1, 7), 1);
}

// Having moved before the last sign proves nothing.
Test(watchdog, a_sign_does_not_stand_for_the_next)
{
	pass(20, 7);
	cr_expect_eq(pass(40, 0), 0);
}

Test(watchdog, without_anybody_who_waits_there_are_none)
{
	watchdog_init(&watchdog, 0, now_ns);
	cr_expect_eq(pass(1000, 7), 0);
}

Test(watchdog, tells_how_long_a_worker_stands)
{
	pass(10, 7);
	pass(30, 6);
	cr_expect_eq(watchdog_stands_ns(&watchdog, 0, now_ns), 3 * CLOCK_SECOND);
	cr_expect_eq(watchdog_stands_ns(&watchdog, 1, now_ns), 0);
	pass(1, 1);
	cr_expect_eq(watchdog_stands_ns(&watchdog, 0, now_ns), 0);
}

// Counters wrap, and a worker that began anew starts at zero: any change is a move.
Test(watchdog, any_change_of_rounds_is_a_move)
{
	rounds[0] = UINT64_MAX;
	pass(20, 7);
	rounds[0] = 0;
	cr_expect_eq(pass(20, 7), 1);
}
