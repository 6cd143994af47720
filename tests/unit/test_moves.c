// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/moves.h"

#include <criterion/criterion.h>

#include "lib/clock.h"

static struct moves *moves;
static uint16_t home;

static void start(void)
{
	cr_assert_not_null(moves = moves_create());
}

static void finish(void)
{
	moves_destroy(moves);
}

TestSuite(moves, .init = start, .fini = finish);

static uint32_t move(mac_t mac, uint16_t from, uint16_t to, uint64_t second)
{
	struct event_mac m = {.mac = mac, .lan = 3, .port = to, .old_port = from};

	return moves_add(moves, &m, 180, second * CLOCK_SECOND, &home);
}

Test(moves, counts_within_the_window_and_knows_where_it_began)
{
	cr_expect_eq(move(1, 10, 20, 1000), 1);
	cr_expect_eq(move(1, 20, 10, 1010), 2);
	cr_expect_eq(move(1, 10, 30, 1100), 3);
	cr_expect_eq(home, 10);
	cr_expect_eq(move(1, 30, 10, 1184), 3, "the first is 184 s ago");
	cr_expect_eq(home, 10);
	cr_expect_eq(move(1, 40, 10, 2000), 1);
	cr_expect_eq(home, 40, "it began anew");
}

Test(moves, addresses_and_lans_are_counted_apart)
{
	struct event_mac other = {.mac = 1, .lan = 4, .port = 20, .old_port = 10};

	move(1, 10, 20, 1);
	cr_expect_eq(move(2, 10, 20, 1), 1);
	cr_expect_eq(moves_add(moves, &other, 180, CLOCK_SECOND, &home), 1);
	cr_expect_eq(move(1, 20, 10, 2), 2);
	moves_forget_lan(moves, 4);
	cr_expect_eq(moves_add(moves, &other, 180, 2 * CLOCK_SECOND, &home), 1);
	cr_expect_eq(move(1, 10, 20, 3), 3);
	moves_forget(moves, 3, 1);
	cr_expect_eq(move(1, 20, 10, 4), 1);
	cr_expect_eq(move(2, 20, 10, 4), 2);
}

Test(moves, the_one_that_has_not_moved_for_longest_is_forgotten)
{
	for (uint32_t i = 1; i <= MOVES_MACS; i++)
		cr_assert_eq(move(i, 10, 20, i), 1);
	cr_expect_eq(move(1, 20, 10, MOVES_MACS), 1, "3 minutes are over, but it is young again");
	cr_expect_eq(move(999999, 10, 20, MOVES_MACS + 1), 1);
	cr_expect_eq(move(1, 10, 20, MOVES_MACS + 2), 2, "it is still there");
	cr_expect_eq(move(MOVES_MACS, 20, 10, MOVES_MACS + 2), 2);
}

Test(moves, between_two_ports_within_ten_seconds)
{
	move(1, 10, 20, 100);
	move(2, 20, 10, 105);
	move(3, 10, 30, 105);
	cr_expect_eq(moves_count(moves, 10, 20, 105 * CLOCK_SECOND), 2);
	cr_expect_eq(moves_count(moves, 20, 10, 110 * CLOCK_SECOND), 2);
	cr_expect_eq(moves_count(moves, 20, 10, 111 * CLOCK_SECOND), 1);
	cr_expect_eq(moves_count(moves, 20, 30, 111 * CLOCK_SECOND), 0);
	for (uint32_t i = 0; i < 3 * MOVES_RECENT; i++)
		move(1, 10, 20, 200);
	cr_expect_eq(moves_count(moves, 10, 20, 200 * CLOCK_SECOND), MOVES_RECENT);
}
