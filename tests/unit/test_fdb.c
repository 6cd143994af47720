// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/fdb.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

#include "dataplane/tables/fdb_table.h"

enum { SECOND = 1000000000 };

static struct fdb_quota quota;
static struct fdb *fdb;

static void open_table(uint32_t size, uint32_t limit)
{
	fdb = fdb_create(size, limit, &quota);
	cr_assert_not_null(fdb);
}

static void close_table(void)
{
	fdb_destroy(fdb);
	cr_expect_eq(quota.used, 0);
	for (uint32_t port = 0; port < MAX_PORTS; port++)
		cr_expect_eq(quota.port_used[port], 0, "port %u", port);
}

TestSuite(fdb, .fini = close_table);

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, i >> 24, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static struct fdb_learned learn_in(struct fdb *table, mac_t mac, uint16_t port)
{
	struct fdb_learned result;

	fdb_learn_burst(table, &mac, 1, port, &result);
	return result;
}

static struct fdb_learned learn(mac_t mac, uint16_t port)
{
	return learn_in(fdb, mac, port);
}

static void learn_many(uint32_t first, uint32_t n, uint16_t port)
{
	for (uint32_t i = 0; i < n; i++)
		cr_expect_eq(learn(station(first + i), port).learned, 1);
}

static uint32_t known_among(struct fdb *table, uint32_t first, uint32_t n)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < n; i++)
		known += fdb_lookup(table, station(first + i)) != FDB_MISS;
	return known;
}

// ---- Learning

Test(fdb, learns_and_finds)
{
	open_table(100, 0);
	struct fdb_learned result = learn(station(1), 7);

	cr_expect_eq(result.learned, 1);
	cr_expect_eq(result.moved | result.foreign | result.refused, 0);
	cr_expect_eq(fdb_lookup(fdb, station(1)), 7);
	cr_expect_eq(fdb_lookup(fdb, station(2)), FDB_MISS);
	cr_expect_eq(fdb_count(fdb), 1);
	cr_expect_eq(quota.used, 1);
	cr_expect_eq(quota.port_used[7], 1);

	result = learn(station(1), 7);
	cr_expect_eq(result.learned | result.moved | result.foreign | result.refused, 0);
	cr_expect_eq(fdb_count(fdb), 1);
}

Test(fdb, has_every_port)
{
	open_table(MAX_PORTS, 0);
	for (uint32_t port = 0; port < MAX_PORTS; port++)
		cr_expect_eq(learn(station(port), port).learned, 1);
	for (uint32_t port = 0; port < MAX_PORTS; port++)
		cr_expect_eq(fdb_lookup(fdb, station(port)), port);
}

Test(fdb, moves_at_once)
{
	open_table(100, 0);
	learn(station(1), 0);
	struct fdb_learned result = learn(station(1), MAX_PORTS - 1);

	cr_expect_eq(result.moved, 1);
	cr_expect_eq(result.old_port[0], 0);
	cr_expect_eq(result.learned | result.foreign | result.refused, 0);
	cr_expect_eq(fdb_lookup(fdb, station(1)), MAX_PORTS - 1);
	cr_expect_eq(fdb_count(fdb), 1);
	cr_expect_eq(quota.port_used[0], 0);
	cr_expect_eq(quota.port_used[MAX_PORTS - 1], 1);
}

Test(fdb, never_stores_groups_or_zero)
{
	static const mac_t bad[] = {0, 1, MAC_BROADCAST, MAC(0x33, 0x33, 0, 0, 0, 1)};

	open_table(100, 0);
	for (uint32_t i = 0; i < 4; i++) {
		struct fdb_learned result = learn(bad[i], 3);

		cr_expect_eq(result.learned | result.moved | result.foreign | result.refused, 0);
		cr_expect_eq(fdb_lookup(fdb, bad[i]), FDB_MISS);
		cr_expect_eq(fdb_add_static(fdb, bad[i], 3), -EINVAL);
	}
	cr_expect_eq(fdb_add_static(fdb, station(1), MAX_PORTS), -EINVAL);
	cr_expect_eq(fdb_count(fdb), 0);
}

