// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/neigh.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

// At most half of the places are taken, so that a search soon finds a free one.
static uint32_t places_for(uint32_t n)
{
	uint32_t places = 8;

	while (places < 2 * (uint64_t)n)
		places *= 2;
	return places;
}

struct neigh *neigh_create(uint32_t n)
{
	uint32_t places = places_for(n);
	size_t size = sizeof(struct neigh) + places * sizeof(struct neigh_entry);
	struct neigh *neigh = calloc(1, size);

	if (!neigh)
		return NULL;
	neigh->mask = places - 1;
	if (getrandom(&neigh->seed, sizeof(neigh->seed), 0) != sizeof(neigh->seed))
		neigh->seed = (uintptr_t)neigh;
	return neigh;
}

void neigh_free(struct neigh *neigh)
{
	free(neigh);
}

static bool is_key(const struct neigh_entry *entry, struct neigh_key key)
{
	return entry->key.words[0] == key.words[0] && entry->key.words[1] == key.words[1];
}

// The entry of "key", or the free one where it would stand.
static struct neigh_entry *search(struct neigh *neigh, struct neigh_key key)
{
	uint32_t place = (uint32_t)neigh_hash(key, neigh->seed) & neigh->mask;

	while (neigh->entries[place].used && !is_key(&neigh->entries[place], key))
		place = (place + 1) & neigh->mask;
	return &neigh->entries[place];
}

int neigh_add(struct neigh *neigh, struct neigh_key key, uint16_t port, mac_t mac)
{
	struct neigh_entry *entry = search(neigh, key);

	if (entry->used)
		return -EEXIST;
	if (neigh->n > neigh->mask / 2)
		return -ENOSPC;
	entry->key = key;
	entry->used = 1;
	atomic_store(&entry->word, mac | (uint64_t)port << NEIGH_PORT_SHIFT);
	neigh->n++;
	return 0;
}

struct neigh_entry *neigh_find(struct neigh *neigh, struct neigh_key key)
{
	struct neigh_entry *entry = neigh ? search(neigh, key) : NULL;

	return entry && entry->used ? entry : NULL;
}
