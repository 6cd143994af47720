// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#include "tests/frames/harness.h"

#define ALL_ROUTERS MAC(0x33, 0x33, 0x00, 0x00, 0x00, 0x02)

static void limit(uint16_t port, enum meter_class class, uint64_t frames)
{
	world_limit(port, class, &(struct rate){.value = frames, .unit = RATE_FRAMES});
}

static void x1_has_ten_broadcasts(void)
{
	limit(X1, METER_BROADCAST, 10);
}

static void x1_has_ten_multicasts(void)
{
	limit(X1, METER_MULTICAST, 10);
}

static void g1_has_ten_unknown(void)
{
	limit(G1, METER_UNKNOWN, 10);
}

static void x1_has_nothing_but_unknown(void)
{
	limit(X1, METER_BROADCAST, 0);
	limit(X1, METER_MULTICAST, 0);
}

static void x1_has_a_megabit(void)
{
	world_limit(X1, METER_BROADCAST, &(struct rate){.value = 100, .unit = RATE_PPM});
}

static void half_a_second_later(void)
{
	world.cycles += WORLD_HZ / 2;
}

static void x2_may_be_given_ten(void)
{
	limit(X2, METER_EGRESS, 10);
}

static void all_have_ten_and_g3_gets_fifteen(void)
{
	limit(G1, METER_BROADCAST, 10);
	limit(G2, METER_BROADCAST, 10);
	limit(G3, METER_EGRESS, 15);
}

static void g3_may_be_given_none(void)
{
	limit(G3, METER_EGRESS, 0);
}

static void h_may_be_given_one(void)
{
	limit(H, METER_EGRESS, 1);
}

static const struct row rows[] = {
	// ---- What may come
	{
		"the first of a burst of broadcasts pass, the rest dies",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x1_has_ten_broadcasts,
		.port = X1,
		.times = 64,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
		.drop = DROP_STORM_BROADCAST,
		.drops = 54,
		.sent = 10,
	},
	{
		"a multicast still passes",
		.goes_on = true,
		.port = X1,
		.in = {.dst = ALL_ROUTERS, .src = STATION(1), .type = 0x86dd},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"another port's broadcast as well",
		.goes_on = true,
		.stations = {LIVES(2, X2, EXCHANGE)},
		.port = X2,
		.in = {.dst = MAC_BROADCAST, .src = STATION(2)},
		.outs = {AS_IS(X1), PUSH(T, 200)},
	},
	{
		"known unicast in any number",
		.goes_on = true,
		.port = X1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"half a second later half as many",
		.goes_on = true,
		.given = half_a_second_later,
		.port = X1,
		.times = 64,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
		.drop = DROP_STORM_BROADCAST,
		.drops = 59,
		.sent = 5,
	},
	{
		"multicasts have a limit of their own",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x1_has_ten_multicasts,
		.port = X1,
		.times = 11,
		.in = {.dst = ALL_ROUTERS, .src = STATION(1), .type = 0x86dd},
		.outs = {AS_IS(X2), PUSH(T, 200)},
		.drop = DROP_STORM_MULTICAST,
		.drops = 1,
		.sent = 10,
	},
	{
		"of which broadcast takes nothing",
		.goes_on = true,
		.port = X1,
		.times = 11,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"so have frames to addresses that nobody knows",
		.stations = {LIVES(1, G1, PRIVATE)},
		.given = g1_has_ten_unknown,
		.port = G1,
		.times = 64,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.outs = {AS_IS(G3)},
		.drop = DROP_STORM_UNKNOWN_UNICAST,
		.drops = 54,
		.sent = 10,
	},
	{
		"which have none when somebody does",
		.goes_on = true,
		.stations = {LIVES(9, G3, PRIVATE)},
		.port = G1,
		.times = 64,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.outs = {AS_IS(G3)},
	},
	{
		"where unknown unicast is not flooded, it dies of that",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x1_has_nothing_but_unknown,
		.port = X1,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"0.01 % of 10 Gb/s: 81 frames of 1514 octets",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x1_has_a_megabit,
		.port = X1,
		.times = 64,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 1514},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"and no more",
		.goes_on = true,
		.port = X1,
		.times = 64,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 1514},
		.outs = {AS_IS(X2), PUSH(T, 200)},
		.drop = DROP_STORM_BROADCAST,
		.drops = 47,
		.sent = 17,
	},
	{
		"but the shortest one",
		.goes_on = true,
		.port = X1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	// ---- What may be given
	{
		"a port gets as many copies as it may be given",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.given = x2_may_be_given_ten,
		.port = X1,
		.times = 10,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
	{
		"and no more, of whatever class, while others get theirs",
		.goes_on = true,
		.port = X1,
		.times = 5,
		.in = {.dst = ALL_ROUTERS, .src = STATION(1), .type = 0x86dd},
		.outs = {PUSH(T, 200)},
		.drop = DROP_EGRESS_STORM,
		.blame = X2,
	},
	{
		"it may send as before",
		.goes_on = true,
		.stations = {LIVES(2, X2, EXCHANGE)},
		.port = X2,
		.times = 5,
		.in = {.dst = MAC_BROADCAST, .src = STATION(2)},
		.outs = {AS_IS(X1), PUSH(T, 200)},
	},
	{
		"and gets what is for it alone",
		.goes_on = true,
		.port = X1,
		.times = 5,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"two ports send as much as they may",
		.stations = {LIVES(1, G1, PRIVATE)},
		.given = all_have_ten_and_g3_gets_fifteen,
		.port = G1,
		.times = 10,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(G3)},
	},
	{
		"a third port's limit is for the sum of both",
		.goes_on = true,
		.stations = {LIVES(2, G2, PRIVATE)},
		.port = G2,
		.times = 10,
		.in = {.dst = MAC_BROADCAST, .src = STATION(2)},
		.outs = {AS_IS(G3)},
		.drop = DROP_EGRESS_STORM,
		.drops = 5,
		.sent = 5,
		.blame = G3,
	},
	{
		"the only receiver may be given none: the original ends there too",
		.stations = {LIVES(1, G1, PRIVATE)},
		.given = g3_may_be_given_none,
		.port = G1,
		.times = 5,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.drop = DROP_EGRESS_STORM,
		.blame = G3,
	},
	{
		"a frame too long for a port takes nothing from what it may be given",
		.stations = {LIVES(1, W1, WIRE)},
		.given = h_may_be_given_one,
		.port = W1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 9014},
		.outs = {AS_IS(W2), PUSH(T, 300)},
		.drop = DROP_EGRESS_MTU,
		.blame = H,
	},
	{
		"a shorter one gets there",
		.goes_on = true,
		.port = W1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(W2), AS_IS(H), PUSH(T, 300)},
	},
};

Test(frames, storm)
{
	ROWS_TEST(rows);
}
