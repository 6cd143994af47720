// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/decode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/events/decode_names.h"
#include "control/events/dissect.h"
#include "control/events/finding.h"

// Begin a line. Where there is no room for one more, the last is written over.
__attribute__((format(printf, 2, 3))) static void line(struct decoded *decoded, const char *format,
						       ...)
{
	va_list args;

	if (decoded->n < DECODE_LINES)
		decoded->n++;
	va_start(args, format);
	vsnprintf(decoded->lines[decoded->n - 1], DECODE_LINE_SIZE, format, args);
	va_end(args);
}

// Go on with the last line.
__attribute__((format(printf, 2, 3))) static void more(struct decoded *decoded, const char *format,
						       ...)
{
	char *text = decoded->lines[decoded->n - 1];
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, DECODE_LINE_SIZE - length, format, args);
	va_end(args);
}

static void decode_ethernet(struct decoded *decoded, const struct dissection *d)
{
	char dst[MAC_TEXT_SIZE], src[MAC_TEXT_SIZE];
	const char *group = decode_group_name(d->dst);

	line(decoded, "Ethernet from %s to %s", mac_format(d->src, src), mac_format(d->dst, dst));
	if (group)
		more(decoded, " (%s)", group);
	for (uint8_t i = 0; i < d->n_tags; i++)
		line(decoded, "Tag 0x%04x, VLAN %u, priority %u", d->tag_types[i],
		     d->tags[i] & 0xfffU, d->tags[i] >> 13);
	if (d->type < DISSECT_TYPE_MIN) {
		more(decoded, ", length %u", d->type);
		return;
	}
	const char *type = decode_type_name(d->type);
	more(decoded, ", type 0x%04x%s%s%s", d->type, type ? " (" : "", type ? type : "",
	     type ? ")" : "");
}

static void decode_llc(struct decoded *decoded, const struct dissection *d)
{
	if (!d->has_llc)
		return;
	line(decoded, "LLC from SAP 0x%02x to SAP 0x%02x", d->ssap, d->dsap);
	if (d->has_snap)
		line(decoded, "SNAP of organisation %06x, protocol 0x%04x", d->oui, d->pid);
}

