// SPDX-License-Identifier: BSD-3-Clause
// Captured frames on their way from workers to control, each with what became of it.
//
// They travel by value, like messages, but through rings of their own with longer slots: whatever
// is captured, no event is lost for it. A full ring never blocks a worker; what did not fit is
// counted.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/message.h"
#include "lib/ring.h"

enum { CAPTURE_OCTETS = 2048 }; // the longest frame that members may send has an MTU of 2030

// What became of a frame.
enum capture_verdict {
	CAPTURE_FORWARDED, // it was given to the port "out"
	CAPTURE_FLOODED,   // to "copies" ports
	CAPTURE_ANSWERED,  // a question, answered in the owner's or the sponge's name
	CAPTURE_CONSUMED,  // it was for the fabric itself
	CAPTURE_DROPPED,   // for "reason"; if it died on its way out, "out" is where
	// What was given to "out" could not leave there after all, for "reason". Such a frame was,
	// or will be, told as forwarded or flooded too.
	CAPTURE_LOST,
	CAPTURE_VERDICTS,
};

struct capture_header {
	uint64_t time_ns; // CLOCK_REALTIME, the same for all frames of a burst
	uint32_t capture; // its number
	uint16_t port;	  // by which the frame came; PORT_FABRIC: it is one of the fabric's own
	uint16_t lan;	  // FDB_ANY: not known
	uint16_t out;	  // FDB_ANY: none
	uint16_t reason;  // enum drop_reason
	uint16_t copies;
	uint16_t length;   // octets of the frame, without FCS
	uint16_t n_octets; // of which these are told
	uint8_t verdict;   // enum capture_verdict
	uint8_t unused[5];
};

struct capture_record {
	struct capture_header header;
	uint8_t octets[CAPTURE_OCTETS];
};

static inline size_t capture_ring_size(uint32_t capacity)
{
	return sizeof(struct ring_memory) + capacity * sizeof(struct capture_record);
}

// As ring_push().
bool capture_push(struct ring *ring, const struct capture_header *header, const uint8_t *octets);

// As ring_pop(). What comes out is as untrusted as its sender: see capture_check().
bool capture_pop(struct ring *ring, struct capture_record *record);

// Check a header that somebody else wrote. Returns 0 or -EBADMSG.
int capture_check(const struct capture_header *header);
