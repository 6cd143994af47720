// SPDX-License-Identifier: BSD-3-Clause
// One forwarding database and its quota, and stations to fill it: what its unit tests share.
#pragma once

#include <criterion/criterion.h>

#include "dataplane/tables/fdb_table.h"
#include "tests/unit/fdb_spills.h"

enum { SECOND = 1000000000 };

static struct fdb_quota quota;
static struct fdb *fdb;

static inline void open_table(uint32_t size, uint32_t limit)
{
	fdb = fdb_create(size, limit, &quota);
	cr_assert_not_null(fdb);
}

static inline void close_table(void)
{
	check_spills(fdb);
	fdb_destroy(fdb);
	cr_expect_eq(quota.used, 0);
	for (uint32_t port = 0; port < MAX_PORTS; port++)
		cr_expect_eq(quota.port_used[port], 0, "port %u", port);
}

static inline mac_t station(uint32_t i)
{
	return MAC(0x02, 0, i >> 24, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
}

static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline struct fdb_learned learn_in(struct fdb *table, mac_t mac, uint16_t port)
{
	struct fdb_learned result;

	fdb_learn_burst(table, &mac, 1, port, &result);
	return result;
}

static inline struct fdb_learned learn(mac_t mac, uint16_t port)
{
	return learn_in(fdb, mac, port);
}

static inline void learn_many(uint32_t first, uint32_t n, uint16_t port)
{
	for (uint32_t i = 0; i < n; i++)
		cr_expect_eq(learn(station(first + i), port).learned, 1);
}

static inline uint32_t known_among(struct fdb *table, uint32_t first, uint32_t n)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < n; i++)
		known += fdb_lookup(table, station(first + i)) != FDB_MISS;
	return known;
}
