// SPDX-License-Identifier: BSD-3-Clause
// Searching a burst of addresses: scalar code, and the choice between it and its vector twins.
#include <emmintrin.h>

#include "dataplane/tables/fdb_table.h"

enum { FEW = 8 };

static fdb_match_t *match = fdb_match_scalar;

uint64_t fdb_match_scalar(const struct fdb *fdb, uint32_t multiplier, struct fdb_burst *burst)
{
	const mac_t *macs = burst->macs;
	uint64_t *words = burst->words;
	uint32_t n = burst->n;
	uint64_t missing = 0;

	for (uint32_t i = 0; i < n; i++) {
		burst->buckets[i] = fdb_bucket(fdb, multiplier, macs[i]);
		__builtin_prefetch((const void *)burst->buckets[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		words[i] = bucket_search(burst->buckets[i], macs[i]);
		missing |= (uint64_t)!words[i] << i;
	}
	return missing;
}

// Copy macs[i] for each bit i of "live", which is not 0. Returns how many.
static uint32_t gather(const mac_t *macs, uint64_t live, mac_t *gathered)
{
	uint32_t n = 0;

	do
		gathered[n++] = macs[__builtin_ctzll(live)];
	while (live &= live - 1);
	return n;
}

// Addresses, any of the burst, whose first buckets have spilled.
static uint64_t all_spilled(const struct fdb *fdb, const struct fdb_burst *burst)
{
	_Alignas(16) uint8_t spills[FDB_BURST] = {0};
	uint64_t none = 0;

	for (uint32_t i = 0; i < burst->n; i++)
		spills[i] = fdb_spills(fdb, burst->buckets[i]);
	for (uint32_t i = 0; i < FDB_BURST; i += 16) {
		__m128i some = _mm_load_si128((const __m128i *)&spills[i]);
		__m128i are_zero = _mm_cmpeq_epi8(some, _mm_setzero_si128());

		none |= (uint64_t)(uint32_t)_mm_movemask_epi8(are_zero) << i;
	}
	return ~none;
}

// Of the addresses that are not in their first buckets, those whose buckets have spilled. A few are
// looked at one by one.
static uint64_t find_spilled(const struct fdb *fdb, const struct fdb_burst *burst, uint64_t missing)
{
	uint64_t spilled = 0;

	if (__builtin_popcountll(missing) > FEW)
		return all_spilled(fdb, burst) & missing;
	for (; missing; missing &= missing - 1)
		if (fdb_spills(fdb, burst->buckets[__builtin_ctzll(missing)]))
			spilled |= missing & -missing;
	return spilled;
}

// Look for "spilled" in their second buckets. Returns those that are there.
static uint64_t search_second(const struct fdb *fdb, const struct fdb_burst *burst,
			      uint64_t spilled)
{
	mac_t macs[FDB_BURST];
	uint64_t words[FDB_BURST];
	struct fdb_burst second;
	const uint64_t *word = words;
	uint64_t found = 0;

	second.macs = macs;
	second.n = gather(burst->macs, spilled, macs);
	second.words = words;
	match(fdb, fdb->second, &second);
	for (; spilled; spilled &= spilled - 1, word++) {
		burst->words[__builtin_ctzll(spilled)] = *word;
		found |= *word ? spilled & -spilled : 0;
	}
	return found;
}

static uint64_t search_all(const struct fdb *fdb, struct fdb_burst *burst)
{
	uint64_t missing = match(fdb, fdb->first, burst);
	uint64_t spilled = missing ? find_spilled(fdb, burst, missing) : 0;

	return spilled ? missing & ~search_second(fdb, burst, spilled) : missing;
}

// Whether "live" is bits 0 to n - 1 for some n.
static bool is_without_gaps(uint64_t live)
{
	return !(live & (live + 1));
}

uint64_t fdb_search(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint64_t *words)
{
	mac_t gathered[FDB_BURST];
	struct fdb_burst burst;

	burst.macs = macs;
	burst.words = words;
	burst.n = (uint32_t)__builtin_popcountll(live);
	if (!is_without_gaps(live)) {
		gather(macs, live, gathered);
		burst.macs = gathered;
	}
	return search_all(fdb, &burst);
}

uint16_t fdb_lookup(const struct fdb *fdb, mac_t mac)
{
	const fdb_word_t *first = fdb_bucket(fdb, fdb->first, mac);
	uint64_t word = bucket_search(first, mac);

	if (!word && fdb_spills(fdb, first))
		word = bucket_search(fdb_bucket(fdb, fdb->second, mac), mac);
	return word ? word_port(word) : FDB_MISS;
}

void fdb_lookup_burst(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t *ports)
{
	uint64_t words[FDB_BURST];
	uint64_t missing = fdb_search(fdb, macs, live, words);
	uint32_t n = __builtin_popcountll(live);

	if (is_without_gaps(live)) {
		for (uint32_t i = 0; i < n; i++)
			ports[i] = word_port(words[i]);
		for (; missing; missing &= missing - 1)
			ports[__builtin_ctzll(missing)] = FDB_MISS;
		return;
	}
	for (uint32_t i = 0; live; live &= live - 1, i++)
		ports[__builtin_ctzll(live)] = words[i] ? word_port(words[i]) : FDB_MISS;
}

static bool all_are(const uint64_t *words, uint32_t n, uint64_t mask, uint64_t wanted)
{
	uint64_t differs = 0;

	for (uint32_t i = 0; i < n; i++)
		differs |= (words[i] & mask) ^ wanted;
	return !differs;
}

uint64_t fdb_find_strangers(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t port)
{
	// MAC_REGISTERED and MAC_STICKY are the kinds without the higher bit.
	const uint64_t higher = UINT64_C(2) << WORD_EPOCH_SHIFT;
	const uint64_t mask = WORD_STATIC | higher | (uint64_t)WORD_PORT_MASK << WORD_PORT_SHIFT;
	const uint64_t wanted = word_static(0, port, MAC_REGISTERED);
	uint64_t words[FDB_BURST];
	uint64_t strangers = 0;
	const uint64_t *word = words;

	fdb_search(fdb, macs, live, words);
	if (is_without_gaps(live) &&
	    all_are(words, (uint32_t)__builtin_popcountll(live), mask, wanted))
		return 0;
	for (; live; live &= live - 1, word++)
		strangers |= (*word & mask) == wanted ? 0 : live & -live;
	return strangers;
}

_Static_assert(MAC_REGISTERED < 2 && MAC_STICKY < 2 && MAC_RESERVED >= 2 && MAC_HELD >= 2,
	       "the higher bit of a kind says that its address may be no source");

// ---- Choice

static const struct {
	const char *name;
	fdb_match_t *match;
} codes[FDB_ISAS] = {
	[FDB_SCALAR] = {"scalar", fdb_match_scalar},
	[FDB_AVX2] = {"AVX2", fdb_match_avx2},
	[FDB_AVX512] = {"AVX-512", fdb_match_avx512},
};

static bool runs(enum fdb_isa isa)
{
	__builtin_cpu_init();
	switch (isa) {
	case FDB_SCALAR:
		return true;
	case FDB_AVX2:
		return __builtin_cpu_supports("avx2");
	case FDB_AVX512:
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("avx512vl");
	default:
		return false;
	}
}

// CPUs that have AVX-512 but no VBMI2, those before Ice Lake, lower their clock for it.
static enum fdb_isa best(void)
{
	if (runs(FDB_AVX512) && __builtin_cpu_supports("avx512vbmi2"))
		return FDB_AVX512;
	return runs(FDB_AVX2) ? FDB_AVX2 : FDB_SCALAR;
}

enum fdb_isa fdb_select(enum fdb_isa isa)
{
	if (!runs(isa))
		isa = best();
	match = codes[isa].match;
	return isa;
}

__attribute__((constructor)) static void select_best(void)
{
	fdb_select(FDB_ISAS);
}

const char *fdb_isa_name(enum fdb_isa isa)
{
	return isa < FDB_ISAS ? codes[isa].name : "unknown";
}
