// SPDX-License-Identifier: BSD-3-Clause
// Whether the counts of spilled entries say what stands in a table.
#pragma once

#include <criterion/criterion.h>
#include <stdlib.h>

#include "dataplane/tables/fdb_table.h"

static inline void count_spills(const struct fdb *fdb, uint8_t *spills)
{
	for (uint32_t i = 0; i < fdb->n_buckets * BUCKET_WORDS; i++) {
		mac_t mac = fdb->words[i] & MAC_MASK;
		uint32_t first = fdb_place(fdb, fdb->first, mac);

		if (mac && first != i / BUCKET_WORDS)
			spills[first]++;
	}
}

static inline void check_spills(const struct fdb *fdb)
{
	uint8_t *spills = calloc(fdb->n_buckets, 1);

	cr_assert_not_null(spills);
	count_spills(fdb, spills);
	for (uint32_t i = 0; i < fdb->n_buckets; i++)
		cr_assert_eq(fdb->spills[i], spills[i], "bucket %u: %u, not %u", i, spills[i],
			     fdb->spills[i]);
	free(spills);
}
