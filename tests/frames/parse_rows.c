// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>

static const struct row rows[] = {
	{
		"a frame of 60 octets is well-formed",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 60},
		.outs = {AS_IS(A2)},
	},
	{
		"a frame of 42 octets, as a veth or tap peer sends an ARP, is well-formed",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x0806, .length = 42},
		.outs = {AS_IS(A2)},
	},
	{
		"a frame may end with its header",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 14},
		.outs = {AS_IS(A2)},
	},
	{
		"a frame may end with its tag",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 18},
		.outs = {POP(A2)},
	},
	{
		"a frame cut inside its type is dropped",
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 13},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"a frame cut inside its addresses is dropped, a broadcast too",
		.port = A1,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1), .length = 7},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"a frame of one octet is dropped",
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 1},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"a frame cut inside its tag is dropped",
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .length = 17},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"a burst of 64 cut frames is counted one by one",
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1), .length = 13},
		.drop = DROP_PKT_TOO_SMALL,
	},
	{
		"a burst of 64 good frames leaves in order",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"a service tag (88a8) is a type like any other on an access port",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x88a8},
		.outs = {AS_IS(A2)},
	},
	{
		"a length instead of a type (802.3) is a type like any other",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 46},
		.outs = {AS_IS(A2)},
	},
};

Test(frames, parse)
{
	ROWS_TEST(rows);
}
