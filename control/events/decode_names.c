// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/decode_names.h"

#include <stddef.h>

struct name {
	uint32_t number;
	const char *name;
};

static const char *find(const struct name *names, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (names[i].number == number)
			return names[i].name;
	}
	return NULL;
}

#define FIND(names, number) find(names, sizeof(names) / sizeof(*(names)), number)

const char *decode_group_name(mac_t mac)
{
	static const struct {
		mac_t mac;
		const char *name;
	} groups[] = {
		{MAC_BROADCAST, "everybody"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 0), "bridges: spanning tree"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 1), "Ethernet flow control"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 2), "slow protocols: LACP, OAM"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 3), "port authentication, or LLDP"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 0x0e), "LLDP"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 0x14), "IS-IS level 1"},
		{MAC(0x01, 0x80, 0xc2, 0, 0, 0x15), "IS-IS level 2"},
		{MAC(0x09, 0x00, 0x2b, 0, 0, 5), "IS-IS"},
		{MAC(0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc), "Cisco: CDP, VTP, DTP, PAgP, UDLD"},
		{MAC(0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcd), "Cisco spanning tree"},
		{MAC(0x01, 0xe0, 0x52, 0xcc, 0xcc, 0xcc), "Foundry discovery"},
		{MAC(0xab, 0x00, 0x00, 0x02, 0, 0), "DEC MOP"},
		{MAC(0xcf, 0, 0, 0, 0, 0), "loopback"},
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (groups[i].mac == mac)
			return groups[i].name;
	}
	if ((mac & 0xffff) == 0x3333)
		return "a group of IPv6";
	if ((mac & 0xffffff) == 0x5e0001)
		return "a group of IPv4";
	if (mac_is_reserved(mac))
		return "reserved, no bridge forwards it";
	return mac_is_group(mac) ? "a group" : NULL;
}

const char *decode_type_name(uint16_t type)
{
	static const struct name names[] = {
		{0x0800, "IPv4"},	  {0x0806, "ARP"},
		{0x6001, "DEC MOP"},	  {0x6002, "DEC MOP"},
		{0x8100, "VLAN"},	  {0x86dd, "IPv6"},
		{0x8808, "pause"},	  {0x8809, "slow protocols"},
		{0x8847, "MPLS"},	  {0x8848, "MPLS"},
		{0x8863, "PPPoE"},	  {0x8864, "PPPoE"},
		{0x888e, "802.1X"},	  {0x88a8, "service VLAN"},
		{0x88b5, "experimental"}, {0x88cc, "LLDP"},
		{0x8902, "CFM"},	  {0x9000, "loopback"},
		{0x9003, "loopback"},	  {0x9100, "VLAN"},
	};

	return FIND(names, type);
}

const char *decode_protocol_name(uint8_t protocol)
{
	static const struct name names[] = {
		{1, "ICMP"},   {2, "IGMP"},	    {4, "IPv4 inside"}, {6, "TCP"},
		{17, "UDP"},   {41, "IPv6 inside"}, {46, "RSVP"},	{47, "GRE"},
		{50, "ESP"},   {51, "AH"},	    {58, "ICMPv6"},	{59, "nothing"},
		{88, "EIGRP"}, {89, "OSPF"},	    {103, "PIM"},	{112, "VRRP or CARP"},
		{115, "L2TP"}, {132, "SCTP"},
	};

	return FIND(names, protocol);
}

const char *decode_icmp_name(uint8_t type)
{
	static const struct name names[] = {
		{0, "echo reply"},     {3, "destination unreachable"}, {5, "redirect"},
		{8, "echo request"},   {9, "router advertisement"},    {10, "router solicitation"},
		{11, "time exceeded"}, {12, "parameter problem"},
	};

	return FIND(names, type);
}

const char *decode_icmpv6_name(uint8_t type)
{
	static const struct name names[] = {
		{1, "destination unreachable"},
		{2, "packet too big"},
		{3, "time exceeded"},
		{4, "parameter problem"},
		{128, "echo request"},
		{129, "echo reply"},
		{130, "multicast listener query"},
		{131, "multicast listener report"},
		{132, "multicast listener done"},
		{133, "router solicitation"},
		{134, "router advertisement"},
		{135, "neighbour solicitation"},
		{136, "neighbour advertisement"},
		{137, "redirect"},
		{143, "multicast listener report, version 2"},
	};

	return FIND(names, type);
}

const char *decode_dhcp_name(uint8_t message)
{
	static const struct name names[] = {
		{1, "discover"}, {2, "offer"},	 {3, "request"}, {4, "decline"},
		{5, "ack"},	 {6, "refusal"}, {7, "release"}, {8, "inform"},
	};

	return FIND(names, message);
}

const char *decode_dhcpv6_name(uint8_t message)
{
	static const struct name names[] = {
		{1, "solicit"},
		{2, "advertise"},
		{3, "request"},
		{4, "confirm"},
		{5, "renew"},
		{6, "rebind"},
		{7, "reply"},
		{8, "release"},
		{9, "decline"},
		{10, "reconfigure"},
		{11, "information request"},
		{12, "relayed"},
		{13, "relayed reply"},
	};

	return FIND(names, message);
}

const char *decode_ospf_name(uint8_t type)
{
	static const struct name names[] = {
		{1, "hello"},
		{2, "database description"},
		{3, "link state request"},
		{4, "link state update"},
		{5, "link state acknowledgement"},
	};
	const char *name = FIND(names, type);

	return name ? name : "another message";
}
