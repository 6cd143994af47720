// SPDX-License-Identifier: BSD-3-Clause
// The path of a frame. The order of stages is written once, in pipeline.c; each stage is one file
// and one function of this list.
//
// A stage reads facts of each frame in the batch, writes its own, and ends frames that may go no
// further. It allocates nothing, takes no lock, logs nothing.
#pragma once

#include <stdint.h>

struct batch;
struct worker;

// Take a batch whose frames, port and n are set through all stages up to the transmit buffers.
void pipeline_run(struct worker *w, struct batch *b);

void parse(struct worker *w, struct batch *b);	 // is it well-formed: addresses, type, tag, length
void collect(struct worker *w, struct batch *b); // does its LAG take frames by this link
void ingress(struct worker *w, struct batch *b); // may this port send this, and in which LAN
void probe(struct worker *w, struct batch *b);	 // is it one of our own that came back
void admission(struct worker *w, struct batch *b); // is it a frame that the LAN takes (admit.c)
void learn(struct worker *w, struct batch *b);	   // where does the source live now
void guard(struct worker *w, struct batch *b);	   // does it speak for its own addresses only
void alive(struct worker *w, struct batch *b);	   // is it a sign of life for which control waits
void lookup(struct worker *w, struct batch *b);	   // where does the destination live
void answer(struct worker *w, struct batch *b);	   // is it a question that need not be flooded
void cull(struct worker *w, struct batch *b);	   // is it BGP that has to end
void storm(struct worker *w, struct batch *b);	   // is there budget for copies from this port
void watch(struct worker *w, struct batch *b);	   // for ports of which control wants to know
void sample(struct worker *w, struct batch *b);	   // which one of many do collectors hear of
void flood(struct worker *w, struct batch *b);	   // who else gets it, if nobody is the one
void egress(struct worker *w, struct batch *b);	   // may it leave there, and in what dress
void drop(struct worker *w, struct batch *b);	   // count, tell and free what ended

// To how many ports frame "i" was flooded, of a batch that has passed flood() (flood.c).
uint16_t flood_count(const struct worker *w, const struct batch *b, unsigned int i);

// Let out what the manager wants to send: 32 frames at most. Returns how many.
uint32_t inject(struct worker *w);

// All buffers are free. Before a worker's first frame.
void tx_init(struct worker *w);

// Give waiting frames to their devices, where "enough" or more wait for one: after each queue, so
// that they are still in the cache, and with 1, which is all, at the end of a round.
void tx_flush(struct worker *w, uint32_t enough);
