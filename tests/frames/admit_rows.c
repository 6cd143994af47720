// SPDX-License-Identifier: BSD-3-Clause
// What a peering LAN refuses, by a frame's form.
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#include "tests/frames/harness.h"

// The groups of IPv4 and IPv6 multicast.
#define GROUP4(a, b, c) MAC(0x01, 0x00, 0x5e, a, b, c)
#define GROUP6(a, b)	MAC(0x33, 0x33, 0, 0, a, b)
#define SOLICITED	MAC(0x33, 0x33, 0xff, 0, 0, 2)

// From station 1 behind A1, to station 2 behind A2 or to whom ".in" says.
#define FROM_A1	     .stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)}, .port = A1
#define UNICAST(...) .in = {.dst = STATION(2), .src = STATION(1), .payload = {__VA_ARGS__}}
#define TO(mac, ...) .in = {.dst = (mac), .src = STATION(1), .payload = {__VA_ARGS__}}
#define TYPE(value)  .in = {.dst = STATION(2), .src = STATION(1), .type = (value)}
#define FLOODS	     .outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)}
#define PASSES	     .outs = {AS_IS(A2)}
#define DIES(reason) .given = peering, .drop = reason

enum { RS = 133, RA = 134, NS = 135, NA = 136, REDIRECT = 137, MLD_QUERY = 130, MLD2 = 143 };
enum { ECHO_REQUEST = 128, MORE_FRAGMENTS = 1 };

static void peering(void)
{
	given_rules(OPEN, 0);
}

static void takes_any_type(void)
{
	given_rules(OPEN, RULE_ANY_TYPE);
}

static void takes_any_broadcast(void)
{
	given_rules(OPEN, RULE_ANY_BROADCAST);
}

static void takes_any_group(void)
{
	given_rules(OPEN, RULE_ANY_MULTICAST);
}

static void takes_mld(void)
{
	given_rules(OPEN, RULE_MLD);
}

static void takes_routers(void)
{
	given_rules(OPEN, RULE_ROUTERS);
}

static void takes_redirects(void)
{
	given_rules(OPEN, RULE_REDIRECTS);
}

static void takes_directed(void)
{
	given_rules(OPEN, RULE_DIRECTED);
}

static void takes_any_headers(void)
{
	given_rules(OPEN, RULE_ANY_HEADERS);
}

static void wire_has_rules(void)
{
	given_rules(WIRE, 0);
}

static void exchange_has_rules(void)
{
	given_rules(EXCHANGE, 0);
}

