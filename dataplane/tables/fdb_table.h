// SPDX-License-Identifier: BSD-3-Clause
// Inside the forwarding database: what fdb*.c share and nobody else includes.
//
// An address has a first and a second bucket, chosen by a hash with secret random multipliers: who
// sends frames cannot choose addresses that fall into one bucket. A new address goes to its first
// bucket until that holds FIRST_FILL words, then to the emptier of the two. With three words for
// each entry of the configured size, a full table has one entry in a hundred outside its first
// bucket, and the chance that a new one finds both buckets full is below 1e-13. So no entry ever
// changes its place, and readers need not watch for that.
//
// Each bucket has a count of the entries that spilled: that would be there, but stand in their
// second bucket. Where it is 0, which is nearly everywhere, an address that is not in its first
// bucket is not known, and the search is over after one cache line. Entries are counted before they
// are written, and uncounted after they are removed.
#pragma once

#include "dataplane/tables/fdb.h"
#include "dataplane/tables/fdb_word.h"

enum {
	FIRST_FILL = 6,
	WORDS_PER_ENTRY = 3,
	MIN_BUCKETS = 64,
	MAX_SIZE = 1 << 20,
	AGE_MAX = 8, // epochs that an entry may reach: an epoch is an eighth of the ageing time
};

struct fdb {
	// Constant.
	fdb_word_t *words;
	_Atomic uint8_t *spills; // [n_buckets], in the memory behind the words
	uint32_t n_buckets;
	uint32_t low, high;	// multipliers of the hash: odd and secret
	uint32_t first, second; // what makes the first bucket of it, and the second
	uint32_t size;
	struct fdb_quota *quota;
	uint32_t member; // index in quota->members
	size_t octets;	 // mapped at "words", spills included
	bool is_far;	 // its lines are fetched ahead by those who search it: see FDB_FAR

	// Written by the manager, read by workers.
	_Atomic uint32_t epoch;
	_Atomic uint32_t room;	 // learned entries that the limit and the size allow
	_Atomic uint32_t ageing; // seconds
	_Atomic uint32_t n_held;
	_Atomic uint32_t port_limit[MAX_PORTS]; // UINT32_MAX: none

	// Manager only.
	uint32_t limit;
	uint32_t n_static;
	uint64_t static_changes;
	uint64_t now_ns; // of the last fdb_age(); 0: none yet
	uint64_t epoch_start_ns;

	// Written by workers when they learn.
	_Alignas(64) _Atomic uint32_t learned;
	_Atomic uint32_t port_learned[MAX_PORTS];
};

// The bucket of "mac" that belongs to "multiplier", fdb->first or fdb->second. It is made of 32-bit
// multiplications because vector code has no others. The two may be the same bucket.
static inline uint32_t fdb_place(const struct fdb *fdb, uint32_t multiplier, mac_t mac)
{
	uint64_t sum = (uint64_t)(uint32_t)mac * fdb->low + (mac >> 32) * fdb->high;
	uint32_t hash = (uint32_t)(sum ^ sum >> 32);

	hash ^= hash >> 15;
	return (uint64_t)(hash * multiplier) * fdb->n_buckets >> 32;
}

static inline fdb_word_t *fdb_bucket(const struct fdb *fdb, uint32_t multiplier, mac_t mac)
{
	return &fdb->words[(size_t)fdb_place(fdb, multiplier, mac) * BUCKET_WORDS];
}

static inline uint8_t fdb_spills(const struct fdb *fdb, const fdb_word_t *bucket)
{
	return atomic_load_explicit(&fdb->spills[(bucket - fdb->words) / BUCKET_WORDS],
				    memory_order_relaxed);
}

// ---- Search (fdb_search.c, fdb_avx2.c, fdb_avx512.c)

// A burst of addresses in search of their words. "buckets" is written in whole vectors.
struct fdb_burst {
	const mac_t *macs; // [n]
	uint32_t n;	   // 1 to FDB_BURST
	uint64_t *words;   // [n] receives the word of each address, or 0
	_Alignas(64) const fdb_word_t *buckets[FDB_BURST]; // receives the bucket of each
};

