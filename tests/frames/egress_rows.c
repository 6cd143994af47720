// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "tests/frames/harness.h"

static void a2_left_the_lan(void)
{
	given_no_member(A2, OPEN);
}

static void a2_is_down(void)
{
	given_port_without(A2, PORT_ADMIN_UP);
}

static void a2_has_no_link(void)
{
	world_link(A2, false);
}

static void a2_has_its_link_back(void)
{
	world_link(A2, true);
}

static void g2_left_the_lan(void)
{
	given_no_member(G2, PRIVATE);
}

static void g2_has_no_link(void)
{
	world_link(G2, false);
}

static void h_has_no_link(void)
{
	world_link(H, false);
}

static const struct row rows[] = {
	// ---- May it leave there
	{
		"a station is known on a port that left the LAN",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_left_the_lan,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_EGRESS_VLAN_FILTER,
		.blame = A2,
	},
	{
		"ports of one isolation group do not reach each other",
		.stations = {LIVES(1, G1, PRIVATE), LIVES(2, G2, PRIVATE)},
		.port = G1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_SPLIT_HORIZON,
		.blame = G2,
	},
	{
		"not even a registered station",
		.stations = {LIVES(1, G1, PRIVATE), REGISTERED(2, G2, PRIVATE)},
		.port = G1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_SPLIT_HORIZON,
		.blame = G2,
	},
	{
		"a port of the group reaches one outside",
		.stations = {LIVES(1, G1, PRIVATE), LIVES(2, G3, PRIVATE)},
		.port = G1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(G3)},
	},
	{
		"and one outside reaches it",
		.goes_on = true,
		.port = G3,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(G1)},
	},
	{
		"a port that is down gets nothing, and nothing is flooded instead",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_is_down,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_EGRESS_PORT_DOWN,
		.blame = A2,
	},
	{
		"a port without link gets nothing",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_has_no_link,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_EGRESS_PORT_DOWN,
		.blame = A2,
	},
	{
		"and gets it again with the link",
		.goes_on = true,
		.given = a2_has_its_link_back,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"a frame of the LAN is too long for the port",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, H, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1519},
		.drop = DROP_EGRESS_MTU,
		.blame = H,
	},
	{
		"the longest frame of the port is not too long",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, H, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1518},
		.outs = {AS_IS(H)},
	},
	{
		"a tag makes it too long",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, T, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(55), .length = 9018},
		.drop = DROP_EGRESS_MTU,
		.blame = T,
	},
	{
		"a tag makes it as long as can be",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, T, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 9014},
		.outs = {PUSH(T, 300)},
	},
	// ---- In what dress
	{
		"an untagged frame gets the tag of its LAN on a trunk, with priority 0",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, T, OPEN)},
		.port = A1,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {PUSH(T, 100)},
	},
	{
		"a tagged frame loses it on an access port",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(7, 100))},
		.outs = {POP(A2)},
	},
	{
		"a tagged frame keeps it between trunks, priority and all",
		.stations = {LIVES(1, T, OPEN), LIVES(2, T2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(7, 100) | 0x1000)},
		.outs = {AS_IS(T2)},
	},
	{
		"a trunk that knows the LAN by another tag gets that, priority and all",
		.stations = {LIVES(1, T, OPEN), LIVES(2, H, OPEN)},
		.port = T,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(7, 100) | 0x1000)},
		.outs = {RETAG(H, PCP(7, 110) | 0x1000)},
	},
	{
		"the members' own tag is not the LAN's: it passes from a trunk to an access port",
		.stations = {LIVES(1, T, WIRE), LIVES(2, W2, WIRE)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(300), .inner = TAG(55)},
		.outs = {POP(W2)},
	},
	{
		"and from an access port to a trunk",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, T, WIRE)},
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(PCP(5, 55))},
		.outs = {PUSH(T, PCP(5, 300))},
	},
	{
		"a frame of 42 octets becomes one of 46 on a trunk",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, T, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x0806, .length = 42},
		.outs = {PUSH(T, 100)},
	},
	// ---- Wrong in two ways
	{
		"no member before isolated",
		.stations = {LIVES(1, G1, PRIVATE), LIVES(2, G2, PRIVATE)},
		.given = g2_left_the_lan,
		.port = G1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_EGRESS_VLAN_FILTER,
		.blame = G2,
	},
	{
		"isolated before down",
		.stations = {LIVES(1, G1, PRIVATE), LIVES(2, G2, PRIVATE)},
		.given = g2_has_no_link,
		.port = G1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_SPLIT_HORIZON,
		.blame = G2,
	},
	{
		"down before too long",
		.stations = {LIVES(1, W1, WIRE), LIVES(2, H, WIRE)},
		.given = h_has_no_link,
		.port = W1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 9014},
		.drop = DROP_EGRESS_PORT_DOWN,
		.blame = H,
	},
};

Test(frames, egress)
{
	ROWS_TEST(rows);
}

// A device may keep what it delivered, so its octets are not ours to change.
Test(frames, a_frame_that_somebody_else_holds_is_not_written)
{
	struct rte_mbuf *frame, *sent;
	uint8_t before[FRAME_MIN];

	world_init(2, 16, 64);
	world_begin();
	world_lan(0, LAN_FLOOD_UNKNOWN, 1500, 0);
	for (uint16_t p = 0; p < 2; p++) {
		world_port(p, PORT_ADMIN_UP, 1500, 0);
		world_member(p, 0, p ? 100 : 0);
	}
	world_commit();
	fdb_add_static(world.fdbs[0], STATION(2), 1, MAC_REGISTERED);

	frame = world_frame(FRAME_MIN);
	memset(rte_pktmbuf_mtod(frame, void *), 0x5a, FRAME_MIN);
	mac_store(STATION(2), rte_pktmbuf_mtod(frame, void *));
	memcpy(before, rte_pktmbuf_mtod(frame, void *), FRAME_MIN);
	rte_mbuf_refcnt_update(frame, 1);
	world_receive(0, &frame, 1);

	cr_expect_eq(rte_mbuf_refcnt_read(frame), 1, "the path still holds it");
	cr_expect_eq(frame->pkt_len, FRAME_MIN);
	cr_expect_arr_eq(rte_pktmbuf_mtod(frame, void *), before, FRAME_MIN);
	rte_pktmbuf_free(frame);
	sent = world_sent(1);
	cr_assert_not_null(sent);
	cr_expect_eq(sent->pkt_len, FRAME_MIN + TAG_SIZE);
	rte_pktmbuf_free(sent);
	const char *wrong = world_audit(0);
	cr_expect_null(wrong, "%s", wrong);
	world_fini();
}