static const struct row rows[] = {
	// ---- What passes
	{
		"IPv4 passes",
		FROM_A1,
		.given = peering,
		.times = 64,
		UNICAST(PAYLOAD_IPV4),
		PASSES,
	},
	{
		"IPv6 passes",
		FROM_A1,
		.given = peering,
		.times = 64,
		UNICAST(PAYLOAD_IPV6),
		PASSES,
	},
	{
		"IPv6 with TCP passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP),
		PASSES,
	},
	{
		"ARP passes, a unicast answer too",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_ARP, .operation = 2),
		PASSES,
	},
	{
		"ARP to everybody passes",
		FROM_A1,
		.given = peering,
		TO(MAC_BROADCAST, PAYLOAD_ARP),
		FLOODS,
	},
	{
		"an ARP of 42 octets passes",
		FROM_A1,
		.given = peering,
		.in = {.dst = MAC_BROADCAST,
		       .src = STATION(1),
		       .length = 42,
		       .payload = {PAYLOAD_ARP}},
		FLOODS,
	},
	{
		"IPv4 that ends with its header passes",
		FROM_A1,
		.given = peering,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 34,
		       .payload = {PAYLOAD_IPV4, .headless = true}},
		PASSES,
	},
	{
		"IPv4 with options passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .options = 40),
		PASSES,
	},
	{
		"a ping passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .protocol = PROTO_ICMP, .type = 8),
		PASSES,
	},
	{
		"IPv4 of a protocol that nobody knows passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .protocol = 253),
		PASSES,
	},
	{
		"a later IPv4 fragment passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .protocol = PROTO_ICMP, .type = 5, .fragment = 185),
		PASSES,
	},
	{
		"IPv4 to another address that ends with 255 passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .to = "198.51.100.255"),
		PASSES,
	},
	{
		"IPv4 to the last address of the LAN passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.254"),
		PASSES,
	},
	{
		"IPv6 of an empty payload passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_NONE, .headless = true),
		PASSES,
	},
	{
		"IPv6 with EXT_ESP passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = 50),
		PASSES,
	},
	{
		"TCP behind extension headers passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP,
			.headers = {EXT_HOP_BY_HOP, EXT_DESTINATION, EXT_ROUTING,
				    EXT_AUTHENTICATION}),
		PASSES,
	},
	{
		"as many extension headers as anybody needs pass",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP,
			.headers = {EXT_HOP_BY_HOP, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION}),
		PASSES,
	},
	{
		"a ping of IPv6 passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = ECHO_REQUEST),
		PASSES,
	},
	{
		"a first fragment of IPv6 passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = ECHO_REQUEST,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
		PASSES,
	},
	{
		"a later fragment of IPv6 passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA,
			.headers = {EXT_FRAGMENT}, .fragment = 1448),
		PASSES,
	},
	{
		"an IPv6 header that nobody knows ends the chain",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = 253),
		PASSES,
	},
	{
		"a neighbour's question passes",
		FROM_A1,
		.given = peering,
		TO(SOLICITED, PAYLOAD_IPV6, .to = "ff02::1:ff00:2", .protocol = PROTO_ICMPV6,
		   .type = NS),
		FLOODS,
	},
	{
		"a neighbour's question to one passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = NS),
		PASSES,
	},
	{
		"a neighbour's answer to all nodes passes",
		FROM_A1,
		.given = peering,
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff02::1", .protocol = PROTO_ICMPV6,
		   .type = NA),
		FLOODS,
	},
	{
		"a neighbour's answer to all routers (RFC 9131) passes",
		FROM_A1,
		.given = peering,
		TO(GROUP6(0, 2), PAYLOAD_IPV6, .to = "ff02::2", .protocol = PROTO_ICMPV6,
		   .type = NA),
		FLOODS,
	},
	{
		"a neighbour's question behind extension headers passes",
		FROM_A1,
		.given = peering,
		TO(SOLICITED, PAYLOAD_IPV6, .to = "ff02::1:ff00:2", .protocol = PROTO_ICMPV6,
		   .type = NS, .headers = {EXT_HOP_BY_HOP, EXT_DESTINATION}),
		FLOODS,
	},
	{
		"behind the tag of a trunk the same rules hold: IPv4 passes",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.given = peering,
		.times = 64,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .tag = TAG(100),
		       .payload = {PAYLOAD_IPV4}},
		.outs = {POP(A2)},
	},
	{
		"and IPv6",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.given = peering,
		.times = 64,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .tag = TAG(100),
		       .payload = {PAYLOAD_IPV6}},
		.outs = {POP(A2)},
	},
	// ---- Ethertypes
	{
		"a length instead of a type (CDP) does not pass",
		FROM_A1,
		DIES(DROP_NOT_ETHERNET_II),
		.in = {.dst = MAC(0x01, 0, 0x0c, 0xcc, 0xcc, 0xcc), .src = STATION(1), .type = 46},
	},
	{
		"IS-IS does not pass",
		FROM_A1,
		DIES(DROP_NOT_ETHERNET_II),
		.in = {.dst = MAC(0x09, 0, 0x2b, 0, 0, 0x05), .src = STATION(1), .type = 1500},
	},
	{
		"0x05ff is a length",
		FROM_A1,
		DIES(DROP_NOT_ETHERNET_II),
		TYPE(0x05ff),
	},
	{
		"0x0600 is a type",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x0600),
	},
	{
		"LLDP to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x88cc),
	},
	{
		"EAPOL to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x888e),
	},
	{
		"pause to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8808),
	},
	{
		"FCoE to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8906),
	},
	{
		"FCoE initialisation to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8914),
	},
	{
		"PPPoE discovery to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8863),
	},
	{
		"PPPoE to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8864),
	},
	{
		"MPLS to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8847),
	},
	{
		"loopback to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x9000),
	},
	{
		"another vendor's loop detection to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x9003),
	},
	{
		"MOP to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x6002),
	},
	{
		"TRILL to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x22f3),
	},
	{
		"a router vendor's own protocol to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x88bf),
	},
	{
		"wake on LAN to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x0842),
	},
	{
		"CFM to one does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		TYPE(0x8902),
	},
	{
		"a burst of a foreign type does not pass",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		.times = 64,
		TYPE(0x9000),
	},
	{
		"a service tag does not pass",
		FROM_A1,
		DIES(DROP_VLAN_TAG_STACKED),
		TYPE(0x88a8),
	},
	{
		"nor does an old one",
		FROM_A1,
		DIES(DROP_VLAN_TAG_STACKED),
		TYPE(0x9100),
	},
	{
		"a tag behind a tag does not pass",
		.port = T,
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		DIES(DROP_VLAN_TAG_STACKED),
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .inner = TAG(5)},
	},
	{
		"a tag behind the members' own tag does not pass a transparent LAN with rules",
		.port = W1,
		.stations = {LIVES(2, W2, WIRE)},
		.given = wire_has_rules,
		.drop = DROP_VLAN_TAG_STACKED,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(7), .inner = TAG(5)},
	},
	{
		"IPv4 behind the members' own tag does",
		.port = W1,
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.given = wire_has_rules,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .tag = TAG(7),
		       .payload = {PAYLOAD_IPV4}},
		.outs = {AS_IS(W2)},
	},
	{
		"where any type may come, IS-IS passes",
		FROM_A1,
		.given = takes_any_type,
		TYPE(46),
		PASSES,
	},
	{
		"and a service tag",
		FROM_A1,
		.given = takes_any_type,
		TYPE(0x88a8),
		PASSES,
	},
	{
		"but IPv4 is still looked at",
		FROM_A1,
		.given = takes_any_type,
		.drop = DROP_IPV4_HEADER_CORRUPTED,
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(0, 0x4400)}),
	},
	// ---- ARP
	{
		"ARP of another hardware does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(MAC_BROADCAST, PAYLOAD_ARP, .pokes = {POKE(0, 0x0006)}),
	},
	{
		"ARP of another protocol does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(MAC_BROADCAST, PAYLOAD_ARP, .pokes = {POKE(2, 0x86dd)}),
	},
	{
		"ARP of addresses of other lengths does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(MAC_BROADCAST, PAYLOAD_ARP, .pokes = {POKE(4, 0x0804)}),
	},
	{
		"ARP with an operation that is none does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(MAC_BROADCAST, PAYLOAD_ARP, .pokes = {POKE(6, 0x0003)}),
	},
	{
		"ARP with reverse ARP's operation does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(MAC_BROADCAST, PAYLOAD_ARP, .pokes = {POKE(6, 0x0004)}),
	},
	{
		"an ARP of 41 octets does not pass",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		.in = {.dst = MAC_BROADCAST,
		       .src = STATION(1),
		       .length = 41,
		       .payload = {PAYLOAD_ARP}},
	},
	{
		"it does where headers do not count",
		FROM_A1,
		.given = takes_any_headers,
		.in = {.dst = MAC_BROADCAST,
		       .src = STATION(1),
		       .length = 41,
		       .payload = {PAYLOAD_ARP}},
		FLOODS,
	},
	{
		"ARP to a group does not pass",
		FROM_A1,
		DIES(DROP_MULTICAST_NOT_ND),
		TO(GROUP6(0, 1), PAYLOAD_ARP),
	},
	// ---- To everybody
	{
		"IPv4 to everybody (DHCP) does not pass",
		FROM_A1,
		DIES(DROP_BROADCAST_NOT_ARP),
		.times = 64,
		TO(MAC_BROADCAST, PAYLOAD_IPV4, .to = "255.255.255.255", .to_port = 67),
	},
	{
		"nor does IPv6",
		FROM_A1,
		DIES(DROP_BROADCAST_NOT_ARP),
		TO(MAC_BROADCAST, PAYLOAD_IPV6),
	},
	{
		"it does where any broadcast may",
		FROM_A1,
		.given = takes_any_broadcast,
		TO(MAC_BROADCAST, PAYLOAD_IPV4),
		FLOODS,
	},
	{
		"and so does IPv6, which is no multicast then",
		FROM_A1,
		.given = takes_any_broadcast,
		TO(MAC_BROADCAST, PAYLOAD_IPV6),
		FLOODS,
	},
	{
		"but not to a broadcast address",
		FROM_A1,
		.given = takes_any_broadcast,
		.drop = DROP_IPV4_DST_IS_BROADCAST,
		TO(MAC_BROADCAST, PAYLOAD_IPV4, .to = "255.255.255.255"),
	},
	// ---- To groups
	{
		"OSPF does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 5), PAYLOAD_IPV4, .to = "224.0.0.5", .protocol = 89),
	},
	{
		"VRRP does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 18), PAYLOAD_IPV4, .to = "224.0.0.18", .protocol = 112),
	},
	{
		"mDNS does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 0xfb), PAYLOAD_IPV4, .to = "224.0.0.251", .protocol = 17),
	},
	{
		"SSDP does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0x7f, 0xff, 0xfa), PAYLOAD_IPV4, .to = "239.255.255.250", .protocol = 17),
	},
	{
		"PIM does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 13), PAYLOAD_IPV4, .to = "224.0.0.13", .protocol = 103),
	},
	{
		"IGMP does not pass",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 22), PAYLOAD_IPV4, .to = "224.0.0.22", .protocol = 2),
	},
	{
		"it does where any group may",
		FROM_A1,
		.given = takes_any_group,
		TO(GROUP4(0, 0, 5), PAYLOAD_IPV4, .to = "224.0.0.5", .protocol = 89),
		FLOODS,
	},
	{
		"data to a group of IPv6 does not pass",
		FROM_A1,
		DIES(DROP_IPV6_MULTICAST),
		.times = 64,
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff0e::1"),
	},
	{
		"nor does a ping to all nodes",
		FROM_A1,
		DIES(DROP_IPV6_MULTICAST),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff02::1", .protocol = PROTO_ICMPV6,
		   .type = ECHO_REQUEST),
	},
	{
		"nor do OSPFv3 and DHCPv6",
		FROM_A1,
		DIES(DROP_IPV6_MULTICAST),
		TO(GROUP6(0, 5), PAYLOAD_IPV6, .to = "ff02::5", .protocol = 89),
	},
	{
		"nor does a later fragment to a group",
		FROM_A1,
		DIES(DROP_IPV6_MULTICAST),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff02::1", .protocol = PROTO_ICMPV6,
		   .type = NS, .headers = {EXT_FRAGMENT}, .fragment = 1448),
	},
	{
		"they do where any group may",
		FROM_A1,
		.given = takes_any_group,
		TO(GROUP6(0, 5), PAYLOAD_IPV6, .to = "ff02::5", .protocol = 89),
		FLOODS,
	},
	{
		"but no router advertisement",
		FROM_A1,
		.given = takes_any_group,
		.drop = DROP_IPV6_ROUTER_ADVERTISEMENT,
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff02::1", .protocol = PROTO_ICMPV6,
		   .type = RA),
	},
	// ---- IPv4 headers
	{
		"IPv4 of version 5 does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(0, 0x5500)}),
	},
	{
		"IPv4 of a header of 16 octets does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(0, 0x4400)}),
	},
	{
		"IPv4 of less than its header does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(2, 19)}),
	},
	{
		"IPv4 of more than the frame does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(2, 60)}),
	},
	{
		"IPv4 of options beyond its length does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(0, 0x4f00)}),
	},
	{
		"IPv4 that ends in its header does not pass",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 33,
		       .payload = {PAYLOAD_IPV4, .headless = true}},
	},
	{
		"it does where headers do not count",
		FROM_A1,
		.given = takes_any_headers,
		UNICAST(PAYLOAD_IPV4, .pokes = {POKE(0, 0x5500)}),
		PASSES,
	},
	{
		"IPv4 to one station and the broadcast address of the LAN does not pass",
		FROM_A1,
		DIES(DROP_IPV4_DST_IS_BROADCAST),
		.times = 3,
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.255"),
	},
	{
		"IPv4 to one station and the network address of the LAN does not pass",
		FROM_A1,
		DIES(DROP_IPV4_DST_IS_BROADCAST),
		.times = 3,
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.0"),
	},
	{
		"IPv4 to one station and 255.255.255.255 does not pass",
		FROM_A1,
		DIES(DROP_IPV4_DST_IS_BROADCAST),
		.times = 3,
		UNICAST(PAYLOAD_IPV4, .to = "255.255.255.255"),
	},
	{
		"it does where it may",
		FROM_A1,
		.given = takes_directed,
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.255"),
		PASSES,
	},
	{
		"an ICMP redirect does not pass",
		FROM_A1,
		DIES(DROP_IPV4_REDIRECT),
		UNICAST(PAYLOAD_IPV4, .protocol = PROTO_ICMP, .type = 5),
	},
	{
		"nor does one behind options",
		FROM_A1,
		DIES(DROP_IPV4_REDIRECT),
		UNICAST(PAYLOAD_IPV4, .protocol = PROTO_ICMP, .type = 5, .options = 8),
	},
	{
		"it does where it may",
		FROM_A1,
		.given = takes_redirects,
		UNICAST(PAYLOAD_IPV4, .protocol = PROTO_ICMP, .type = 5),
		PASSES,
	},
	// ---- IPv6 headers
	{
		"IPv6 of version 4 does not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV6, .pokes = {POKE(0, 0x4000)}),
	},
	{
		"IPv6 longer than its frame does not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV6, .pokes = {POKE(4, 25)}),
	},
	{
		"IPv6 that ends in its header does not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 53,
		       .payload = {PAYLOAD_IPV6, .headless = true}},
	},
	{
		"IPv6 that ends in an extension header does not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV6, .protocol = 60, .headless = true),
	},
	{
		"nor does ICMPv6 without a message",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .headers = {EXT_DESTINATION},
			.headless = true),
	},
	{
		"an extension header longer than the frame does not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV6, .headers = {EXT_DESTINATION, EXT_DESTINATION},
			.pokes = {POKE(40, 60 << 8 | 50)}),
	},
	{
		"all that does where headers do not count",
		FROM_A1,
		.given = takes_any_headers,
		UNICAST(PAYLOAD_IPV6, .pokes = {POKE(0, 0x4000)}),
		PASSES,
	},
	{
		"more extension headers than anybody needs do not pass",
		FROM_A1,
		DIES(DROP_IPV6_HEADER_CHAIN),
		UNICAST(PAYLOAD_IPV6,
			.headers = {EXT_HOP_BY_HOP, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION, EXT_DESTINATION,
				    EXT_DESTINATION, EXT_DESTINATION, EXT_DESTINATION}),
	},
	{
		"a first fragment that ends before its message does not pass",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS, .headless = true),
	},
	{
		"nor does one that ends in an extension header",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = 60, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS, .headless = true),
	},
	{
		"nor does one without the whole of its TCP header",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 19, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
	},
	{
		"nor one without any of it",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .headless = true,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"nor one that is the whole of a packet",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 19,
			.headers = {EXT_FRAGMENT}),
	},
	{
		"nor one of which the header stands behind the packet",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 120,
		       .payload = {PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 19,
				   .headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS}},
	},
	{
		"nor one with headers behind the fragment's",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 19,
			.headers = {EXT_DESTINATION, EXT_FRAGMENT, EXT_DESTINATION},
			.fragment = MORE_FRAGMENTS),
	},
	{
		"a first fragment with the whole of its TCP header passes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 20, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
		PASSES,
	},
	{
		"a first fragment without the whole of its UDP header does not pass",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .upper = 7, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
	},
	{
		"with the whole it does",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .upper = 8, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
		PASSES,
	},
	{
		"a first fragment without any of its ESP does not pass",
		FROM_A1,
		DIES(DROP_IPV6_FIRST_FRAGMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = 50, .headless = true, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
	},
	{
		"with some it does",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = 50, .upper = 1, .headers = {EXT_FRAGMENT},
			.fragment = MORE_FRAGMENTS),
		PASSES,
	},
	{
		"a first fragment of nothing hides nothing",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_NONE, .headless = true,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
		PASSES,
	},
	{
		"a later fragment may be as short as it likes",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 1, .headers = {EXT_FRAGMENT},
			.fragment = 1448),
		PASSES,
	},
	{
		"TCP in one piece is not looked at",
		FROM_A1,
		.given = peering,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_TCP, .upper = 19,
			.headers = {EXT_DESTINATION}),
		PASSES,
	},
	{
		"a fragmented RS does not pass",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RS,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"a fragmented RA does not pass",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"a fragmented NS does not pass",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = NS,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"a fragmented NA does not pass",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = NA,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"a fragmented REDIRECT does not pass",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = REDIRECT,
			.headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"nor does a fragment that is the whole",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		TO(SOLICITED, PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = NS,
		   .headers = {EXT_FRAGMENT}),
	},
	// ---- Routers
	{
		"a router advertisement does not pass",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		.times = 2,
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::1",
		   .protocol = PROTO_ICMPV6, .type = RA),
	},
	{
		"nor to one station",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA),
	},
	{
		"nor with a hop limit of 64",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::1", .hop_limit = 64,
		   .protocol = PROTO_ICMPV6, .type = RA),
	},
	{
		"nor from a global source",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "2001:db8:2::1", .to = "ff02::1",
		   .protocol = PROTO_ICMPV6, .type = RA),
	},
	{
		"nor behind extension headers: hop-by-hop",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::1",
		   .protocol = PROTO_ICMPV6, .type = RA, .headers = {EXT_HOP_BY_HOP}),
	},
	{
		"nor behind extension headers: destination",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::1",
		   .protocol = PROTO_ICMPV6, .type = RA, .headers = {EXT_DESTINATION}),
	},
	{
		"nor behind extension headers: hop-by-hop, destination, routing, destination",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::1",
		   .protocol = PROTO_ICMPV6, .type = RA,
		   .headers = {EXT_HOP_BY_HOP, EXT_DESTINATION, EXT_ROUTING, EXT_DESTINATION}),
	},
	{
		"nor behind a long one",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA,
			.headers = {EXT_DESTINATION}, .header_length = 9),
	},
	{
		"nor behind an authentication header",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA,
			.headers = {EXT_AUTHENTICATION}, .header_length = 4),
	},
	{
		"nor behind the tag of a trunk",
		.port = T,
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		DIES(DROP_IPV6_ROUTER_ADVERTISEMENT),
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .tag = TAG(100),
		       .payload = {PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA}},
	},
	{
		"a router solicitation does not pass",
		FROM_A1,
		DIES(DROP_IPV6_ROUTER_SOLICITATION),
		TO(GROUP6(0, 2), PAYLOAD_IPV6, .from = "fe80::1", .to = "ff02::2",
		   .protocol = PROTO_ICMPV6, .type = RS),
	},
	{
		"both do where they may",
		FROM_A1,
		.given = takes_routers,
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .to = "ff02::1", .protocol = PROTO_ICMPV6,
		   .type = RA),
		FLOODS,
	},
	{
		"to one too",
		FROM_A1,
		.given = takes_routers,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RS),
		PASSES,
	},
	{
		"an ICMPv6 redirect does not pass",
		FROM_A1,
		DIES(DROP_IPV6_REDIRECT),
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = REDIRECT),
	},
	{
		"it does where it may",
		FROM_A1,
		.given = takes_redirects,
		UNICAST(PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = REDIRECT),
		PASSES,
	},
	{
		"an MLD query does not pass",
		FROM_A1,
		DIES(DROP_IPV6_MLD),
		TO(GROUP6(0, 22), PAYLOAD_IPV6, .to = "ff02::16", .protocol = PROTO_ICMPV6,
		   .type = MLD_QUERY, .headers = {EXT_HOP_BY_HOP}),
	},
	{
		"an MLD report does not pass",
		FROM_A1,
		DIES(DROP_IPV6_MLD),
		TO(GROUP6(0, 22), PAYLOAD_IPV6, .to = "ff02::16", .protocol = PROTO_ICMPV6,
		   .type = 131, .headers = {EXT_HOP_BY_HOP}),
	},
	{
		"an MLD done does not pass",
		FROM_A1,
		DIES(DROP_IPV6_MLD),
		TO(GROUP6(0, 22), PAYLOAD_IPV6, .to = "ff02::16", .protocol = PROTO_ICMPV6,
		   .type = 132, .headers = {EXT_HOP_BY_HOP}),
	},
	{
		"a report of MLDv2 does not pass",
		FROM_A1,
		DIES(DROP_IPV6_MLD),
		TO(GROUP6(0, 22), PAYLOAD_IPV6, .to = "ff02::16", .protocol = PROTO_ICMPV6,
		   .type = MLD2, .headers = {EXT_HOP_BY_HOP}),
	},
	{
		"they do where they may",
		FROM_A1,
		.given = takes_mld,
		TO(GROUP6(0, 22), PAYLOAD_IPV6, .to = "ff02::16", .protocol = PROTO_ICMPV6,
		   .type = MLD2, .headers = {EXT_HOP_BY_HOP}),
		FLOODS,
	},
	// ---- Wrong in two ways
	{
		"a length before to a group",
		FROM_A1,
		DIES(DROP_NOT_ETHERNET_II),
		.in = {.dst = GROUP6(0, 1), .src = STATION(1), .type = 46},
	},
	{
		"a foreign type before to everybody",
		FROM_A1,
		DIES(DROP_ETHERTYPE_NOT_ALLOWED),
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .type = 0x88cc},
	},
	{
		"malformed ARP before to a group",
		FROM_A1,
		DIES(DROP_ARP_MALFORMED),
		TO(GROUP6(0, 1), PAYLOAD_ARP, .operation = 3),
	},
	{
		"to everybody before a broken header",
		FROM_A1,
		DIES(DROP_BROADCAST_NOT_ARP),
		TO(MAC_BROADCAST, PAYLOAD_IPV4, .pokes = {POKE(0, 0x5500)}),
	},
	{
		"to a group before a broken header",
		FROM_A1,
		DIES(DROP_IPV4_MULTICAST),
		TO(GROUP4(0, 0, 5), PAYLOAD_IPV4, .pokes = {POKE(0, 0x5500)}),
	},
	{
		"a broken header before an address",
		FROM_A1,
		DIES(DROP_IPV4_HEADER_CORRUPTED),
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.255", .pokes = {POKE(0, 0x5500)}),
	},
	{
		"an address before a redirect",
		FROM_A1,
		DIES(DROP_IPV4_DST_IS_BROADCAST),
		UNICAST(PAYLOAD_IPV4, .to = "192.0.2.255", .protocol = PROTO_ICMP, .type = 5),
	},
	{
		"a fragment before a router advertisement",
		FROM_A1,
		DIES(DROP_ND_FRAGMENTED),
		TO(GROUP6(0, 1), PAYLOAD_IPV6, .protocol = PROTO_ICMPV6, .type = RA,
		   .headers = {EXT_FRAGMENT}, .fragment = MORE_FRAGMENTS),
	},
	{
		"too long before a foreign type",
		FROM_A1,
		DIES(DROP_PKT_TOO_BIG),
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x9000, .length = 1600},
	},
	{
		"a foreign type before a hijack",
		.port = X1,
		.stations = {REGISTERED(1, X2, EXCHANGE), LIVES(2, X2, EXCHANGE)},
		.given = exchange_has_rules,
		.drop = DROP_ETHERTYPE_NOT_ALLOWED,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x9000},
	},
	{
		"a foreign type before an unknown destination",
		.port = X1,
		.given = exchange_has_rules,
		.drop = DROP_ETHERTYPE_NOT_ALLOWED,
		.in = {.dst = STATION(9), .src = STATION(1), .type = 0x9000},
	},
};

Test(frames, admit)
{
	ROWS_TEST(rows);
}
