// SPDX-License-Identifier: BSD-3-Clause
// What the fabric counts at a port, in the words of IF-MIB (RFC 2863): for sFlow and SNMP. Pure.
//
// A frame that is cut, too short or too long is an error; what dies for any other reason is
// discarded, by the port it came by or should have left by (lib/drops.def). Octets are counted with
// the FCS (RFC 3635, section 3.2.6), which workers never see.
//
// A LAG is an interface, and so is each of its links: what comes by a link is counted at both, as
// RFC 2863 has layers (section 3.1.1), but only the LAG knows unicast from groups, and why frames
// die.
//
// Counters only grow while a port lives, whatever operators clear: collectors would take one that
// goes back by a few for one that has wrapped.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct port_counters;
struct port_info;

struct interface_counters {
	uint64_t speed; // bit/s; 0: unknown
	bool is_lag;	// ieee8023adLag, else ethernetCsmacd
	bool admin_up;
	bool oper_up;
	uint64_t in_octets;
	uint64_t in_unicast;
	uint64_t in_multicast;
	uint64_t in_broadcast;
	uint64_t in_discards;
	uint64_t in_errors;
	uint64_t out_octets;
	uint64_t out_unicast;
	uint64_t out_multicast;
	uint64_t out_broadcast;
	uint64_t out_discards;
};

// What was told of a slot last. Zero at first, and for every dataplane anew.
struct interface {
	uint32_t incarnation;
	uint64_t in_unicast;
	uint64_t out_unicast;
};

void interface_read(struct interface *interface, const struct port_info *info,
		    const struct port_counters *all, struct interface_counters *to);
