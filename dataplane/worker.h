// SPDX-License-Identifier: BSD-3-Clause
// A worker: one thread that polls its receive queues and takes frames through the stages.
//
// Everything in struct worker belongs to its own thread unless a field says otherwise.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_rcu_qsbr.h>

#include "dataplane/path/batch.h"
#include "dataplane/path/claim.h"
#include "dataplane/path/meter.h"
#include "dataplane/path/probe.h"
#include "dataplane/path/sunk.h"
#include "dataplane/tables/policy.h"
#include "lib/ring.h"
#include "lib/stats.h"

struct capture_work;
struct captures;
struct rte_mempool;
struct trace;

// How many frames a poll of a queue brings at most, and a buffer holds. More than the 64 that go
// through the stages together, because each call of a driver costs a few cache lines that come from
// the device or another core, however many frames it moves. Not more than that, because all of them
// have to stay in the first-level cache.
enum { RX_MAX = 128, TX_BUFFER = 128 };

// Frames that wait for one port: until enough are together once a queue has been polled, or only
// one came of it; until the end of the round; or until the buffer is full. Buffers belong to no
// port for longer than that: the next port takes the one that was emptied last, whose lines are in
// the first-level cache.
struct tx_buffer {
	uint16_t port;	// by whose device they leave
	uint16_t owner; // the port that they count on: the same, or its LAG
	uint16_t n;
	struct rte_mbuf *frames[TX_BUFFER];
	uint32_t meta[TX_BUFFER]; // enum tx_meta (path/egress.h)
};

// How much control is told of a port in a second (path/tell.h).
struct budget {
	uint32_t second; // of which "left" are left
	uint32_t left;
	uint32_t missed; // since the last that was told
};

// Where a port is between two frames of which collectors hear (path/sample.c).
struct sampling {
	uint32_t rate; // for which "skip" was drawn; 0: never was
	uint32_t skip; // frames that are let in before the next is taken
	uint32_t pool; // struct event_sample
	uint32_t lost; // likewise
};

// By which links frames leave a LAG: a flow's frames by the one that stands where its hash says.
enum { SPREAD = 64 };

struct spread {
	_Atomic uint16_t links[SPREAD]; // slots
};

// What all workers share.
struct fabric {
	struct policy *_Atomic policy;	   // written by the manager
	struct captures *_Atomic captures; // NULL: nothing is captured; likewise
	struct rte_rcu_qsbr *quiescent;	   // workers report between rounds
	_Atomic uint8_t link[MAX_PORTS];   // enum port_link; written by the manager
	// enum port_disable: set by workers and the manager, cleared by the manager
	_Atomic uint8_t disabled[MAX_PORTS];
	struct meters meters[MAX_PORTS]; // limits written by the manager, state by workers
	struct probes probes;		 // written by the manager
	struct rte_mempool *pool;	 // frames are received into and copied within this one
	struct stats stats;
	uint32_t n_workers;
	_Atomic bool stop;
	bool adaptive; // idle workers sleep
	// Of a link: whether its LAG takes what comes by it; of a LAG: of any. Written by the
	// manager
	_Atomic bool collecting[MAX_PORTS];
	struct spread spreads[MAX_PORTS]; // of LAGs; written by the manager
};

struct worker {
	uint32_t id;
	bool dry; // explain: learn nothing, transmit nothing (see tx)
	struct fabric *fabric;
	const struct policy *policy;	// of this round
	uint64_t now;			// answer, storm: TSC cycles, when this burst was metered
	struct trace *trace;		// NULL, or where stages tell what they did
	struct port_counters *counters; // [MAX_PORTS], this worker's
	struct pair_counters *pairs;	// [MAX_PORTS][MAX_PORTS], this worker's
	struct worker_stats *stats;
	struct ring *_Atomic events;	      // NULL without control; set by the manager
	struct ring notices;		      // to the manager, which looks every 100 ms
	struct ring injects;		      // from the manager: frames of the fabric's own
	uint64_t hz;			      // TSC cycles in a second
	uint64_t probe_told[MAX_PORTS];	      // TSC of the last notice of a loop probe; 0: none yet
	uint32_t n_dirty;		      // ports with frames waiting
	struct tx_buffer *dirty[MAX_PORTS];   // theirs; behind them those that are free
	struct tx_buffer *waiting[MAX_PORTS]; // by port; NULL: no frames wait for it
	struct rte_mbuf *received[RX_MAX];    // of the queue that is polled now
	struct batch batch;
	struct claim claims[BATCH_MAX]; // guard: of frames in batch.claims
	struct tx_buffer buffers[MAX_PORTS];
	uint32_t told[MAX_PORTS][DROP_COUNT]; // drop: in which second it was told last
	struct budget watched[MAX_PORTS];     // watch: frames
	struct budget questions[MAX_PORTS];   // answer
	struct budget claimed[MAX_PORTS];     // guard: addresses that are not assigned
	struct budget lacp[MAX_PORTS];	      // collect: notices of the slow protocols
	struct sampling sampling[MAX_PORTS];  // sample
	struct budget sampled;		      // sample: of all ports together
	struct sunk sunk;
	const struct captures *captures; // of this round
	struct capture_work *capturing;	 // set by the manager before there are captures
};

// Fill in a worker's constant fields. Any thread, before the worker runs.
void worker_init(struct worker *worker, struct fabric *fabric, uint32_t id);

// Poll, process, transmit until fabric->stop. The body of a worker thread; "argument" is its struct
// worker.
int worker_run(void *argument);

// One round: poll each queue once and transmit what came. Returns how many frames came.
uint32_t worker_round(struct worker *worker);

// The TSC, and CLOCK_REALTIME in nanoseconds. Tests have clocks of their own.
uint64_t worker_cycles(void);
uint64_t worker_wall_ns(void);

// Tell control something. Never waits: what does not fit is counted, and false returned.
bool worker_event(struct worker *worker, const struct message *event);

// Whether half of the room for events is left, as who tells much should see to.
bool worker_has_room(struct worker *worker);

// Leave a notice for the manager. Returns false if the ring is full: then the manager has notices
// of this kind enough for this moment.
bool worker_notice(struct worker *worker, const struct message *notice);
