// SPDX-License-Identifier: BSD-3-Clause
// Telling control of frames.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/message.h"

struct batch;
struct worker;

// Tell of frame "i" with its first octets and its fate so far. "type" is EVENT_VIOLATION or
// EVENT_WATCHED. Returns false if there was no room.
bool tell_frame(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		uint32_t missed);

// The second that it is, counted from any; never 0.
uint32_t tell_second(const struct worker *w);
