// SPDX-License-Identifier: BSD-3-Clause
// What a member may send, decided on the octets of one frame.
//
// This header is compiled twice: by workers (stage admit), and by clang into the XDP guard, which
// runs in the driver of a kernel interface. Both sides thus give a frame the same verdict for the
// same reason. It knows no LAN and no port, only a set of rules; it reads octets between "at" and
// "end" and nothing else, in the way in which the kernel's verifier can follow: a pointer is
// compared with "end" before it is read, and loops are bounded.
//
// What passes here is judged no further as far as its form goes; whose addresses it carries is for
// other stages.
//
// Sources: the allowed traffic of exchanges (ethertypes; broadcast only ARP; multicast only
// neighbour discovery), RFC 7113 (router advertisements behind extension headers), RFC 6980
// (fragmented neighbour discovery), RFC 7112 (a first fragment has all headers), RFC 9131
// (advertisements to all routers, so messages are told by their type, never by their group).
// Stricter than RFC 7113: no router advertisement passes, whatever its source and hop limit. More
// lenient: an unknown next header ends the chain and passes, because what is unknown here may be a
// transport protocol between members' customers.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/message.h"

enum {
	ADMIT_TYPE_IPV4 = 0x0800,
	ADMIT_TYPE_ARP = 0x0806,
	ADMIT_TYPE_VLAN = 0x8100,
	ADMIT_TYPE_IPV6 = 0x86dd,
	ADMIT_TYPE_SLOW = 0x8809,  // LACP and Marker
	ADMIT_TYPE_PROBE = 0x88b5, // IEEE 802 local experimental 1: the fabric's loop probes
	ADMIT_TYPE_SERVICE = 0x88a8,
	ADMIT_TYPE_QINQ = 0x9100,
	ADMIT_TYPE_MIN = 0x0600, // below it is a length (IEEE 802.3 clause 3.2.6)
	ADMIT_IPV4_MIN = 20,	 // octets of headers
	ADMIT_IPV6_MIN = 40,
	ADMIT_ARP_SIZE = 28,
	ADMIT_HEADERS = 12, // IPv6 extension headers in one chain; RFC 8200 has use for seven
	ADMIT_NETS = 16,
};

// Whom a frame is for.
enum admit_group { ADMIT_UNICAST, ADMIT_MULTICAST, ADMIT_BROADCAST };

struct admit_rules {
	uint32_t flags; // enum rule_flags
	uint32_t n_types;
	uint16_t types[RULE_TYPES];
};

// IPv4 addresses of a LAN that are no station's: broadcast and network address of each prefix.
// Host order.
struct admit_nets {
	uint32_t n;
	uint32_t addresses[ADMIT_NETS];
};

#define ADMIT_INLINE static inline __attribute__((always_inline))

ADMIT_INLINE uint16_t admit_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

ADMIT_INLINE uint32_t admit_be32(const uint8_t *at)
{
	return (uint32_t)admit_be16(at) << 16 | admit_be16(at + 2);
}

ADMIT_INLINE bool admit_type(const struct admit_rules *rules, uint16_t type)
{
	for (uint32_t i = 0; i < RULE_TYPES; i++) {
		if (i < rules->n_types && rules->types[i] == type)
			return true;
	}
	return false;
}

// RFC 826 for IPv4 over Ethernet: requests and replies.
ADMIT_INLINE enum drop_reason admit_arp(const uint8_t *at, const uint8_t *end)
{
	enum { HTYPE_ETHERNET = 1, SIZES = 6 << 8 | 4, REQUEST = 1, REPLY = 2 };

	if (at + ADMIT_ARP_SIZE > end)
		return DROP_ARP_MALFORMED;
	uint16_t operation = admit_be16(at + 6);
	if (admit_be16(at) != HTYPE_ETHERNET || admit_be16(at + 2) != ADMIT_TYPE_IPV4 ||
	    admit_be16(at + 4) != SIZES || (operation != REQUEST && operation != REPLY))
		return DROP_ARP_MALFORMED;
	return DROP_NONE;
}

ADMIT_INLINE bool admit_is_broadcast(const struct admit_nets *nets, uint32_t address)
{
	bool found = address == UINT32_MAX;

	for (uint32_t i = 0; i < ADMIT_NETS; i++)
		found |= i < nets->n && nets->addresses[i] == address;
	return found;
}