Test(fdb, lookup_burst_touches_live_bits_only)
{
	static const uint64_t lives[] = {0,
					 1,
					 UINT64_C(1) << 63,
					 UINT64_MAX,
					 UINT64_C(0x8000000000000001),
					 UINT64_C(0x00ff00ff00ff00ff),
					 (UINT64_C(1) << 33) - 1};
	mac_t macs[FDB_BURST];

	open_table(200, 0);
	for (uint32_t i = 0; i < FDB_BURST; i++)
		macs[i] = station(i);
	learn_many(0, FDB_BURST / 2, 5);
	for (uint32_t l = 0; l < sizeof(lives) / sizeof(*lives); l++) {
		uint16_t ports[FDB_BURST];

		for (uint32_t i = 0; i < FDB_BURST; i++)
			ports[i] = 0x1234;
		fdb_lookup_burst(fdb, macs, lives[l], ports);
		for (uint32_t i = 0; i < FDB_BURST; i++) {
			uint16_t want = i < FDB_BURST / 2 ? 5 : FDB_MISS;

			cr_expect_eq(ports[i], lives[l] >> i & 1 ? want : 0x1234, "%u/%u", l, i);
		}
	}
}

Test(fdb, learn_burst_is_as_if_one_by_one)
{
	mac_t macs[FDB_BURST];
	struct fdb_learned result;

	// 0 new, 1 the same, 2 dead, 3 moves, 4 the moved one again, 5 foreign, 6 refused, 7 known
	open_table(100, 3);
	learn(station(3), 9);
	cr_expect_eq(fdb_add_static(fdb, station(5), 9), 0);
	for (uint32_t i = 0; i < FDB_BURST; i++)
		macs[i] = station(i);
	macs[1] = macs[0];
	macs[4] = macs[3];
	macs[63] = macs[8] = macs[0];
	learn(station(7), 1);
	quota.port_limit[1] = 3;
	fdb_learn_burst(fdb, macs, 0x80000000000001fb, 1, &result);
	cr_expect_eq(result.learned, 1);
	cr_expect_eq(result.moved, 1 << 3);
	cr_expect_eq(result.old_port[3], 9);
	cr_expect_eq(result.foreign, 1 << 5);
	cr_expect_eq(result.old_port[5], 9);
	cr_expect_eq(result.refused, 1 << 6);
	cr_expect_eq(fdb_lookup(fdb, station(2)), FDB_MISS);
	cr_expect_eq(fdb_count(fdb), 3);
}

// ---- Static entries

Test(fdb, static_never_moves)
{
	open_table(100, 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 4), 0);
	struct fdb_learned result = learn(station(1), 5);

	cr_expect_eq(result.foreign, 1);
	cr_expect_eq(result.old_port[0], 4);
	cr_expect_eq(result.learned | result.moved | result.refused, 0);
	result = learn(station(1), 4);
	cr_expect_eq(result.foreign | result.learned | result.moved | result.refused, 0);
	cr_expect_eq(fdb_lookup(fdb, station(1)), 4);
	cr_expect_eq(fdb_count(fdb), 0);
	cr_expect_eq(fdb_count_static(fdb), 1);
	cr_expect_eq(quota.used, 0);
}

Test(fdb, static_replaces_learned)
{
	open_table(100, 0);
	learn(station(1), 5);
	cr_expect_eq(fdb_add_static(fdb, station(1), 4), 0);
	cr_expect_eq(fdb_lookup(fdb, station(1)), 4);
	cr_expect_eq(fdb_count(fdb), 0);
	cr_expect_eq(quota.port_used[5], 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 4), 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 5), -EEXIST);
	cr_expect_eq(fdb_count_static(fdb), 1);
	cr_expect_eq(fdb_del_static(fdb, station(1)), 0);
	cr_expect_eq(fdb_del_static(fdb, station(1)), -ENOENT);
	cr_expect_eq(fdb_lookup(fdb, station(1)), FDB_MISS);
	learn(station(2), 5);
	cr_expect_eq(fdb_del_static(fdb, station(2)), -ENOENT);
	cr_expect_eq(fdb_lookup(fdb, station(2)), 5);
}

Test(fdb, static_takes_room_but_no_limit)
{
	open_table(4, 3);
	quota.limit = 3;
	quota.port_limit[1] = 3;
	learn_many(0, 3, 1);
	cr_expect_eq(fdb_add_static(fdb, station(100), 1), 0);
	cr_expect_eq(quota.used, 3);
	cr_expect_eq(quota.port_used[1], 3);
	cr_expect_eq(fdb_add_static(fdb, station(101), 1), 0);
	cr_expect_eq(fdb_flush(fdb, 1, station(0)), 1);
	cr_expect_eq(learn(station(0), 1).refused, 1, "two of four are left for learned ones");
	cr_expect_eq(fdb_add_static(fdb, station(102), 1), 0);
	cr_expect_eq(fdb_add_static(fdb, station(103), 1), 0);
	cr_expect_eq(fdb_add_static(fdb, station(104), 1), -ENOSPC);
	for (uint32_t i = 100; i < 104; i++)
		cr_expect_eq(fdb_del_static(fdb, station(i)), 0);
	cr_expect_eq(learn(station(0), 1).learned, 1);
}

