// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/frames.h"

#include <string.h>

enum {
	TYPE_ARP = 0x0806,
	TYPE_IPV6 = 0x86dd,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	ICMPV6 = 58,
	NS = 135,
	NA = 136,
	NA_ROUTER = 0x80,
	NA_OVERRIDE = 0x20,
	OPTION_SOURCE_MAC = 1,
	OPTION_TARGET_MAC = 2,
	ND_OCTETS = 32, // of the message, with one option
	IPV6_OCTETS = 40,
};

static const struct ip all_nodes = {.family = 6, .octets = {0xff, 0x02, [15] = 1}};

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

static uint8_t *put_header(uint8_t *at, mac_t dst, mac_t src, unsigned int type)
{
	return put16(put_mac(put_mac(at, dst), src), type);
}

// The addresses of a target that is not known are zeros.
static uint16_t put_arp(uint8_t *octets, mac_t dst, unsigned int operation,
			const struct frames_host *sender, const struct frames_host *target)
{
	static const uint8_t kind[] = {0, 1, 8, 0, 6, 4}; // of Ethernet and IPv4
	uint8_t *at = put_header(octets, dst, sender->mac, TYPE_ARP);

	at = put16(put(at, kind, sizeof(kind)), operation);
	at = put(put_mac(at, sender->mac), sender->ip.octets, 4);
	at = put(put_mac(at, target->mac), target->ip.octets, 4);
	return (uint16_t)(at - octets);
}

// The sum of RFC 4443 section 2.3 over a packet whose own is still zero.
static uint16_t checksum(const uint8_t *packet)
{
	uint32_t sum = ND_OCTETS + ICMPV6;

	for (size_t i = 8; i < IPV6_OCTETS + ND_OCTETS; i += 2) // from the addresses on
		sum += (uint32_t)(packet[i] << 8 | packet[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

struct nd {
	unsigned int type;
	unsigned int flags;
	const struct ip *source;
	const struct ip *destination;
	const struct ip *target;
};

// With one option: the link-layer address of whom the frame is from.
static uint16_t put_nd(uint8_t *octets, mac_t dst, mac_t src, const struct nd *nd)
{
	static const uint8_t start[] = {0x60, 0, 0, 0, 0, ND_OCTETS, ICMPV6, 255};
	uint8_t *packet = put_header(octets, dst, src, TYPE_IPV6);
	uint8_t *at = put(packet, start, sizeof(start));

	at = put(put(at, nd->source->octets, 16), nd->destination->octets, 16);
	uint8_t *sum = put16(at, nd->type << 8);
	at = put(put16(put16(sum, 0), nd->flags << 8), (const uint8_t[2]){0}, 2);
	at = put(at, nd->target->octets, 16);
	at = put16(at, (nd->type == NS ? OPTION_SOURCE_MAC : OPTION_TARGET_MAC) << 8 | 1);
	at = put_mac(at, src);
	put16(sum, checksum(packet));
	return (uint16_t)(at - octets);
}

// The group of an IPv6 address as a MAC (RFC 2464 section 7).
static mac_t group_mac(const struct ip *group)
{
	const uint8_t *o = group->octets;

	return MAC(0x33, 0x33, o[12], o[13], o[14], o[15]);
}

// Who may have the address listens to this group (RFC 4291 section 2.7.1).
static struct ip solicited_node(const struct ip *ip)
{
	struct ip group = {.family = 6, .octets = {0xff, 0x02, [11] = 1, [12] = 0xff}};

	memcpy(&group.octets[13], &ip->octets[13], 3);
	return group;
}

static struct ip link_local(mac_t mac)
{
	struct ip ip = {.family = 6, .octets = {0xfe, 0x80, [11] = 0xff, [12] = 0xfe}};
	uint8_t octets[6];

	mac_store(mac, octets);
	memcpy(&ip.octets[8], octets, 3);
	memcpy(&ip.octets[13], &octets[3], 3);
	ip.octets[8] ^= 2;
	return ip;
}

uint16_t frames_query(const struct frames_host *asker, const struct ip *target, mac_t mac,
		      uint8_t *octets)
{
	if (target->family == 4) {
		const struct frames_host whom = {.ip = *target};

		return put_arp(octets, mac ? mac : MAC_BROADCAST, ARP_REQUEST, asker, &whom);
	}
	struct ip source = asker->ip.family ? asker->ip : link_local(asker->mac);
	struct ip group = solicited_node(target);
	const struct nd ns = {.type = NS,
			      .source = &source,
			      .destination = mac ? target : &group,
			      .target = target};

	return put_nd(octets, mac ? mac : group_mac(&group), asker->mac, &ns);
}

static uint16_t update4(enum sponge_update form, const struct frames_host *owner,
			const struct frames_host *neighbour, uint8_t *octets)
{
	bool gratuitous = form == SPONGE_UPDATE_GRATUITOUS || !neighbour->ip.family;
	const struct frames_host whom = {.ip = gratuitous ? owner->ip : neighbour->ip};

	if (form == SPONGE_UPDATE_REPLY && !gratuitous)
		return put_arp(octets, neighbour->mac, ARP_REPLY, owner, neighbour);
	return put_arp(octets, neighbour->mac, ARP_REQUEST, owner, &whom);
}

static uint16_t update6(enum sponge_update form, const struct frames_host *owner,
			const struct frames_host *neighbour, uint8_t *octets)
{
	bool ns = form == SPONGE_UPDATE_REQUEST && neighbour->ip.family;
	const struct nd nd = {.type = ns ? NS : NA,
			      .flags = ns ? 0 : NA_ROUTER | NA_OVERRIDE,
			      .source = &owner->ip,
			      .destination = neighbour->ip.family ? &neighbour->ip : &all_nodes,
			      .target = ns ? &neighbour->ip : &owner->ip};

	return put_nd(octets, neighbour->mac, owner->mac, &nd);
}

uint16_t frames_update(enum sponge_update form, const struct frames_host *owner,
		       const struct frames_host *neighbour, uint8_t *octets)
{
	if (!neighbour->mac)
		return frames_announce(owner, octets);
	return owner->ip.family == 4 ? update4(form, owner, neighbour, octets)
				     : update6(form, owner, neighbour, octets);
}

uint16_t frames_announce(const struct frames_host *owner, uint8_t *octets)
{
	bool is_ipv4 = owner->ip.family == 4;
	const struct frames_host all = {.mac = is_ipv4 ? MAC_BROADCAST : group_mac(&all_nodes)};

	return is_ipv4 ? update4(SPONGE_UPDATE_GRATUITOUS, owner, &all, octets)
		       : update6(SPONGE_UPDATE_GRATUITOUS, owner, &all, octets);
}
