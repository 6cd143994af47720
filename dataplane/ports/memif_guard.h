// SPDX-License-Identifier: BSD-3-Clause
// Keeps the process alive when a memif peer goes away.
//
// DPDK 22.11 notices on its interrupt thread that a peer hung up, and unmaps the shared memory at
// once, also while a worker is reading or writing it: with a worker that shares its CPU, every few
// kills of a peer under traffic end in a segmentation fault. So the burst functions of memif
// devices run inside a guard, and a fault there means "the peer is gone": nothing was received, or
// everything was taken. What frames the driver held at that moment are lost to the pool, at most
// one burst per hang-up (our own bursts lose none: memif_burst.h). The next call finds the device
// disconnected.
//
// A fault anywhere else ends the process as ever.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Put the guard around the bursts of a memif device that was just started. Manager thread. Returns
// 0 or -errno.
int memif_guard(uint16_t ethdev);

// Run a function that touches the memory of a peer. Returns false if a fault ended it: then the
// peer is gone. Any thread, after memif_guard().
bool memif_guard_run(void (*function)(void *argument), void *argument);
