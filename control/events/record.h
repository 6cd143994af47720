// SPDX-License-Identifier: BSD-3-Clause
// What a port in quarantine has sent: whose addresses, which types, and everything that has no
// place on a peering LAN, each with a count and its first frame. In memory only; it begins anew
// when the port enters quarantine, and when control starts.
//
// The dataplane tells of frames as far as that goes. What it could not tell is counted as missed,
// and all counts are then "at least".
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/events/finding.h"
#include "lib/ip.h"
#include "lib/mac.h"
#include "lib/message.h"

enum { RECORD_MACS = 16, RECORD_TYPES = 16, RECORD_IPS = 32 };

// What the port may be, over all of its LANs. The arrays belong to somebody else.
struct record_rules {
	const mac_t *macs; // that are registered
	size_t n_macs;
	const struct ip *ips; // that are the member's; none: any address of the LAN may be
	size_t n_ips;
	const struct ip_prefix *prefixes; // of the LANs; none: any address
	size_t n_prefixes;
	const uint16_t *vids; // of its tagged LANs
	size_t n_vids;
};

struct record_mac {
	mac_t mac;
	uint64_t frames;
	double first, last; // seconds since 1970
};

struct record_type {
	uint16_t type; // below 0x600: all that have a length instead are counted as 0
	uint64_t frames;
};

struct record_finding {
	uint64_t frames;
	double first, last;
	uint16_t length; // of the first frame
	uint16_t n_octets;
	uint8_t octets[EVENT_OCTETS];
};

struct record {
	double since;
	double last;
	uint64_t frames;
	uint64_t missed;
	struct record_mac macs[RECORD_MACS];
	size_t n_macs;
	bool more_macs;
	struct record_type types[RECORD_TYPES];
	size_t n_types;
	bool more_types;
	bool answered[RECORD_IPS]; // by ARP or neighbour discovery, for rules->ips[i]
	struct record_finding findings[FINDINGS];
};

enum verdict { VERDICT_NOTHING_SEEN, VERDICT_FAIL, VERDICT_PASS };

// Begin anew.
void record_clear(struct record *record, double now);

// A frame came.
void record_take(struct record *record, const struct record_rules *rules,
		 const struct event_frame *frame, double now);

// What has to be said about the member: nothing while it has sent nothing; it fails if it has sent
// what it must not, or has not yet answered for one of its addresses.
enum verdict record_verdict(const struct record *record, const struct record_rules *rules);
