// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/claim.h"

#include <rte_ip.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/octets.h"

// ---- ARP

// Hosts take both types of hardware for Ethernet (RFC 1042 and Linux), so a lie in either counts.
static bool read_arp(struct octets p, struct claim *claim)
{
	enum { ETHERNET = 1, IEEE_802 = 6, SIZES = 6 << 8 | 4, REQUEST = 1, REPLY = 2 };

	if (p.end - p.at < ADMIT_ARP_SIZE)
		return false;
	uint16_t hardware = load_be16(p.at), operation = load_be16(p.at + 6);
	if ((hardware != ETHERNET && hardware != IEEE_802) ||
	    load_be16(p.at + 2) != ADMIT_TYPE_IPV4 || load_be16(p.at + 4) != SIZES ||
	    (operation != REQUEST && operation != REPLY))
		return false;
	claim->kind = operation == REQUEST ? CLAIM_ARP_REQUEST : CLAIM_ARP_REPLY;
	claim->family = 4;
	claim->sender_mac = mac_load(p.at + 8);
	claim->sender = neigh_key4(p.at + 14);
	claim->target_mac = mac_load(p.at + 18);
	claim->target = neigh_key4(p.at + 24);
	claim->probe = operation == REQUEST && claim_is_unspecified(claim, claim->sender);
	return true;
}

// ---- Neighbour discovery

enum {
	NS = 135,
	NA = 136,
	ND_SIZE = 24, // without options
	IPV6_SOURCE = 8,
	IPV6_DESTINATION = 24,
	HOP_LIMIT = 255, // nobody but a neighbour can send it
};

// An ICMPv6 message and the packet it is in.
struct icmpv6 {
	const uint8_t *packet;
	const uint8_t *at;
	const uint8_t *end;
	bool whole; // neither a fragment nor cut
};

// Walk the chain of headers to an ICMPv6 message. Returns false if there is none.
static bool find_icmpv6(struct octets p, struct icmpv6 *m)
{
	enum { TCP = 6, UDP = 17, FRAGMENT = 44, ICMPV6 = 58, HEADER_MIN = 8, OFFSET = 0xfff8 };

	if (p.end - p.at < ADMIT_IPV6_MIN || p.at[6] == TCP || p.at[6] == UDP || p.at[0] >> 4 != 6)
		return false;
	long length = load_be16(p.at + 4), room = p.end - p.at - ADMIT_IPV6_MIN;
	uint8_t next = p.at[6];
	*m = (struct icmpv6){.packet = p.at, .whole = length <= room};
	m->at = p.at + ADMIT_IPV6_MIN;
	m->end = m->at + (length < room ? length : room);
	while (next != ICMPV6) {
		bool fragment = next == FRAGMENT;

		if ((!fragment && !admit_is_extension(next)) || m->end - m->at < HEADER_MIN ||
		    (fragment && load_be16(m->at + 2) & OFFSET))
			return false;
		long size = fragment ? HEADER_MIN : (long)admit_extension_size(next, m->at[1]);
		m->whole &= !fragment; // RFC 6980
		next = m->at[0];
		if (size > m->end - m->at)
			return false;
		m->at += size;
	}
	return m->at < m->end;
}