// Search the buckets that belong to "multiplier". Returns a mask of the addresses that are not
// there. All versions give the same.
typedef uint64_t fdb_match_t(const struct fdb *fdb, uint32_t multiplier, struct fdb_burst *burst);
fdb_match_t fdb_match_scalar, fdb_match_avx2, fdb_match_avx512;

// From this size on a table's lines come from memory or from a cache that cores share, and a
// burst's are fetched before the first is looked at. Those of smaller tables come soon enough for a
// core that runs ahead by itself; fetching them costs more than it saves (a third of a search on
// Zen 5).
#define FDB_FAR ((size_t)2 << 20)

static inline void fdb_fetch(const fdb_word_t *const *buckets, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		__builtin_prefetch((const void *)buckets[i]);
}

// For vector code: the addresses from "first" on, which fill no vector.
static inline uint64_t fdb_match_rest(const struct fdb *fdb, uint32_t multiplier,
				      struct fdb_burst *burst, uint32_t first)
{
	uint64_t missing = 0;

	for (uint32_t i = first; i < burst->n; i++) {
		burst->buckets[i] = fdb_bucket(fdb, multiplier, burst->macs[i]);
		burst->words[i] = bucket_search(burst->buckets[i], burst->macs[i]);
		missing |= (uint64_t)!burst->words[i] << i;
	}
	return missing;
}

// Find macs[i] for each bit i of "live": words[] receives, without gaps, the word of each, or 0.
// Returns a mask of words that are 0.
uint64_t fdb_search(const struct fdb *fdb, const mac_t *macs, uint64_t live, uint64_t *words);

// ---- The entries of one address (fdb_learn.c)

// The first word of the address, or its static one; or NULL. "word" receives a copy.
fdb_word_t *fdb_find_any(const struct fdb *fdb, mac_t mac, uint64_t *word);
fdb_word_t *fdb_find_static(const struct fdb *fdb, mac_t mac, uint64_t *word);

// Where to put a new address, or NULL.
fdb_word_t *fdb_find_empty(const struct fdb *fdb, mac_t mac);

// Write "word" into a slot that fdb_find_empty() found, or make the slot with "word" empty. Returns
// false if something else stands there by now.
bool fdb_put(struct fdb *fdb, fdb_word_t *slot, uint64_t word);
bool fdb_clear(struct fdb *fdb, fdb_word_t *slot, uint64_t word);

// fdb_clear() of a learned entry, and its quota given back.
bool fdb_remove(struct fdb *fdb, fdb_word_t *slot, uint64_t word);

// Whoever wrote a new entry calls this: if somebody else wrote one of the same address, only one
// stays. Returns it, or NULL if it has gone already.
fdb_word_t *fdb_settle(struct fdb *fdb, mac_t mac);

// ---- Quota (fdb_quota.c)

// Make the table known to its quota. Returns 0 or -ENOSPC.
int fdb_quota_join(struct fdb *fdb);

// Returns when no worker that makes room looks at the table any more.
void fdb_quota_leave(struct fdb *fdb);

// Whether taking now would be refused, as far as can be told without trying.
bool fdb_quota_is_hopeless(struct fdb *fdb, uint16_t port);

// Take what one learned entry on "port" needs, making room if that is due. Returns false if a limit
// is in the way.
bool fdb_quota_take(struct fdb *fdb, uint16_t port);
void fdb_quota_give(struct fdb *fdb, uint16_t port);

// The port's part alone, for an entry that moves.
bool fdb_quota_take_port(struct fdb *fdb, uint16_t port);
void fdb_quota_give_port(struct fdb *fdb, uint16_t port);

// Remember that "port" got an entry in "bucket", to find it again when the port must lose one.
void fdb_quota_note(struct fdb *fdb, uint16_t port, uint32_t bucket);
