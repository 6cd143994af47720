// SPDX-License-Identifier: BSD-3-Clause
// Learning: the entries of one address, written by several workers at once.
#include "dataplane/tables/fdb_table.h"

enum { SPILLS_MAX = UINT8_MAX };

// ---- The two buckets of an address

// Where the address can stand now: in its second bucket only if its first one has spilled.
struct home {
	fdb_word_t *buckets[2];
	uint32_t n_words;
};

static struct home home_of(const struct fdb *fdb, mac_t mac)
{
	uint32_t first = fdb_place(fdb, fdb->first, mac);
	bool has_spilled = atomic_load(&fdb->spills[first]);

	return (struct home){
		.buckets = {&fdb->words[(size_t)first * BUCKET_WORDS],
			    fdb_bucket(fdb, fdb->second, mac)},
		.n_words = has_spilled ? 2 * BUCKET_WORDS : BUCKET_WORDS,
	};
}

static fdb_word_t *slot_of(const struct home *home, uint32_t i)
{
	return home->buckets[i / BUCKET_WORDS] + i % BUCKET_WORDS;
}

static fdb_word_t *find(const struct home *home, uint64_t wanted, uint64_t mask, uint64_t *word)
{
	for (uint32_t i = 0; i < home->n_words; i++) {
		fdb_word_t *slot = slot_of(home, i);

		*word = word_at(slot);
		if (!((*word ^ wanted) & mask))
			return slot;
	}
	return NULL;
}

fdb_word_t *fdb_find_any(const struct fdb *fdb, mac_t mac, uint64_t *word)
{
	struct home home = home_of(fdb, mac);

	return find(&home, mac, MAC_MASK, word);
}

fdb_word_t *fdb_find_static(const struct fdb *fdb, mac_t mac, uint64_t *word)
{
	struct home home = home_of(fdb, mac);

	return find(&home, mac | WORD_STATIC, MAC_MASK | WORD_STATIC, word);
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

// A count that is full is not a matter of chance, but it must not begin anew.
static bool may_spill(const struct fdb *fdb, mac_t mac)
{
	return atomic_load_explicit(&fdb->spills[fdb_place(fdb, fdb->first, mac)],
				    memory_order_relaxed) < SPILLS_MAX;
}

fdb_word_t *fdb_find_empty(const struct fdb *fdb, mac_t mac)
{
	struct home home = home_of(fdb, mac);
	fdb_word_t *first, *second;
	uint32_t fill = fill_of(home.buckets[0], &first);

	if (fill < FIRST_FILL || fill_of(home.buckets[1], &second) >= fill)
		return first;
	return may_spill(fdb, mac) ? second : first;
}

// The count that "word" belongs to at "slot", or NULL if that is in its first bucket.
static _Atomic uint8_t *spills_at(struct fdb *fdb, const fdb_word_t *slot, uint64_t word)
{
	uint32_t first = fdb_place(fdb, fdb->first, word & MAC_MASK);

	return (slot - fdb->words) / BUCKET_WORDS == first ? NULL : &fdb->spills[first];
}

static bool count_spill(_Atomic uint8_t *spills)
{
	uint8_t n = atomic_load_explicit(spills, memory_order_relaxed);

	do {
		if (n == SPILLS_MAX)
			return false;
	} while (!atomic_compare_exchange_weak(spills, &n, n + 1));
	return true;
}

static void uncount_spill(_Atomic uint8_t *spills)
{
	if (spills)
		atomic_fetch_sub(spills, 1);
}

bool fdb_put(struct fdb *fdb, fdb_word_t *slot, uint64_t word)
{
	_Atomic uint8_t *spills = spills_at(fdb, slot, word);

	if (spills && !count_spill(spills))
		return false;
	if (word_replace(slot, 0, word))
		return true;
	uncount_spill(spills);
	return false;
}

bool fdb_clear(struct fdb *fdb, fdb_word_t *slot, uint64_t word)
{
	if (!word_replace(slot, word, 0))
		return false;
	uncount_spill(spills_at(fdb, slot, word));
	return true;
}

static void note(struct fdb *fdb, uint16_t port, const fdb_word_t *slot)
{
	fdb_quota_note(fdb, port, (uint32_t)((slot - fdb->words) / BUCKET_WORDS));
}

bool fdb_remove(struct fdb *fdb, fdb_word_t *slot, uint64_t word)
{
	if (!fdb_clear(fdb, slot, word))
		return false;
	fdb_quota_give(fdb, word_port(word));
	return true;
}

// Of two entries of one address only one may stay: the static one, else the one that stands first.
// Returns which stays. Two workers that come here at once agree, and at least the later of them
// sees both entries, because each wrote its own before, and counted it as spilled before that.
static fdb_word_t *settle_once(struct fdb *fdb, mac_t mac, bool *is_settled)
{
	struct home home = home_of(fdb, mac);
	fdb_word_t *stays = NULL;
	uint64_t staying = 0;

	*is_settled = true;
	for (uint32_t i = 0; i < home.n_words; i++) {
		fdb_word_t *slot = slot_of(&home, i);
		uint64_t word = atomic_load(slot);

		if ((word ^ mac) & MAC_MASK || slot == stays)
			continue;
		if (!stays || word_is_static(word)) {
			if (stays)
				*is_settled &= fdb_remove(fdb, stays, staying);
			stays = slot;
			staying = word;
		} else {
			*is_settled &= fdb_remove(fdb, slot, word);
		}
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
	if (!fdb_quota_take_port(fdb, source->port))
		return refuse(source);
	if (!word_replace(slot, word, fresh)) {
		fdb_quota_give_port(fdb, source->port);
		return false;
	}
	fdb_quota_give_port(fdb, old);
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
	if (!slot || !fdb_put(fdb, slot, word)) {
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
	fdb_word_t *slot = fdb_find_any(fdb, source->mac, &word);

	if (!slot)
		return learn_new(fdb, source);
	if (word_is_static(word))
		return learn_static(source, word);
	return learn_known(fdb, source, slot, word);
}

// "word" is what was found of the source before the burst.
static void learn(struct fdb *fdb, const struct source *source, uint64_t word)
{
	if (!mac_is_storable(source->mac))
		return;
	if (word_is_static(word))
		learn_static(source, word);
	else if (!word && !source->result->learned && fdb_quota_is_hopeless(fdb, source->port))
		refuse(source); // a flood ends here: the burst learned nothing, so it is still new
	else
		while (!learn_once(fdb, source))
			;
}

// Whether all sources are as they were: nothing to write then.
static bool all_known(const uint64_t *words, const mac_t *macs, uint32_t n, uint64_t meta)
{
	uint64_t differs = 0;

	for (uint32_t i = 0; i < n; i++)
		differs |= words[i] ^ (macs[i] | meta);
	return !differs;
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
	if (!(live & (live + 1)) &&
	    all_known(words, macs, (uint32_t)__builtin_popcountll(live), meta))
		return;
	for (; live; live &= live - 1, word++) {
		uint32_t i = __builtin_ctzll(live);
		struct source source = {macs[i], port, i, result};

		if (*word != (macs[i] | meta))
			learn(fdb, &source, *word);
	}
}
