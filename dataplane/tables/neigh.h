// SPDX-License-Identifier: BSD-3-Clause
// Whose the IP addresses of a LAN are: the port that each is assigned to, and the MAC address of
// its owner's router.
//
// The addresses and their ports are part of a policy and never change within it; a lookup reads one
// or two cache lines. The MAC may change at any time: where several are registered for a port (a
// router is being replaced), the owner's own ARP and ND tell which one counts (RFC 9161 section
// 3.2: an entry is inactive until an allowed MAC was seen). What is known survives a commit that
// leaves address and port as they were.
//
// Threads: built and freed by the manager; neigh_find() and neigh_seen() by any worker.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/limits.h"
#include "lib/mac.h"

// An address of either family; IPv4 as ::ffff:a.b.c.d.
struct neigh_key {
	uint64_t words[2]; // as they stand in memory
};

// 48 bits of MAC (0: not known yet), and above them the port.
typedef _Atomic uint64_t neigh_word_t;

struct neigh_entry {
	struct neigh_key key;
	neigh_word_t word;
	uint64_t used; // 0: free
};

struct neigh {
	uint32_t n;
	uint32_t mask;
	uint64_t seed; // nobody can choose addresses that stand in one place
	struct neigh_entry entries[];
};

enum { NEIGH_PORT_SHIFT = 48 };

static inline struct neigh_key neigh_key6(const uint8_t *octets)
{
	struct neigh_key key;

	memcpy(&key, octets, sizeof(key));
	return key;
}

static inline struct neigh_key neigh_key4(const uint8_t *octets)
{
	uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

	memcpy(&mapped[12], octets, 4);
	return neigh_key6(mapped);
}

static inline struct neigh_key neigh_key(uint8_t family, const uint8_t *octets)
{
	return family == 4 ? neigh_key4(octets) : neigh_key6(octets);
}

// The octets of an address, with zeros behind those of IPv4. Returns its family, 4 or 6.
static inline uint8_t neigh_address(struct neigh_key key, uint8_t octets[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	memcpy(octets, &key, sizeof(key));
	if (memcmp(octets, mapped, sizeof(mapped)) != 0)
		return 6;
	memcpy(octets, &octets[sizeof(mapped)], 4);
	memset(&octets[4], 0, sizeof(mapped));
	return 4;
}

// Each bit of the product depends on all below it, so its halves together depend on all.
static inline uint64_t neigh_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Neighbours differ in their last octets, which are the uppermost bits of a word. Who does not know
// the seed cannot choose addresses of one hash.
static inline uint64_t neigh_hash(struct neigh_key key, uint64_t seed)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = neigh_mix(key.words[0] ^ seed, odd);

	return neigh_mix(hash ^ key.words[1], seed | 1);
}

// Make a table for "n" addresses. Returns NULL if there is no memory.
struct neigh *neigh_create(uint32_t n);
void neigh_free(struct neigh *neigh);

// Assign an address to "port", before workers know the table. "mac" may be 0. Returns 0, -EEXIST if
// it is assigned already, or -ENOSPC.
int neigh_add(struct neigh *neigh, struct neigh_key key, uint16_t port, mac_t mac);

// The entry of an address; NULL if it is not assigned. "neigh" may be NULL.
struct neigh_entry *neigh_find(struct neigh *neigh, struct neigh_key key);

static inline uint16_t neigh_port(const struct neigh_entry *entry)
{
	return (uint16_t)(atomic_load_explicit(&entry->word, memory_order_relaxed) >>
			  NEIGH_PORT_SHIFT);
}

// 0: not known yet.
static inline mac_t neigh_mac(const struct neigh_entry *entry)
{
	return atomic_load_explicit(&entry->word, memory_order_relaxed) & MAC_MASK;
}

// The owner has spoken with this MAC. Writes only if that is new.
static inline void neigh_seen(struct neigh_entry *entry, mac_t mac)
{
	uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
	uint64_t wanted = (word & ~MAC_MASK) | mac;

	if (word != wanted)
		atomic_store_explicit(&entry->word, wanted, memory_order_relaxed);
}
