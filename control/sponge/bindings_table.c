// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/bindings_table.h"

#include <stdlib.h>

#include "control/alloc.h"
#include "control/sponge/ip_hash.h"

enum { FIRST_BUCKETS = 64 };

void bindings_table_init(struct bindings *bindings)
{
	TAILQ_INIT(&bindings->heard);
	TAILQ_INIT(&bindings->duplicates);
	TAILQ_INIT(&bindings->doubted);
	bindings->hash_seed = ip_hash_seed();
	bindings->n_buckets = FIRST_BUCKETS;
	bindings->buckets = alloc_zero(FIRST_BUCKETS * sizeof(struct entry *));
}

void bindings_table_fini(struct bindings *bindings)
{
	struct entry *next;

	for (size_t i = 0; i < bindings->n_buckets; i++) {
		for (struct entry *entry = bindings->buckets[i]; entry; entry = next) {
			next = entry->next;
			free(entry);
		}
	}
	free(bindings->buckets);
}

static struct entry **bucket(const struct bindings *bindings, const struct ip *ip)
{
	return &bindings->buckets[ip_hash(ip, bindings->hash_seed) & (bindings->n_buckets - 1)];
}

static void add_to_bucket(struct bindings *bindings, struct entry *entry)
{
	struct entry **first = bucket(bindings, &entry->binding.ip);

	entry->next = *first;
	*first = entry;
}

static void grow(struct bindings *bindings)
{
	struct entry **old = bindings->buckets, *next;
	size_t n = bindings->n_buckets;

	bindings->n_buckets = 2 * n;
	bindings->buckets = alloc_zero(2 * n * sizeof(struct entry *));
	for (size_t i = 0; i < n; i++) {
		for (struct entry *entry = old[i]; entry; entry = next) {
			next = entry->next;
			add_to_bucket(bindings, entry);
		}
	}
	free(old);
}

struct entry *entry_find(const struct bindings *bindings, const struct ip *ip)
{
	struct entry *entry = *bucket(bindings, ip);

	while (entry && !ip_equal(&entry->binding.ip, ip))
		entry = entry->next;
	return entry;
}

struct entry *entry_create(struct bindings *bindings, const struct ip *ip)
{
	struct entry *entry = alloc_zero(sizeof(*entry));

	if (bindings->n == bindings->n_buckets)
		grow(bindings);
	entry->binding.ip = *ip;
	add_to_bucket(bindings, entry);
	TAILQ_INSERT_TAIL(&bindings->heard, entry, link);
	bindings->n++;
	return entry;
}

static struct entries *list_of(struct bindings *bindings, const struct entry *entry)
{
	return entry->binding.duplicate ? &bindings->duplicates : &bindings->heard;
}

void entry_destroy(struct bindings *bindings, struct entry *entry)
{
	struct entry **at = bucket(bindings, &entry->binding.ip);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	entry_doubt(bindings, entry, false);
	TAILQ_REMOVE(list_of(bindings, entry), entry, link);
	bindings->n--;
	free(entry);
}

void entry_touch(struct bindings *bindings, struct entry *entry, uint64_t now_ms)
{
	entry->binding.heard_ms = now_ms;
	if (entry->binding.duplicate)
		return;
	TAILQ_REMOVE(&bindings->heard, entry, link);
	TAILQ_INSERT_TAIL(&bindings->heard, entry, link);
}

void entry_freeze(struct bindings *bindings, struct entry *entry)
{
	TAILQ_REMOVE(&bindings->heard, entry, link);
	TAILQ_INSERT_TAIL(&bindings->duplicates, entry, link);
	entry->binding.duplicate = true;
}

void entry_doubt(struct bindings *bindings, struct entry *entry, bool doubted)
{
	if (entry->binding.doubted)
		TAILQ_REMOVE(&bindings->doubted, entry, doubt);
	if (doubted)
		TAILQ_INSERT_TAIL(&bindings->doubted, entry, doubt);
	entry->binding.doubted = doubted;
}
