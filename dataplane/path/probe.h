// SPDX-License-Identifier: BSD-3-Clause
// Loop probes: frames of the fabric's own that leave by every port, and that must never come back.
//
//   destination  03:69:78:66:61:62  a group address, locally administered ("ixfab"): not one of
//                                   those that bridges keep to themselves, so they forward it
//   source       02:69:78:66:61:62
//   type         0x88b5             IEEE 802 local experimental ethertype 1
//   payload      below, in network order; zeros up to 60 octets
//
//   octets  field
//   4       magic, "ixlp"
//   8       instance: of the dataplane that sent it (struct stats_header)
//   2       port by which it left
//   2       LAN in which it left
//   8       sequence number of that port
//   8       tag: SipHash-2-4 of all of the above, under a key that is made at each start
//
// Nobody outside knows the key, so a frame with a good tag is one that we sent. A member that keeps
// one and sends it later is told by the sequence number: only the last PROBE_RECENT of a port are
// taken. Within that time it can only accuse a port that it is connected to.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/path/admit.h"
#include "lib/limits.h"
#include "lib/mac.h"

#define PROBE_DST MAC(0x03, 0x69, 0x78, 0x66, 0x61, 0x62)
#define PROBE_SRC MAC(0x02, 0x69, 0x78, 0x66, 0x61, 0x62)

enum {
	PROBE_TYPE = ADMIT_TYPE_PROBE,
	PROBE_RECENT = 3,
	PROBE_KEY_SIZE = 16,
	PROBE_PAYLOAD = 32, // octets behind the type
};

struct probe {
	uint64_t instance;
	uint16_t sender;
	uint16_t lan;
	uint64_t sequence;
};

// The key, and what the manager has sent last. Workers read it.
struct probes {
	uint8_t key[PROBE_KEY_SIZE];	       // written before workers run
	_Atomic uint64_t sequences[MAX_PORTS]; // by sender; 0: none yet
};

// Write the frame of a probe, untagged.
void probe_encode(const struct probe *probe, const uint8_t key[PROBE_KEY_SIZE],
		  uint8_t octets[FRAME_MIN]);

// Read a payload of "length" octets. Returns false if it is no probe made with this key.
bool probe_decode(struct probe *probe, const uint8_t key[PROBE_KEY_SIZE], const uint8_t *payload,
		  size_t length);
