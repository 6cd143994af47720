// SPDX-License-Identifier: BSD-3-Clause
// Whether every set of addresses fits, and whether the vector code finds what the scalar code
// finds.
#include <errno.h>
#include <stdio.h>

#include "tests/unit/fdb_fixture.h"

TestSuite(fdb_search, .fini = close_table);

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

Test(fdb_search, any_addresses_fit, .timeout = 100)
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

Test(fdb_search, small_tables_fit_too)
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

Test(fdb_search, create_refuses_nonsense)
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

Test(fdb_search, quota_has_room_for_two_policies)
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
	struct fdb_burst wanted = {.macs = macs, .n = n, .words = want};
	struct fdb_burst burst = {.macs = macs, .n = n, .words = got};
	uint64_t missing = fdb_match_scalar(fdb, multiplier, &wanted);
	cr_assert_eq(match(fdb, multiplier, &burst), missing);
	cr_assert_eq(got[n], 42);
	for (uint32_t i = 0; i < n; i++) {
		cr_assert_eq(burst.buckets[i], wanted.buckets[i]);
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

Test(fdb_search, codes_match_the_same)
{
	static fdb_match_t *const matches[] = {fdb_match_scalar, fdb_match_avx2, fdb_match_avx512};
	uint64_t random = 4711;

	open_table(1, 0);
	for (enum fdb_isa isa = FDB_AVX2; isa < FDB_ISAS; isa++)
		for (uint32_t round = 0; round < 20000 && (round || can_run(isa)); round++)
			compare_matches(matches[isa], &random);
}

Test(fdb_search, codes_look_up_the_same)
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

// ---- Entries in their second bucket

// The i-th address whose first bucket is that of station(0), and whose second is another.
static mac_t crowd(uint32_t i)
{
	uint32_t place = fdb_place(fdb, fdb->first, station(0));

	for (uint32_t id = 0;; id++) {
		mac_t mac = station(id);

		if (fdb_place(fdb, fdb->first, mac) == place &&
		    fdb_place(fdb, fdb->second, mac) != place && i-- == 0)
			return mac;
	}
}

enum { CROWD = 20 };

static uint32_t found_of_crowd(const mac_t *macs, enum fdb_isa isa)
{
	uint16_t ports[CROWD];
	uint32_t found = 0;

	fdb_select(isa);
	fdb_lookup_burst(fdb, macs, (1 << CROWD) - 1, ports);
	for (uint32_t i = 0; i < CROWD; i++) {
		cr_expect_eq(ports[i], fdb_lookup(fdb, macs[i]));
		found += ports[i] == i;
	}
	return found;
}

Test(fdb_search, what_spilled_is_found)
{
	mac_t macs[CROWD];

	open_table(1000, 0);
	for (uint32_t i = 0; i < CROWD; i++) {
		macs[i] = crowd(i);
		if (i % 2)
			cr_assert_eq(learn(macs[i], i).learned, 1);
		else
			cr_assert_eq(fdb_add_static(fdb, macs[i], i, MAC_REGISTERED), 0);
	}
	cr_expect_geq(fdb->spills[fdb_place(fdb, fdb->first, macs[0])], CROWD - BUCKET_WORDS);
	check_spills(fdb);
	for (enum fdb_isa isa = FDB_SCALAR; isa < FDB_ISAS; isa++)
		cr_expect_eq(found_of_crowd(macs, isa), CROWD, "%s", fdb_isa_name(isa));
	cr_expect_eq(fdb_flush(fdb, FDB_ANY, 0), CROWD / 2);
	check_spills(fdb);
	cr_expect_eq(found_of_crowd(macs, FDB_SCALAR), CROWD / 2, "the static ones");
	for (uint32_t i = 0; i < CROWD; i += 2)
		cr_expect_eq(fdb_del_static(fdb, macs[i]), 0);
	cr_expect_eq(found_of_crowd(macs, FDB_SCALAR), 0);
	cr_expect_eq(fdb->spills[fdb_place(fdb, fdb->first, macs[0])], 0);
}

Test(fdb_search, a_count_that_is_full_takes_no_more)
{
	_Atomic uint8_t *spills;
	uint32_t learned = 0;

	open_table(1000, 0);
	spills = &fdb->spills[fdb_place(fdb, fdb->first, station(0))];
	*spills = UINT8_MAX;
	for (uint32_t i = 0; i < CROWD; i++)
		learned += (uint32_t)learn(crowd(i), 1).learned;
	cr_expect_eq(learned, BUCKET_WORDS, "as many as the first bucket holds");
	cr_expect_eq(*spills, UINT8_MAX);
	cr_expect_eq(quota.used, BUCKET_WORDS);
	*spills = 0;
}

// ---- Choice

Test(fdb_search, choice_of_code_is_one_that_runs)
{
	open_table(1, 0);
	cr_expect_eq(fdb_select(FDB_SCALAR), FDB_SCALAR);
	enum fdb_isa best = fdb_select(FDB_ISAS);

	cr_expect_lt(best, FDB_ISAS);
	for (enum fdb_isa isa = FDB_SCALAR; isa < FDB_ISAS; isa++) {
		enum fdb_isa got = fdb_select(isa);

		cr_expect(got == isa || got == best, "%s", fdb_isa_name(isa));
		cr_expect_eq(fdb_select(got), got);
	}
	cr_expect_str_eq(fdb_isa_name(FDB_SCALAR), "scalar");
	cr_expect_str_eq(fdb_isa_name(FDB_ISAS), "unknown");
}
