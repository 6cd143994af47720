// SPDX-License-Identifier: BSD-3-Clause
// Loops: two ports of the fabric that a member has connected to each other, or one that is
// connected to itself. There is no spanning tree. What breaks a loop is that one of its ports is
// disabled, with DISABLE_LOOP.
//
// Every probe_interval seconds, and when it comes up, a port sends a loop probe in each of its LANs
// (path/probe.h). One that comes back proves a loop and names both ports. Who filters our probes
// may still loop all else: two ports whose broadcast is much, and the same for LOOP_SECONDS, while
// addresses move between them, are taken for a loop too.
//
// The port that came up later is disabled, because until then there was none. One that is not to
// look for loops (probe_interval 0) is left alone, if there is another.
//
// Threads: manager only. Time is an argument.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"

struct manager;
struct message;

enum {
	LOOP_SECONDS = 3,
	LOOP_BROADCASTS = 50, // a second, more than
	LOOP_DIFFERENCE = 10, // per cent of the larger rate, at most
	LOOP_MOVES = 10,      // between the two, at least
};

// What is remembered of a port.
struct loop_port {
	uint64_t due_ns;	      // when it sends next; 0: it did not when we last looked
	uint64_t broadcasts;	      // received, when we last counted
	uint32_t rates[LOOP_SECONDS]; // of broadcasts, in the last seconds
};

// One end of a loop.
struct loop_end {
	uint16_t port;
	bool looks_for_loops;
	uint64_t up_ns; // since when it is up
};

// Which of two ends is to be disabled; they may be the same. Pure.
uint16_t loop_choose(const struct loop_end *a, const struct loop_end *b);

// A second has passed, and "broadcasts" came until now. Pure.
void loop_sample(struct loop_port *port, uint64_t broadcasts);

// Whether two ports have looked like mirrors of each other. Pure.
bool loop_mirrored(const struct loop_port *a, const struct loop_port *b);

// Make the key. Before workers run. Returns 0 or -errno.
int loop_init(struct manager *manager);
void loop_fini(struct manager *manager);

// Send what is due, and compare rates once a second.
void loop_tick(struct manager *manager, uint64_t now_ns);

// NOTICE_PROBE.
void loop_notice(struct manager *manager, const struct message *notice, uint64_t now_ns);