ADMIT_INLINE bool admit_is_icmp_redirect(const uint8_t *at, const uint8_t *end, uint32_t header)
{
	enum { ICMP = 1, REDIRECT = 5, OFFSET_MASK = 0x1fff };

	if (at[9] != ICMP || (admit_be16(at + 6) & OFFSET_MASK))
		return false;
	return at + header + 1 <= end && at[header] == REDIRECT;
}

ADMIT_INLINE enum drop_reason admit_ipv4(const struct admit_rules *rules,
					 const struct admit_nets *nets, const uint8_t *at,
					 const uint8_t *end)
{
	if (at + ADMIT_IPV4_MIN > end)
		return DROP_IPV4_HEADER_CORRUPTED;
	uint32_t header = (at[0] & 15U) * 4;
	uint32_t total = admit_be16(at + 2);
	if (at[0] >> 4 != 4 || header < ADMIT_IPV4_MIN || total < header || total > end - at)
		return DROP_IPV4_HEADER_CORRUPTED;
	if (!(rules->flags & RULE_DIRECTED) && admit_is_broadcast(nets, admit_be32(at + 16)))
		return DROP_IPV4_DST_IS_BROADCAST;
	if (!(rules->flags & RULE_REDIRECTS) && admit_is_icmp_redirect(at, end, header))
		return DROP_IPV4_REDIRECT;
	return DROP_NONE;
}

// An ICMPv6 message of "type", of which this is a fragment or the whole.
ADMIT_INLINE enum drop_reason admit_icmpv6(const struct admit_rules *rules, uint8_t type,
					   bool fragment, enum admit_group group)
{
	enum { RS = 133, RA, NS, NA, REDIRECT };
	enum { MLD_QUERY = 130, MLD_REPORT, MLD_DONE, MLD2_REPORT = 143 };

	if (fragment && type >= RS && type <= REDIRECT)
		return DROP_ND_FRAGMENTED;
	switch (type) {
	case RA:
		return rules->flags & RULE_ROUTERS ? DROP_NONE : DROP_IPV6_ROUTER_ADVERTISEMENT;
	case RS:
		return rules->flags & RULE_ROUTERS ? DROP_NONE : DROP_IPV6_ROUTER_SOLICITATION;
	case REDIRECT:
		return rules->flags & RULE_REDIRECTS ? DROP_NONE : DROP_IPV6_REDIRECT;
	case MLD_QUERY:
	case MLD_REPORT:
	case MLD_DONE:
	case MLD2_REPORT:
		return rules->flags & RULE_MLD ? DROP_NONE : DROP_IPV6_MLD;
	case NS:
	case NA:
		return DROP_NONE;
	default:
		return group != ADMIT_MULTICAST || rules->flags & RULE_ANY_MULTICAST
			       ? DROP_NONE
			       : DROP_IPV6_MULTICAST;
	}
}

// Whether "next" is an extension header of which the second octet is its length.
ADMIT_INLINE bool admit_is_extension(uint8_t next)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, AUTHENTICATION = 51, DESTINATION = 60 };
	enum { MOBILITY = 135, HIP = 139, SHIM6 = 140 };

	return next == HOP_BY_HOP || next == ROUTING || next == AUTHENTICATION ||
	       next == DESTINATION || next == MOBILITY || next == HIP || next == SHIM6;
}

ADMIT_INLINE uint32_t admit_extension_size(uint8_t next, uint8_t length)
{
	return next == 51 ? (length + 2U) * 4 : (length + 1U) * 8;
}

// Octets of the header of "next" without which a first fragment hides what it is a fragment of: the
// ports and flags of TCP, the ports of UDP; of what is unknown here, anything.
ADMIT_INLINE uint32_t admit_upper_size(uint8_t next)
{
	enum { TCP = 6, UDP = 17, NOTHING = 59, TCP_SIZE = 20, UDP_SIZE = 8 };

	if (next == NOTHING)
		return 0;
	return next == TCP ? TCP_SIZE : next == UDP ? UDP_SIZE : 1;
}

// The same value, at most "mask", of which the kernel's verifier knows nothing else. It would
// follow each way that led here through the rest of a loop by itself, and there are too many of
// them.
ADMIT_INLINE uint32_t admit_forget(uint32_t value, uint32_t mask, uint32_t unknown)
{
#ifdef __bpf__
	asm volatile("" : "+r"(unknown));
	value ^= unknown;
	asm volatile("" : "+r"(value));
	value ^= unknown;
#else
	(void)unknown;
#endif
	return value & mask;
}

