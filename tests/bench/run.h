// SPDX-License-Identifier: BSD-3-Clause
// The generator's loop: one thread sends on all ports and takes what comes back on all ports.
//
// The ports are ethdevs 0 to n - 1, started. A port that does not take all frames keeps the rest
// for the next round, so sending goes as fast as the peer reads and nothing is lost on this side.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <rte_mempool.h>

#include "tests/bench/traffic.h"

enum { RUN_BURST = 32, RUN_PORTS = 32 };

struct run_result {  // of one phase
	uint64_t tx; // frames
	uint64_t rx; // frames
	uint64_t port_tx[RUN_PORTS];
	uint64_t port_rx[RUN_PORTS];
	uint64_t tx_bursts;
	uint64_t tx_blocked;   // bursts that found no room at all: the peer is slower than we are
	uint64_t checked;      // received frames whose destination was compared with the port
	uint64_t misdelivered; // of these, how many came out of a wrong port
	uint64_t cycles;       // of the TSC
	uint64_t lost_cycles;  // time in which the machine did something else than run us
};

struct run;

// "pool" holds the frames of "traffic" and is used for nothing else. Returns NULL with errno.
struct run *run_create(const struct traffic *traffic, struct rte_mempool *pool);
void run_destroy(struct run *run);

// Send and receive for "seconds", at most "rate" frames per second over all ports (0: no limit).
struct run_result run_phase(struct run *run, double seconds, uint64_t rate);

// Has each port received a frame since run_create()?
bool run_is_open(const struct run *run);

// Only receive, until nothing came for 10 ms. Returns how many frames came.
uint64_t run_drain(struct run *run);
