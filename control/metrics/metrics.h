// SPDX-License-Identifier: BSD-3-Clause
// What the fabric tells to monitoring: over HTTP (http.h), in a file (textfile.h), or not at all.
//
// Counters are read in the memory that the dataplane shares (collect.h) when somebody asks, as
// values (view.h); the families (families.h) make text of them (text.h), page.h slice by slice. The
// dataplane is never asked for anything. Counters are those of the dataplane: `clear counters` does
// not touch them.
//
// Threads: the loop.
#pragma once

#include <stdint.h>

struct control;
struct metrics;

struct metrics_wish {
	const char *address; // to listen on; NULL: none
	const char *file;    // to write, outlives the metrics; NULL: none
	uint32_t period;     // seconds between two writings
};

enum { METRICS_PERIOD = 15, METRICS_PERIOD_MAX = 3600 };

// Returns NULL with errno, after it has logged why.
struct metrics *metrics_create(struct control *control, const struct metrics_wish *wish);
void metrics_destroy(struct metrics *metrics); // NULL is fine
