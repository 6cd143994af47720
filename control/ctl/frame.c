// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/frame.h"

#include <errno.h>
#include <string.h>

#include "lib/limits.h"

enum ethertype {
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
};

enum neighbour_message { ND_RA = 134, ND_NS = 135, ND_NA = 136 };
enum neighbour_option { OPTION_SOURCE = 1, OPTION_TARGET = 2 };

// Where IP headers keep what is filled in last.
enum { IPV4_HEADER = 20, IPV6_HEADER = 40, IPV4_LENGTH = 2, IPV4_CHECKSUM = 10, IPV6_LENGTH = 4 };

struct writer {
	uint8_t octets[2 * FRAME_GIVEN_MAX];
	size_t used;
};

static void put8(struct writer *w, uint8_t value)
{
	w->octets[w->used++] = value;
}

static void put16(struct writer *w, uint16_t value)
{
	put8(w, (uint8_t)(value >> 8));
	put8(w, (uint8_t)value);
}

static void put32(struct writer *w, uint32_t value)
{
	put16(w, (uint16_t)(value >> 16));
	put16(w, (uint16_t)value);
}

static void put(struct writer *w, const void *octets, size_t n)
{
	memcpy(w->octets + w->used, octets, n);
	w->used += n;
}

static void put_mac(struct writer *w, mac_t mac)
{
	uint8_t octets[6];

	mac_store(mac, octets);
	put(w, octets, sizeof(octets));
}

static void set16(struct writer *w, size_t at, uint16_t value)
{
	w->octets[at] = (uint8_t)(value >> 8);
	w->octets[at + 1] = (uint8_t)value;
}

