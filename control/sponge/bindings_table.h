// SPDX-License-Identifier: BSD-3-Clause
// What bindings (bindings.h) are kept in: by address in a hash, and in the order in which something
// is to be done about them.
#pragma once

#include <sys/queue.h>

#include "control/sponge/bindings.h"

struct entry {
	struct binding binding;
	uint64_t window_ms; // when the moves began that are counted
	uint64_t asked_ms;  // for a refresh
	struct entry *next; // of the same hash
	TAILQ_ENTRY(entry) link;
	TAILQ_ENTRY(entry) doubt; // if it is in doubt
};

TAILQ_HEAD(entries, entry);

struct bindings {
	struct config_bindings settings;
	struct bindings_listener listener;
	struct entry **buckets;
	size_t n_buckets; // a power of two
	size_t n;
	uint64_t hash_seed;
	struct entries heard;	   // the one that was heard of longest ago first
	struct entries duplicates; // the first that became one first, in the place of "heard"
	struct entries doubted;	   // the first that moved first, besides
};

void bindings_table_init(struct bindings *bindings);
void bindings_table_fini(struct bindings *bindings);

struct entry *entry_find(const struct bindings *bindings, const struct ip *ip);

// Make one that is not there yet.
struct entry *entry_create(struct bindings *bindings, const struct ip *ip);

// Take it out of everything.
void entry_destroy(struct bindings *bindings, struct entry *entry);

// It was heard of: it is the last to go.
void entry_touch(struct bindings *bindings, struct entry *entry, uint64_t now_ms);

// Two have it: it waits among the duplicates.
void entry_freeze(struct bindings *bindings, struct entry *entry);

void entry_doubt(struct bindings *bindings, struct entry *entry, bool doubted);
