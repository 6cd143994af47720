// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/dissect.h"

#include <string.h>

enum {
	TYPE_VLAN = 0x8100,
	TYPE_SERVICE = 0x88a8,
	TYPE_QINQ = 0x9100,
	EXTENSIONS = 16, // IPv6 headers in one chain
};

// What is left to be read.
struct cursor {
	const uint8_t *at;
	size_t left;
};

// The next "n" octets, or NULL if there are not so many.
static const uint8_t *take(struct cursor *c, size_t n)
{
	const uint8_t *at = c->at;

	if (c->left < n)
		return NULL;
	c->at += n;
	c->left -= n;
	return at;
}

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static mac_t read_mac(const uint8_t *at)
{
	return MAC(at[0], at[1], at[2], at[3], at[4], at[5]);
}

static struct ip read_ip(uint8_t family, const uint8_t *at)
{
	struct ip ip = {.family = family};

	memcpy(ip.octets, at, family == 4 ? 4 : 16);
	return ip;
}

// Each reader takes a header. It returns false if the frame ends inside of it.

static bool read_llc(struct cursor *c, struct dissection *d)
{
	const uint8_t *llc = take(c, 3);

	if (!llc)
		return false;
	d->has_llc = true;
	d->dsap = llc[0];
	d->ssap = llc[1];
	if (d->dsap != 0xaa || d->ssap != 0xaa)
		return true;
	const uint8_t *snap = take(c, 5);
	if (!snap)
		return false;
	d->has_snap = true;
	d->oui = (uint32_t)snap[0] << 16 | be16(snap + 1);
	d->pid = be16(snap + 3);
	return true;
}

static bool read_arp(struct cursor *c, struct dissection *d)
{
	enum { SIZES = 6 << 8 | 4, ETHERNET = 1 };
	const uint8_t *arp = take(c, 28);

	if (!arp)
		return false;
	if (be16(arp) != ETHERNET || be16(arp + 2) != TYPE_IPV4 || be16(arp + 4) != SIZES)
		return true; // of something else than IPv4 over Ethernet
	d->net = NET_ARP;
	d->operation = be16(arp + 6);
	d->arp_sender = read_mac(arp + 8);
	d->source = read_ip(4, arp + 14);
	d->arp_target = read_mac(arp + 18);
	d->target = read_ip(4, arp + 24);
	return true;
}

static bool read_icmp(struct cursor *c, struct dissection *d)
{
	const uint8_t *icmp = take(c, 4);

	if (!icmp)
		return false;
	d->has_icmp = true;
	d->icmp_type = icmp[0];
	d->icmp_code = icmp[1];
	return true;
}

// The address in messages 135 to 137: RFC 4861, 4.3 to 4.5.
static void read_subject(struct cursor *c, struct dissection *d)
{
	if (d->icmp_type < 135 || d->icmp_type > 137 || c->left < 20)
		return;
	d->has_subject = true;
	d->subject = read_ip(6, c->at + 4);
}

static bool read_transport(struct cursor *c, struct dissection *d)
{
	const uint8_t *header;

	if (d->later)
		return true;
	switch (d->protocol) {
	case PROTOCOL_ICMP:
		return d->net != NET_IPV4 || read_icmp(c, d);
	case PROTOCOL_ICMPV6:
		if (d->net != NET_IPV6)
			return true;
		if (!read_icmp(c, d))
			return false;
		read_subject(c, d);
		return true;
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
		header = take(c, d->protocol == PROTOCOL_TCP ? 20 : 8);
		if (!header)
			return false;
		d->has_ports = true;
		d->source_port = be16(header);
		d->target_port = be16(header + 2);
		return true;
	default:
		return true;
	}
}

static bool read_ipv4(struct cursor *c, struct dissection *d)
{
	enum { MORE = 0x2000, OFFSET = 0x1fff };
	const uint8_t *ip = take(c, 20);

	if (!ip)
		return false;
	d->net = NET_IPV4;
	d->hops = ip[8];
	d->protocol = ip[9];
	d->source = read_ip(4, ip + 12);
	d->target = read_ip(4, ip + 16);
	d->later = be16(ip + 6) & OFFSET;
	d->fragment = be16(ip + 6) & (MORE | OFFSET);
	size_t header = (ip[0] & 15U) * 4;
	if (header > 20 && !take(c, header - 20))
		return false;
	d->has_protocol = true;
	return read_transport(c, d);
}

static bool is_extension(uint8_t next)
{
	return next == 0 || next == 43 || next == 44 || next == 51 || next == 60 || next == 135 ||
	       next == 139 || next == 140;
}

// Take one extension header; "next" becomes what follows it.
static bool read_extension(struct cursor *c, struct dissection *d, uint8_t *next)
{
	enum { FRAGMENT = 44, AUTHENTICATION = 51, OFFSET = 0xfff8 };
	const uint8_t *header = take(c, 8);

	if (!header)
		return false;
	size_t more = *next == FRAGMENT		? 0
		      : *next == AUTHENTICATION ? (header[1] + 2U) * 4
						: (header[1] + 1U) * 8;
	if (*next == FRAGMENT) {
		d->fragment = true;
		d->later = be16(header + 2) & OFFSET;
	}
	*next = header[0];
	d->n_extensions++;
	return more <= 8 || take(c, more - 8);
}

static bool read_ipv6(struct cursor *c, struct dissection *d)
{
	const uint8_t *ip = take(c, 40);

	if (!ip)
		return false;
	d->net = NET_IPV6;
	d->hops = ip[7];
	d->source = read_ip(6, ip + 8);
	d->target = read_ip(6, ip + 24);
	uint8_t next = ip[6];
	while (is_extension(next) && d->n_extensions < EXTENSIONS && !d->later) {
		if (!read_extension(c, d, &next))
			return false;
	}
	d->protocol = next;
	d->has_protocol = !is_extension(next);
	return read_transport(c, d);
}

static bool read_payload(struct cursor *c, struct dissection *d)
{
	if (d->type < DISSECT_TYPE_MIN)
		return read_llc(c, d);
	switch (d->type) {
	case TYPE_ARP:
		return read_arp(c, d);
	case TYPE_IPV4:
		return read_ipv4(c, d);
	case TYPE_IPV6:
		return read_ipv6(c, d);
	default:
		return true;
	}
}

static bool is_tag(uint16_t type)
{
	return type == TYPE_VLAN || type == TYPE_SERVICE || type == TYPE_QINQ;
}

static bool read_tags(struct cursor *c, struct dissection *d)
{
	while (is_tag(d->type) && d->n_tags < DISSECT_TAGS) {
		const uint8_t *tag = take(c, 4);

		if (!tag)
			return false;
		d->tag_types[d->n_tags] = d->type;
		d->tags[d->n_tags++] = be16(tag);
		d->type = be16(tag + 2);
	}
	return true;
}

void dissect(const uint8_t *octets, size_t n, struct dissection *d)
{
	struct cursor c = {octets, n};
	const uint8_t *ethernet = take(&c, 14);

	*d = (struct dissection){.cut = !ethernet};
	if (ethernet) {
		d->has_addresses = true;
		d->dst = read_mac(ethernet);
		d->src = read_mac(ethernet + 6);
		d->type = be16(ethernet + 12);
		d->cut = !read_tags(&c, d) || !read_payload(&c, d);
	}
	d->payload = c.at;
	d->n_payload = c.left;
}
