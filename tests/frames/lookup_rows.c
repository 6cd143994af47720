// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

static const struct row rows[] = {
	{
		"a known destination has one receiver and no other port sees the frame",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A3, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A3)},
	},
	{
		"a registered destination is found as well",
		.stations = {LIVES(1, A1, OPEN), REGISTERED(2, A3, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A3)},
	},
	{
		"a frame does not leave by the port it came by",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A1, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_PORT_LOOPBACK_FILTER,
	},
	{
		"a LAN that does not flood drops what nobody knows",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.port = X1,
		.times = 64,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"a destination known in another LAN is not known here",
		.stations = {LIVES(1, X1, EXCHANGE), LIVES(2, A2, OPEN)},
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"a LAN that floods gives it to all others",
		.stations = {LIVES(1, W1, WIRE)},
		.port = W1,
		.in = {.dst = STATION(9), .src = STATION(1)},
		.outs = {AS_IS(W2), AS_IS(H), PUSH(T, 300)},
	},
	{
		"a broadcast is not for the LAN that floods alone",
		.stations = {LIVES(1, X1, EXCHANGE)},
		.port = X1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .type = 0x0806, .length = 42},
		.outs = {AS_IS(X2), PUSH(T, 200)},
	},
};

Test(frames, lookup)
{
	ROWS_TEST(rows);
}
