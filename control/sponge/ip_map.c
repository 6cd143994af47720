// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/ip_map.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/sponge/ip_hash.h"

enum { SIZE_MIN = 16 };

void ip_map_fini(struct ip_map *map)
{
	free(map->slots);
	*map = (struct ip_map){0};
}

static uint32_t place(const struct ip_map *map, const struct ip *ip)
{
	return (uint32_t)ip_hash(ip, map->seed) & (map->size - 1);
}

// The slot where the address is, or would be.
static struct ip_map_slot *find(const struct ip_map *map, const struct ip *ip)
{
	uint32_t at = place(map, ip);

	while (map->slots[at].marks && !ip_equal(&map->slots[at].ip, ip))
		at = (at + 1) & (map->size - 1);
	return &map->slots[at];
}

uint8_t ip_map_get(const struct ip_map *map, const struct ip *ip)
{
	return map->n ? find(map, ip)->marks : 0;
}

// At most half of it is in use.
static void grow(struct ip_map *map)
{
	struct ip_map old = *map;

	if (map->size && map->n < map->size / 2)
		return;
	map->size = old.size ? old.size * 2 : SIZE_MIN;
	map->slots = alloc_zero(map->size * sizeof(*map->slots));
	if (!old.size)
		map->seed = ip_hash_seed();
	for (uint32_t i = 0; i < old.size; i++) {
		if (old.slots[i].marks)
			*find(map, &old.slots[i].ip) = old.slots[i];
	}
	free(old.slots);
}

// What stands behind it, and would have stood here, moves up.
static void take_out(struct ip_map *map, struct ip_map_slot *slot)
{
	uint32_t mask = map->size - 1;
	uint32_t hole = (uint32_t)(slot - map->slots);

	for (uint32_t at = (hole + 1) & mask; map->slots[at].marks; at = (at + 1) & mask) {
		uint32_t home = place(map, &map->slots[at].ip);

		if (((at - home) & mask) >= ((at - hole) & mask)) {
			map->slots[hole] = map->slots[at];
			hole = at;
		}
	}
	map->slots[hole].marks = 0;
	map->n--;
}

void ip_map_set(struct ip_map *map, const struct ip *ip, uint8_t marks)
{
	if (marks)
		grow(map);
	struct ip_map_slot *slot = map->size ? find(map, ip) : NULL;

	if (!slot || (!marks && !slot->marks))
		return;
	if (!marks) {
		take_out(map, slot);
		return;
	}
	map->n += !slot->marks;
	*slot = (struct ip_map_slot){.ip = *ip, .marks = marks};
}

void ip_map_clear(struct ip_map *map, uint8_t marks)
{
	struct ip_map old = *map;

	*map = (struct ip_map){0};
	for (uint32_t i = 0; i < old.size; i++) {
		uint8_t left = (uint8_t)(old.slots[i].marks & ~marks);

		if (left)
			ip_map_set(map, &old.slots[i].ip, left);
	}
	free(old.slots);
}

void ip_list_fini(struct ip_list *list)
{
	free(list->ips);
	*list = (struct ip_list){0};
}

void ip_list_put(struct ip_list *list, const struct ip *ip)
{
	if (list->first + list->n == list->size && list->first > list->size / 2) {
		memmove(list->ips, list->ips + list->first, list->n * sizeof(*list->ips));
		list->first = 0;
	}
	if (list->first + list->n == list->size) {
		list->size = list->size ? list->size * 2 : SIZE_MIN;
		list->ips = alloc_array(list->ips, list->size, sizeof(*list->ips));
	}
	list->ips[list->first + list->n++] = *ip;
}

bool ip_list_take(struct ip_list *list, struct ip *ip)
{
	if (!list->n) {
		ip_list_fini(list); // what was needed once need not stay
		return false;
	}
	*ip = list->ips[list->first++];
	list->n--;
	return true;
}
