// SPDX-License-Identifier: BSD-3-Clause
// IPv4 and IPv6 addresses and prefixes: one type for both families.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ip {
	uint8_t family;	    // 4 or 6
	uint8_t octets[16]; // of IPv4 the first four
};

struct ip_prefix {
	struct ip ip; // host bits are zero
	uint8_t length;
};

enum { IP_TEXT_SIZE = 46, IP_PREFIX_TEXT_SIZE = 50 };

// Returns 0 or -EINVAL.
int ip_parse(const char *text, struct ip *ip);

// Returns 0, -EINVAL, or -EDOM if bits behind the length are set ("192.0.2.1/24"): "prefix" then
// has them.
int ip_prefix_parse(const char *text, struct ip_prefix *prefix);

// Clear the bits behind the length.
void ip_prefix_mask(struct ip_prefix *prefix);

char *ip_format(const struct ip *ip, char *text);
char *ip_prefix_format(const struct ip_prefix *prefix, char *text);

bool ip_equal(const struct ip *a, const struct ip *b);
bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip *ip);
bool ip_prefix_overlaps(const struct ip_prefix *a, const struct ip_prefix *b);

// Whether the address is the first of a prefix (IPv4: the network; IPv6: any router, RFC 4291,
// 2.6.1), or the last (IPv4: the broadcast address). Prefixes of one or two addresses have neither.
bool ip_is_network(const struct ip_prefix *prefix, const struct ip *ip);
bool ip_is_broadcast(const struct ip_prefix *prefix, const struct ip *ip);
