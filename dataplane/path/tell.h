// SPDX-License-Identifier: BSD-3-Clause
// Telling control of frames.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/tables/neigh.h"
#include "lib/message.h"

struct batch;
struct budget;
struct worker;

// Tell of frame "i" with its first octets and its fate so far. "type" is EVENT_VIOLATION or
// EVENT_WATCHED. Returns false if there was no room.
bool tell_frame(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		uint32_t missed);

// The LAN of frame "i" that has passed the stages; FDB_ANY if it died before that was known.
uint16_t tell_lan(const struct batch *b, unsigned int i);

// The start of an event about an address, of what frame "i" says. Its type is EVENT_QUESTION,
// EVENT_LIFE or EVENT_CLAIM.
struct message tell_about(const struct batch *b, unsigned int i, enum message_type type,
			  struct neigh_key key);

// Whether there is something left of a budget of "most" events a second; and, for each event, that
// it was told or that it was not.
bool tell_may(const struct worker *w, struct budget *budget, uint32_t most);
void tell_count(struct budget *budget, bool told);

// The second that it is, counted from any; never 0.
uint32_t tell_second(const struct worker *w);
