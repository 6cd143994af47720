// SPDX-License-Identifier: BSD-3-Clause
// Receives and transmits on memif devices that are servers, instead of DPDK 22.11's driver, from
// and to the same rings.
//
// It is faster: a burst's descriptors are read first, and what they point to is fetched for all
// frames at once, where the driver waits for one frame after the other to come from the peer's CPU.
// And it believes a peer nothing: a descriptor that points out of the peer's memory ends the frame
// (it comes with no octets, and dies for that) and harms nobody else, where the driver reads and
// writes whatever it points to; what waits for the peer never blocks.
//
// Frames come in one piece as long as they have room in one mbuf, as all do that a LAN can take. A
// peer may spread a frame over several descriptors; of one longer than 65535 octets the rest is
// left out.
//
// Threads: the manager installs, the worker that has a queue calls the bursts.
#pragma once

#include <stdint.h>

// Let the bursts of a memif device that was just started be ours, if it is a server and the driver
// is one that we know. After memif_guard().
void memif_burst_install(uint16_t ethdev);
