// SPDX-License-Identifier: BSD-3-Clause
// Who wants to see frames, and what became of them: `ixfab capture`.
//
// What is captured is an immutable snapshot of the manager's, as the policy is. Without one, a
// worker's only cost is a test per burst, and it takes its frames through the stages as ever. With
// one, the octets of frames that come by a captured port are kept aside before the stages, if a
// filter takes them, and are told when the burst has ended, with what the batch says of it then.
// Frames that died are looked at where they end, so a capture of dead ones costs living ones
// nothing.
//
// A worker spends at most a tenth of its time on all this, whatever the filters and the frames are:
// its other ports must not notice. What it has no time for is counted as unseen.
//
// All functions: worker thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/path/batch.h"
#include "lib/capture.h"

struct rte_mbuf;
struct worker;

enum { CAPTURE_SHARE = 10 }; // one of so many cycles

struct capture {
	struct capture_begin wish;
	uint32_t number; // 0: none is here
	struct capture_insn insns[CAPTURE_INSNS];
};

struct captures {
	// Ports of whose frames not only the dead are wanted, a bit each.
	uint64_t whole[MAX_PORTS / 64];
	struct capture of[CAPTURES];
};

// A worker's own.
struct capture_work {
	struct ring *ring; // to control; set by the manager
	uint64_t due;	   // TSC: when there is time again
	// Of struct captures.of[]. The manager clears and reads them when no worker uses them.
	struct reply_capture counts[CAPTURES];
	uint64_t wanted[CAPTURES]; // of this burst: frames that were kept for it
	uint16_t n_kept[BATCH_MAX];
	uint8_t kept[BATCH_MAX][CAPTURE_OCTETS];
};

// pipeline_run(), and tell what became of the frames. Where worker.captures is set.
void capture_run(struct worker *w, struct batch *b);

// Of a burst that has passed all stages: tell of the dead, before they are freed.
void capture_dead(struct worker *w, const struct batch *b);

// Tell of one that was to leave by "out" and does not. "frame" is as it came or as it would leave.
void capture_lost(struct worker *w, const struct rte_mbuf *frame, uint16_t came_by, uint16_t lan,
		  uint16_t out, enum drop_reason reason);
