// SPDX-License-Identifier: BSD-3-Clause
// Lets a worker sleep until a memif peer sends something.
//
// memif has a descriptor for each ring, by which the sender tells the receiver of frames, unless a
// flag in the ring says that the receiver looks by itself. DPDK 22.11's driver sets that flag for
// good and has no interface to change it; what a worker needs it takes out of the driver's own
// structures here. So this is for that version only, and everywhere else a worker must look again
// and again (dataplane/idle.h).
//
// A peer that reads the flag just before it is cleared tells nobody of its frame. So whoever arms a
// queue goes on looking for MEMIF_WAKE_SETTLE_US before it sleeps: by then such a frame can be
// seen. Armed queues cost the peer a system call for each burst, and us another one: disarm them
// when frames come.
//
// Rings are in memory that the peer shares and may write at any moment. What it can do with that
// here is to keep the worker awake, or to let it sleep IDLE_WAIT_MS (dataplane/idle.h) at a time: a
// ring is only written where all of it is in the peer's own memory, and a descriptor that would
// block is not waited for. A peer that goes away, or makes its rings anew, is found at the next
// wake: its new rings say again that we look by ourselves, so they are armed anew.
//
// Threads: the worker that polls the queue.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { MEMIF_WAKE_SETTLE_US = 5 };

// Whether the driver is one that we know.
bool memif_wake_works(void);

// Let the peer tell of frames. "newly" is set to true if it was not told to before. Returns the
// descriptor that becomes readable then, or -1 while there is no peer.
int memif_wake_arm(uint16_t ethdev, uint16_t queue, bool *newly);

// Let it be quiet again.
void memif_wake_disarm(uint16_t ethdev, uint16_t queue);
