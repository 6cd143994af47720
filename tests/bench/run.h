// SPDX-License-Identifier: BSD-3-Clause
// The generator's loop: one thread sends on all ports and takes what comes back on all ports.
//
// The ports are ethdevs 0 to n - 1, started. As long as nobody asks for a wire, a port that does
// not take all frames keeps the rest for the next round, so sending goes as fast as the peer reads
// and nothing is lost on this side. On a wire, nobody waits: what finds no room is lost.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "tests/bench/latency.h"
#include "tests/bench/traffic.h"

enum { RUN_BURST = 32, RUN_PORTS = 32, RUN_QUEUES = 4 };

#define RUN_READ_NOTHING (-1.0)

// What a phase does.
struct run_order {
	double seconds;		 // at most
	uint64_t frames;	 // that each sender sends at most; 0: no limit. They end the phase
	uint32_t senders;	 // a bit for each port; 0: those of the traffic
	double rate;		 // frames per second of all; 0: as fast as the peer takes them
	double read[RUN_PORTS];	 // frames per second that a port reads at most; 0: no limit
	bool wire;		 // what finds no room is lost
	bool ours;		 // of a port, count only frames to stations of the traffic
	struct latency *latency; // if not NULL, frames carry the time, and this is what they tell
	// If not NULL: called in each round, to send something beside the traffic; and with frames
	// that were received, before they are freed.
	void (*send)(void *argument);
	void (*receive)(void *argument, uint16_t port, struct rte_mbuf *const *frames, uint16_t n);
	void *argument;
};

struct run_result {	  // of one phase
	uint64_t tx;	  // frames
	uint64_t rx;	  // frames
	uint64_t refused; // frames that found no room, on a wire
	uint64_t port_tx[RUN_PORTS];
	uint64_t port_rx[RUN_PORTS];
	uint64_t tx_bursts;
	uint64_t tx_blocked;   // bursts that found no room at all: the peer is slower than we are
	uint64_t checked;      // received frames whose destination was compared with the port
	uint64_t misdelivered; // of these, how many came out of a wrong port
	uint64_t cycles;       // of the TSC
	uint64_t lost_cycles;  // time in which the machine did something else than run us
	uint64_t longest_gap;  // of these
	uint64_t last_loss;    // with times in frames, pairs: when the last lost one was sent
};

struct run;

// "pool" holds the frames of "traffic" and is used for nothing else. Returns NULL with errno.
struct run *run_create(const struct traffic *traffic, struct rte_mempool *pool, uint16_t n_queues);
void run_destroy(struct run *run);

struct run_result run_phase(struct run *run, const struct run_order *order);

// Has each port received a frame since run_create()?
bool run_is_open(const struct run *run);

// How many frames port "id" has sent since run_create(); and from that many on, to stations of
// "port".
uint64_t run_sent(const struct run *run, uint16_t id);
uint64_t run_sent_to(const struct run *run, uint16_t id, uint64_t from, uint16_t port);

// Only receive, until nothing came for 10 ms.
struct run_result run_drain(struct run *run, bool ours);
