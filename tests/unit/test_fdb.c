// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/fdb.h"

#include <errno.h>

#include "tests/unit/fdb_fixture.h"

TestSuite(fdb, .fini = close_table);

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
		cr_expect_eq(fdb_add_static(fdb, bad[i], 3, MAC_REGISTERED), -EINVAL);
	}
	cr_expect_eq(fdb_add_static(fdb, station(1), MAX_PORTS, MAC_REGISTERED), -EINVAL);
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
	cr_expect_eq(fdb_add_static(fdb, station(5), 9, MAC_REGISTERED), 0);
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
	cr_expect_eq(fdb_add_static(fdb, station(1), 4, MAC_REGISTERED), 0);
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
	cr_expect_eq(fdb_add_static(fdb, station(1), 4, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_lookup(fdb, station(1)), 4);
	cr_expect_eq(fdb_count(fdb), 0);
	cr_expect_eq(quota.port_used[5], 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 4, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 5, MAC_REGISTERED), -EEXIST);
	cr_expect_eq(fdb_count_static(fdb), 1);
	cr_expect_eq(fdb_del_static(fdb, station(1)), 0);
	cr_expect_eq(fdb_del_static(fdb, station(1)), -ENOENT);
	cr_expect_eq(fdb_lookup(fdb, station(1)), FDB_MISS);
	learn(station(2), 5);
	cr_expect_eq(fdb_del_static(fdb, station(2)), -ENOENT);
	cr_expect_eq(fdb_lookup(fdb, station(2)), 5);
}

Test(fdb, changes_of_statics_are_counted)
{
	open_table(100, 0);
	learn(station(2), 5);
	cr_expect_eq(fdb_static_changes(fdb), 0);
	fdb_add_static(fdb, station(1), 4, MAC_REGISTERED);
	cr_expect_eq(fdb_static_changes(fdb), 1);
	fdb_add_static(fdb, station(1), 4, MAC_REGISTERED);
	cr_expect_eq(fdb_static_changes(fdb), 1);
	fdb_add_static(fdb, station(1), 4, MAC_HELD);
	cr_expect_eq(fdb_static_changes(fdb), 2);
	fdb_del_static(fdb, station(1));
	fdb_del_static(fdb, station(1));
	cr_expect_eq(fdb_static_changes(fdb), 3);
}

Test(fdb, static_takes_room_but_no_limit)
{
	open_table(4, 3);
	quota.limit = 3;
	quota.port_limit[1] = 3;
	learn_many(0, 3, 1);
	cr_expect_eq(fdb_add_static(fdb, station(100), 1, MAC_REGISTERED), 0);
	cr_expect_eq(quota.used, 3);
	cr_expect_eq(quota.port_used[1], 3);
	cr_expect_eq(fdb_add_static(fdb, station(101), 1, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_flush(fdb, 1, station(0)), 1);
	cr_expect_eq(learn(station(0), 1).refused, 1, "two of four are left for learned ones");
	cr_expect_eq(fdb_add_static(fdb, station(102), 1, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_add_static(fdb, station(103), 1, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_add_static(fdb, station(104), 1, MAC_REGISTERED), -ENOSPC);
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
	cr_expect_eq(fdb_add_static(fdb, station(2), 1, MAC_REGISTERED), 0);
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
	cr_expect_eq(fdb_add_static(fdb, station(50), 1, MAC_REGISTERED), 0);
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
		cr_assert_eq(fdb_add_static(fdb, station(i), 1, MAC_REGISTERED), 0);
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
	cr_expect_eq(fdb_add_static(fdb, station(2), 8, MAC_REGISTERED), 0);
	cr_expect(fdb_find(fdb, station(1), &entry));
	cr_expect(entry.mac == station(1) && entry.port == 6 && !entry.is_static);
	cr_expect(fdb_find(fdb, station(2), &entry));
	cr_expect(entry.mac == station(2) && entry.port == 8 && entry.is_static);
	cr_expect_not(fdb_find(fdb, station(3), &entry));
}

Test(fdb, static_entries_have_kinds)
{
	struct fdb_entry entry;

	open_table(100, 0);
	for (uint32_t kind = MAC_REGISTERED; kind <= MAC_HELD; kind++) {
		cr_expect_eq(fdb_add_static(fdb, station(kind + 1), 5, (enum mac_kind)kind), 0);
		cr_expect(fdb_find(fdb, station(kind + 1), &entry));
		cr_expect(entry.is_static && entry.kind == kind && entry.age == 0);
		cr_expect_eq(fdb_lookup(fdb, station(kind + 1)), 5);
	}
	cr_expect_eq(fdb_count_held(fdb), 1);
	cr_expect_eq(fdb_add_static(fdb, station(9), 5, MAC_HELD + 1), -EINVAL);
	learn_many(20, 1, 3);
	cr_expect(fdb_find(fdb, station(20), &entry) && !entry.is_static && entry.kind == 0);
}

Test(fdb, a_kind_changes_in_place)
{
	struct fdb_entry entry;

	open_table(100, 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 5, MAC_STICKY), 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 5, MAC_HELD), 0);
	cr_expect_eq(fdb_add_static(fdb, station(1), 6, MAC_HELD), -EEXIST);
	cr_expect_eq(fdb_count_held(fdb), 1);
	cr_expect_eq(fdb_add_static(fdb, station(1), 5, MAC_REGISTERED), 0);
	cr_expect_eq(fdb_count_held(fdb), 0);
	cr_expect_eq(fdb_count_static(fdb), 1);
	cr_expect(fdb_find(fdb, station(1), &entry) && entry.kind == MAC_REGISTERED);
	cr_expect_eq(fdb_add_static(fdb, station(2), 5, MAC_HELD), 0);
	cr_expect_eq(fdb_del_static(fdb, station(2)), 0);
	cr_expect_eq(fdb_count_held(fdb), 0);
}

Test(fdb, strangers_are_all_but_registered_and_sticky_ones)
{
	const mac_t macs[] = {station(1), station(2), station(3), station(4),
			      station(5), station(6), station(7)};

	open_table(100, 0);
	fdb_add_static(fdb, station(1), 5, MAC_REGISTERED);
	fdb_add_static(fdb, station(2), 5, MAC_STICKY);
	fdb_add_static(fdb, station(3), 5, MAC_HELD);
	fdb_add_static(fdb, station(4), PORT_FABRIC, MAC_RESERVED);
	fdb_add_static(fdb, station(5), 6, MAC_REGISTERED);
	learn_many(6, 1, 5);
	cr_expect_eq(fdb_find_strangers(fdb, macs, 0x7f, 5), 0x7c);
	cr_expect_eq(fdb_find_strangers(fdb, macs, 0x55, 5), 0x54);
	cr_expect_eq(fdb_find_strangers(fdb, macs, 0x7f, 6), 0x6f);
	cr_expect_eq(fdb_find_strangers(fdb, macs, 1, 5), 0);
}