// ---- Ageing

Test(fdb, ages_out_after_its_time_and_not_before)
{
	const uint64_t start = 1000 * (uint64_t)SECOND;

	open_table(100, 0);
	fdb_set_ageing(fdb, 80);
	cr_expect_eq(fdb_age(fdb, start), 0);
	learn(station(1), 1);
	cr_expect_eq(fdb_add_static(fdb, station(2), 1), 0);
	for (uint64_t t = 1; t < 90; t++) {
		cr_expect_eq(fdb_age(fdb, start + t * SECOND), 0, "%lu s", t);
		if (t == 5)
			learn(station(3), 1);
	}
	cr_expect_eq(fdb_age(fdb, start + 90 * (uint64_t)SECOND), 2);
	cr_expect_eq(fdb_lookup(fdb, station(1)), FDB_MISS);
	cr_expect_eq(fdb_lookup(fdb, station(2)), 1, "static entries stay");
	cr_expect_eq(fdb_count(fdb), 0);
}

Test(fdb, ages_out_between_1_and_1_1_8_times)
{
	open_table(2000, 0);
	fdb_set_ageing(fdb, 80);
	fdb_age(fdb, SECOND);
	uint32_t count = 0;

	for (uint64_t t = 1; t < 400; t++) {
		count -= fdb_age(fdb, t * SECOND);
		if (t < 200) {
			learn(station(t), 1);
			count++;
		}
		cr_expect_eq(fdb_count(fdb), count);
		for (uint64_t seen = 1; seen < 200 && seen <= t; seen++) {
			bool known = fdb_lookup(fdb, station(seen)) == 1;

			cr_expect(known || t - seen >= 80, "seen %lu, gone %lu", seen, t);
			cr_expect(!known || t - seen <= 90, "seen %lu, there %lu", seen, t);
		}
	}
}

Test(fdb, refresh_and_move_keep_young)
{
	open_table(100, 0);
	fdb_set_ageing(fdb, 80);
	fdb_age(fdb, SECOND);
	learn_many(1, 3, 1);
	for (uint64_t t = 1; t < 1000; t += 10) {
		fdb_age(fdb, t * SECOND);
		struct fdb_learned result = learn(station(1), 1);
		cr_expect_eq(result.learned | result.moved | result.refused, 0);
		cr_expect_eq(learn(station(2), 2 + t / 10 % 2).moved, 1);
	}
	cr_expect_neq(fdb_lookup(fdb, station(1)), FDB_MISS);
	cr_expect_neq(fdb_lookup(fdb, station(2)), FDB_MISS);
	cr_expect_eq(fdb_lookup(fdb, station(3)), FDB_MISS);
	cr_expect_eq(fdb_count(fdb), 2);
}

Test(fdb, ages_everything_after_a_long_silence)
{
	// 32 epochs of 10 s are one turn of the 5 bits: a jump of any length must not look young.
	for (uint64_t jump = 90; jump < 800; jump += 10) {
		fdb_destroy(fdb);
		open_table(100, 0);
		fdb_set_ageing(fdb, 80);
		fdb_age(fdb, SECOND);
		learn_many(0, 10, 1);
		cr_expect_eq(fdb_age(fdb, SECOND + jump * SECOND), 10, "%lu s", jump);
		learn_many(0, 10, 1);
		cr_expect_eq(fdb_age(fdb, SECOND + (jump + 80) * SECOND), 0, "%lu s", jump);
	}
}

Test(fdb, ageing_can_be_off_and_change)
{
	open_table(100, 0);
	learn_many(0, 4, 1);
	fdb_age(fdb, SECOND);
	cr_expect_eq(fdb_age(fdb, 1000000 * (uint64_t)SECOND), 0, "off at first");
	fdb_set_ageing(fdb, 10);
	cr_expect_eq(fdb_age(fdb, 1000005 * (uint64_t)SECOND), 0, "its time begins now");
	fdb_set_ageing(fdb, 0);
	cr_expect_eq(fdb_age(fdb, 2000000 * (uint64_t)SECOND), 0);
	fdb_set_ageing(fdb, 10);
	cr_expect_eq(fdb_age(fdb, 2000100 * (uint64_t)SECOND), 4);
}

