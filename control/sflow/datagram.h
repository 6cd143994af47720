// SPDX-License-Identifier: BSD-3-Clause
// sFlow datagrams as they go to collectors: samples of frames, and counters of ports. Pure.
//
// Everything is XDR (RFC 4506): words of 32 bits in network order, opaque data padded with zeros to
// whole words. Formats are those of sFlow.org, "sFlow Version 5", July 2004, with its errata; only
// what ixfab tells is here:
//   flow_sample      with sampled_header and extended_switch
//   counters_sample  with if_counters and port_name
//
// The compact forms have 24 bits for the ifIndex of a data source, and 30 bits for one of a frame's
// way.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/interface.h"
#include "lib/ip.h"

enum {
	DATAGRAM_SIZE = 1400, // octets: with IPv6 and UDP it fits an Ethernet frame
	DATAGRAM_HEADER_MAX = 256,
	DATAGRAM_IFINDEX_MAX = (1 << 24) - 1,
};

// Where a frame went, beside an ifIndex.
#define DATAGRAM_OUT_UNKNOWN	 UINT32_C(0)
#define DATAGRAM_OUT_TERMINATED	 UINT32_C(0x3fffffff) // it ended in the device itself
#define DATAGRAM_OUT_NOBODY	 UINT32_C(0x4000010b) // dropped: port_list_is_empty
#define DATAGRAM_OUT_MANY(ports) (UINT32_C(0x80000000) | (ports))

// A counter that nobody counts.
#define DATAGRAM_NOT_COUNTED UINT32_MAX

struct datagram {
	size_t length;	    // octets
	uint32_t n_samples; // 0: nothing worth sending yet
	bool overflows;	    // what is being written does not fit
	uint8_t octets[DATAGRAM_SIZE];
};

struct datagram_head {
	struct ip agent;
	uint32_t sequence; // of this agent's datagrams
	uint32_t uptime;   // milliseconds since the agent started; wraps
};

// A frame that was let in.
struct datagram_flow {
	uint32_t sequence; // of the data source's samples of frames
	uint32_t ifindex;  // the data source, and where it came in
	uint32_t rate;	   // one of so many is taken
	uint32_t pool;	   // frames that could have been taken
	uint32_t drops;	   // samples that were lost
	uint32_t output;   // an ifIndex or DATAGRAM_OUT_*
	uint32_t vlan;	   // of the LAN, on the way in and out; 0: it has none
	uint32_t length;   // octets of the frame, without FCS
	const uint8_t *header;
	uint32_t n_header; // octets of "header", at most DATAGRAM_HEADER_MAX
};

// A port. Collectors hear the lower 32 bits of all that is counted, but octets.
struct datagram_counters {
	uint32_t sequence; // of the data source's samples of counters
	uint32_t ifindex;
	const char *name;
	struct interface_counters interface;
};

// Start a datagram without samples.
void datagram_begin(struct datagram *datagram, const struct datagram_head *head);

// Add a sample. Returns false, and leaves the datagram as it was, if there is no room.
bool datagram_add_flow(struct datagram *datagram, const struct datagram_flow *flow);
bool datagram_add_counters(struct datagram *datagram, const struct datagram_counters *counters);
