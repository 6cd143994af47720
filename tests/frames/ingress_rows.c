// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#include "tests/frames/harness.h"

#define RESERVED(n) MAC(0x01, 0x80, 0xc2, 0x00, 0x00, n)

static void a1_is_down(void)
{
	given_port_without(A1, PORT_ADMIN_UP);
}

static void a1_is_disabled(void)
{
	given_disabled(A1, DISABLE_LOOP);
}

static void a1_is_down_and_disabled(void)
{
	a1_is_down();
	a1_is_disabled();
}

static void a2_is_disabled(void)
{
	given_disabled(A2, DISABLE_STORM);
}

static void a1_drops_runts(void)
{
	given_port_with(A1, PORT_DROP_RUNTS);
}

static void t_drops_runts(void)
{
	given_port_with(T, PORT_DROP_RUNTS);
}

static void a1_is_disabled_and_drops_runts(void)
{
	a1_is_disabled();
	a1_drops_runts();
}

static void a1_has_no_link(void)
{
	world_link(A1, false);
}

static void wire_is_not_transparent(void)
{
	given_lan_without(WIRE, LAN_TRANSPARENT);
}

static const struct row rows[] = {
	// ---- State of the port
	{
		"a port that is down takes nothing",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_is_down,
		.port = A1,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_PORT_DOWN,
	},
	{
		"what still waits in a device whose link has gone down is taken",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_has_no_link,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"a port that is disabled takes nothing",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_is_disabled,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_PORT_DISABLED,
	},
	{
		"what is for a disabled port does not leave by it",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_is_disabled,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_EGRESS_PORT_DOWN,
		.blame = A2,
	},
	{
		"what floods leaves a disabled port out",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_is_disabled,
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
	},
	// ---- Runts
	{
		"a frame of 59 octets is too short for a port that wants none such",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_drops_runts,
		.port = A1,
		.times = 5,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 59},
		.drop = DROP_RUNT,
	},
	{
		"one of 60 octets is not",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_drops_runts,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 60},
		.outs = {AS_IS(A2)},
	},
	{
		"a tag counts for the 60",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.given = t_drops_runts,
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 60},
		.outs = {POP(A2)},
	},
	{
		"the shortest tagged frame is 60 octets too",
		.given = t_drops_runts,
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 59},
		.drop = DROP_RUNT,
	},
	// ---- Addresses
	{
		"a frame to its own source is refused",
		.stations = {LIVES(1, A1, OPEN)},
		.port = A1,
		.in = {.dst = STATION(1), .src = STATION(1)},
		.drop = DROP_SRC_MAC_IS_DST,
	},
	{
		"even if the source was not known, and it is not learned",
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(1), .src = STATION(1)},
		.drop = DROP_SRC_MAC_IS_DST,
	},
	{
		"a group address is no source",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = MAC(0x03, 0, 0, 0, 0, 1)},
		.drop = DROP_SRC_MAC_IS_MULTICAST,
	},
	{
		"the broadcast address is no source",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = MAC_BROADCAST},
		.drop = DROP_SRC_MAC_IS_MULTICAST,
	},
	{
		"all zeros is no source",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = 0},
		.drop = DROP_SRC_MAC_IS_ZERO,
	},
	{
		"spanning tree is not forwarded",
		.port = A1,
		.in = {.dst = RESERVED(0x00), .src = STATION(1), .type = 39},
		.drop = DROP_DMAC_IS_RESERVED,
	},
	{
		"LLDP is not forwarded",
		.port = A1,
		.in = {.dst = RESERVED(0x0e), .src = STATION(1), .type = 0x88cc},
		.drop = DROP_DMAC_IS_RESERVED,
	},
	{
		"the last reserved address is not forwarded, nor in a transparent LAN",
		.port = W1,
		.in = {.dst = RESERVED(0x0f), .src = STATION(1)},
		.drop = DROP_DMAC_IS_RESERVED,
	},
	{
		"the first address behind the reserved ones is a group like any other",
		.stations = {LIVES(1, G1, PRIVATE)},
		.port = G1,
		.in = {.dst = RESERVED(0x10), .src = STATION(1)},
		.outs = {AS_IS(G3)},
	},
	// ---- Tags
	{
		"a tag on an access port is refused",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100)},
		.drop = DROP_VLAN_TAG_MISMATCH,
	},
	{
		"a priority tag on an access port is refused",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(5, 0))},
		.drop = DROP_VLAN_TAG_MISMATCH,
	},
	{
		"an untagged frame on a trunk is refused",
		.stations = {LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_VLAN_TAG_MISSING,
	},
	{
		"a port that is in no LAN takes nothing",
		.port = NOWHERE,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.drop = DROP_VLAN_TAG_MISSING,
	},
	{
		"a VLAN that a trunk is no member of is refused",
		.stations = {LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(101)},
		.drop = DROP_INGRESS_VLAN_FILTER,
	},
	{
		"VLAN 4095 on a trunk is refused",
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(4095)},
		.drop = DROP_INGRESS_VLAN_FILTER,
	},
	{
		"a priority tag on a trunk is refused",
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(5, 0))},
		.drop = DROP_INGRESS_VLAN_FILTER,
	},
	{
		"the tag of a trunk tells the LAN: the same station lives in one and not in "
		"another",
		.stations = {LIVES(1, T, EXCHANGE), LIVES(2, X1, EXCHANGE), LIVES(2, A1, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(200)},
		.outs = {POP(X1)},
	},
	{
		"a second tag behind the first is payload",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .inner = TAG(7)},
		.outs = {POP(A2)},
	},
	{
		"a transparent LAN passes a tag as it is",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(3, 55))},
		.outs = {AS_IS(W2)},
	},
	{
		"a transparent LAN passes a priority tag as it is",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(3, 0))},
		.outs = {AS_IS(W2)},
	},
	{
		"a transparent LAN passes two tags as they are",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(5), .inner = TAG(6)},
		.outs = {AS_IS(W2)},
	},
	{
		"without that profile the same LAN refuses it",
		.stations = {LIVES(2, W2, WIRE)},
		.given = wire_is_not_transparent,
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(55)},
		.drop = DROP_VLAN_TAG_MISMATCH,
	},
	{
		"a port with tagged and untagged LANs: a priority tag is of the untagged one",
		.stations = {LIVES(1, H, WIRE), LIVES(2, W2, WIRE)},
		.port = H,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(6, 0))},
		.outs = {AS_IS(W2)},
	},
	{
		"a port with tagged and untagged LANs refuses a foreign VLAN",
		.stations = {LIVES(2, W2, WIRE)},
		.port = H,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(55)},
		.drop = DROP_INGRESS_VLAN_FILTER,
	},
	{
		"a port with tagged and untagged LANs: no tag is the untagged LAN",
		.stations = {LIVES(1, H, WIRE), LIVES(2, W2, WIRE)},
		.port = H,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(W2)},
	},
	{
		"a port with tagged and untagged LANs: its tag is the tagged LAN",
		.stations = {LIVES(1, H, OPEN), LIVES(2, A2, OPEN)},
		.port = H,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(110)},
		.outs = {POP(A2)},
	},
	// ---- Length
	{
		"a frame of the MTU passes",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1514},
		.outs = {AS_IS(A2)},
	},
	{
		"an octet more than the MTU does not",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1515},
		.drop = DROP_PKT_TOO_BIG,
	},
	{
		"a tag does not count for the MTU",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 1518},
		.outs = {POP(A2)},
	},
	{
		"an octet more than tag and MTU does not pass",
		.stations = {LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 1519},
		.drop = DROP_PKT_TOO_BIG,
	},
	{
		"a jumbo frame passes where the LAN is for jumbo frames",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 9014},
		.outs = {AS_IS(W2)},
	},
	{
		"the members' own tag does not count for the MTU either",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, W2, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(55), .length = 9018},
		.outs = {AS_IS(W2)},
	},
	// ---- Wrong in two ways
	{
		"down before disabled",
		.given = a1_is_down_and_disabled,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_PORT_DOWN,
	},
	{
		"down before cut",
		.given = a1_is_down,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 13},
		.drop = DROP_PORT_DOWN,
	},
	{
		"disabled before cut and runt",
		.given = a1_is_disabled_and_drops_runts,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 13},
		.drop = DROP_PORT_DISABLED,
	},
	{
		"cut before runt",
		.given = a1_drops_runts,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 13},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"runt before a wrong source",
		.given = a1_drops_runts,
		.port = A1,
		.in = {.dst = STATION(2), .src = 0, .length = 59},
		.drop = DROP_RUNT,
	},
	{
		"no source before a source that is the destination",
		.port = A1,
		.in = {.dst = 0, .src = 0},
		.drop = DROP_SRC_MAC_IS_ZERO,
	},
	{
		"a group for a source before a source that is the destination",
		.port = A1,
		.in = {.dst = RESERVED(1), .src = RESERVED(1)},
		.drop = DROP_SRC_MAC_IS_MULTICAST,
	},
	{
		"a source that is the destination before a wrong tag",
		.port = A1,
		.in = {.dst = STATION(1), .src = STATION(1), .tag = TAG(100)},
		.drop = DROP_SRC_MAC_IS_DST,
	},
	{
		"down before a wrong source",
		.given = a1_is_down,
		.port = A1,
		.in = {.dst = STATION(2), .src = 0},
		.drop = DROP_PORT_DOWN,
	},
	{
		"a wrong source before a reserved destination",
		.port = A1,
		.in = {.dst = RESERVED(0), .src = 0},
		.drop = DROP_SRC_MAC_IS_ZERO,
	},
	{
		"a reserved destination before a wrong tag",
		.port = A1,
		.in = {.dst = RESERVED(0), .src = STATION(1), .tag = TAG(100)},
		.drop = DROP_DMAC_IS_RESERVED,
	},
	{
		"a wrong tag before a wrong length",
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 1600},
		.drop = DROP_VLAN_TAG_MISMATCH,
	},
};

Test(frames, ingress)
{
	ROWS_TEST(rows);
}
