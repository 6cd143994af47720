// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#include "tests/frames/harness.h"

#define MDNS MAC(0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb)

static void x2_wants_no_multicast(void)
{
	given_port_without(X2, PORT_FLOOD_MULTICAST);
}

static void a2_wants_no_unknown(void)
{
	given_port_without(A2, PORT_FLOOD_UNKNOWN);
}

static void a2_is_down(void)
{
	given_port_without(A2, PORT_ADMIN_UP);
}

static void a2_has_no_link(void)
{
	world_link(A2, false);
}

static void g3_has_no_link(void)
{
	world_link(G3, false);
}

static void a2_and_a3_have_no_link(void)
{
	world_link(A2, false);
	world_link(A3, false);
}

static const struct row rows[] = {
	// ---- Who gets it
	{
		"a broadcast reaches every other port of its LAN once, in the tag each knows it by",
		.stations = {LIVES(1, A1, OPEN)},
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .type = 0x0806, .length = 42},
		.outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"a burst of broadcasts leaves in order everywhere",
		.stations = {LIVES(1, A1, OPEN)},
		.port = A1,
		.times = 64,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"a multicast as well",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.port = X1,
		.in = {.dst = MDNS, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"a port that wants no multicast gets none",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x2_wants_no_multicast,
		.port = X1,
		.in = {.dst = MDNS, .src = STATION(1)},
		.outs = {PUSH(T, 200)},
	},
	{
		"but gets a broadcast",
		.goes_on = true,
		.port = X1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"a port that wants no unknown unicast gets none",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_wants_no_unknown,
		.port = A1,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.outs = {AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"but gets a multicast",
		.goes_on = true,
		.port = A1,
		.in = {.dst = MDNS, .src = STATION(1)},
		.outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"ports of one isolation group do not hear each other",
		.stations = {LIVES(1, G1, PRIVATE)},
		.port = G1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(G3)},
	},
	{
		"who is in no group hears all and is heard by all",
		.stations = {LIVES(1, G3, PRIVATE)},
		.port = G3,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(G1), AS_IS(G2)},
	},
	{
		"a port that is down gets no copy",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_is_down,
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"a port without link gets no copy",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_has_no_link,
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"nobody is left",
		.stations = {LIVES(1, G1, PRIVATE)},
		.given = g3_has_no_link,
		.port = G1,
		.times = 5,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.drop = DROP_PORT_LIST_IS_EMPTY,
	},
	// ---- In what dress
	{
		"from a trunk: those without a tag get it without, another trunk"
		" in the tag it knows",
		.stations = {LIVES(1, T, OPEN)},
		.port = T,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .tag = TAG(PCP(5, 100))},
		.outs = {POP(A1), POP(A2), POP(A3), AS_IS(T2), RETAG(H, PCP(5, 110))},
	},
	{
		"a copy has the tag and the tag's room though the frame is as long as the MTU",
		.stations = {LIVES(1, A1, OPEN)},
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 1514},
		.outs = {AS_IS(A2), AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"everybody has another tag than the frame: the original serves nobody",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_and_a3_have_no_link,
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	{
		"the members' own tag keeps its place behind the tag of the LAN, and its priority "
		"shows",
		.stations = {LIVES(1, W1, WIRE)},
		.port = W1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .tag = TAG(PCP(3, 55))},
		.outs = {AS_IS(W2), AS_IS(H), PUSH(T, PCP(3, 300))},
	},
	// ---- Who cannot get it
	{
		"a copy that is too long for one port dies there, and only there",
		.stations = {LIVES(1, W1, WIRE)},
		.port = W1,
		.times = 2,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 9014},
		.outs = {AS_IS(W2), PUSH(T, 300)},
		.drop = DROP_EGRESS_MTU,
		.blame = H,
	},
	{
		"no memory for copies: those who need none get theirs",
		.stations = {LIVES(1, A1, OPEN)},
		.given = given_no_buffers,
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A2), AS_IS(A3)},
		.drop = DROP_NO_BUFFER,
		.drops = 3,
	},
	{
		"no memory for copies, and all need one",
		.given = given_no_buffers,
		.port = T,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .tag = TAG(300)},
		.drop = DROP_NO_BUFFER,
		.drops = 3,
		.event = EVENT_MAC_LEARNED,
	},
};

Test(frames, flood)
{
	ROWS_TEST(rows);
}
