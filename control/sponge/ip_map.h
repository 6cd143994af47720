// SPDX-License-Identifier: BSD-3-Clause
// A few marks for each of many addresses: what has none takes no room. Members choose which
// addresses these are, so nobody outside can tell where one stands in the table.
//
// Owned by struct ip_map in place; zeros are an empty one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"

struct ip_map_slot {
	struct ip ip;
	uint8_t marks; // 0: free
};

struct ip_map {
	struct ip_map_slot *slots;
	uint32_t size; // a power of two, or 0
	uint32_t n;
	uint64_t seed;
};

// Also makes it empty again.
void ip_map_fini(struct ip_map *map);

// The marks of an address; 0: none.
uint8_t ip_map_get(const struct ip_map *map, const struct ip *ip);

// Set them; 0 takes the address out.
void ip_map_set(struct ip_map *map, const struct ip *ip, uint8_t marks);

// Take these marks from all.
void ip_map_clear(struct ip_map *map, uint8_t marks);

// Addresses in a row, the first in first out.
struct ip_list {
	struct ip *ips;
	size_t first;
	size_t n; // behind "first"
	size_t size;
};

void ip_list_fini(struct ip_list *list); // also makes it empty again
void ip_list_put(struct ip_list *list, const struct ip *ip);
bool ip_list_take(struct ip_list *list, struct ip *ip); // false: it is empty
