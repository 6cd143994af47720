// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/fdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "dataplane/tables/fdb_table.h"

// ---- Removing learned entries

struct filter {
	uint16_t port; // FDB_ANY: every
	mac_t mac;     // 0: every
	uint32_t age;  // epochs, at least
};

static bool is_meant(const struct filter *filter, uint64_t word, uint32_t epoch)
{
	return word && !word_is_static(word) && word_age(word, epoch) >= filter->age &&
	       (filter->port == FDB_ANY || word_port(word) == filter->port) &&
	       (!filter->mac || (word & MAC_MASK) == filter->mac);
}

// Remove what "filter" means from "n" buckets.
static uint32_t forget(struct fdb *fdb, fdb_word_t *bucket, uint32_t n, const struct filter *filter)
{
	uint32_t epoch = atomic_load(&fdb->epoch);
	uint32_t removed = 0;

	for (fdb_word_t *slot = bucket; slot < bucket + (size_t)n * BUCKET_WORDS; slot++) {
		uint64_t word = word_at(slot);

		while (is_meant(filter, word, epoch)) {
			if (fdb_remove(fdb, slot, word)) {
				removed++;
				break;
			}
			word = word_at(slot);
		}
	}
	return removed;
}

uint32_t fdb_flush(struct fdb *fdb, uint16_t port, mac_t mac)
{
	struct filter filter = {.port = port, .mac = mac};

	if (!mac)
		return forget(fdb, fdb->words, fdb->n_buckets, &filter);
	return forget(fdb, fdb_bucket(fdb, fdb->first, mac), 1, &filter) +
	       forget(fdb, fdb_bucket(fdb, fdb->second, mac), 1, &filter);
}

void fdb_set_ageing(struct fdb *fdb, uint32_t seconds)
{
	fdb->ageing = seconds;
	fdb->epoch_start_ns = fdb->now_ns;
}

uint32_t fdb_age(struct fdb *fdb, uint64_t now_ns)
{
	const struct filter old = {.port = FDB_ANY, .age = AGE_MAX + 1};
	uint64_t epoch_ns = (uint64_t)fdb->ageing * (1000000000 / AGE_MAX);
	uint32_t epoch = atomic_load(&fdb->epoch);
	uint64_t n;

	if (!fdb->now_ns)
		fdb->epoch_start_ns = now_ns;
	fdb->now_ns = now_ns;
	if (!epoch_ns || now_ns < fdb->epoch_start_ns + epoch_ns)
		return 0;

	// However long it was since the last call: more than AGE_MAX epochs are enough to age
	// everything, and more than WORD_EPOCHS would make it young again.
	n = (now_ns - fdb->epoch_start_ns) / epoch_ns;
	fdb->epoch_start_ns += n * epoch_ns;
	n = n > AGE_MAX + 1 ? AGE_MAX + 1 : n;
	atomic_store(&fdb->epoch, (uint32_t)(epoch + n) % WORD_EPOCHS);
	return forget(fdb, fdb->words, fdb->n_buckets, &old);
}

// ---- Static entries and limits

static void set_room(struct fdb *fdb)
{
	uint32_t free = fdb->size - fdb->n_static;

	atomic_store(&fdb->room, fdb->limit && fdb->limit < free ? fdb->limit : free);
}

void fdb_set_limit(struct fdb *fdb, uint32_t limit)
{
	fdb->limit = limit;
	set_room(fdb);
}

void fdb_set_port_limit(struct fdb *fdb, uint16_t port, uint32_t limit)
{
	atomic_store(&fdb->port_limit[port], limit);
}

