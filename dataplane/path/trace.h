// SPDX-License-Identifier: BSD-3-Clause
// What the stages did with one frame, in words for people: the substance of `ixfab explain`.
//
// A dry worker (struct worker.dry) whose "trace" is set takes a batch of one frame through the
// pipeline and tx_flush(): each stage adds a step, each port that would have got the frame an
// entry. A dry worker needs counters of its own, which nobody sees.
#pragma once

#include <stdint.h>

#include "lib/drops.h"
#include "lib/limits.h"

struct batch;
struct tx_buffer;
struct worker;

enum { TRACE_STEPS = 14, TRACE_TEXT = 200 };

struct trace_step {
	const char *stage;
	enum drop_reason reason; // if the frame died here
	char text[TRACE_TEXT];	 // one line, without a full stop
};

struct trace_out {
	uint16_t port;
	uint16_t vid;		 // the tag it leaves with; 0: none
	uint16_t length;	 // octets as it leaves; 0 if it does not
	enum drop_reason reason; // why it does not
};

struct trace {
	uint32_t n_steps;
	uint32_t n_outs;
	struct trace_step steps[TRACE_STEPS];
	struct trace_out outs[MAX_PORTS];
};

// Called by pipeline_run() after the stage. They look at frame 0 only.
void trace_parse(struct worker *w, const struct batch *b);
void trace_collect(struct worker *w, const struct batch *b);
void trace_ingress(struct worker *w, const struct batch *b);
void trace_probe(struct worker *w, const struct batch *b);
void trace_admission(struct worker *w, const struct batch *b);
void trace_learn(struct worker *w, const struct batch *b);
void trace_guard(struct worker *w, const struct batch *b);
void trace_alive(struct worker *w, const struct batch *b);
void trace_lookup(struct worker *w, const struct batch *b);
void trace_answer(struct worker *w, const struct batch *b);
void trace_cull(struct worker *w, const struct batch *b);
void trace_storm(struct worker *w, const struct batch *b);
void trace_flood(struct worker *w, const struct batch *b);
void trace_egress(struct worker *w, const struct batch *b);

// Called instead of transmitting what waits.
void trace_tx(struct worker *w, const struct tx_buffer *tx);

// A copy for "port" died.
void trace_lost(struct trace *trace, uint16_t port, enum drop_reason reason);
