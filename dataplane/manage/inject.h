// SPDX-License-Identifier: BSD-3-Clause
// Frames of the fabric's own. The manager puts them into one ring, and worker 0 lets them out
// (path/inject.c) within ten milliseconds. Threads: manager only.
#pragma once

#include <stdint.h>

struct manager;
struct message;

enum { INJECTS = 1024 }; // that may wait

// Give worker 0 its ring. Before workers run. Returns 0 or -ENOMEM.
int inject_init(struct manager *manager);

// Take it back. Workers have ended, or never ran.
void inject_fini(struct manager *manager);

// Let a frame of 14 to INJECT_OCTETS octets out by "port", in the dress of "lan", or as it is if
// that is FDB_ANY. One that is shorter than FRAME_MIN is padded; one that cannot leave when its
// turn comes is a counted drop. Returns 0, -EINVAL (no such frame, or no such LAN), -ENODEV (no
// such port) or -EAGAIN (too many wait).
int inject_frame(struct manager *manager, uint16_t port, uint16_t lan, const uint8_t *octets,
		 uint16_t length);

// COMMAND_INJECT.
void inject_run(struct manager *manager, const struct message *command);
