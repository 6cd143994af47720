// SPDX-License-Identifier: BSD-3-Clause
// Port security: each mode, each refusal, and what a burst may not do.
#include "tests/frames/rows.h"

#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <string.h>

#include "tests/frames/harness.h"

static void x1_takes_registered(void)
{
	given_security(X1, EXCHANGE, SECURITY_REGISTERED, UINT32_MAX);
	given_registered(X1, EXCHANGE);
}

static void x1_takes_registered_and_has_none(void)
{
	given_security(X1, EXCHANGE, SECURITY_REGISTERED, UINT32_MAX);
}

static void x1_takes_registered_and_tolerates_hijack(void)
{
	given_lan_without(EXCHANGE, LAN_DROP_HIJACK);
	x1_takes_registered();
}

static void x1_takes_registered_or_goes(void)
{
	given_at_once(X1);
	x1_takes_registered();
}

static void t_takes_registered_in_exchange(void)
{
	given_security(T, EXCHANGE, SECURITY_REGISTERED, UINT32_MAX);
	given_registered(T, EXCHANGE);
}

static void a1_learns_one(void)
{
	given_security(A1, OPEN, SECURITY_LEARN, 1);
}

static void a1_learns_one_though_it_does_not_learn(void)
{
	given_port_without(A1, PORT_LEARN);
	a1_learns_one();
}

static void a1_learns_none_more(void)
{
	given_security(A1, OPEN, SECURITY_LEARN, 0);
}

static void a1_does_not_learn(void)
{
	given_port_without(A1, PORT_LEARN);
}

static void open_has_reserved_ones(void)
{
	given_reserved(OPEN);
}

static void exchange_has_reserved_ones(void)
{
	given_reserved(EXCHANGE);
}

static void exchange_has_reserved_ones_and_registers(void)
{
	given_reserved(EXCHANGE);
	x1_takes_registered();
}

static void a1_does_not_learn_and_open_has_reserved_ones(void)
{
	a1_does_not_learn();
	open_has_reserved_ones();
}