static bool is_checksum_right(const struct icmpv6 *m)
{
	enum { ADDRESSES = 32, ICMPV6 = 58 };
	size_t length = (size_t)(m->end - m->at);
	uint32_t sum = rte_raw_cksum(m->packet + IPV6_SOURCE, ADDRESSES);

	sum += rte_raw_cksum(m->at, length);
	sum += __builtin_bswap16((uint16_t)length) + __builtin_bswap16(ICMPV6);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void take_mac(struct claim *claim, mac_t *known, const uint8_t *octets)
{
	mac_t mac = 0;

	memcpy(&mac, octets, 6);
	claim->macs_differ |= mac == 0 || (*known && *known != mac);
	*known = mac;
}

// Read the options of a message. Returns false if they do not fill its rest, or one is empty.
static bool read_options(const struct icmpv6 *m, struct claim *claim, bool *has_source)
{
	enum { SOURCE = 1, TARGET = 2, NONCE = 14, UNIT = 8 };
	const uint8_t *option = m->at + ND_SIZE;

	while (option < m->end) {
		long size = m->end - option < UNIT ? 0 : option[1] * UNIT;

		if (size == 0 || size > m->end - option)
			return false;
		if (option[0] == SOURCE && claim->kind == CLAIM_NS)
			take_mac(claim, &claim->sender_mac, option + 2);
		else if (option[0] == TARGET && claim->kind == CLAIM_NA)
			take_mac(claim, &claim->target_mac, option + 2);
		*has_source |= option[0] == SOURCE;
		claim->unknown_options |=
			option[0] != SOURCE && option[0] != TARGET && option[0] != NONCE;
		option += size;
	}
	return true;
}

static bool is_solicited_node(const uint8_t *address)
{
	static const uint8_t start[13] = {0xff, 0x02, [11] = 0x01, [12] = 0xff};

	return memcmp(address, start, sizeof(start)) == 0;
}

// The rules of RFC 4861 sections 7.1.1 and 7.1.2, in their order.
static bool judge(const struct icmpv6 *m, const struct claim *claim, bool has_source)
{
	enum { HOP_LIMIT_AT = 7, CODE_AT = 1, TARGET_AT = 8, MULTICAST = 0xff };
	const uint8_t *destination = m->packet + IPV6_DESTINATION;

	if (!m->whole || m->packet[HOP_LIMIT_AT] != HOP_LIMIT || !is_checksum_right(m) ||
	    m->at[CODE_AT] != 0 || m->at[TARGET_AT] == MULTICAST)
		return false;
	if (claim->kind == CLAIM_NA)
		return destination[0] != MULTICAST || !claim->solicited;
	return !claim->probe || (is_solicited_node(destination) && !has_source);
}

// Returns false if it is no NS or NA.
static bool read_nd(struct octets p, struct claim *claim, struct icmpv6 *m)
{
	enum { ROUTER = 0x80, SOLICITED = 0x40, OVERRIDE = 0x20, FLAGS_AT = 4, TARGET_AT = 8 };
	bool has_source = false;

	if (!find_icmpv6(p, m) || (m->at[0] != NS && m->at[0] != NA))
		return false;
	claim->kind = m->at[0] == NS ? CLAIM_NS : CLAIM_NA;
	claim->family = 6;
	claim->sender = neigh_key6(m->packet + IPV6_SOURCE);
	claim->probe = claim->kind == CLAIM_NS && claim_is_unspecified(claim, claim->sender);
	if (m->end - m->at < ND_SIZE)
		return true;
	claim->target = neigh_key6(m->at + TARGET_AT);
	if (claim->kind == CLAIM_NA) {
		claim->router = m->at[FLAGS_AT] & ROUTER;
		claim->solicited = m->at[FLAGS_AT] & SOLICITED;
		claim->override = m->at[FLAGS_AT] & OVERRIDE;
	}
	claim->valid = read_options(m, claim, &has_source) && judge(m, claim, has_source);
	return true;
}

bool claim_read(const struct batch *b, unsigned int i, struct claim *claim)
{
	unsigned int header = header_length(b, i);
	struct octets p = octets_behind(b, i, header);
	struct icmpv6 m;

	*claim = (struct claim){.kind = CLAIM_NONE};
	if (b->type[i] == ADMIT_TYPE_ARP && read_arp(p, claim)) {
		claim->offset = (uint16_t)header;
		return true;
	}
	if (b->type[i] == ADMIT_TYPE_IPV6 && read_nd(p, claim, &m)) {
		claim->offset = (uint16_t)(header + (unsigned int)(m.at - p.at));
		return true;
	}
	return false;
}
