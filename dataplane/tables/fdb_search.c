// SPDX-License-Identifier: BSD-3-Clause
// Searching a burst of addresses: scalar code, and the choice between it and its vector twins.
#include "dataplane/tables/fdb_table.h"

static fdb_match_t *match = fdb_match_scalar;

void fdb_match_scalar(const fdb_word_t **buckets, const mac_t *macs, uint32_t n, uint64_t *words)
{
	for (uint32_t i = 0; i < n; i++)
		words[i] = bucket_search(buckets[i], macs[i]);
}

// Search the second bucket of those whose word is 0.
static void search_second(const struct fdb *fdb, const mac_t *macs, uint32_t n, uint64_t *words)
{
	const fdb_word_t *buckets[FDB_BURST];
	mac_t missing[FDB_BURST];
	uint64_t found[FDB_BURST];
	uint8_t index[FDB_BURST];
	uint32_t n_missing = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (words[i])
			continue;
		buckets[n_missing] = fdb_bucket(fdb, fdb_second(fdb, fdb_hash(fdb, macs[i])));
		__builtin_prefetch((const void *)buckets[n_missing]);
		missing[n_missing] = macs[i];
		index[n_missing++] = i;
	}
	if (!n_missing)
		return;
	match(buckets, missing, n_missing, found);
	for (uint32_t i = 0; i < n_missing; i++)
		words[index[i]] = found[i];
}

static void search_all(const struct fdb *fdb, const mac_t *macs, uint32_t n, uint64_t *words)
{
	const fdb_word_t *buckets[FDB_BURST];

	for (uint32_t i = 0; i < n; i++) {
		buckets[i] = fdb_bucket(fdb, fdb_first(fdb, fdb_hash(fdb, macs[i])));
		__builtin_prefetch((const void *)buckets[i]);
	}
	match(buckets, macs, n, words);
	search_second(fdb, macs, n, words);
}

void fdb_search(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint64_t *words)
{
	mac_t gathered[FDB_BURST];
	uint32_t n = 0;

	if (!(live & (live + 1))) {
		search_all(fdb, macs, __builtin_popcountll(live), words);
		return;
	}
	for (; live; live &= live - 1)
		gathered[n++] = macs[__builtin_ctzll(live)];
	search_all(fdb, gathered, n, words);
}

static uint16_t port_of(uint64_t word)
{
	return word ? word_port(word) : FDB_MISS;
}

uint16_t fdb_lookup(const struct fdb *fdb, mac_t mac)
{
	uint64_t hash = fdb_hash(fdb, mac);
	uint64_t word = bucket_search(fdb_bucket(fdb, fdb_first(fdb, hash)), mac);

	if (!word)
		word = bucket_search(fdb_bucket(fdb, fdb_second(fdb, hash)), mac);
	return port_of(word);
}

void fdb_lookup_burst(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t *ports)
{
	uint64_t words[FDB_BURST];
	const uint64_t *word = words;

	fdb_search(fdb, macs, live, words);
	for (; live; live &= live - 1)
		ports[__builtin_ctzll(live)] = port_of(*word++);
}

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
