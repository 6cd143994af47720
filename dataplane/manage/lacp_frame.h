// SPDX-License-Identifier: BSD-3-Clause
// Frames of the link aggregation control protocol and of the marker protocol (IEEE 802.1AX-2014,
// 6.4.2 and 6.5.3), whole, untagged, without FCS.
//
//   octets  LACPDU                                octets  Marker
//   14      to MAC_SLOW, type 0x8809              14      likewise
//   2       subtype 1, version 1                  2       subtype 2, version 1
//   2       actor: type 1, length 20              2       type 1 or 2 (response), length 16
//   15      struct lacp_info, as it stands        2       requester's port
//   3       reserved                              6       requester's system
//   2       partner: type 2, length 20            4       transaction
//   18      likewise                              2       pad
//   2       collector: type 3, length 16          2       terminator: type 0, length 0
//   2       its maximum delay, in tens of µs      90      reserved
//   12      reserved
//   2       terminator: type 0, length 0
//   50      reserved
//
// Pure. Nothing is read beyond the given length.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/mac.h"

enum { LACP_FRAME = 124 }; // octets of either

// What each end says of itself, and of the other as it knows it.
struct lacp_info {
	uint16_t system_priority;
	mac_t system;
	uint16_t key; // of the links that may be in one LAG
	uint16_t port_priority;
	uint16_t port;
	uint8_t state; // enum lacp_state
};

struct lacpdu {
	struct lacp_info actor; // who sends it
	struct lacp_info partner;
};

// Write the frame, sent by "source", which introduces no delay as a collector.
void lacpdu_encode(const struct lacpdu *pdu, mac_t source, uint8_t frame[LACP_FRAME]);

// Read a frame of "length" octets. Returns false if it is no LACPDU.
//
// Version, types of TLVs and what is reserved are not looked at, as 6.4.12 demands; the lengths of
// the first three TLVs are. Version 2 has other TLVs where version 1 ends: they are not read.
bool lacpdu_decode(struct lacpdu *pdu, const uint8_t *frame, size_t length);

// Write the response, sent by "source", to a Marker of "length" octets. Returns false if it is no
// Marker that asks for one. Somebody who sends many is to be answered ten times a second at most
// (IEEE 802.3-2018, 57A.3): that is up to the caller.
bool marker_answer(const uint8_t *frame, size_t length, mac_t source, uint8_t answer[LACP_FRAME]);
