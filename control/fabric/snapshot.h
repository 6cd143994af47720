// SPDX-License-Identifier: BSD-3-Clause
// The counters of the whole fabric at one moment, as far as there is such a moment.
//
// Workers count on while they are read, and a frame that was received but not yet sent is in no
// sum. So the counters are read again and again until nothing changed between two readings while
// every worker went twice round its loop: no frame was inside then, and rx + copies + injected = tx
// + drops + consumed holds. Under steady traffic that never comes; after SNAPSHOT_PATIENCE_MS the
// last reading is good enough, and says so.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/stats.h"

enum { SNAPSHOT_EVERY_MS = 2, SNAPSHOT_PATIENCE_MS = 100 };

struct fabric;
struct event_base;

struct snapshot_row {
	uint16_t slot;
	struct port_counters counters;
};

struct snapshot {
	bool settled;
	struct port_counters retired; // of ports that are gone and whose slot has another
	size_t n;
	struct snapshot_row rows[]; // slots that were ever used, in their order
};

// What came in, minus what became of it. 0 if it is settled.
int64_t snapshot_balance(const struct snapshot *snapshot);

// The counters of "slot"; NULL if it was never used.
const struct port_counters *snapshot_find(const struct snapshot *snapshot, uint16_t slot);

// Frames that died on this port on their way in, or out.
uint64_t snapshot_drops(const struct port_counters *counters, enum drop_side side);

// Read the counters once.
struct snapshot *snapshot_take(const struct stats *stats);

// Called with a snapshot that is freed afterwards, or NULL if the dataplane went away.
typedef void snapshot_done_fn(void *argument, const struct snapshot *snapshot);

// Read until settled. "done" is called once, later. Returns 0 or -ENOMEM.
int snapshot_settle(struct event_base *base, const struct fabric *fabric, snapshot_done_fn *done,
		    void *argument);
