// SPDX-License-Identifier: BSD-3-Clause
// Learning: the entries of one address, written by several workers at once.
#include "dataplane/tables/fdb_table.h"

// ---- The two buckets of an address

fdb_word_t *fdb_find_word(const struct fdb *fdb, mac_t mac, uint64_t wanted, uint64_t *word)
{
	uint64_t hash = fdb_hash(fdb, mac);
	fdb_word_t *bucket = fdb_bucket(fdb, fdb_first(fdb, hash));

	for (uint32_t i = 0; i < 2 * BUCKET_WORDS; i++) {
		if (i == BUCKET_WORDS)
			bucket = fdb_bucket(fdb, fdb_second(fdb, hash)) - BUCKET_WORDS;
		*word = word_at(&bucket[i]);
		if (!((*word ^ (mac | wanted)) & (MAC_MASK | WORD_STATIC)))
			return &bucket[i];
	}
	return NULL;
}

static uint32_t fill_of(fdb_word_t *bucket, fdb_word_t **empty)
{
	uint32_t fill = 0;

	*empty = NULL;
	for (uint32_t i = BUCKET_WORDS; i-- > 0;) {
		if (word_at(&bucket[i]))
			fill++;
		else
			*empty = &bucket[i];
	}
	return fill;
}

fdb_word_t *fdb_find_empty(const struct fdb *fdb, mac_t mac)
{
	uint64_t hash = fdb_hash(fdb, mac);
	fdb_word_t *first, *second;
	uint32_t fill = fill_of(fdb_bucket(fdb, fdb_first(fdb, hash)), &first);

	if (fill < FIRST_FILL || fill_of(fdb_bucket(fdb, fdb_second(fdb, hash)), &second) >= fill)
		return first;
	return second;
}

static void note(struct fdb *fdb, uint16_t port, const fdb_word_t *slot)
{
	fdb_quota_note(fdb, port, (uint32_t)((slot - fdb->words) / BUCKET_WORDS));
}

bool fdb_remove(struct fdb *fdb, fdb_word_t *slot, uint64_t word)
{
	if (!word_replace(slot, word, 0))
		return false;
	fdb_quota_give(fdb, word_port(word));
	return true;
}

// Of two entries of one address only one may stay: the static one, else the one that stands first.
// Returns which stays. Two workers that come here at once agree, and at least the later of them
// sees both entries, because each wrote its own before.
static fdb_word_t *settle_once(struct fdb *fdb, mac_t mac, bool *is_settled)
{
	uint64_t word, other;
	fdb_word_t *stays = fdb_find_word(fdb, mac, WORD_STATIC, &word);
	uint64_t hash = fdb_hash(fdb, mac);
	fdb_word_t *bucket = fdb_bucket(fdb, fdb_first(fdb, hash));

	*is_settled = true;
	for (uint32_t i = 0; i < 2 * BUCKET_WORDS; i++) {
		if (i == BUCKET_WORDS)
			bucket = fdb_bucket(fdb, fdb_second(fdb, hash)) - BUCKET_WORDS;
		other = atomic_load(&bucket[i]);
		if ((other ^ mac) & MAC_MASK || &bucket[i] == stays)
			continue;
		if (!stays)
			stays = &bucket[i];
		else if (!fdb_remove(fdb, &bucket[i], other))
			*is_settled = false;
	}
	return stays;
}

fdb_word_t *fdb_settle(struct fdb *fdb, mac_t mac)
{
	fdb_word_t *stays;
	bool is_settled;

	do
		stays = settle_once(fdb, mac, &is_settled);
	while (!is_settled);
	return stays;
}

// ---- Learning

struct source {
	mac_t mac;
	uint16_t port;
	uint32_t index; // in its burst
	struct fdb_learned *result;
};

static bool learn_static(const struct source *source, uint64_t word)
{
	if (word_port(word) != source->port) {
		source->result->foreign |= UINT64_C(1) << source->index;
		source->result->old_port[source->index] = word_port(word);
	}
	return true;
}

static bool refuse(const struct source *source)
{
	source->result->refused |= UINT64_C(1) << source->index;
	return true;
}

// The address is known: refresh or move it. Returns false if its word changed meanwhile.
static bool learn_known(struct fdb *fdb, const struct source *source, fdb_word_t *slot,
			uint64_t word)
{
	uint16_t old = word_port(word);
	uint64_t fresh = word_learned(source->mac, source->port, atomic_load(&fdb->epoch));

	if (old == source->port)
		return word == fresh || word_replace(slot, word, fresh);
	if (!fdb_quota_take_port(fdb->quota, source->port))
		return refuse(source);
	if (!word_replace(slot, word, fresh)) {
		fdb_quota_give_port(fdb->quota, source->port);
		return false;
	}
	fdb_quota_give_port(fdb->quota, old);
	note(fdb, source->port, slot);
	source->result->moved |= UINT64_C(1) << source->index;
	source->result->old_port[source->index] = old;
	return true;
}

// The address is new. Returns false if somebody else was quicker, with the place or the address.
static bool learn_new(struct fdb *fdb, const struct source *source)
{
	uint64_t word = word_learned(source->mac, source->port, atomic_load(&fdb->epoch));
	fdb_word_t *slot;

	if (!fdb_quota_take(fdb, source->port))
		return refuse(source);
	slot = fdb_find_empty(fdb, source->mac);
	if (!slot || !word_replace(slot, 0, word)) {
		fdb_quota_give(fdb, source->port);
		return slot ? false : refuse(source);
	}
	if (fdb_settle(fdb, source->mac) != slot)
		return false;
	note(fdb, source->port, slot);
	source->result->learned |= UINT64_C(1) << source->index;
	return true;
}

static bool learn_once(struct fdb *fdb, const struct source *source)
{
	uint64_t word;
	fdb_word_t *slot = fdb_find_word(fdb, source->mac, 0, &word);

	if (slot)
		return learn_known(fdb, source, slot, word);
	if (fdb_find_word(fdb, source->mac, WORD_STATIC, &word))
		return learn_static(source, word);
	return learn_new(fdb, source);
}

void fdb_learn_burst(struct fdb *fdb, const mac_t *macs, uint64_t live, uint16_t port,
		     struct fdb_learned *result)
{
	uint64_t meta =
		word_learned(0, port, atomic_load_explicit(&fdb->epoch, memory_order_relaxed));
	uint64_t words[FDB_BURST];
	const uint64_t *word = words;

	result->learned = result->moved = result->foreign = result->refused = 0;
	fdb_search(fdb, macs, live, words);
	for (; live; live &= live - 1, word++) {
		uint32_t i = __builtin_ctzll(live);
		struct source source = {macs[i], port, i, result};

		if (*word == (macs[i] | meta))
			continue;
		if (word_is_static(*word))
			learn_static(&source, *word);
		else if (mac_is_storable(macs[i]))
			while (!learn_once(fdb, &source))
				;
	}
}
