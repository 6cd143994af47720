// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ip_parse(const char *text, struct ip *ip)
{
	*ip = (struct ip){0};
	if (inet_pton(AF_INET, text, ip->octets) == 1) {
		ip->family = 4;
		return 0;
	}
	if (inet_pton(AF_INET6, text, ip->octets) == 1) {
		ip->family = 6;
		return 0;
	}
	return -EINVAL;
}

// Bit "n" of an address, counted from its front.
static bool ip_bit(const struct ip *ip, unsigned int n)
{
	return ip->octets[n / 8] >> (7 - n % 8) & 1;
}

static unsigned int ip_bits(const struct ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

int ip_prefix_parse(const char *text, struct ip_prefix *prefix)
{
	char address[IP_TEXT_SIZE];
	const char *slash = strchr(text, '/');
	char *end;

	if (!slash || (size_t)(slash - text) >= sizeof(address) || slash[1] < '0' || slash[1] > '9')
		return -EINVAL;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = 0;
	if (ip_parse(address, &prefix->ip))
		return -EINVAL;
	unsigned long length = strtoul(slash + 1, &end, 10);
	if (*end || length > ip_bits(&prefix->ip))
		return -EINVAL;
	prefix->length = (uint8_t)length;
	for (unsigned int n = prefix->length; n < ip_bits(&prefix->ip); n++) {
		if (ip_bit(&prefix->ip, n))
			return -EDOM;
	}
	return 0;
}

void ip_prefix_mask(struct ip_prefix *prefix)
{
	for (unsigned int n = prefix->length; n < ip_bits(&prefix->ip); n++)
		prefix->ip.octets[n / 8] &= (uint8_t) ~(1U << (7 - n % 8));
}

char *ip_format(const struct ip *ip, char *text)
{
	inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->octets, text, IP_TEXT_SIZE);
	return text;
}

char *ip_prefix_format(const struct ip_prefix *prefix, char *text)
{
	char address[IP_TEXT_SIZE];

	snprintf(text, IP_PREFIX_TEXT_SIZE, "%s/%u", ip_format(&prefix->ip, address),
		 prefix->length);
	return text;
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
	return a->family == b->family && memcmp(a->octets, b->octets, ip_bits(a) / 8) == 0;
}

bool ip_prefix_contains(const struct ip_prefix *prefix, const struct ip *ip)
{
	if (prefix->ip.family != ip->family)
		return false;
	for (unsigned int n = 0; n < prefix->length; n++) {
		if (ip_bit(&prefix->ip, n) != ip_bit(ip, n))
			return false;
	}
	return true;
}

bool ip_prefix_overlaps(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return ip_prefix_contains(a, &b->ip) || ip_prefix_contains(b, &a->ip);
}

// Whether every bit behind the prefix is "value".
static bool has_host_bits(const struct ip_prefix *prefix, const struct ip *ip, bool value)
{
	if (prefix->length + 2 > ip_bits(&prefix->ip) || !ip_prefix_contains(prefix, ip))
		return false;
	for (unsigned int n = prefix->length; n < ip_bits(ip); n++) {
		if (ip_bit(ip, n) != value)
			return false;
	}
	return true;
}

bool ip_is_network(const struct ip_prefix *prefix, const struct ip *ip)
{
	return has_host_bits(prefix, ip, false);
}

bool ip_is_broadcast(const struct ip_prefix *prefix, const struct ip *ip)
{
	return ip->family == 4 && has_host_bits(prefix, ip, true);
}