Test(fdb, time_that_stands_or_goes_back_ages_nothing)
{
	open_table(100, 0);
	fdb_set_ageing(fdb, 10);
	fdb_age(fdb, 100 * (uint64_t)SECOND);
	learn_many(0, 4, 1);
	cr_expect_eq(fdb_age(fdb, 100 * (uint64_t)SECOND), 0);
	cr_expect_eq(fdb_age(fdb, 1 * (uint64_t)SECOND), 0);
	cr_expect_eq(fdb_age(fdb, 105 * (uint64_t)SECOND), 0);
	cr_expect_eq(fdb_count(fdb), 4);
}

// ---- Flush, dump, find

Test(fdb, flushes_by_port_and_mac)
{
	open_table(100, 0);
	learn_many(0, 10, 1);
	learn_many(10, 10, 2);
	cr_expect_eq(fdb_add_static(fdb, station(50), 1), 0);
	cr_expect_eq(fdb_flush(fdb, 3, 0), 0);
	cr_expect_eq(fdb_flush(fdb, 2, station(0)), 0);
	cr_expect_eq(fdb_flush(fdb, 1, station(0)), 1);
	cr_expect_eq(fdb_flush(fdb, FDB_ANY, station(10)), 1);
	cr_expect_eq(fdb_flush(fdb, FDB_ANY, station(50)), 0);
	cr_expect_eq(fdb_flush(fdb, 1, 0), 9);
	cr_expect_eq(known_among(fdb, 0, 20), 9);
	cr_expect_eq(fdb_flush(fdb, FDB_ANY, 0), 9);
	cr_expect_eq(fdb_lookup(fdb, station(50)), 1, "static entries stay");
	cr_expect_eq(quota.used, 0);
}

Test(fdb, dumps_each_entry_once)
{
	static const uint32_t steps[] = {1, 3, 14, 1000};

	open_table(300, 0);
	fdb_set_ageing(fdb, 80);
	fdb_age(fdb, SECOND);
	learn_many(0, 100, 1);
	fdb_age(fdb, 21 * (uint64_t)SECOND);
	learn_many(100, 100, 2);
	for (uint32_t i = 200; i < 300; i++)
		cr_assert_eq(fdb_add_static(fdb, station(i), 1), 0);
	for (uint32_t s = 0; s < 4; s++) {
		struct fdb_entry entries[1000];
		uint32_t cursor = 0, total = 0, seen[300] = {0};

		do {
			uint32_t n = fdb_dump(fdb, FDB_ANY, &cursor, entries, steps[s]);

			cr_assert_leq(n, steps[s]);
			total += n;
			for (uint32_t i = 0; i < n; i++) {
				uint32_t id = mac_order(entries[i].mac) & 0xffff;

				seen[id]++;
				cr_expect_eq(entries[i].mac, station(id));
				cr_expect_eq(entries[i].is_static, id >= 200);
				cr_expect_eq(entries[i].port, id / 100 == 1 ? 2 : 1);
				cr_expect_eq(entries[i].age, id < 100 ? 20 : 0);
			}
		} while (cursor);
		cr_expect_eq(total, 300);
		for (uint32_t i = 0; i < 300; i++)
			cr_expect_eq(seen[i], 1);
	}
}

Test(fdb, dumps_one_port)
{
	struct fdb_entry entries[50];
	uint32_t cursor = 0;

	open_table(100, 0);
	learn_many(0, 20, 1);
	learn_many(20, 30, 2);
	cr_expect_eq(fdb_dump(fdb, 2, &cursor, entries, 50), 30);
	while (cursor)
		cr_expect_eq(fdb_dump(fdb, 2, &cursor, entries, 50), 0);
	cr_expect_eq(fdb_dump(fdb, 3, &cursor, entries, 50), 0);
	cr_expect_eq(cursor, 0);
	cursor = UINT32_MAX;
	cr_expect_eq(fdb_dump(fdb, FDB_ANY, &cursor, entries, 50), 0);
	cr_expect_eq(cursor, 0);
}

Test(fdb, tells_what_is_known_of_an_address)
{
	struct fdb_entry entry;

	open_table(100, 0);
	learn(station(1), 6);
	cr_expect_eq(fdb_add_static(fdb, station(2), 8), 0);
	cr_expect(fdb_find(fdb, station(1), &entry));
	cr_expect(entry.mac == station(1) && entry.port == 6 && !entry.is_static);
	cr_expect(fdb_find(fdb, station(2), &entry));
	cr_expect(entry.mac == station(2) && entry.port == 8 && entry.is_static);
	cr_expect_not(fdb_find(fdb, station(3), &entry));
}

