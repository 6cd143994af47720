// SPDX-License-Identifier: BSD-3-Clause
// What the two halves of bench_fdb share.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "dataplane/tables/fdb.h"
#include "tests/bench/samples.h"

enum { SLICE = 16 * FDB_BURST }; // addresses that are timed together

extern uint32_t repetitions;

static inline void die(const char *what, int err)
{
	fprintf(stderr, "bench_fdb: %s: %s\n", what, strerror(err));
	exit(1);
}

static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

// "n" different random addresses, of which "first" others came before (2^22 in all).
mac_t *make_macs(uint32_t first, uint32_t n);

struct fdb *make_fdb(uint32_t size, struct fdb_quota **quota);
void free_fdb(struct fdb *fdb, struct fdb_quota *quota);

// New, known, refreshed and moved addresses; known traffic while a full table is flooded.
void bench_learning(void);