// The address is not static yet. Returns false if a worker was quicker with the place.
static bool write_static(struct fdb *fdb, uint64_t word, int *err)
{
	mac_t mac = word & MAC_MASK;
	uint64_t old;
	fdb_word_t *slot = fdb_find_any(fdb, mac, &old);

	if (!slot) {
		old = 0;
		slot = fdb_find_empty(fdb, mac);
	}
	*err = slot ? 0 : -ENOSPC;
	if (!slot)
		return true;
	if (!(old ? word_replace(slot, old, word) : fdb_put(fdb, slot, word)))
		return false;
	if (old)
		fdb_quota_give(fdb, word_port(old));
	fdb_settle(fdb, mac);
	return true;
}

int fdb_add_static(struct fdb *fdb, mac_t mac, uint16_t port, enum mac_kind kind)
{
	uint64_t old, word = word_static(mac, port, kind);
	fdb_word_t *slot;
	int err;

	if (!mac_is_storable(mac) || port >= MAX_PORTS || kind > MAC_HELD)
		return -EINVAL;
	slot = fdb_find_static(fdb, mac, &old);
	if (slot && word_port(old) != port)
		return -EEXIST;
	if (slot) {
		atomic_store(slot, word); // nobody else writes a static word
		fdb->n_held += (kind == MAC_HELD) - (word_kind(old) == MAC_HELD);
		fdb->static_changes += kind != word_kind(old);
		return 0;
	}
	if (fdb->n_static == fdb->size)
		return -ENOSPC;
	while (!write_static(fdb, word, &err))
		;
	if (!err) {
		fdb->n_static++;
		fdb->n_held += kind == MAC_HELD;
		fdb->static_changes++;
		set_room(fdb);
	}
	return err;
}

int fdb_del_static(struct fdb *fdb, mac_t mac)
{
	uint64_t word;
	fdb_word_t *slot = fdb_find_static(fdb, mac, &word);

	if (!slot)
		return -ENOENT;
	fdb_clear(fdb, slot, word); // nobody else writes a static word
	fdb->n_held -= word_kind(word) == MAC_HELD;
	fdb->n_static--;
	fdb->static_changes++;
	set_room(fdb);
	return 0;
}

// ---- Looking

static struct fdb_entry describe(const struct fdb *fdb, uint64_t word)
{
	bool is_static = word_is_static(word);
	uint32_t epochs = is_static ? 0 : word_age(word, atomic_load(&fdb->epoch));

	return (struct fdb_entry){
		.mac = word & MAC_MASK,
		.port = word_port(word),
		.is_static = is_static,
		.kind = is_static ? (uint8_t)word_kind(word) : 0,
		.age = (uint64_t)epochs * fdb->ageing / AGE_MAX,
	};
}

bool fdb_find(const struct fdb *fdb, mac_t mac, struct fdb_entry *entry)
{
	uint64_t word;

	fdb_search(fdb, &mac, 1, &word);
	if (word)
		*entry = describe(fdb, word);
	return word;
}

uint32_t fdb_dump(const struct fdb *fdb, uint16_t port, uint32_t *cursor, struct fdb_entry *entries,
		  uint32_t max)
{
	uint32_t end = fdb->n_buckets * BUCKET_WORDS;
	uint32_t n = 0;

	for (; *cursor < end && n < max; ++*cursor) {
		uint64_t word = word_at(&fdb->words[*cursor]);

		if (word && (port == FDB_ANY || word_port(word) == port))
			entries[n++] = describe(fdb, word);
	}
	if (*cursor >= end)
		*cursor = 0;
	return n;
}

uint32_t fdb_count(const struct fdb *fdb)
{
	return atomic_load(&fdb->learned);
}

uint32_t fdb_count_static(const struct fdb *fdb)
{
	return fdb->n_static;
}

uint64_t fdb_static_changes(const struct fdb *fdb)
{
	return fdb->static_changes;
}

uint32_t fdb_count_held(const struct fdb *fdb)
{
	return atomic_load_explicit(&fdb->n_held, memory_order_relaxed);
}

uint32_t fdb_count_port(const struct fdb *fdb, uint16_t port)
{
	return atomic_load_explicit(&fdb->port_learned[port], memory_order_relaxed);
}

