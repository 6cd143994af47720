// SPDX-License-Identifier: BSD-3-Clause
// Frames that tests describe, send, and know again when they come back.
//
// After its header such a frame carries a mark, the "id" of the test's choice, a sequence number,
// and octets that follow from these, so that the receiver can tell whether all of it is intact.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/mac.h"

enum {
	FRAME_MAX = 9600,
	FRAME_TAGS = 2,
	FRAME_MARK = 12, // octets of mark, id and sequence number
};

struct frame {
	mac_t dst;
	mac_t src;
	uint16_t tags[FRAME_TAGS]; // tag control information, outer first
	unsigned int n_tags;
	uint16_t type;	 // behind the tags
	uint16_t length; // octets without FCS, tags included
	bool marked;	 // it is one of ours: id and sequence are there
	bool intact;
	uint32_t id;
	uint32_t sequence;
};

// Write the frame; returns its length. "octets" has room for FRAME_MAX. What does not fit into
// frame->length is left out, the mark too.
size_t frame_encode(const struct frame *frame, uint8_t *octets);

// Read a frame. Returns 0, or -EBADMSG if it is cut inside its header.
int frame_decode(const uint8_t *octets, size_t length, struct frame *frame);
