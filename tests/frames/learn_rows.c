// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

#include "tests/frames/harness.h"

static void a1_does_not_learn(void)
{
	given_port_without(A1, PORT_LEARN);
}

static void x1_does_not_learn(void)
{
	given_port_without(X1, PORT_LEARN);
}

static void exchange_tolerates_hijack(void)
{
	given_lan_without(EXCHANGE, LAN_DROP_HIJACK);
}

static void nothing_may_flood(void)
{
	given_lan_without(OPEN, LAN_FLOOD_UNKNOWN);
}

static void a1_has_its_fill(void)
{
	atomic_store(&world.quota.port_limit[A1], 1);
}

static const struct row rows[] = {
	// ---- Learning
	{
		"an unknown source is learned where it came",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_LEARNED,
	},
	{
		"and the answer finds it",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(A1)},
	},
	{
		"it is learned once, and the burst is in order",
		.stations = {LIVES(2, A2, OPEN)},
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_LEARNED,
	},
	{
		"a LAN learns for itself: another one does not know the station",
		.stations = {LIVES(1, T, EXCHANGE), LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(200)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"a source is learned though its frame goes nowhere",
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_UNKNOWN_UNICAST,
		.event = EVENT_MAC_LEARNED,
	},
	{
		"and is found",
		.goes_on = true,
		.stations = {LIVES(2, X2, EXCHANGE)},
		.port = X2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(X1)},
	},
	// ---- Moving
	{
		"a station that moves takes its frames with it: it comes by another port",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A3,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_MOVED,
	},
	{
		"the very next frame goes to the new port",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(A3)},
	},
	{
		"it moves back",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_MOVED,
	},
	{
		"and is found there",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(A1)},
	},
	// ---- Registered stations
	{
		"a registered station needs no learning",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"somebody else uses a registered address: dropped",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"and the registered one keeps its frames",
		.goes_on = true,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"where the LAN tolerates it, the frame passes and the entry stays",
		.stations = {REGISTERED(2, X2, EXCHANGE), REGISTERED(3, T, EXCHANGE)},
		.given = exchange_tolerates_hijack,
		.port = X1,
		.in = {.dst = STATION(3), .src = STATION(2)},
		.outs = {PUSH(T, 200)},
	},
	{
		"the entry did stay",
		.goes_on = true,
		.stations = {LIVES(1, X1, EXCHANGE)},
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"a port that does not learn is not let off: a registered address is defended",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_does_not_learn,
		.port = X1,
		.times = 3,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"a port that does not learn may use an address learned elsewhere",
		.stations = {REGISTERED(1, T, EXCHANGE), LIVES(2, X2, EXCHANGE)},
		.given = x1_does_not_learn,
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {PUSH(T, 200)},
	},
	{
		"a port that does not learn may use its own registered address",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_does_not_learn,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	// ---- Not learning
	{
		"a port that does not learn: its frames pass",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_does_not_learn,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"and nobody knows their source",
		.goes_on = true,
		.given = nothing_may_flood,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"a frame that ingress refused teaches nothing",
		.stations = {LIVES(2, A2, OPEN)},
		.given = nothing_may_flood,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1515},
		.drop = DROP_PKT_TOO_BIG,
	},
	{
		"it did not",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	// ---- Limits
	{
		"a port at its limit learns no more, and its frames pass",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_has_its_fill,
		.port = A1,
		.times = 2,
		.in = {.dst = STATION(2), .src = STATION(3)},
		.outs = {AS_IS(A2)},
		.refused = 2,
	},
	{
		"nobody knows the station that was one too many",
		.goes_on = true,
		.given = nothing_may_flood,
		.port = A2,
		.in = {.dst = STATION(3), .src = STATION(2)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"the one that was there before is found",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(A1)},
	},
	{
		"registered stations do not count for the limit",
		.stations = {REGISTERED(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_has_its_fill,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(3)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_LEARNED,
	},
};

Test(frames, learn)
{
	ROWS_TEST(rows);
}
