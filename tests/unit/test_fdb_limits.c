// SPDX-License-Identifier: BSD-3-Clause
// Limits on learned entries, and who loses one when the fabric is full.
#include "tests/unit/fdb_fixture.h"

TestSuite(fdb_limits, .fini = close_table);

Test(fdb_limits, port_limit_is_exact_over_all_tables)
{
	open_table(100, 0);
	struct fdb *other = fdb_create(100, 0, &quota);

	quota.port_limit[1] = 5;
	learn_many(0, 3, 1);
	cr_expect_eq(learn_in(other, station(0), 1).learned, 1);
	cr_expect_eq(learn_in(other, station(1), 1).learned, 1);
	cr_expect_eq(learn_in(other, station(2), 1).refused, 1);
	cr_expect_eq(learn(station(3), 1).refused, 1);
	cr_expect_eq(learn(station(3), 2).learned, 1, "other ports are not concerned");
	struct fdb_learned result = learn(station(3), 1);
	cr_expect_eq(result.refused, 1, "nothing moves to a full port either");
	cr_expect_eq(result.moved, 0);
	cr_expect_eq(fdb_lookup(fdb, station(3)), 2);
	cr_expect_eq(learn(station(0), 2).moved, 1);
	cr_expect_eq(learn(station(3), 1).moved, 1, "a place became free");
	cr_expect_eq(quota.port_used[1], 5);
	fdb_destroy(other);
	cr_expect_eq(quota.port_used[1], 3);
}

Test(fdb_limits, lan_limit_is_exact)
{
	open_table(100, 5);
	learn_many(0, 5, 1);
	cr_expect_eq(learn(station(5), 2).refused, 1);
	cr_expect_eq(learn(station(4), 2).moved, 1, "a move needs no room");
	cr_expect_eq(fdb_count(fdb), 5);
	fdb_set_limit(fdb, 6);
	cr_expect_eq(learn(station(5), 2).learned, 1);
	fdb_set_limit(fdb, 2);
	cr_expect_eq(fdb_count(fdb), 6, "lowering a limit removes nothing");
	cr_expect_eq(learn(station(6), 2).refused, 1);
	cr_expect_eq(fdb_flush(fdb, 1, 0), 4);
	cr_expect_eq(learn(station(6), 2).refused, 1);
	cr_expect_eq(fdb_flush(fdb, 2, station(5)), 1);
	cr_expect_eq(learn(station(6), 2).learned, 1);
	fdb_set_limit(fdb, 0);
	cr_expect_eq(learn(station(7), 2).learned, 1);
}

Test(fdb_limits, size_is_a_limit)
{
	open_table(5, 1000);
	learn_many(0, 5, 1);
	cr_expect_eq(learn(station(5), 1).refused, 1);
	cr_expect_eq(fdb_count(fdb), 5);
}

Test(fdb_limits, overflow_takes_from_the_port_with_most)
{
	open_table(100, 0);
	quota.limit = 10;
	learn_many(0, 10, 1);
	cr_expect_eq(learn(station(10), 1).refused, 1, "the port with most is refused");
	for (uint32_t i = 0; i < 5; i++) {
		cr_expect_eq(learn(station(20 + i), 2).learned, 1);
		cr_expect_eq(quota.port_used[1], 9 - i);
		cr_expect_eq(known_among(fdb, 0, 10), 9 - i);
	}
	cr_expect_eq(learn(station(30), 2).refused, 1, "5 and 5: both have their share");
	cr_expect_eq(learn(station(30), 1).refused, 1);
	cr_expect_eq(learn(station(40), 3).learned, 1);
	cr_expect_eq(learn(station(41), 3).learned, 1);
	cr_expect_eq(learn(station(42), 3).learned, 1);
	cr_expect_eq(learn(station(43), 3).refused, 1, "4, 3, 3 is even");
	cr_expect_eq(quota.port_used[1] + quota.port_used[2], 7);
	cr_expect_eq(quota.used, 10);
	cr_expect_eq(fdb_count(fdb), 10);
}

Test(fdb_limits, overflow_spares_ports_within_their_share)
{
	open_table(2000, 0);
	quota.limit = 1000;
	learn_many(0, 10, 1);
	learn_many(10, 20, 2);
	for (uint32_t i = 0; i < 5000; i++) // a flood
		learn(station(10000 + i), 3);
	cr_expect_eq(quota.port_used[3], 970);
	for (uint32_t i = 0; i < 5000; i++) // another, which may share with the first only
		learn(station(20000 + i), 4);
	cr_expect_eq(known_among(fdb, 0, 30), 30);
	cr_expect_eq(quota.port_used[1], 10);
	cr_expect_eq(quota.port_used[2], 20);
	cr_expect_eq(quota.port_used[3], 485);
	cr_expect_eq(quota.port_used[4], 485);
	cr_expect_eq(quota.used, 1000);
}

Test(fdb_limits, overflow_reaches_into_other_tables)
{
	open_table(100, 0);
	struct fdb *other = fdb_create(1000, 0, &quota);
	uint32_t evicted = 0;

	quota.limit = 400;
	for (uint32_t i = 0; i < 400; i++)
		cr_expect_eq(learn_in(other, station(i), 1).learned, 1);
	for (uint32_t i = 0; i < 90; i++) // with patience: what the trail has lost is swept for
		for (uint32_t tries = 0; tries < 10; tries++)
			if (learn(station(1000 + i), 2).learned)
				evicted++;
	cr_expect_eq(evicted, 90);
	cr_expect_eq(fdb_count(fdb), 90);
	cr_expect_eq(fdb_count(other), 310);
	cr_expect_eq(known_among(other, 0, 400), 310);
	cr_expect_eq(quota.port_used[1], 310);
	cr_expect_eq(quota.used, 400);
	fdb_destroy(other);
	cr_expect_eq(quota.used, 90);
	cr_expect_eq(learn(station(2000), 3).learned, 1, "room was given back");
}

