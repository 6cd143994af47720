// SPDX-License-Identifier: BSD-3-Clause
// What ends with a port that is being drained: BGP between addresses of the LAN, and nothing else.
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#define MEMBERS4 .from = "192.0.2.1", .to = "192.0.2.2"
#define MEMBERS6 .from = "2001:db8:2::1", .to = "2001:db8:2::2"
#define TO_BGP	 .protocol = PROTO_TCP, .from_port = 40000, .to_port = 179
#define FROM_BGP .protocol = PROTO_TCP, .from_port = 179, .to_port = 40000

#define FROM_A1	       .stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)}, .port = A1
#define TO_2(...)      .in = {.dst = STATION(2), .src = STATION(1), .payload = {__VA_ARGS__}}
#define TO_NOBODY(...) .in = {.dst = STATION(9), .src = STATION(1), .payload = {__VA_ARGS__}}

static void a1_is_drained(void)
{
	given_port_with(A1, PORT_DRAINED);
}

static void a2_is_drained(void)
{
	given_port_with(A2, PORT_DRAINED);
}

static void a3_is_drained(void)
{
	given_port_with(A3, PORT_DRAINED);
}

static void x1_is_drained(void)
{
	given_port_with(X1, PORT_DRAINED);
}

static void a2_is_drained_in_a_lan_with_rules(void)
{
	given_rules(OPEN, 0);
	given_port_with(A2, PORT_DRAINED);
}

#define CULLED .given = a2_is_drained, .drop = DROP_SESSION_CULLED
#define PASSES .given = a2_is_drained, .outs = {AS_IS(A2)}

static const struct row rows[] = {
	{
		"BGP to a drained port ends",
		FROM_A1,
		CULLED,
		.times = 64,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	{
		"so does BGP from a drained port",
		FROM_A1,
		.given = a1_is_drained,
		.drop = DROP_SESSION_CULLED,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	{
		"the session may have been opened by the other",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV4, MEMBERS4, FROM_BGP),
	},
	{
		"over IPv6 too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV6, MEMBERS6, TO_BGP),
	},
	{
		"and opened by the other",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV6, MEMBERS6, FROM_BGP),
	},
	{
		"under a tag too",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		CULLED,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .tag = TAG(100),
		       .payload = {PAYLOAD_IPV4, MEMBERS4, TO_BGP}},
	},
	{
		"behind IPv4 options too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP, .options = 12),
	},
	{
		"behind extension headers too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV6, MEMBERS6, TO_BGP,
		     .headers = {EXT_HOP_BY_HOP, EXT_ROUTING, EXT_DESTINATION}, .header_length = 1),
	},
	{
		"behind an authentication header too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV6, MEMBERS6, TO_BGP, .headers = {EXT_AUTHENTICATION},
		     .header_length = 4),
	},
	{
		"in a first fragment too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP, .fragment = 0x2000),
	},
	{
		"in a first fragment of IPv6 too",
		FROM_A1,
		CULLED,
		TO_2(PAYLOAD_IPV6, MEMBERS6, TO_BGP, .headers = {EXT_FRAGMENT}, .fragment = 1),
	},
	{
		"in a LAN with rules too",
		FROM_A1,
		.given = a2_is_drained_in_a_lan_with_rules,
		.drop = DROP_SESSION_CULLED,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	{
		"what might flood to a drained port ends",
		FROM_A1,
		.given = a3_is_drained,
		.drop = DROP_SESSION_CULLED,
		TO_NOBODY(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	// ---- What goes on
	{
		"BGP between two others goes on",
		FROM_A1,
		.given = a3_is_drained,
		.outs = {AS_IS(A2)},
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	{
		"what floods where no port is drained goes on",
		FROM_A1,
		.given = x1_is_drained,
		.outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
		TO_NOBODY(PAYLOAD_IPV4, MEMBERS4, TO_BGP),
	},
	{
		"traffic to a drained port goes on",
		FROM_A1,
		PASSES,
		.times = 64,
		TO_2(PAYLOAD_IPV4, .protocol = PROTO_TCP, .to_port = 443),
	},
	{
		"BGP with an address outside the LAN goes on",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, .from = "192.0.2.1", .to = "192.0.3.2", TO_BGP),
	},
	{
		"from such an address too",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, .from = "203.0.113.1", .to = "192.0.2.2", TO_BGP),
	},
	{
		"and over IPv6",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV6, .from = "2001:db8:2::1", .to = "2001:db8:2:1::2", TO_BGP),
	},
	{
		"port 1179 is not BGP's",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, MEMBERS4, .protocol = PROTO_TCP, .from_port = 1179,
		     .to_port = 1179),
	},
	{
		"UDP to port 179 is not BGP",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, MEMBERS4, .protocol = PROTO_UDP, .to_port = 179),
	},
	{
		"a ping goes on",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, MEMBERS4, .protocol = PROTO_ICMP, .type = 8),
	},
	{
		"a later fragment goes on",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV4, MEMBERS4, TO_BGP, .fragment = 10),
	},
	{
		"a later fragment of IPv6 goes on",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_IPV6, MEMBERS6, TO_BGP, .headers = {EXT_FRAGMENT}, .fragment = 80),
	},
	{
		"TCP cut before its ports goes on",
		FROM_A1,
		PASSES,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 37,
		       .payload = {PAYLOAD_IPV4, MEMBERS4, TO_BGP}},
	},
	{
		"IPv6 cut in its header goes on, where headers do not count",
		FROM_A1,
		PASSES,
		.in = {.dst = STATION(2),
		       .src = STATION(1),
		       .length = 50,
		       .payload = {PAYLOAD_IPV6, MEMBERS6, TO_BGP}},
	},
	{
		"ARP goes on",
		FROM_A1,
		PASSES,
		TO_2(PAYLOAD_ARP),
	},
};

Test(frames, cull)
{
	ROWS_TEST(rows);
}
