// SPDX-License-Identifier: BSD-3-Clause
// What fuzz targets hold to, whatever the octets.
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition)                                   \
	do {                                                 \
		if (!(condition)) {                          \
			fprintf(stderr, "%s\n", #condition); \
			abort();                             \
		}                                            \
	} while (0)

// Zeroed memory as the tables and workers of the dataplane want it. Never freed, as they are.
static inline void *make(size_t size)
{
	void *made = aligned_alloc(64, (size + 63) / 64 * 64);

	REQUIRE(made);
	memset(made, 0, size);
	return made;
}
