// SPDX-License-Identifier: BSD-3-Clause
// Frames of the sponge's own on their way to the dataplane, no faster than it lets them out
// (COMMAND_INJECT has no answer, and what it has no room for is lost there). Ports that are down
// get none.
#pragma once

#include <stdint.h>

#include "control/sponge/frames.h"

struct control;
struct out;

enum {
	OUT_WAITING = 1024, // frames that may wait; one to many ports is one
	OUT_AT_ONCE = 512,  // frames
	OUT_EVERY_MS = 10,
};

struct out_frame {
	uint16_t lan;
	const uint16_t *ports; // they have to stay until out_stop()
	size_t n_ports;
	uint16_t port;	 // if "ports" is NULL
	uint16_t except; // of "ports"; FDB_ANY: none
	uint64_t *count; // of frames that went out
	uint16_t length;
	uint8_t octets[FRAMES_SIZE];
};

// Returns NULL with errno.
struct out *out_create(struct control *control);
void out_destroy(struct out *out);

// Returns 0, or -EAGAIN if as many wait as may.
int out_put(struct out *out, const struct out_frame *frame);

// Forget what waits: ports and LANs are others.
void out_stop(struct out *out);