static const struct row rows[] = {
	// ---- Registered
	{
		"a registered source passes",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"a sticky one too",
		.stations = {STICKY(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"a source that nobody registered does not",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(9)},
		.drop = DROP_MAC_NOT_REGISTERED,
	},
	{
		"and nothing was learned of it",
		.goes_on = true,
		.port = X2,
		.in = {.dst = STATION(9), .src = STATION(2)},
		.drop = DROP_UNKNOWN_UNICAST,
	},
	{
		"what was learned in another mode is not registered",
		.stations = {LIVES(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_NOT_REGISTERED,
	},
	{
		"what is held there is not registered",
		.stations = {HELD(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_NOT_REGISTERED,
	},
	{
		"a source learned elsewhere is not registered either",
		.stations = {LIVES(1, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_NOT_REGISTERED,
	},
	{
		"a port without registered addresses may send nothing",
		.stations = {REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered_and_has_none,
		.port = X1,
		.times = 2,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_NO_MAC_REGISTERED,
	},
	{
		"somebody else's registered address",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"which stays where it is",
		.goes_on = true,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"a LAN that tolerates it in other modes does not in this one",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered_and_tolerates_hijack,
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"somebody else's sticky address",
		.stations = {STICKY(2, X2, EXCHANGE)},
		.given = x1_takes_registered,
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"an address of the exchange's own",
		.stations = {FABRIC_OWNS(3, EXCHANGE), REGISTERED(1, X1, EXCHANGE)},
		.given = exchange_has_reserved_ones_and_registers,
		.port = X1,
		.in = {.dst = STATION(1), .src = STATION(3)},
		.drop = DROP_SRC_MAC_IS_RESERVED,
	},
	{
		"registered on the same trunk, but in another LAN",
		.stations = {REGISTERED(1, T, OPEN), REGISTERED(2, X2, EXCHANGE)},
		.given = t_takes_registered_in_exchange,
		.port = T,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(200)},
		.drop = DROP_MAC_NOT_REGISTERED,
	},
	{
		"in that LAN the port is open",
		.goes_on = true,
		.stations = {LIVES(5, A1, OPEN)},
		.port = T,
		.in = {.dst = STATION(5), .src = STATION(1), .tag = TAG(100)},
		.outs = {POP(A1)},
	},
	// ---- The first few
	{
		"the first source is learned for good",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_learns_one,
		.port = A1,
		.times = 5,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_LEARNED,
		.notice = NOTICE_STICKY,
	},
	{
		"it passes, though the manager has not heard of it yet",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"the second one is refused",
		.goes_on = true,
		.port = A1,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(3)},
		.drop = DROP_MAC_LIMIT,
		.refused = 3,
	},
	{
		"whether ports learn matters only where they are open",
		.stations = {LIVES(2, A2, OPEN)},
		.given = a1_learns_one_though_it_does_not_learn,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_LEARNED,
		.notice = NOTICE_STICKY,
	},
	{
		"sticky and registered ones pass when the port has its fill",
		.stations = {STICKY(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_learns_none_more,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"others do not, even if they are known elsewhere",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_MAC_LIMIT,
		.refused = 1,
	},
	{
		"a source that moves to the port is learned for good too",
		.stations = {LIVES(1, A3, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_learns_one,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.event = EVENT_MAC_MOVED,
		.notice = NOTICE_STICKY,
	},
	{
		"a registered address of somebody else is not learned, whatever the LAN tolerates",
		.stations = {REGISTERED(2, A2, OPEN), LIVES(3, A3, OPEN)},
		.given = a1_learns_one,
		.port = A1,
		.times = 2,
		.in = {.dst = STATION(3), .src = STATION(2)},
		.drop = DROP_MAC_HIJACK,
	},
	{
		"nor one that is held elsewhere",
		.stations = {HELD(2, A2, OPEN), LIVES(3, A3, OPEN)},
		.given = a1_learns_one,
		.port = A1,
		.in = {.dst = STATION(3), .src = STATION(2)},
		.drop = DROP_MAC_DUPLICATE,
	},
	{
		"a sticky source never moves",
		.stations = {STICKY(1, X1, EXCHANGE), LIVES(2, T, EXCHANGE)},
		.port = X2,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_HIJACK,
	},
	// ---- Open
	{
		"a held source by another port",
		.stations = {HELD(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A3,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_DUPLICATE,
	},
	{
		"and by the port where it is held",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"frames for it go there",
		.goes_on = true,
		.port = A2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.outs = {AS_IS(A1)},
	},
	{
		"a held source by a port that does not learn",
		.stations = {HELD(1, A3, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_does_not_learn,
		.port = A1,
		.times = 2,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_MAC_DUPLICATE,
	},
	{
		"a reserved source dies even where the LAN tolerates hijack",
		.stations = {FABRIC_OWNS(1, OPEN), LIVES(2, A2, OPEN)},
		.given = open_has_reserved_ones,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_SRC_MAC_IS_RESERVED,
	},
	{
		"and where the port does not learn",
		.stations = {FABRIC_OWNS(1, OPEN), LIVES(2, A2, OPEN)},
		.given = a1_does_not_learn_and_open_has_reserved_ones,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_SRC_MAC_IS_RESERVED,
	},
	{
		"and before anything else is looked for",
		.stations = {FABRIC_OWNS(1, EXCHANGE)},
		.given = exchange_has_reserved_ones,
		.port = X1,
		.in = {.dst = STATION(7), .src = STATION(1)},
		.drop = DROP_SRC_MAC_IS_RESERVED,
	},
	// ---- Reserved destinations
	{
		"nothing is forwarded to a reserved address",
		.stations = {FABRIC_OWNS(2, OPEN), LIVES(1, A1, OPEN)},
		.given = open_has_reserved_ones,
		.port = A1,
		.times = 3,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_BLACKHOLE,
	},
	{
		"other destinations are found as ever",
		.goes_on = true,
		.stations = {LIVES(3, A3, OPEN)},
		.port = A1,
		.in = {.dst = STATION(3), .src = STATION(1)},
		.outs = {AS_IS(A3)},
	},
	{
		"a reserved address is reserved in its own LAN only",
		.stations = {FABRIC_OWNS(2, OPEN), LIVES(1, X1, EXCHANGE), LIVES(2, X2, EXCHANGE)},
		.given = open_has_reserved_ones,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	// ---- Disabled at once
	{
		"where one violation is enough, a frame without one passes",
		.stations = {REGISTERED(1, X1, EXCHANGE), REGISTERED(2, X2, EXCHANGE)},
		.given = x1_takes_registered_or_goes,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(X2)},
	},
	{
		"one violation disables the port",
		.goes_on = true,
		.port = X1,
		.in = {.dst = STATION(2), .src = STATION(9)},
		.drop = DROP_MAC_NOT_REGISTERED,
		.notice = NOTICE_VIOLATION,
	},
	{
		"from then on nothing passes",
		.goes_on = true,
		.port = X1,
		.times = 2,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_PORT_DISABLED,
	},
	{
		"nothing is sent to it either",
		.goes_on = true,
		.port = X2,
		.in = {.dst = STATION(1), .src = STATION(2)},
		.drop = DROP_EGRESS_PORT_DOWN,
		.blame = X1,
	},
};

// ---- Bursts of several sources

enum { DST = 50, BURST = 6 };

struct burst {
	const char *name;
	void (*given)(void);
	uint16_t port;
	uint8_t sources[BURST]; // stations; 1 is registered on X1 and learned on A1
	uint8_t fates[BURST];	// enum drop_reason
	uint32_t notices;
	bool disables;
};

static void a1_learns_two(void)
{
	given_security(A1, OPEN, SECURITY_LEARN, 2);
}

static void a1_learns_two_or_goes(void)
{
	given_at_once(A1);
	a1_learns_two();
}

static void a1_is_open_or_goes(void)
{
	given_at_once(A1);
}

static const struct burst bursts[] = {
	{
		"with a limit of one, the second source of the burst is refused",
		.given = a1_learns_one,
		.port = A1,
		.sources = {10, 10, 11, 10, 12, 11},
		.fates = {0, 0, DROP_MAC_LIMIT, 0, DROP_MAC_LIMIT, DROP_MAC_LIMIT},
		.notices = 1,
	},
	{
		"with a limit of two, the third",
		.given = a1_learns_two,
		.port = A1,
		.sources = {10, 11, 12, 12, 11, 10},
		.fates = {0, 0, DROP_MAC_LIMIT, DROP_MAC_LIMIT, 0, 0},
		.notices = 2,
	},
	{
		"each frame of a burst dies for its own reason",
		.given = x1_takes_registered,
		.port = X1,
		.sources = {1, 9, 2, 3, 1, 4},
		.fates = {0, DROP_MAC_NOT_REGISTERED, DROP_MAC_HIJACK, DROP_SRC_MAC_IS_RESERVED, 0,
			  DROP_MAC_DUPLICATE},
	},
	{
		"of two in a row both die, of three in a row all",
		.given = x1_takes_registered,
		.port = X1,
		.sources = {9, 9, 1, 2, 2, 2},
		.fates = {DROP_MAC_NOT_REGISTERED, DROP_MAC_NOT_REGISTERED, 0, DROP_MAC_HIJACK,
			  DROP_MAC_HIJACK, DROP_MAC_HIJACK},
	},
	{
		"where one violation is enough, those before it pass and all behind it die",
		.given = x1_takes_registered_or_goes,
		.port = X1,
		.sources = {1, 1, 9, 1, 2, 9},
		.fates = {0, 0, DROP_MAC_NOT_REGISTERED, DROP_PORT_DISABLED, DROP_PORT_DISABLED,
			  DROP_PORT_DISABLED},
		.notices = 1,
		.disables = true,
	},
	{
		"and what stands behind it does not become sticky",
		.given = a1_learns_two_or_goes,
		.port = A1,
		.sources = {10, 4, 11, 12, 10, 11},
		.fates = {0, DROP_MAC_DUPLICATE, DROP_PORT_DISABLED, DROP_PORT_DISABLED,
			  DROP_PORT_DISABLED, DROP_PORT_DISABLED},
		.notices = 2, // of the first source, and of the violation
		.disables = true,
	},
	{
		"one too many is a violation",
		.given = a1_learns_two_or_goes,
		.port = A1,
		.sources = {10, 11, 10, 12, 10, 11},
		.fates = {0, 0, 0, DROP_MAC_LIMIT, DROP_PORT_DISABLED, DROP_PORT_DISABLED},
		.notices = 3,
		.disables = true,
	},
	{
		"it holds for open ports as well",
		.given = a1_is_open_or_goes,
		.port = A1,
		.sources = {10, 11, 3, 12, 10, 4},
		.fates = {0, 0, DROP_SRC_MAC_IS_RESERVED, DROP_PORT_DISABLED, DROP_PORT_DISABLED,
			  DROP_PORT_DISABLED},
		.notices = 1,
		.disables = true,
	},
};

static struct rte_mbuf *make_frame(uint8_t source, uint8_t number)
{
	struct rte_mbuf *frame = world_frame(FRAME_MIN);
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

	memset(octets, 0, FRAME_MIN);
	mac_store(STATION(DST), octets);
	mac_store(STATION(source), octets + 6);
	octets[12] = 0x08;
	octets[20] = number;
	return frame;
}

static void place(const struct burst *burst, uint16_t lan, uint16_t from, uint16_t to)
{
	struct fdb *fdb = world.fdbs[lan];

	fdb_add_static(fdb, STATION(DST), to, MAC_REGISTERED);
	fdb_add_static(fdb, STATION(1), from, MAC_REGISTERED);
	fdb_add_static(fdb, STATION(2), to, MAC_REGISTERED);
	fdb_add_static(fdb, STATION(3), PORT_FABRIC, MAC_RESERVED);
	fdb_add_static(fdb, STATION(4), to, MAC_HELD);
	given_reserved(lan);
	burst->given();
}

static void expect_sent(const struct burst *burst, uint16_t to)
{
	for (uint8_t i = 0; i < BURST; i++) {
		if (burst->fates[i] != DROP_NONE)
			continue;
		struct rte_mbuf *sent = world_sent(to);

		cr_expect(sent && rte_pktmbuf_mtod(sent, uint8_t *)[20] == i, "%s: frame %u",
			  burst->name, i);
		rte_pktmbuf_free(sent);
	}
	cr_expect_null(world_sent(to), "%s: one frame too many", burst->name);
}

static void expect_drops(const struct burst *burst)
{
	const uint64_t *drops = world.worker->counters[burst->port].drops;

	for (enum drop_reason r = 1; r < DROP_COUNT; r++) {
		uint64_t wanted = 0;

		for (int i = 0; i < BURST; i++)
			wanted += burst->fates[i] == r;
		cr_expect_eq(drops[r], wanted, "%s: %lu for %s, not %lu", burst->name, drops[r],
			     drop_infos[r].name, wanted);
	}
}

static void run_burst(const struct burst *burst)
{
	uint16_t lan = burst->port == A1 ? OPEN : EXCHANGE, to = burst->port == A1 ? A2 : X2;
	struct rte_mbuf *frames[BURST];

	rows_start_anew();
	place(burst, lan, burst->port, to);
	world_clear();
	for (uint8_t i = 0; i < BURST; i++)
		frames[i] = make_frame(burst->sources[i], i);
	world_receive(burst->port, frames, BURST);
	expect_sent(burst, to);
	expect_drops(burst);
	cr_expect_eq(world.n_notices, burst->notices, "%s: %u notices", burst->name,
		     world.n_notices);
	cr_expect_eq(atomic_load(&world.fabric.disabled[burst->port]),
		     burst->disables ? DISABLE_SECURITY : DISABLE_NONE, "%s", burst->name);
	cr_expect_null(world_audit(0), "%s", burst->name);
}

static void run_bursts(void)
{
	for (size_t i = 0; i < sizeof(bursts) / sizeof(*bursts); i++)
		run_burst(&bursts[i]);
}

Test(frames, secure)
{
	rows_test_and(rows, sizeof(rows) / sizeof(*rows), run_bursts);
}
