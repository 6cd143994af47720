// SPDX-License-Identifier: BSD-3-Clause
// The headers of a frame that was kept, as far as its octets go: what decode.h puts into words and
// finding.h recognises. Every octet may be a lie; nothing is read that is not there.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/mac.h"

enum dissection_net { NET_NONE, NET_ARP, NET_IPV4, NET_IPV6 };

enum {
	DISSECT_TAGS = 4,
	DISSECT_TYPE_MIN = 0x600, // below it is a length (IEEE 802.3, 3.2.6)
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_IPV6 = 0x86dd,
	TYPE_SLOW = 0x8809,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_ICMPV6 = 58,
	OUI_CISCO = 0x00000c,
	OUI_EXTREME = 0x00e02b,
	OUI_FOUNDRY = 0x00e052,
};

struct dissection {
	bool has_addresses; // or it is shorter than an Ethernet header, and nothing else is known
	mac_t dst, src;
	uint8_t n_tags;
	uint16_t tag_types[DISSECT_TAGS];
	uint16_t tags[DISSECT_TAGS]; // priority, DEI and VLAN
	uint16_t type;		     // behind the tags; below DISSECT_TYPE_MIN: a length
	bool cut;		     // it ends inside a header

	bool has_llc, has_snap; // IEEE 802.2
	uint8_t dsap, ssap;
	uint32_t oui;
	uint16_t pid;

	enum dissection_net net;
	struct ip source, target; // of ARP: who asks or answers, and whom
	uint16_t operation;	  // of ARP
	mac_t arp_sender, arp_target;

	uint8_t hops; // TTL or hop limit
	uint8_t n_extensions;
	bool fragment;	   // any but a whole packet
	bool later;	   // a fragment behind the first
	bool has_protocol; // what follows the headers of IP is known
	uint8_t protocol;
	bool has_ports; // of TCP or UDP
	uint16_t source_port, target_port;
	bool has_icmp; // also of ICMPv6
	uint8_t icmp_type, icmp_code;
	bool has_subject; // the address that neighbour discovery or a redirect is about
	struct ip subject;

	const uint8_t *payload; // behind what was understood; inside the octets that were given
	size_t n_payload;
};

// Look at the first "n" octets of a frame.
void dissect(const uint8_t *octets, size_t n, struct dissection *dissection);
