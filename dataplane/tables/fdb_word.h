// SPDX-License-Identifier: BSD-3-Clause
// The word that is an entry of the forwarding database, and the bucket of eight of them.
//
//     63    59   58   57     48 47                                0
//     | epoch | static | port  |            MAC address            |
//
// A static word has its kind (enum mac_kind) where a learned one has its epoch.
//
// The MAC stands as in mac_t, so a search compares 48 bits and takes the port from the same copy of
// the word. Zero is an empty word: no entry has address zero.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"
#include "lib/mac.h"
#include "lib/message.h"

enum {
	WORD_PORT_SHIFT = 48,
	WORD_PORT_MASK = 0x3ff,
	WORD_EPOCH_SHIFT = 59,
	WORD_EPOCHS = 32,
	BUCKET_WORDS = 8,
};
#define WORD_STATIC (UINT64_C(1) << 58)

typedef _Atomic uint64_t fdb_word_t;

_Static_assert(MAX_PORTS <= WORD_PORT_MASK + 1, "a port fits its bits");
_Static_assert(UINT64_C(1) << WORD_PORT_SHIFT == MAC_MASK + 1, "the port stands above the MAC");
_Static_assert(WORD_STATIC == (uint64_t)(WORD_PORT_MASK + 1) << WORD_PORT_SHIFT,
	       "the static bit stands above the port");
_Static_assert(WORD_STATIC << 1 == UINT64_C(1) << WORD_EPOCH_SHIFT,
	       "the epoch stands above the static bit");
_Static_assert((uint64_t)(WORD_EPOCHS - 1) << WORD_EPOCH_SHIFT >> WORD_EPOCH_SHIFT ==
		       WORD_EPOCHS - 1,
	       "the epoch ends the word");
_Static_assert(sizeof(fdb_word_t) == 8 && BUCKET_WORDS * sizeof(fdb_word_t) == 64,
	       "a bucket is one cache line");

static inline uint64_t word_learned(mac_t mac, uint16_t port, uint32_t epoch)
{
	return mac | (uint64_t)port << WORD_PORT_SHIFT | (uint64_t)epoch << WORD_EPOCH_SHIFT;
}

static inline uint64_t word_static(mac_t mac, uint16_t port, enum mac_kind kind)
{
	return mac | (uint64_t)port << WORD_PORT_SHIFT | WORD_STATIC |
	       (uint64_t)kind << WORD_EPOCH_SHIFT;
}

static inline enum mac_kind word_kind(uint64_t word)
{
	return (enum mac_kind)(word >> WORD_EPOCH_SHIFT);
}

static inline uint16_t word_port(uint64_t word)
{
	return word >> WORD_PORT_SHIFT & WORD_PORT_MASK;
}

static inline bool word_is_static(uint64_t word)
{
	return word & WORD_STATIC;
}

static inline bool mac_is_storable(mac_t mac)
{
	return mac && !mac_is_group(mac) && !(mac & ~MAC_MASK);
}

static inline uint64_t word_at(const fdb_word_t *slot)
{
	return atomic_load_explicit(slot, memory_order_relaxed);
}

// Put "new" where "old" stands. Returns false if something else stands there by now.
static inline bool word_replace(fdb_word_t *slot, uint64_t old, uint64_t new)
{
	return atomic_compare_exchange_strong(slot, &old, new);
}

// How many epochs ago a learned entry was last seen.
static inline uint32_t word_age(uint64_t word, uint32_t epoch)
{
	return (epoch - (uint32_t)(word >> WORD_EPOCH_SHIFT)) % WORD_EPOCHS;
}

// The word of "bucket" with address "mac", or 0. If two workers learned it at the same moment,
// there may be two for an instant: then either.
static inline uint64_t bucket_search(const fdb_word_t *bucket, mac_t mac)
{
	for (uint32_t i = 0; i < BUCKET_WORDS; i++) {
		uint64_t word = word_at(&bucket[i]);

		if (!((word ^ mac) & MAC_MASK))
			return word;
	}
	return 0;
}