// ---- Limits

Test(fdb, port_limit_is_exact_over_all_tables)
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

Test(fdb, lan_limit_is_exact)
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

Test(fdb, size_is_a_limit)
{
	open_table(5, 1000);
	learn_many(0, 5, 1);
	cr_expect_eq(learn(station(5), 1).refused, 1);
	cr_expect_eq(fdb_count(fdb), 5);
}

Test(fdb, overflow_takes_from_the_port_with_most)
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

Test(fdb, overflow_spares_ports_within_their_share)
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

Test(fdb, overflow_reaches_into_other_tables)
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

Test(fdb, overflow_never_takes_static)
{
	open_table(100, 0);
	quota.limit = 4;
	for (uint32_t i = 0; i < 20; i++)
		cr_expect_eq(fdb_add_static(fdb, station(100 + i), 1), 0);
	learn_many(0, 4, 1);
	learn_many(10, 2, 2);
	cr_expect_eq(known_among(fdb, 100, 20), 20);
	cr_expect_eq(quota.port_used[1], 2);
}

Test(fdb, overflow_follows_the_top_as_it_changes)
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

// ---- Capacity

enum { PATTERNS = 11 };

static mac_t pattern(uint32_t kind, uint32_t i, uint64_t *random)
{
	uint32_t shift = 4 + 3 * (kind - 4);

	switch (kind) {
	case 0: // random
		return next_random(random) & MAC_MASK & ~UINT64_C(1);
	case 1: // one after the other as people count
		return station(i);
	case 2: // same OUI, the rest at random
		return MAC(0x02, 0x11, 0x22, 0, 0, 0) | (next_random(random) & 0xffffff) << 24;
	case 3: // counting in the octets that come first
		return (uint64_t)i << 1;
	default: // power-of-two strides, 2^4 to 2^22, as people count
		return mac_order((((uint64_t)i << shift) | (uint64_t)i >> (40 - shift)) &
				 0xffffffffff);
	}
}

static uint32_t fill(uint32_t kind, uint32_t size)
{
	uint64_t random = 88172645463325252;
	struct fdb_learned result;
	mac_t macs[FDB_BURST];
	uint32_t refused = 0;

	for (uint32_t i = 0; i < size; i += FDB_BURST) {
		for (uint32_t j = 0; j < FDB_BURST; j++)
			macs[j] = pattern(kind, 1 + i + j, &random);
		fdb_learn_burst(fdb, macs, UINT64_MAX, 1, &result);
		refused += (uint32_t)__builtin_popcountll(result.refused);
	}
	return refused;
}

Test(fdb, any_addresses_fit, .timeout = 100)
{
	const uint32_t size = 1 << 20;

	for (uint32_t kind = 0; kind < PATTERNS; kind++) {
		fdb_destroy(fdb);
		open_table(size, 0);
		cr_expect_eq(fill(kind, size), 0, "pattern %u", kind);
		cr_expect_gt(fdb_count(fdb), kind == 2 ? size / 100 * 96 : size - 2, "%u: %u", kind,
			     fdb_count(fdb));
	}
}

Test(fdb, small_tables_fit_too)
{
	uint64_t random = 1;

	for (uint32_t size = 1; size < 600; size += 1 + size / 9)
		for (uint32_t round = 0; round < 20; round++) {
			fdb_destroy(fdb);
			open_table(size, 0);
			for (uint32_t i = 0; i < size; i++)
				cr_assert_eq(learn(pattern(round % 2, i, &random), 1).refused, 0);
		}
}

Test(fdb, create_refuses_nonsense)
{
	open_table(1, 0);
	errno = 0;
	cr_expect_null(fdb_create(0, 0, &quota));
	cr_expect_eq(errno, EINVAL);
	cr_expect_null(fdb_create((1 << 20) + 1, 0, &quota));
	cr_expect_eq(errno, EINVAL);
	cr_expect_null(fdb_create(1, 0, NULL));
	fdb_destroy(NULL);
}

