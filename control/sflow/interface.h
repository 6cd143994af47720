// SPDX-License-Identifier: BSD-3-Clause
// What the fabric counts at a port, in the words of IF-MIB. Pure.
//
// A frame that is cut, too short or too long is an error; what dies for any other reason is
// discarded, by the port it came by or should have left by (lib/drops.def). IF-MIB counts octets
// with the FCS (RFC 3635, section 3.2.6), which workers never see.
//
// Counters only grow while a port lives: collectors would take one that goes back by a few for one
// that has wrapped.
#pragma once

#include <stdint.h>

struct datagram_counters;
struct port_counters;
struct port_info;

// What was told of a port last. Zero at first.
struct interface {
	uint32_t incarnation;
	uint64_t in_unicast;
	uint64_t out_unicast;
};

// Set all of "to" but sequence, ifIndex and name.
void interface_read(struct interface *interface, const struct port_info *info,
		    const struct port_counters *counters, struct datagram_counters *to);