static void decode_arp(struct decoded *decoded, const struct dissection *d)
{
	char source[IP_TEXT_SIZE], target[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	static const struct ip nobody = {.family = 4};

	ip_format(&d->source, source);
	ip_format(&d->target, target);
	mac_format(d->arp_sender, mac);
	if (d->operation == 1 && ip_equal(&d->source, &d->target))
		line(decoded, "ARP announcement, %s is at %s", source, mac);
	else if (d->operation == 1 && ip_equal(&d->source, &nobody))
		line(decoded, "ARP probe, who has %s, from %s", target, mac);
	else if (d->operation == 1)
		line(decoded, "ARP who has %s, tell %s (%s)", target, source, mac);
	else if (d->operation == 2)
		line(decoded, "ARP %s is at %s, to %s", source, mac, target);
	else
		line(decoded, "ARP operation %u, from %s (%s) to %s", d->operation, source, mac,
		     target);
}

static void decode_ip(struct decoded *decoded, const struct dissection *d)
{
	char source[IP_TEXT_SIZE], target[IP_TEXT_SIZE];
	const char *protocol = decode_protocol_name(d->protocol);
	bool is4 = d->net == NET_IPV4;

	line(decoded, "%s from %s to %s, %s %u", is4 ? "IPv4" : "IPv6",
	     ip_format(&d->source, source), ip_format(&d->target, target),
	     is4 ? "TTL" : "hop limit", d->hops);
	if (d->n_extensions)
		more(decoded, ", %u extension header%s", d->n_extensions,
		     d->n_extensions == 1 ? "" : "s");
	if (d->fragment)
		more(decoded, d->later ? ", a later fragment" : ", the first fragment");
	if (d->has_protocol && protocol)
		more(decoded, ", %s", protocol);
	else if (d->has_protocol)
		more(decoded, ", protocol %u", d->protocol);
}

static void decode_icmp(struct decoded *decoded, const struct dissection *d)
{
	bool is4 = d->net == NET_IPV4;
	const char *name = is4 ? decode_icmp_name(d->icmp_type) : decode_icmpv6_name(d->icmp_type);
	char subject[IP_TEXT_SIZE];

	line(decoded, "%s ", is4 ? "ICMP" : "ICMPv6");
	if (name)
		more(decoded, "%s", name);
	else
		more(decoded, "type %u", d->icmp_type);
	if (d->icmp_code)
		more(decoded, ", code %u", d->icmp_code);
	if (d->has_subject)
		more(decoded, d->icmp_type == 135 ? ", who has %s" : ", about %s",
		     ip_format(&d->subject, subject));
}

// Bytes of protocols in which a word or two say much.

static void decode_dhcp(struct decoded *decoded, const struct dissection *d)
{
	enum { OPTIONS = 240, MESSAGE_TYPE = 53, END = 255 };
	const uint8_t *p = d->payload;
	size_t at = OPTIONS;

	if (d->n_payload < 34)
		return;
	char mac[MAC_TEXT_SIZE];
	more(decoded, ", client %s",
	     mac_format(MAC(p[28], p[29], p[30], p[31], p[32], p[33]), mac));
	while (at + 2 < d->n_payload && p[at] != END && p[at] != MESSAGE_TYPE)
		at += p[at] ? 2U + p[at + 1] : 1U;
	if (at + 2 < d->n_payload && p[at] == MESSAGE_TYPE && decode_dhcp_name(p[at + 2]))
		more(decoded, ", %s", decode_dhcp_name(p[at + 2]));
}

static void decode_details(struct decoded *decoded, const struct dissection *d,
			   enum finding finding)
{
	const uint8_t *p = d->payload;

	switch (finding) {
	case FINDING_DHCP_CLIENT:
	case FINDING_DHCP_SERVER:
		decode_dhcp(decoded, d);
		break;
	case FINDING_DHCPV6_CLIENT:
	case FINDING_DHCPV6_SERVER:
		if (d->n_payload && decode_dhcpv6_name(p[0]))
			more(decoded, ", %s", decode_dhcpv6_name(p[0]));
		break;
	case FINDING_OSPF:
	case FINDING_OSPFV3:
		if (d->n_payload >= 8)
			more(decoded, " version %u, %s, router %u.%u.%u.%u", p[0],
			     decode_ospf_name(p[1]), p[4], p[5], p[6], p[7]);
		break;
	case FINDING_VRRP:
		if (d->n_payload >= 3)
			more(decoded, ", version %u, virtual router %u, priority %u", p[0] >> 4,
			     p[1], p[2]);
		break;
	case FINDING_STP:
		if (d->n_payload >= 4)
			more(decoded, ", version %u, BPDU 0x%02x", p[2], p[3]);
		break;
	case FINDING_IGMP:
		if (d->n_payload)
			more(decoded, ", type 0x%02x", p[0]);
		break;
	default:
		break;
	}
}

static void decode_ports(struct decoded *decoded, const struct dissection *d)
{
	line(decoded, "%s from port %u to port %u", d->protocol == PROTOCOL_TCP ? "TCP" : "UDP",
	     d->source_port, d->target_port);
}

static void decode_net(struct decoded *decoded, const struct dissection *d)
{
	switch (d->net) {
	case NET_ARP:
		decode_arp(decoded, d);
		break;
	case NET_IPV4:
	case NET_IPV6:
		decode_ip(decoded, d);
		if (d->has_icmp)
			decode_icmp(decoded, d);
		else if (d->has_ports)
			decode_ports(decoded, d);
		break;
	default:
		decode_llc(decoded, d);
	}
}

// What all of it is: the last line, and in IP between whom.
static void summarise(struct decoded *decoded, const struct dissection *d)
{
	const char *last = decoded->lines[decoded->n - 1];
	const char *protocol = d->has_protocol ? decode_protocol_name(d->protocol) : NULL;
	char source[IP_TEXT_SIZE], target[IP_TEXT_SIZE];

	if (d->net != NET_IPV4 && d->net != NET_IPV6) {
		snprintf(decoded->summary, sizeof(decoded->summary), "%s", last);
		return;
	}
	if (strncmp(last, "IPv", 3) == 0)
		last = protocol ? protocol : "";
	snprintf(decoded->summary, sizeof(decoded->summary), "%s %s to %s%s%.80s",
		 d->net == NET_IPV4 ? "IPv4" : "IPv6", ip_format(&d->source, source),
		 ip_format(&d->target, target), *last ? ": " : "", last);
}

void decode(const uint8_t *octets, size_t n, struct decoded *decoded)
{
	struct dissection d;

	dissect(octets, n, &d);
	decoded->n = 0;
	if (!d.has_addresses) {
		line(decoded, "%zu octets, less than an Ethernet header", n);
		memcpy(decoded->summary, decoded->lines[0], sizeof(decoded->summary));
		return;
	}
	decode_ethernet(decoded, &d);
	decode_net(decoded, &d);
	enum finding finding = finding_of(&d);
	// ICMP has said its name already, and so has a type that is only unusual.
	if (finding && !d.has_icmp && finding != FINDING_OTHER_TYPE && finding != FINDING_LLC) {
		line(decoded, "%s", finding_infos[finding].protocol);
		decode_details(decoded, &d, finding);
	}
	summarise(decoded, &d);
	if (d.cut)
		line(decoded, "It ends in the middle of a header");
}