Test(fdb_limits, overflow_never_takes_static)
{
	open_table(100, 0);
	quota.limit = 4;
	for (uint32_t i = 0; i < 20; i++)
		cr_expect_eq(fdb_add_static(fdb, station(100 + i), 1, MAC_REGISTERED), 0);
	learn_many(0, 4, 1);
	learn_many(10, 2, 2);
	cr_expect_eq(known_among(fdb, 100, 20), 20);
	cr_expect_eq(quota.port_used[1], 2);
}

Test(fdb_limits, overflow_follows_the_top_as_it_changes)
{
	open_table(1000, 0);
	quota.limit = 100;
	learn_many(0, 60, 1);
	learn_many(100, 40, 2);
	for (uint32_t i = 0; i < 30; i++)
		cr_expect_eq(learn(station(i), 2).moved, 1);
	cr_expect_eq(learn(station(200), 3).learned, 1);
	cr_expect_eq(quota.port_used[1], 30);
	cr_expect_eq(quota.port_used[2], 69, "it has the most now");
	cr_expect_eq(fdb_flush(fdb, 2, 0), 69);
	cr_expect_eq(quota.used, 31);
	learn_many(300, 69, 4);
	cr_expect_eq(learn(station(500), 3).learned, 1);
	cr_expect_eq(quota.port_used[4], 68);
	quota.limit = 0;
	learn_many(600, 10, 4);
	cr_expect_eq(quota.used, 110);
}

Test(fdb_limits, port_limit_of_one_table_is_exact)
{
	open_table(100, 0);
	struct fdb *other = fdb_create(100, 0, &quota);

	fdb_set_port_limit(fdb, 1, 2);
	learn_many(0, 2, 1);
	cr_expect(fdb_is_port_full(fdb, 1));
	cr_expect_eq(learn(station(2), 1).refused, 1);
	cr_expect_eq(fdb_lookup(fdb, station(2)), FDB_MISS);
	cr_expect_eq(learn(station(0), 1).refused, 0, "what is known stays known");
	cr_expect_eq(learn_in(other, station(2), 1).learned, 1, "other tables are not concerned");
	cr_expect_eq(learn(station(2), 2).learned, 1, "other ports are not concerned");
	cr_expect_eq(learn(station(2), 1).refused, 1, "nothing moves to a full port either");
	cr_expect_eq(fdb_lookup(fdb, station(2)), 2);
	cr_expect_eq(learn(station(0), 2).moved, 1);
	cr_expect_eq(fdb_count_port(fdb, 1), 1);
	cr_expect_eq(learn(station(2), 1).moved, 1, "a place became free");

	fdb_set_port_limit(fdb, 1, 1);
	cr_expect_eq(fdb_count_port(fdb, 1), 2, "lowering a limit removes nothing");
	cr_expect_eq(fdb_flush(fdb, 1, station(2)), 1);
	cr_expect_eq(learn(station(2), 1).refused, 1);
	fdb_set_port_limit(fdb, 1, 0);
	cr_expect_eq(fdb_flush(fdb, 1, 0), 1);
	cr_expect_eq(learn(station(2), 1).refused, 1, "0 is none at all");
	fdb_set_port_limit(fdb, 1, UINT32_MAX);
	cr_expect_eq(learn(station(2), 1).learned, 1);
	cr_expect_eq(quota.port_used[1], 2);
	fdb_destroy(other);
}

Test(fdb_limits, port_limit_holds_within_a_burst)
{
	struct fdb_learned result;
	mac_t macs[4] = {station(1), station(1), station(2), station(1)};

	open_table(100, 0);
	fdb_set_port_limit(fdb, 3, 1);
	fdb_learn_burst(fdb, macs, 0xf, 3, &result);
	cr_expect_eq(result.learned, 1);
	cr_expect_eq(result.refused, 4);
}

// A learned entry becomes static: nobody slips into the place that it leaves.
Test(fdb_limits, static_entries_leave_their_place_to_whoever_sets_the_limit)
{
	open_table(100, 0);
	fdb_set_port_limit(fdb, 1, 2);
	learn_many(0, 2, 1);
	fdb_set_port_limit(fdb, 1, 1);
	cr_expect_eq(fdb_add_static(fdb, station(0), 1, MAC_STICKY), 0);
	cr_expect_eq(fdb_count_port(fdb, 1), 1);
	cr_expect_eq(learn(station(2), 1).refused, 1);
}

Test(fdb_limits, overflow_counts_down_in_the_table_that_lost)
{
	open_table(100, 0);
	struct fdb *other = fdb_create(100, 0, &quota);

	quota.limit = 6;
	for (uint32_t i = 0; i < 6; i++)
		cr_expect_eq(learn_in(other, station(i), 1).learned, 1);
	cr_expect_eq(learn(station(10), 2).learned, 1);
	cr_expect_eq(fdb_count_port(other, 1), 5);
	cr_expect_eq(fdb_count_port(fdb, 2), 1);
	fdb_destroy(other);
}
