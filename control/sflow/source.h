// SPDX-License-Identifier: BSD-3-Clause
// The data sources of sFlow: every port of the configuration is one, and counts what was told of
// it. They stay what they are as long as a port of that name is configured, wherever the dataplane
// has it.
//
// A worker counts, for each slot, the frames that could have been sampled and the samples that it
// could not tell, in 32 bits that wrap, since the dataplane started. What is added to a port's sums
// is how much that has grown since the worker's last sample.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/limits.h"

struct event_sample;
struct running;
struct state;

// What a worker had counted at its last sample of a port.
struct source_seen {
	uint8_t known;
	uint32_t pool;
	uint32_t lost;
};

struct source {
	char name[NAME_SIZE];
	uint32_t ifindex;  // 0: none, so nothing can be told of it
	uint32_t sampling; // as configured; 0: none
	uint16_t slot;	   // PLAN_NO_SLOT: the dataplane does not have it
	uint64_t pool;
	uint64_t lost;
	uint64_t samples; // of frames that were told, which numbers them
	uint64_t reports; // likewise of counters
	struct source_seen seen[MAX_WORKERS];
};

struct sources {
	struct source *list; // in the order of the configuration
	size_t n;
	struct source *by_slot[MAX_PORTS];
};

// What is in force has changed. The ifIndex of a port that is new is read from "state".
void sources_configure(struct sources *sources, const struct running *running, struct state *state);
void sources_fini(struct sources *sources);

// The dataplane is gone, and what its workers have counted with it.
void sources_detached(struct sources *sources);

// Count a sample of "worker".
void source_count(struct source *source, uint32_t worker, const struct event_sample *sample);
