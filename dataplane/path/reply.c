// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/reply.h"

#include <rte_ip.h>

#include "dataplane/path/admit.h"

static uint8_t *put(uint8_t *at, const void *octets, size_t n)
{
	memcpy(at, octets, n);
	return at + n;
}

static uint8_t *put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static uint8_t *put_mac(uint8_t *at, mac_t mac)
{
	mac_store(mac, at);
	return at + 6;
}

static uint8_t *put_ipv4(uint8_t *at, const struct neigh_key *key)
{
	enum { MAPPED = 12 };

	return put(at, (const uint8_t *)key + MAPPED, 4);
}

static uint8_t *put_header(uint8_t *at, mac_t dst, mac_t src, uint32_t tag, uint16_t type)
{
	at = put_mac(put_mac(at, dst), src);
	if (tag)
		at = put16(put16(at, tag >> 16), tag);
	return put16(at, type);
}

static uint8_t *put_arp(uint8_t *at, const struct claim *question, mac_t mac)
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4, 0, 2}; // a reply, of Ethernet and IPv4

	at = put_mac(put(at, start, sizeof(start)), mac);
	at = put_mac(put_ipv4(at, &question->target), question->sender_mac);
	return put_ipv4(at, &question->sender);
}

// Of members of an exchange all are routers. Who only wants to know whether the address is in use
// has none yet: all nodes are told (RFC 4862 section 5.4.4).
static uint8_t *put_na(uint8_t *at, const struct claim *question, enum reply_speaker speaker,
		       mac_t mac)
{
	static const uint8_t start[] = {0x60, 0, 0, 0, 0, 32, 58, 255};
	static const uint8_t all_nodes[16] = {0xff, 0x02, [15] = 1};
	enum { NA = 136, ROUTER = 0x80, SOLICITED = 0x40, OVERRIDE = 0x20, TARGET_MAC = 2 };
	unsigned int flags = ROUTER | (speaker == REPLY_OWNER ? OVERRIDE : 0) |
			     (question->probe ? 0 : SOLICITED);
	uint8_t *packet = at, *message;

	at = put(put(at, start, sizeof(start)), &question->target, 16);
	at = message = put(at, question->probe ? all_nodes : (const void *)&question->sender, 16);
	at = put16(put16(at, NA << 8), 0);
	at = put16(put16(at, flags << 8), 0);
	at = put16(put(at, &question->target, 16), TARGET_MAC << 8 | 1);
	at = put_mac(at, mac);

	uint16_t sum = rte_ipv6_udptcp_cksum((const struct rte_ipv6_hdr *)packet, message);
	memcpy(message + 2, &sum, sizeof(sum));
	return at;
}

uint16_t reply_encode(const struct claim *question, mac_t asker, enum reply_speaker speaker,
		      mac_t mac, uint32_t tag, uint8_t octets[REPLY_MAX])
{
	uint16_t min = FRAME_MIN + (tag ? TAG_SIZE : 0);
	uint8_t *at;

	if (question->kind == CLAIM_NS) {
		mac_t dst = question->probe ? MAC(0x33, 0x33, 0, 0, 0, 1) : asker;

		at = put_header(octets, dst, mac, tag, ADMIT_TYPE_IPV6);
		return (uint16_t)(put_na(at, question, speaker, mac) - octets);
	}
	memset(octets, 0, min);
	at = put_header(octets, asker, mac, tag, ADMIT_TYPE_ARP);
	put_arp(at, question, mac);
	return min;
}
