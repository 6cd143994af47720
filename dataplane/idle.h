// SPDX-License-Identifier: BSD-3-Clause
// What a worker does when no frame has come.
//
// It first goes on polling for some microseconds. Then it sleeps: if each of its queues has a
// descriptor that tells of frames (of kernel interfaces, policy_queue.wait_fd; of memif ports,
// ports/memif_wake.h), until one does, at most IDLE_WAIT_MS; so an idle exchange costs next to
// nothing, and the first frame after a pause waits for one wake-up of the kernel's. Other devices
// tell nobody: then it sleeps for a time that doubles from 10 to 100 microseconds, and that is what
// the first frame may wait.
//
// Whatever else a worker must notice (a new policy, frames to inject, a memif peer that came, the
// end) it notices after IDLE_WAIT_MS at the latest.
//
// Threads: the worker's own.
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/limits.h"

struct policy;
struct worker;

enum { IDLE_WAIT_MS = 10 };

struct idle {
	uint64_t spin_cycles;	      // of polling before the first sleep
	uint64_t settle_cycles;	      // of polling after memif peers were asked to tell of frames
	uint64_t last_frame;	      // TSC when the last frame came
	uint64_t armed_at;	      // TSC when memif peers were asked last; 0: they are not
	uint32_t sleep_us;	      // of the next sleep
	uint64_t generation;	      // of the policy that "fds" were taken from
	uint32_t n;		      // 0: a queue has no descriptor
	struct pollfd fds[MAX_PORTS]; // of each queue of the worker
};

// "hz" is the frequency of the TSC.
void idle_init(struct idle *idle, uint64_t hz);

// A round ended at "now" in which frames came.
void idle_busy(struct worker *worker, struct idle *idle, uint64_t now);

// A round ended at "now" in which none came: pause or sleep.
void idle_wait(struct worker *worker, struct idle *idle, uint64_t now);