bool fdb_is_port_full(const struct fdb *fdb, uint16_t port)
{
	return fdb_count_port(fdb, port) >=
	       atomic_load_explicit(&fdb->port_limit[port], memory_order_relaxed);
}

// ---- Life

enum { PAGE = 4096, HUGE_PAGE = 2 << 20 };

// Map memory that begins at a huge page.
static void *map_aligned(size_t octets, int prot, int flags)
{
	char *memory = mmap(NULL, octets + HUGE_PAGE, prot, flags, -1, 0);
	size_t head;

	if (memory == MAP_FAILED)
		return MAP_FAILED;
	head = -(uintptr_t)memory % HUGE_PAGE;
	if (head)
		munmap(memory, head);
	munmap(memory + head + octets, HUGE_PAGE - head);
	return memory + head;
}

// Map zeroed memory, in huge pages if there are some, and touch it, so that no worker has to wait
// for the kernel when it learns. "octets" is rounded up to what was mapped.
static void *map_words(size_t *octets)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	size_t page = *octets < HUGE_PAGE / 2 ? PAGE : HUGE_PAGE;
	void *memory = MAP_FAILED;

	*octets = (*octets + page - 1) & ~(page - 1);
	if (page == HUGE_PAGE)
		memory = mmap(NULL, *octets, prot, flags | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	if (memory != MAP_FAILED)
		return memory;
	memory = map_aligned(*octets, prot, flags);
	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, *octets, MADV_HUGEPAGE);
	memset(memory, 0, *octets);
	return memory;
}

static void choose_hash(struct fdb *fdb)
{
	uint32_t random[4];

	while (getrandom(random, sizeof(random), 0) != sizeof(random))
		; // interrupted
	fdb->low = random[0] | 1;
	fdb->high = random[1] | 1;
	fdb->first = random[2] | 1;
	fdb->second = random[3] | 1;
}

struct fdb *fdb_create(uint32_t size, uint32_t limit, struct fdb_quota *quota)
{
	struct fdb *fdb;
	int err = EINVAL;

	if (!size || size > MAX_SIZE || !quota)
		goto fail;
	err = ENOMEM;
	fdb = aligned_alloc(_Alignof(struct fdb), sizeof(*fdb));
	if (!fdb)
		goto fail;
	memset(fdb, 0, sizeof(*fdb));
	fdb->size = size;
	fdb->quota = quota;
	fdb->n_buckets = (size * WORDS_PER_ENTRY + BUCKET_WORDS - 1) / BUCKET_WORDS;
	if (fdb->n_buckets < MIN_BUCKETS)
		fdb->n_buckets = MIN_BUCKETS;
	fdb->octets = fdb->n_buckets * (BUCKET_WORDS * sizeof(fdb_word_t) + sizeof(*fdb->spills));
	fdb->is_far = fdb->octets >= FDB_FAR;
	fdb->words = map_words(&fdb->octets);
	if (!fdb->words)
		goto free_fdb;
	fdb->spills = (_Atomic uint8_t *)(fdb->words + (size_t)fdb->n_buckets * BUCKET_WORDS);
	choose_hash(fdb);
	fdb_set_limit(fdb, limit);
	for (uint16_t port = 0; port < MAX_PORTS; port++)
		fdb_set_port_limit(fdb, port, UINT32_MAX);
	err = -fdb_quota_join(fdb);
	if (err)
		goto unmap;
	return fdb;

unmap:
	munmap(fdb->words, fdb->octets);
free_fdb:
	free(fdb);
fail:
	errno = err;
	return NULL;
}

void fdb_destroy(struct fdb *fdb)
{
	if (!fdb)
		return;
	fdb_quota_leave(fdb);
	fdb_flush(fdb, FDB_ANY, 0);
	munmap(fdb->words, fdb->octets);
	free(fdb);
}
