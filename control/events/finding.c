// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/finding.h"

#include <stddef.h>
#include <stdint.h>

#include "control/events/dissect.h"

enum { CLASS_NOTE, CLASS_FAIL };

const struct finding_info finding_infos[FINDINGS] = {
	{"none", "", "", false},
#define FINDING(NAME, name, class, protocol, text) {#name, protocol, text, CLASS_##class},
#include "control/events/finding.def"
#undef FINDING
};

struct snap {
	uint32_t oui;
	uint16_t pid;
	enum finding finding;
};

static const struct snap snaps[] = {
	{OUI_CISCO, 0x2000, FINDING_CDP},   {OUI_CISCO, 0x2003, FINDING_VTP},
	{OUI_CISCO, 0x2004, FINDING_DTP},   {OUI_CISCO, 0x0104, FINDING_PAGP},
	{OUI_CISCO, 0x0111, FINDING_UDLD},  {OUI_CISCO, 0x010b, FINDING_PVST},
	{OUI_EXTREME, 0x00bb, FINDING_EDP}, {OUI_FOUNDRY, 0x2000, FINDING_FDP},
};

struct number {
	uint16_t number;
	enum finding finding;
};

static const struct number types[] = {
	{0x88cc, FINDING_LLDP},	    {0x8902, FINDING_CFM},	{0x888e, FINDING_EAPOL},
	{0x9000, FINDING_LOOPBACK}, {0x9003, FINDING_LOOPBACK}, {0x6001, FINDING_MOP},
	{0x6002, FINDING_MOP},
};

static const struct number protocols[] = {
	{2, FINDING_IGMP},  {46, FINDING_RSVP},	 {88, FINDING_EIGRP},
	{103, FINDING_PIM}, {112, FINDING_VRRP},
};

// By the port of UDP that either side uses.
static const struct number udp_ports[] = {
	{137, FINDING_NETBIOS}, {138, FINDING_NETBIOS}, {520, FINDING_RIP},   {521, FINDING_RIP},
	{646, FINDING_LDP},	{1900, FINDING_SSDP},	{1985, FINDING_HSRP}, {2029, FINDING_HSRP},
	{3222, FINDING_HSRP},	{5353, FINDING_MDNS},	{5355, FINDING_MDNS}, {5678, FINDING_MNDP},
};

static enum finding find_number(const struct number *numbers, size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (numbers[i].number == number)
			return numbers[i].finding;
	}
	return FINDING_NONE;
}

#define FIND(numbers, number) find_number(numbers, sizeof(numbers) / sizeof(*(numbers)), number)

static enum finding of_llc(const struct dissection *d)
{
	enum { STP = 0x42, NETBIOS = 0xf0, ISO = 0xfe };

	for (size_t i = 0; d->has_snap && i < sizeof(snaps) / sizeof(*snaps); i++) {
		if (snaps[i].oui == d->oui && snaps[i].pid == d->pid)
			return snaps[i].finding;
	}
	switch (d->has_llc ? d->dsap : 0) {
	case STP:
		return FINDING_STP;
	case NETBIOS:
		return FINDING_NETBIOS;
	case ISO:
		return FINDING_ISIS;
	default:
		return FINDING_LLC;
	}
}

static enum finding of_slow(const struct dissection *d)
{
	enum { LACP = 1, MARKER = 2 };

	if (d->n_payload && (d->payload[0] == LACP || d->payload[0] == MARKER))
		return FINDING_LACP;
	return FINDING_OAM;
}

static enum finding of_icmpv6(uint8_t type)
{
	switch (type) {
	case 130:
	case 131:
	case 132:
	case 143:
		return FINDING_MLD;
	case 133:
		return FINDING_ROUTER_SOLICITATION;
	case 134:
		return FINDING_ROUTER_ADVERTISEMENT;
	case 137:
		return FINDING_REDIRECT;
	default:
		return FINDING_NONE;
	}
}

static enum finding of_dhcp(const struct dissection *d)
{
	enum { SERVER = 67, CLIENT = 68, CLIENT6 = 546, SERVER6 = 547 };
	uint16_t from = d->source_port, to = d->target_port;

	if (from == CLIENT6 || to == SERVER6)
		return FINDING_DHCPV6_CLIENT;
	if (from == SERVER6 || to == CLIENT6)
		return FINDING_DHCPV6_SERVER;
	if (from == CLIENT && to == SERVER)
		return FINDING_DHCP_CLIENT;
	if (from == SERVER && (to == CLIENT || to == SERVER))
		return FINDING_DHCP_SERVER;
	return FINDING_NONE;
}

static enum finding of_udp(const struct dissection *d)
{
	enum { NTP = 123 };
	enum finding found = of_dhcp(d);

	if (!found)
		found = FIND(udp_ports, d->target_port);
	if (!found)
		found = FIND(udp_ports, d->source_port);
	// Between two stations it is their own business.
	if (!found && d->target_port == NTP && mac_is_group(d->dst))
		found = FINDING_NTP;
	return found;
}

static enum finding of_transport(const struct dissection *d)
{
	enum { REDIRECT = 5, OSPF = 89, LDP = 646 };

	if (!d->has_protocol)
		return FINDING_NONE;
	if (d->protocol == OSPF)
		return d->net == NET_IPV6 ? FINDING_OSPFV3 : FINDING_OSPF;
	if (d->has_icmp && d->net == NET_IPV6)
		return of_icmpv6(d->icmp_type);
	if (d->has_icmp)
		return d->icmp_type == REDIRECT ? FINDING_REDIRECT : FINDING_NONE;
	if (d->has_ports && d->protocol == PROTOCOL_UDP)
		return of_udp(d);
	if (d->has_ports && (d->target_port == LDP || d->source_port == LDP))
		return FINDING_LDP;
	return FIND(protocols, d->protocol);
}

static bool is_neighbour_discovery(const struct dissection *d)
{
	return d->net == NET_IPV6 && d->has_icmp && (d->icmp_type == 135 || d->icmp_type == 136);
}

static enum finding of_ip(const struct dissection *d)
{
	enum finding found = of_transport(d);

	if (found || !mac_is_group(d->dst) || is_neighbour_discovery(d))
		return found;
	return d->dst == MAC_BROADCAST ? FINDING_OTHER_BROADCAST : FINDING_OTHER_MULTICAST;
}

enum finding finding_of(const struct dissection *d)
{
	if (!d->has_addresses)
		return FINDING_NONE;
	if (d->type < DISSECT_TYPE_MIN)
		return of_llc(d);
	switch (d->type) {
	case TYPE_IPV4:
	case TYPE_IPV6:
		return d->net == NET_NONE ? FINDING_NONE : of_ip(d);
	case TYPE_ARP:
		return FINDING_NONE;
	case TYPE_SLOW:
		return of_slow(d);
	default: {
		enum finding found = FIND(types, d->type);

		return found ? found : FINDING_OTHER_TYPE;
	}
	}
}
