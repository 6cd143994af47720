// SPDX-License-Identifier: BSD-3-Clause
// Limits on learned entries, kept exactly while several workers learn, and fairness when the fabric
// is full.
//
// An entry is paid for before it is written: one from the port's limit in this table, one from the
// port's in all, one from the table's, one from the overall. When the overall limit is reached, the
// entry of the port with the most passes to the one that learns: that port's count goes down first,
// then one of its entries is looked for, a bounded number of buckets long. A refused source costs a
// few loads here and no store.
#include <errno.h>

#include "dataplane/tables/fdb_table.h"

enum {
	TRAIL_TRIES = 8,   // places of the trail looked at for one entry
	SWEEP_TRIES = 128, // buckets looked at for one entry when the trail had none
	PLACE_SHIFT = 20,  // a place is a bucket, and above it a member + 1
	PLACE_BUCKET = (1 << PLACE_SHIFT) - 1,
};

_Static_assert((uint64_t)MAX_SIZE *WORDS_PER_ENTRY / BUCKET_WORDS < PLACE_BUCKET,
	       "a place holds every bucket");

static uint32_t get(const _Atomic uint32_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

static void set(_Atomic uint32_t *count, uint32_t value)
{
	atomic_store_explicit(count, value, memory_order_relaxed);
}

static bool take(_Atomic uint32_t *count, uint32_t limit)
{
	uint32_t n = get(count);

	do {
		if (n >= limit)
			return false;
	} while (!atomic_compare_exchange_weak(count, &n, n + 1));
	return true;
}

static void give(_Atomic uint32_t *count)
{
	atomic_fetch_sub(count, 1);
}

// A limit as configured: 0 is none.
static uint32_t limit_of(const _Atomic uint32_t *limit)
{
	uint32_t n = get(limit);

	return n ? n : UINT32_MAX;
}

// ---- The port with the most entries

static uint16_t count_top(struct fdb_quota *quota)
{
	uint32_t n_ports = get(&quota->n_ports);
	uint16_t top = 0;

	for (uint32_t port = 1; port < n_ports; port++)
		if (get(&quota->port_used[port]) > get(&quota->port_used[top]))
			top = port;
	set(&quota->top, top + 1);
	return top;
}

static uint16_t top_port(struct fdb_quota *quota)
{
	uint32_t top = get(&quota->top);

	return top ? top - 1 : count_top(quota);
}

static void rise(struct fdb_quota *quota, uint16_t port)
{
	uint32_t top = get(&quota->top);
	uint32_t n_ports = get(&quota->n_ports);

	if (top && get(&quota->port_used[port]) > get(&quota->port_used[top - 1]))
		set(&quota->top, port + 1);
	while (n_ports <= port &&
	       !atomic_compare_exchange_weak(&quota->n_ports, &n_ports, port + 1))
		;
}

static void sink(struct fdb_quota *quota, uint16_t port)
{
	if (get(&quota->top) == port + 1u)
		set(&quota->top, 0);
}

// ---- Visits: a worker looks into a table of another LAN, which the manager may be about to free

static struct fdb *visit(struct fdb_quota *quota, uint32_t member)
{
	struct fdb *fdb;

	if (!atomic_load_explicit(&quota->members[member].table, memory_order_relaxed))
		return NULL;
	atomic_fetch_add(&quota->members[member].visitors, 1);
	fdb = atomic_load(&quota->members[member].table);
	if (!fdb)
		atomic_fetch_sub(&quota->members[member].visitors, 1);
	return fdb;
}

static void leave(struct fdb_quota *quota, uint32_t member)
{
	atomic_fetch_sub(&quota->members[member].visitors, 1);
}

int fdb_quota_join(struct fdb *fdb)
{
	for (fdb->member = 0; fdb->member < FDB_MEMBERS; fdb->member++) {
		struct fdb *free = NULL;

		if (atomic_compare_exchange_strong(&fdb->quota->members[fdb->member].table, &free,
						   fdb))
			return 0;
	}
	return -ENOSPC;
}

void fdb_quota_leave(struct fdb *fdb)
{
	atomic_store(&fdb->quota->members[fdb->member].table, NULL);
	while (atomic_load(&fdb->quota->members[fdb->member].visitors))
		; // a visit is a few microseconds
}

// ---- An entry of a port that must lose one

// Remove one learned entry of "port" from "bucket". Its port has been counted down already, and its
// part of the overall limit passes on.
static bool lose_in_bucket(struct fdb *fdb, uint32_t bucket, uint16_t port)
{
	fdb_word_t *words = &fdb->words[(size_t)bucket * BUCKET_WORDS];

	for (uint32_t i = 0; i < BUCKET_WORDS; i++) {
		uint64_t word = atomic_load_explicit(&words[i], memory_order_relaxed);

		if (!word || word_is_static(word) || word_port(word) != port)
			continue;
		if (!fdb_clear(fdb, &words[i], word))
			continue;
		give(&fdb->learned);
		give(&fdb->port_learned[port]);
		return true;
	}
	return false;
}

void fdb_quota_note(struct fdb *fdb, uint16_t port, uint32_t bucket)
{
	uint32_t n = get(&fdb->quota->trails[port].n);

	set(&fdb->quota->trails[port].places[n % FDB_TRAIL],
	    (fdb->member + 1) << PLACE_SHIFT | bucket);
	set(&fdb->quota->trails[port].n, n + 1);
}

static bool lose_at(struct fdb_quota *quota, uint32_t place, uint16_t port)
{
	uint32_t member = (place >> PLACE_SHIFT) - 1;
	uint32_t bucket = place & PLACE_BUCKET;
	struct fdb *fdb = visit(quota, member);
	bool lost;

	if (!fdb)
		return false;
	lost = bucket < fdb->n_buckets && lose_in_bucket(fdb, bucket, port);
	leave(quota, member);
	return lost;
}

// Walk the trail back. Places may be out of date, or lost when workers walk it at once: they are
// hints.
static bool lose_on_trail(struct fdb_quota *quota, uint16_t port)
{
	for (uint32_t i = 0; i < TRAIL_TRIES; i++) {
		uint32_t n = get(&quota->trails[port].n) - 1;
		uint32_t place = atomic_exchange(&quota->trails[port].places[n % FDB_TRAIL], 0);

		if (!place)
			return false;
		set(&quota->trails[port].n, n);
		if (lose_at(quota, place, port))
			return true;
	}
	return false;
}

// Look at up to "*tries" buckets from "*bucket" on. Both move on.
static bool lose_in_table(struct fdb *fdb, uint16_t port, uint32_t *bucket, uint32_t *tries)
{
	if (!get(&fdb->learned)) {
		*bucket = fdb->n_buckets;
		return false;
	}
	for (; *bucket < fdb->n_buckets && *tries; ++*bucket, --*tries)
		if (lose_in_bucket(fdb, *bucket, port))
			return true;
	return false;
}

static bool lose_by_sweep(struct fdb_quota *quota, uint16_t port)
{
	uint32_t place = get(&quota->sweep);
	uint32_t member = place >> PLACE_SHIFT;
	uint32_t bucket = place & PLACE_BUCKET;
	uint32_t tries = SWEEP_TRIES;
	bool lost = false;

	for (uint32_t i = 0; i <= FDB_MEMBERS && tries && !lost; i++) {
		struct fdb *fdb = visit(quota, member % FDB_MEMBERS);

		if (fdb) {
			lost = lose_in_table(fdb, port, &bucket, &tries);
			bool end = bucket >= fdb->n_buckets;
			leave(quota, member % FDB_MEMBERS);
			if (!end)
				break;
		}
		member = (member + 1) % FDB_MEMBERS;
		bucket = 0;
	}
	set(&quota->sweep, member << PLACE_SHIFT | bucket);
	return lost;
}

// Take an entry from the port with the most, if it has more than "port" will have. "port" has been
// counted up already.
static bool take_from_top(struct fdb_quota *quota, uint16_t port)
{
	uint16_t top = top_port(quota);
	uint32_t n = get(&quota->port_used[top]);

	do {
		if (n <= get(&quota->port_used[port]))
			return false;
	} while (!atomic_compare_exchange_weak(&quota->port_used[top], &n, n - 1));
	set(&quota->top, 0);
	if (lose_on_trail(quota, top) || lose_by_sweep(quota, top))
		return true;
	atomic_fetch_add(&quota->port_used[top], 1);
	return false;
}

// ---- Taking and giving back

bool fdb_quota_take_port(struct fdb *fdb, uint16_t port)
{
	struct fdb_quota *quota = fdb->quota;

	if (!take(&fdb->port_learned[port], get(&fdb->port_limit[port])))
		return false;
	if (!take(&quota->port_used[port], limit_of(&quota->port_limit[port]))) {
		give(&fdb->port_learned[port]);
		return false;
	}
	rise(quota, port);
	return true;
}

void fdb_quota_give_port(struct fdb *fdb, uint16_t port)
{
	give(&fdb->port_learned[port]);
	give(&fdb->quota->port_used[port]);
	sink(fdb->quota, port);
}

bool fdb_quota_is_hopeless(struct fdb *fdb, uint16_t port)
{
	struct fdb_quota *quota = fdb->quota;
	uint32_t n = get(&quota->port_used[port]);

	if (n >= limit_of(&quota->port_limit[port]) || fdb_is_port_full(fdb, port) ||
	    get(&fdb->learned) >= get(&fdb->room))
		return true;
	return get(&quota->used) >= limit_of(&quota->limit) &&
	       get(&quota->port_used[top_port(quota)]) <= n + 1;
}

bool fdb_quota_take(struct fdb *fdb, uint16_t port)
{
	struct fdb_quota *quota = fdb->quota;

	if (fdb_quota_is_hopeless(fdb, port) || !fdb_quota_take_port(fdb, port))
		return false;
	if (!take(&fdb->learned, get(&fdb->room)))
		goto give_port;
	if (take(&quota->used, limit_of(&quota->limit)) || take_from_top(quota, port))
		return true;
	give(&fdb->learned);
give_port:
	fdb_quota_give_port(fdb, port);
	return false;
}

void fdb_quota_give(struct fdb *fdb, uint16_t port)
{
	give(&fdb->quota->used);
	give(&fdb->learned);
	fdb_quota_give_port(fdb, port);
}
