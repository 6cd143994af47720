// SPDX-License-Identifier: BSD-3-Clause
// Searching a burst of addresses: scalar code, and the choice between it and its vector twins.
#include "dataplane/tables/fdb_table.h"

static fdb_match_t *match = fdb_match_scalar;

uint64_t fdb_match_scalar(const struct fdb *fdb, uint32_t multiplier, const mac_t *macs, uint32_t n,
			  uint64_t *words)
{
	const fdb_word_t *buckets[FDB_BURST];
	uint64_t missing = 0;

	for (uint32_t i = 0; i < n; i++) {
		buckets[i] = fdb_bucket(fdb, multiplier, macs[i]);
		__builtin_prefetch((const void *)buckets[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		words[i] = bucket_search(buckets[i], macs[i]);
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

// Few have to be looked for in their second bucket, unless there are many unknown ones.
static uint64_t search_second(const struct fdb *fdb, const mac_t *macs, uint64_t missing,
			      uint64_t *words)
{
	uint64_t found[FDB_BURST];
	mac_t gathered[FDB_BURST];
	uint32_t n = gather(macs, missing, gathered);
	const uint64_t *word = found;

	match(fdb, fdb->second, gathered, n, found);
	for (uint64_t rest = missing; rest; rest &= rest - 1, word++) {
		words[__builtin_ctzll(rest)] = *word;
		if (*word)
			missing &= ~(rest & -rest);
	}
	return missing;
}

static uint64_t search_all(const struct fdb *fdb, const mac_t *macs, uint32_t n, uint64_t *words)
{
	uint64_t missing = match(fdb, fdb->first, macs, n, words);

	return missing ? search_second(fdb, macs, missing, words) : 0;
}

// Whether "live" is bits 0 to n - 1 for some n.
static bool is_without_gaps(uint64_t live)
{
	return !(live & (live + 1));
}

uint64_t fdb_search(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint64_t *words)
{
	mac_t gathered[FDB_BURST];

	if (is_without_gaps(live))
		return search_all(fdb, macs, (uint32_t)__builtin_popcountll(live), words);
	return search_all(fdb, gathered, gather(macs, live, gathered), words);
}

uint16_t fdb_lookup(const struct fdb *fdb, mac_t mac)
{
	uint64_t word = bucket_search(fdb_bucket(fdb, fdb->first, mac), mac);

	if (!word)
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

enum fdb_isa fdb_select(enum fdb_isa isa)
{
	if (!runs(isa))
		for (isa = FDB_ISAS - 1; !runs(isa);)
			isa--;
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