Test(fdb, quota_has_room_for_two_policies)
{
	struct fdb *tables[FDB_MEMBERS];

	open_table(1, 0);
	for (uint32_t i = 1; i < FDB_MEMBERS; i++)
		cr_assert_not_null(tables[i] = fdb_create(1, 0, &quota));
	cr_expect_null(fdb_create(1, 0, &quota));
	cr_expect_eq(errno, ENOSPC);
	for (uint32_t i = 1; i < FDB_MEMBERS; i++)
		fdb_destroy(tables[i]);
	cr_assert_not_null(tables[1] = fdb_create(1, 0, &quota));
	fdb_destroy(tables[1]);
}

// ---- Every code gives the same

// A table written by hand: near misses in every bucket, that differ in one bit of the address, or
// in nothing but the address's upper 16.
static void compare_matches(fdb_match_t *match, uint64_t *random)
{
	uint64_t want[FDB_BURST], got[FDB_BURST + 1];
	mac_t macs[FDB_BURST];
	uint32_t n = next_random(random) % (FDB_BURST + 1);
	uint32_t multiplier = next_random(random) % 2 ? fdb->first : fdb->second;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t pick = next_random(random);
		fdb_word_t *bucket;

		macs[i] = pick % 5 ? next_random(random) & MAC_MASK : 0;
		bucket = fdb_bucket(fdb, multiplier, macs[i]);
		if (pick % 3 && macs[i])
			bucket[pick >> 8 & 7] = macs[i] | next_random(random) << 48;
		bucket[pick >> 16 & 7] = macs[i] ^ UINT64_C(1) << (pick >> 20) % 48;
	}
	got[n] = 42;
	uint64_t missing = fdb_match_scalar(fdb, multiplier, macs, n, want);
	cr_assert_eq(match(fdb, multiplier, macs, n, got), missing);
	cr_assert_eq(got[n], 42);
	for (uint32_t i = 0; i < n; i++) {
		cr_assert_eq(got[i], want[i]);
		cr_assert_eq(!want[i], missing >> i & 1);
	}
	for (uint32_t i = 0; i < fdb->n_buckets * BUCKET_WORDS; i++)
		fdb->words[i] = 0;
}

static bool can_run(enum fdb_isa isa)
{
	if (fdb_select(isa) == isa)
		return true;
	fprintf(stderr, "skipped: this CPU has no %s\n", fdb_isa_name(isa));
	return false;
}

Test(fdb, codes_match_the_same)
{
	static fdb_match_t *const matches[] = {fdb_match_scalar, fdb_match_avx2, fdb_match_avx512};
	uint64_t random = 4711;

	open_table(1, 0);
	for (enum fdb_isa isa = FDB_AVX2; isa < FDB_ISAS; isa++)
		for (uint32_t round = 0; round < 20000 && (round || can_run(isa)); round++)
			compare_matches(matches[isa], &random);
}

Test(fdb, codes_look_up_the_same)
{
	uint64_t random = 31337;

	open_table(3000, 0);
	for (uint32_t i = 0; i < 3000; i++)
		learn(station(i), next_random(&random) % MAX_PORTS);
	for (enum fdb_isa isa = FDB_AVX2; isa < FDB_ISAS; isa++)
		for (uint32_t round = 0; round < 5000 && (round || can_run(isa)); round++) {
			uint16_t want[FDB_BURST] = {0}, got[FDB_BURST] = {0};
			uint64_t live =
				next_random(&random) | (round % 2 ? next_random(&random) : 0);
			mac_t macs[FDB_BURST];

			live = round % 3 ? live : UINT64_MAX >> round % 64;
			for (uint32_t i = 0; i < FDB_BURST; i++)
				macs[i] = station(next_random(&random) % 6000);
			fdb_select(FDB_SCALAR);
			fdb_lookup_burst(fdb, macs, live, want);
			fdb_select(isa);
			fdb_lookup_burst(fdb, macs, live, got);
			cr_assert_arr_eq(got, want, sizeof(want));
			for (uint32_t i = 0; i < FDB_BURST; i++)
				cr_assert(!(live >> i & 1) || got[i] == fdb_lookup(fdb, macs[i]));
		}
}

Test(fdb, choice_of_code_is_one_that_runs)
{
	open_table(1, 0);
	cr_expect_eq(fdb_select(FDB_SCALAR), FDB_SCALAR);
	enum fdb_isa best = fdb_select(FDB_ISAS);

	cr_expect_lt(best, FDB_ISAS);
	cr_expect_eq(fdb_select(FDB_AVX512), best == FDB_AVX512 ? FDB_AVX512 : best);
	cr_expect_str_eq(fdb_isa_name(FDB_SCALAR), "scalar");
	cr_expect_str_eq(fdb_isa_name(FDB_ISAS), "unknown");
}