// Walk the whole chain of headers to what the packet is.
ADMIT_INLINE enum drop_reason admit_ipv6(const struct admit_rules *rules, const uint8_t *at,
					 const uint8_t *end, enum admit_group group)
{
	enum { FRAGMENT = 44, ICMPV6 = 58, FRAGMENT_SIZE = 8, OFFSET_MASK = 0xfff8 };
	enum { SIZE_MASK = 0xfff };
	bool fragment = false;
	enum drop_reason cut = DROP_IPV6_HEADER_CORRUPTED;
	enum drop_reason other = group != ADMIT_MULTICAST || rules->flags & RULE_ANY_MULTICAST
					 ? DROP_NONE
					 : DROP_IPV6_MULTICAST;

	if (at + ADMIT_IPV6_MIN > end || at[0] >> 4 != 6)
		return DROP_IPV6_HEADER_CORRUPTED;
	const uint8_t *payload = at + ADMIT_IPV6_MIN, *header = payload;
	uint32_t length = admit_be16(at + 4);
	if (length > end - payload)
		return DROP_IPV6_HEADER_CORRUPTED;
	uint8_t next = at[6];
	for (uint32_t n = 0; n < ADMIT_HEADERS; n++) {
		if (next != FRAGMENT && !admit_is_extension(next)) {
			// Octets behind the packet are no part of it.
			if (fragment && header - payload + admit_upper_size(next) > length)
				return DROP_IPV6_FIRST_FRAGMENT;
			if (next != ICMPV6)
				return other;
			return header + 1 > end ? cut
						: admit_icmpv6(rules, *header, fragment, group);
		}
		if (header + FRAGMENT_SIZE > end)
			return cut;
		uint32_t size = FRAGMENT_SIZE;
		if (next == FRAGMENT) {
			if (admit_be16(header + 2) & OFFSET_MASK)
				return other; // a later one: its first was judged
			fragment = true;
			cut = DROP_IPV6_FIRST_FRAGMENT;
		} else {
			size = admit_extension_size(next, header[1]);
		}
		next = header[0];
		header += admit_forget(size, SIZE_MASK, rules->flags);
	}
	return DROP_IPV6_HEADER_CHAIN;
}

// Judge a frame behind its addresses and its one tag, if it has one: "type" is the ethertype that
// follows, "at" what comes after that, up to "end".
ADMIT_INLINE enum drop_reason admit(const struct admit_rules *rules, const struct admit_nets *nets,
				    uint16_t type, const uint8_t *at, const uint8_t *end,
				    enum admit_group group)
{
	uint32_t flags = rules->flags;

	if (!(flags & RULE_ANY_TYPE)) {
		if (type < ADMIT_TYPE_MIN)
			return DROP_NOT_ETHERNET_II;
		if (type == ADMIT_TYPE_VLAN || type == ADMIT_TYPE_SERVICE ||
		    type == ADMIT_TYPE_QINQ)
			return DROP_VLAN_TAG_STACKED;
		if (!admit_type(rules, type))
			return DROP_ETHERTYPE_NOT_ALLOWED;
	}
	if (type == ADMIT_TYPE_ARP && !(flags & RULE_ANY_HEADERS)) {
		enum drop_reason reason = admit_arp(at, end);

		if (reason != DROP_NONE)
			return reason;
	}
	if (group == ADMIT_BROADCAST && !(flags & RULE_ANY_BROADCAST) && type != ADMIT_TYPE_ARP)
		return DROP_BROADCAST_NOT_ARP;
	if (group == ADMIT_MULTICAST && !(flags & RULE_ANY_MULTICAST)) {
		if (type == ADMIT_TYPE_IPV4)
			return DROP_IPV4_MULTICAST;
		if (type != ADMIT_TYPE_IPV6)
			return DROP_MULTICAST_NOT_ND;
	}
	if (flags & RULE_ANY_HEADERS)
		return DROP_NONE;
	if (type == ADMIT_TYPE_IPV4)
		return admit_ipv4(rules, nets, at, end);
	if (type == ADMIT_TYPE_IPV6)
		return admit_ipv6(rules, at, end, group);
	return DROP_NONE;
}
