// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/payload.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cursor {
	uint8_t *start, *at;
};

static void put(struct cursor *to, const void *octets, size_t n)
{
	if (to->at + n > to->start + PAYLOAD_MAX) {
		fprintf(stderr, "a payload of more than %d octets\n", PAYLOAD_MAX);
		exit(1);
	}
	memcpy(to->at, octets, n);
	to->at += n;
}

static void put8(struct cursor *to, unsigned int value)
{
	put(to, (uint8_t[]){(uint8_t)value}, 1);
}

static void put16(struct cursor *to, unsigned int value)
{
	put8(to, value >> 8);
	put8(to, value & 255);
}

static void fill(struct cursor *to, uint8_t value, size_t n)
{
	while (n-- > 0)
		put8(to, value);
}

static void put_address(struct cursor *to, int family, const char *text, const char *otherwise)
{
	uint8_t address[16];

	if (inet_pton(family, text ? text : otherwise, address) != 1) {
		fprintf(stderr, "%s is no address\n", text);
		exit(1);
	}
	put(to, address, family == AF_INET ? 4 : 16);
}

static void put_mac(struct cursor *to, mac_t mac)
{
	uint8_t octets[6];

	mac_store(mac ? mac : MAC(2, 0, 0, 0, 0, 1), octets);
	put(to, octets, sizeof(octets));
}

static void put_arp(struct cursor *to, const struct payload *p)
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4};
	static const uint8_t nobody[6];

	put(to, start, sizeof(start));
	put16(to, p->operation ? p->operation : 1);
	put_mac(to, p->mac);
	put_address(to, AF_INET, p->from, "192.0.2.1");
	put(to, nobody, sizeof(nobody));
	put_address(to, AF_INET, p->to, "192.0.2.2");
}

static unsigned int protocol_of(const struct payload *p)
{
	if (p->kind == PAYLOAD_ND)
		return PROTO_ICMPV6;
	return p->protocol ? p->protocol : PROTO_UDP;
}

static size_t upper_of(const struct payload *p)
{
	return p->headless ? 0 : p->upper ? p->upper : 24;
}

// A neighbour solicitation or advertisement, all but its checksum.
static void put_nd(struct cursor *to, const struct payload *p)
{
	enum { SOURCE = 1, TARGET = 2, SOLICITATION = 135 };

	put8(to, p->type ? p->type : SOLICITATION);
	fill(to, 0, 3);
	put8(to, p->nd_flags);
	fill(to, 0, 3);
	put_address(to, AF_INET6, p->about, "2001:db8:2::2");
	if (p->no_mac)
		return;
	put8(to, p->type > SOLICITATION ? TARGET : SOURCE);
	put8(to, 1);
	put_mac(to, p->mac);
}

// As much of it as there is room for.
static void put_upper(struct cursor *to, const struct payload *p)
{
	uint8_t octets[PAYLOAD_MAX] = {0};
	unsigned int protocol = protocol_of(p);

	if (protocol == PROTO_ICMP || protocol == PROTO_ICMPV6) {
		octets[0] = p->type;
	} else {
		struct cursor ports = {octets, octets};

		put16(&ports, p->from_port);
		put16(&ports, p->to_port);
	}
	put(to, octets, upper_of(p));
}

static void put_ipv4(struct cursor *to, const struct payload *p)
{
	put8(to, 4 << 4 | (5 + p->options / 4));
	put8(to, 0);
	put16(to, (unsigned int)(20 + p->options + upper_of(p)));
	put16(to, 1);
	put16(to, p->fragment);
	put8(to, p->hop_limit ? p->hop_limit : 255);
	put8(to, protocol_of(p));
	put16(to, 0);
	put_address(to, AF_INET, p->from, "192.0.2.1");
	put_address(to, AF_INET, p->to, "198.51.100.2");
	fill(to, p->option_octet, p->options);
	put_upper(to, p);
}

static unsigned int next_of(const struct payload *p, int header)
{
	return header < PAYLOAD_HEADERS && p->headers[header] ? p->headers[header] - 1U
							      : protocol_of(p);
}

static void put_extension(struct cursor *to, const struct payload *p, int header)
{
	uint16_t type = p->headers[header];

	put8(to, next_of(p, header + 1));
	if (type == EXT_FRAGMENT) {
		put8(to, 0);
		put16(to, p->fragment);
		fill(to, 0, 4);
	} else {
		size_t size = type == EXT_AUTHENTICATION ? (p->header_length + 2U) * 4
							 : (p->header_length + 1U) * 8;

		put8(to, p->header_length);
		fill(to, 0, size - 2);
	}
}

static unsigned int sum_of(const uint8_t *octets, const uint8_t *end)
{
	unsigned int sum = 0;

	for (int i = 0; octets + i < end; i++)
		sum += (unsigned int)octets[i] << (i % 2 ? 0 : 8);
	return sum;
}

// RFC 4443 section 2.3.
static void put_checksum(uint8_t *packet, const uint8_t *end, uint8_t *message, bool wrong)
{
	unsigned int sum = sum_of(packet + 8, packet + 40) + sum_of(message, end) +
			   (unsigned int)(end - message) + PROTO_ICMPV6;
	struct cursor at = {packet, message + 2};

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(&at, (sum ^ 0xffff) + wrong);
}

// Returns where what is behind all headers begins.
static uint8_t *put_ipv6(struct cursor *to, const struct payload *p)
{
	static const uint8_t start[] = {0x60, 0, 0, 0, 0, 0};

	put(to, start, sizeof(start));
	put8(to, next_of(p, 0));
	put8(to, p->hop_limit ? p->hop_limit : 255);
	put_address(to, AF_INET6, p->from, "2001:db8:2::1");
	put_address(to, AF_INET6, p->to, "2001:db8:7::2");
	for (int header = 0; header < PAYLOAD_HEADERS && p->headers[header]; header++)
		put_extension(to, p, header);
	uint8_t *upper = to->at;
	if (p->kind == PAYLOAD_ND)
		put_nd(to, p);
	else
		put_upper(to, p);

	struct cursor length = {to->start, to->start + 4};
	put16(&length, (unsigned int)(to->at - to->start) - 40);
	return upper;
}

size_t payload_encode(const struct payload *payload, uint8_t octets[PAYLOAD_MAX])
{
	struct cursor to = {octets, octets};
	uint8_t *upper = octets;

	if (payload->kind == PAYLOAD_ARP)
		put_arp(&to, payload);
	else if (payload->kind == PAYLOAD_IPV4)
		put_ipv4(&to, payload);
	else if (payload->kind == PAYLOAD_IPV6 || payload->kind == PAYLOAD_ND)
		upper = put_ipv6(&to, payload);
	for (int i = 0; i < PAYLOAD_POKES && payload->pokes[i].at_plus_1; i++) {
		struct cursor at = {octets, octets + payload->pokes[i].at_plus_1 - 1};

		put16(&at, payload->pokes[i].value);
	}
	if (payload->kind == PAYLOAD_ND)
		put_checksum(octets, to.at, upper, payload->wrong_sum);
	return (size_t)(to.at - octets);
}