// The Internet checksum (RFC 1071), in two steps, so that a pseudo header can go first.
static uint32_t sum_octets(uint32_t sum, const uint8_t *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t ip_octets(const struct ip *ip)
{
	return ip->family == 4 ? 4 : 16;
}

// Checksum of what begins at "at", with the pseudo header of its addresses (RFC 9293, RFC 8200).
// The payload is zeros, which add nothing.
static uint16_t transport_checksum(const struct writer *w, size_t at, size_t length,
				   uint8_t protocol, const struct ip *source,
				   const struct ip *target)
{
	uint32_t sum = (uint32_t)length + protocol;

	sum = sum_octets(sum, source->octets, ip_octets(source));
	sum = sum_octets(sum, target->octets, ip_octets(target));
	return fold(sum_octets(sum, w->octets + at, w->used - at));
}

static void put_tcp(struct writer *w, const struct frame_description *d)
{
	put16(w, d->values[0]);
	put16(w, d->values[1]);
	put32(w, 1); // sequence
	put32(w, 0);
	put16(w, 0x5002); // five words of header, SYN
	put16(w, 65535);  // window
	put32(w, 0);	  // checksum, urgent pointer
}

static void put_udp(struct writer *w, const struct frame_description *d)
{
	put16(w, d->values[0]);
	put16(w, d->values[1]);
	put32(w, 0); // length and checksum
}

static void put_icmp(struct writer *w, const struct frame_description *d)
{
	put8(w, (uint8_t)d->values[0]);
	put8(w, (uint8_t)d->values[1]);
	put16(w, 0); // checksum
	put32(w, 0); // identifier, sequence
}

// Write the transport header; its length and checksum follow in finish_transport().
static void put_transport(struct writer *w, const struct frame_description *d)
{
	switch (d->protocol) {
	case PROTOCOL_TCP:
		put_tcp(w, d);
		break;
	case PROTOCOL_UDP:
		put_udp(w, d);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMP6:
		put_icmp(w, d);
		break;
	default:
		break;
	}
}

static void finish_transport(struct writer *w, const struct frame_description *d, size_t at,
			     size_t length)
{
	uint16_t checksum;

	switch (d->protocol) {
	case PROTOCOL_TCP:
		checksum = transport_checksum(w, at, length, d->protocol, &d->source, &d->target);
		set16(w, at + 16, checksum);
		break;
	case PROTOCOL_UDP:
		set16(w, at + 4, (uint16_t)length);
		checksum = transport_checksum(w, at, length, d->protocol, &d->source, &d->target);
		set16(w, at + 6, checksum ? checksum : 0xffff);
		break;
	case PROTOCOL_ICMP:
		set16(w, at + 2, fold(sum_octets(0, w->octets + at, w->used - at)));
		break;
	case PROTOCOL_ICMP6:
		checksum = transport_checksum(w, at, length, d->protocol, &d->source, &d->target);
		set16(w, at + 2, checksum);
		break;
	default:
		break;
	}
}

// Octets of the IP packet at "at": what was written, or what a longer frame has room for. A frame
// that is to be shorter than its headers keeps the true length in them and is cut.
static size_t packet_length(const struct writer *w, const struct frame_description *d, size_t at)
{
	return d->length > w->used ? d->length - at : w->used - at;
}

static void put_ipv4(struct writer *w, const struct frame_description *d)
{
	size_t at = w->used;

	put16(w, 0x4500);
	put16(w, 0);				  // length
	put32(w, 0x4000);			  // identification, do not fragment
	put8(w, 64);				  // time to live
	put8(w, d->protocol ? d->protocol : 253); // for experiments, RFC 3692
	put16(w, 0);				  // checksum
	put(w, d->source.octets, 4);
	put(w, d->target.octets, 4);
	put_transport(w, d);

	size_t length = packet_length(w, d, at);
	set16(w, at + IPV4_LENGTH, (uint16_t)length);
	finish_transport(w, d, at + IPV4_HEADER, length - IPV4_HEADER);
	set16(w, at + IPV4_CHECKSUM, fold(sum_octets(0, w->octets + at, IPV4_HEADER)));
}

static void put_ipv6_header(struct writer *w, const struct ip *source, const struct ip *target,
			    uint8_t protocol, uint8_t hops)
{
	put32(w, 0x60000000);
	put16(w, 0);			   // length
	put8(w, protocol ? protocol : 59); // nothing follows
	put8(w, hops);
	put(w, source->octets, 16);
	put(w, target->octets, 16);
}

static void put_ipv6(struct writer *w, const struct frame_description *d)
{
	size_t at = w->used;

	put_ipv6_header(w, &d->source, &d->target, d->protocol, 64);
	put_transport(w, d);

	size_t length = packet_length(w, d, at) - IPV6_HEADER;
	set16(w, at + IPV6_LENGTH, (uint16_t)length);
	finish_transport(w, d, at + IPV6_HEADER, length);
}

static void put_arp(struct writer *w, const struct frame_description *d)
{
	bool reply = d->kind == FRAME_ARP_REPLY;

	put16(w, 1); // Ethernet
	put16(w, TYPE_IPV4);
	put16(w, 0x0604);
	put16(w, reply ? 2 : 1);
	put_mac(w, d->has_claimed ? d->claimed : d->from);
	put(w, d->source.octets, 4);
	put_mac(w, reply ? d->to : 0);
	put(w, d->target.octets, 4);
}

// "ff02::1" and "ff02::1:ff00:0/104" with the last three octets of the address asked for.
static const struct ip all_nodes = {6, {0xff, 0x02, [15] = 1}};

static struct ip solicited_node(const struct ip *asked)
{
	struct ip node = {6, {0xff, 0x02, [11] = 1, [12] = 0xff}};

	memcpy(node.octets + 13, asked->octets + 13, 3);
	return node;
}

// The address that a station gives itself (RFC 4291, appendix A).
static struct ip link_local(mac_t mac)
{
	struct ip ip = {6, {0xfe, 0x80}};
	uint8_t o[6];

	mac_store(mac, o);
	memcpy(ip.octets + 8, (uint8_t[]){o[0] ^ 2, o[1], o[2], 0xff, 0xfe, o[3], o[4], o[5]}, 8);
	return ip;
}

static void put_nd_option(struct writer *w, enum neighbour_option option, mac_t mac)
{
	put8(w, option);
	put8(w, 1); // times eight octets
	put_mac(w, mac);
}

static void put_ns(struct writer *w, const struct frame_description *d)
{
	put32(w, 0);
	put(w, d->target.octets, 16);
	if (d->has_source)
		put_nd_option(w, OPTION_SOURCE, d->from);
}

static void put_na(struct writer *w, const struct frame_description *d)
{
	put32(w, 0x20000000); // override
	put(w, d->source.octets, 16);
	put_nd_option(w, OPTION_TARGET, d->has_claimed ? d->claimed : d->from);
}

static void put_ra(struct writer *w, const struct frame_description *d)
{
	put8(w, 64); // hop limit
	put8(w, 0);
	put16(w, 1800); // lifetime
	put32(w, 0);
	put32(w, 0);
	put_nd_option(w, OPTION_SOURCE, d->from);
}

// Neighbour discovery (RFC 4861): always a hop limit of 255.
static void put_nd(struct writer *w, const struct frame_description *d)
{
	struct ip source = d->kind == FRAME_RA ? link_local(d->from) : d->source;
	struct ip target = d->kind == FRAME_NS ? solicited_node(&d->target) : all_nodes;
	size_t at = w->used;

	put_ipv6_header(w, &source, &target, PROTOCOL_ICMP6, 255);
	put8(w, d->kind == FRAME_RA ? ND_RA : d->kind == FRAME_NS ? ND_NS : ND_NA);
	put8(w, 0);
	put16(w, 0); // checksum
	if (d->kind == FRAME_RA)
		put_ra(w, d);
	else if (d->kind == FRAME_NS)
		put_ns(w, d);
	else
		put_na(w, d);

	size_t length = w->used - at - IPV6_HEADER;
	set16(w, at + IPV6_LENGTH, (uint16_t)length);
	set16(w, at + IPV6_HEADER + 2,
	      transport_checksum(w, at + IPV6_HEADER, length, PROTOCOL_ICMP6, &source, &target));
}

static const struct {
	uint16_t type;
	void (*put)(struct writer *w, const struct frame_description *d);
} payloads[] = {
	[FRAME_TYPE] = {0, NULL},
	[FRAME_IPV4] = {TYPE_IPV4, put_ipv4},
	[FRAME_IPV6] = {TYPE_IPV6, put_ipv6},
	[FRAME_ARP_REQUEST] = {TYPE_ARP, put_arp},
	[FRAME_ARP_REPLY] = {TYPE_ARP, put_arp},
	[FRAME_NS] = {TYPE_IPV6, put_nd},
	[FRAME_NA] = {TYPE_IPV6, put_nd},
	[FRAME_RA] = {TYPE_IPV6, put_nd},
};

static void put_frame(struct writer *w, const struct frame_description *d)
{
	put_mac(w, d->to);
	put_mac(w, d->from);
	for (size_t i = 0; i < d->n_tags; i++) {
		put16(w, TYPE_VLAN);
		put16(w, d->tags[i]);
	}
	put16(w, d->kind == FRAME_TYPE ? d->type : payloads[d->kind].type);
	if (payloads[d->kind].put)
		payloads[d->kind].put(w, d);
}

int frame_build(const struct frame_description *d, struct frame *frame)
{
	struct writer w = {.used = 0};
	size_t built, length;

	if (d->kind == FRAME_HEX) {
		put(&w, d->hex, d->n_hex < FRAME_GIVEN_MAX ? d->n_hex : FRAME_GIVEN_MAX);
		built = d->n_hex;
	} else {
		put_frame(&w, d);
		built = w.used;
	}
	length = d->length				     ? d->length
		 : d->kind != FRAME_HEX && built < FRAME_MIN ? FRAME_MIN
							     : built;
	if (w.used > FRAME_GIVEN_MAX || length > UINT16_MAX)
		return -EMSGSIZE;
	frame->length = (uint16_t)length;
	frame->n_given = (uint16_t)(w.used < length ? w.used : length);
	memcpy(frame->octets, w.octets, frame->n_given);
	return 0;
}

// RFC 1112 and RFC 2464: the last 23 bits, or the last four octets.
static bool ip_group(const struct ip *ip, mac_t *mac)
{
	const uint8_t *o = ip->octets;

	if (ip->family == 6 && o[0] == 0xff) {
		*mac = MAC(0x33, 0x33, o[12], o[13], o[14], o[15]);
		return true;
	}
	if (ip->family == 4 && o[0] >> 4 == 0xe) {
		*mac = MAC(0x01, 0x00, 0x5e, o[1] & 0x7f, o[2], o[3]);
		return true;
	}
	if (ip->family == 4 && memcmp(o, "\xff\xff\xff\xff", 4) == 0) {
		*mac = MAC_BROADCAST;
		return true;
	}
	return false;
}

bool frame_group_target(const struct frame_description *d, mac_t *to)
{
	struct ip node;

	switch (d->kind) {
	case FRAME_ARP_REQUEST:
	case FRAME_ARP_REPLY: // one that nobody asked for
		*to = MAC_BROADCAST;
		return true;
	case FRAME_NS:
		node = solicited_node(&d->target);
		return ip_group(&node, to);
	case FRAME_NA:
	case FRAME_RA:
		return ip_group(&all_nodes, to);
	case FRAME_IPV4:
	case FRAME_IPV6:
		return ip_group(&d->target, to);
	default:
		return false;
	}
}
