// SPDX-License-Identifier: BSD-3-Clause
// What a frame is, if it is something that has no place on a peering LAN; the list itself is
// control/events/finding.def.
#pragma once

#include <stdbool.h>

struct dissection;

enum finding {
	FINDING_NONE,
#define FINDING(NAME, name, class, protocol, text) FINDING_##NAME,
#include "control/events/finding.def"
#undef FINDING
	FINDINGS,
};

struct finding_info {
	const char *name;
	const char *protocol; // as in "IPv4 192.0.2.1 to 224.0.0.5: OSPF"
	const char *text;     // one sentence for the member
	bool is_fault;	      // the member has to mend it
};

// Indexed by enum finding; entry 0 is "none".
extern const struct finding_info finding_infos[FINDINGS];

// What a frame is by its form alone, tags apart: FINDING_NONE if it may be sent (ARP, neighbour
// discovery, IP to a single station), or if it was cut too short to tell.
enum finding finding_of(const struct dissection *dissection);
