// SPDX-License-Identifier: BSD-3-Clause
// What frames of the rows carry: ARP, IPv4 and IPv6 with the headers that a row asks for. Checksums
// are left out but in NS and NA, because the fabric looks at no others.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/mac.h"

enum payload_kind { PAYLOAD_NONE, PAYLOAD_ARP, PAYLOAD_IPV4, PAYLOAD_IPV6, PAYLOAD_ND };

// Protocols and next headers.
enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_GRE = 47,
	PROTO_ICMPV6 = 58,
	PROTO_NONE = 59,
};

// Extension headers, so that none is 0.
#define EXTENSION(type) ((type) + 1)
enum {
	EXT_HOP_BY_HOP = EXTENSION(0),
	EXT_ROUTING = EXTENSION(43),
	EXT_FRAGMENT = EXTENSION(44),
	EXT_ESP = EXTENSION(50),
	EXT_AUTHENTICATION = EXTENSION(51),
	EXT_DESTINATION = EXTENSION(60),
};

enum { PAYLOAD_MAX = 400, PAYLOAD_HEADERS = 16, PAYLOAD_POKES = 2 };

struct poke { // 16 bits at octet "at_plus_1" - 1 of the payload are "value"
	uint16_t at_plus_1;
	uint16_t value;
};
#define POKE(at, value)           \
	{                         \
		(at) + 1, (value) \
	}

struct payload {
	enum payload_kind kind;
	const char *from; // addresses; NULL: one of a LAN's stations to one elsewhere
	const char *to;
	uint16_t operation; // of ARP; 0: request
	uint8_t protocol;   // 0: UDP
	uint8_t type;	    // of ICMP and ICMPv6
	uint16_t from_port; // of TCP and UDP
	uint16_t to_port;
	uint8_t hop_limit;    // 0: 255
	uint8_t options;      // octets of IPv4 options, a multiple of four
	uint8_t option_octet; // of which each is this
	uint16_t fragment;    // IPv4: flags and offset; IPv6: the word of the fragment header
	uint16_t headers[PAYLOAD_HEADERS]; // IPv6 extension headers, outer first
	uint8_t header_length;		   // length octet of those that have one
	uint16_t upper;			   // octets behind all headers; 0: 24
	bool headless;			   // none at all
	mac_t mac;	   // of ARP's sender; in an option of the NS or NA; 0: of station 1
	bool no_mac;	   // no such option
	const char *about; // target of the NS or NA
	uint8_t nd_flags;  // of an NA
	bool wrong_sum;
	struct poke pokes[PAYLOAD_POKES];
};

// Write it; returns its length. Ends the program if it or an address is wrong.
size_t payload_encode(const struct payload *payload, uint8_t octets[PAYLOAD_MAX]);
