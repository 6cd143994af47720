// SPDX-License-Identifier: BSD-3-Clause
// Do all workers move? Whoever waits for signs of life from the dataplane (a service manager's
// watchdog) is to get one only if they do, and restarts the dataplane if none comes.
//
// What tells is worker_stats.rounds. It moves while a worker sleeps too, because none sleeps for
// longer than IDLE_WAIT_MS (dataplane/idle.h). So a worker whose rounds stand still hangs: in a
// driver, in a loop without end, or because it gets no CPU. A sign is due at a quarter of the time
// after which its absence counts, and it is given as soon as each worker has moved since the last
// one: so a sign says that everybody moved within that quarter, and no earlier sign stands for it.
//
// Pure: rounds and time are arguments.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/clock.h"
#include "lib/limits.h"

// A worker that does not move for so long is worth a line in the log.
#define WATCHDOG_PATIENCE_NS (2 * CLOCK_SECOND)

struct watchdog {
	uint64_t every_ns; // signs of life; 0: nobody waits for any
	uint64_t due_ns;   // the next
	struct {
		uint64_t rounds;   // at the last look
		uint64_t moved_ns; // when they were seen to move last
		bool moved;	   // since the last sign
	} workers[MAX_WORKERS];
};

// Begin at "now_ns". Without a sign for "patience_ns" somebody will act; 0: nobody will.
void watchdog_init(struct watchdog *watchdog, uint64_t patience_ns, uint64_t now_ns);

// Look at the workers' rounds. Returns whether to give a sign of life now.
bool watchdog_look(struct watchdog *watchdog, const uint64_t *rounds, uint32_t n, uint64_t now_ns);

// How long the worker stands still, as far as looks have shown.
uint64_t watchdog_stands_ns(const struct watchdog *watchdog, uint32_t worker, uint64_t now_ns);
