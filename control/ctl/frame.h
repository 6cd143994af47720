// SPDX-License-Identifier: BSD-3-Clause
// A frame to be explained: from its description to the octets of the wire, checksums included.
// frame_words.h makes a description of what an operator typed.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/mac.h"

enum frame_kind {
	FRAME_TYPE, // nothing but an ethertype
	FRAME_IPV4,
	FRAME_IPV6,
	FRAME_ARP_REQUEST,
	FRAME_ARP_REPLY,
	FRAME_NS, // neighbour solicitation
	FRAME_NA, // neighbour advertisement
	FRAME_RA, // router advertisement
	FRAME_HEX,
};

enum frame_limits {
	FRAME_GIVEN_MAX = 192, // octets that are spelled out; the rest of a frame counts as zeros
	FRAME_TAGS_MAX = 2,
};

enum frame_protocol { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58 };

struct frame_description {
	enum frame_kind kind;
	bool has_from, has_to;
	mac_t from, to;
	uint16_t tags[FRAME_TAGS_MAX]; // VLANs, the outer one first
	size_t n_tags;
	uint16_t type;	    // of FRAME_TYPE
	bool has_source;    // "source" is known; IP, ARP and neighbour discovery
	struct ip source;   // sender. Neighbour solicitation without one: duplicate detection
	struct ip target;   // receiver, or the address that is asked or told about
	bool has_claimed;   // "is-at"
	mac_t claimed;	    // where the sender says that its address lives
	uint8_t protocol;   // of IP; 0: none
	uint16_t values[2]; // ports of TCP and UDP; type and code of ICMP
	uint16_t length;    // octets of the frame without FCS; 0: as many as it takes
	uint8_t hex[FRAME_GIVEN_MAX];
	size_t n_hex; // octets of FRAME_HEX, of which at most FRAME_GIVEN_MAX are kept
};

struct frame {
	uint8_t octets[FRAME_GIVEN_MAX];
	uint16_t n_given; // of "octets"; what follows up to "length" is zeros
	uint16_t length;  // of the whole frame, without FCS
};

// The group address that the destination follows from (broadcast, multicast, solicited node), as
// the standards map it. Returns false if it is a single station's, which only others can know.
bool frame_group_target(const struct frame_description *description, mac_t *to);

// Build the octets. "from" and "to" must be known. Returns 0, or -EMSGSIZE if there is no room.
int frame_build(const struct frame_description *description, struct frame *frame);
