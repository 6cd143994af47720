// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/rows.h"

#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <rte_spinlock.h>

#include "dataplane/path/pipeline.h"
#include "tests/frames/harness.h"

static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;

static void a2_has_no_room(void)
{
	given_room(A2, 0);
}

static void a2_has_room_for_3(void)
{
	given_room(A2, 3);
}

static void a2_shares_its_queue(void)
{
	world.policy->workers[0].tx[A2].lock = &lock;
}

static const struct row rows[] = {
	{
		"IPv4 is counted from port to port",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.port = A1,
		.times = 7,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x0800, .length = 700},
		.outs = {AS_IS(A2)},
	},
	{
		"and IPv6 apart",
		.goes_on = true,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x86dd, .length = 1514},
		.outs = {AS_IS(A2)},
	},
	{
		"and what is neither",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1), .type = 0x0806},
		.outs = {AS_IS(A2)},
	},
	{
		"behind a tag as well, without the octets of the tag where it was taken off",
		.stations = {LIVES(1, T, OPEN), LIVES(2, A2, OPEN)},
		.port = T,
		.times = 2,
		.in = {.dst = STATION(2), .src = STATION(1), .tag = TAG(100), .type = 0x86dd},
		.outs = {POP(A2)},
	},
	{
		"a device that takes nothing",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_has_no_room,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.drop = DROP_NO_BUFFER_SPACE,
		.blame = A2,
	},
	{
		"a device that takes the first three",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_has_room_for_3,
		.port = A1,
		.times = 10,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
		.sent = 3,
		.drop = DROP_NO_BUFFER_SPACE,
		.drops = 7,
		.blame = A2,
	},
	{
		"a device without room takes none of a flood, and the others their share",
		.stations = {LIVES(1, A1, OPEN)},
		.given = a2_has_no_room,
		.port = A1,
		.times = 2,
		.in = {.dst = MAC_BROADCAST, .src = STATION(1)},
		.outs = {AS_IS(A3), PUSH(T, 100), PUSH(T2, 100), PUSH(H, 110)},
		.drop = DROP_NO_BUFFER_SPACE,
		.blame = A2,
	},
	{
		"a queue that workers share",
		.stations = {LIVES(1, A1, OPEN), LIVES(2, A2, OPEN)},
		.given = a2_shares_its_queue,
		.port = A1,
		.times = 64,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
	{
		"is let go after use",
		.goes_on = true,
		.port = A1,
		.in = {.dst = STATION(2), .src = STATION(1)},
		.outs = {AS_IS(A2)},
	},
};

Test(frames, tx)
{
	ROWS_TEST(rows);
	cr_expect_not(rte_spinlock_is_locked(&lock));
}

static void receive_without_flush(uint16_t port, uint16_t n, uint16_t mark)
{
	struct batch *b = &world.worker->batch;

	b->port = port;
	b->n = n;
	for (uint16_t i = 0; i < n; i++) {
		uint8_t *octets;

		b->frames[i] = world_frame(FRAME_MIN);
		octets = rte_pktmbuf_mtod(b->frames[i], uint8_t *);
		mac_store(MAC_BROADCAST, octets);
		mac_store(STATION(port), octets + 6);
		octets[12] = 0x08;
		octets[13] = 0x00;
		octets[14] = (uint8_t)((mark + i) >> 8);
		octets[15] = (uint8_t)(mark + i);
	}
	pipeline_run(world.worker, b);
}

static void world_of_three(void)
{
	const uint16_t flags =
		PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST;

	world_init(3, 256, 512);
	world_begin();
	world_lan(0, LAN_FLOOD_UNKNOWN, 1500, 0);
	for (uint16_t p = 0; p < 3; p++) {
		world_port(p, flags, 1500, 0);
		world_member(p, 0, 0);
	}
	world_commit();
}

static void end_of_three(void)
{
	for (uint16_t p = 0; p < 3; p++) {
		for (struct rte_mbuf *frame; (frame = world_sent(p));)
			rte_pktmbuf_free(frame);
	}
	const char *wrong = world_audit(0);
	cr_expect_null(wrong, "%s", wrong);
	world_fini();
}

// What port 2 sent are frames "first" to "last", and no more.
static void expect_sent(uint16_t first, uint16_t last)
{
	for (uint16_t i = first; i <= last; i++) {
		struct rte_mbuf *frame = world_sent(2);

		cr_assert_not_null(frame, "frame %u is missing", i);
		const uint8_t *octets = rte_pktmbuf_mtod(frame, const uint8_t *);
		cr_expect_eq(octets[14] << 8 | octets[15], i, "frame %u", i);
		rte_pktmbuf_free(frame);
	}
	cr_expect_null(world_sent(2));
}

// Two bursts of 64 and one of 2 wait for port 2, which has 128 places for those that wait.
Test(frames, more_than_a_buffer_in_one_round)
{
	world_of_three();
	receive_without_flush(0, 64, 0);
	receive_without_flush(1, 64, 64);
	receive_without_flush(0, 2, 128);
	tx_flush(world.worker, 1);
	cr_expect_eq(world.worker->n_dirty, 0);

	expect_sent(0, 129);
	cr_expect_eq(world.worker->pairs[0 * MAX_PORTS + 2].frames[PAIR_IPV4], 66);
	cr_expect_eq(world.worker->pairs[1 * MAX_PORTS + 2].frames[PAIR_IPV4], 64);
	cr_expect_eq(world.worker->pairs[1 * MAX_PORTS + 0].frames[PAIR_IPV4], 64);
	end_of_three();
}

// Until enough wait for a port, all of them wait; but not longer than to the end of the round.
Test(frames, few_wait_for_more)
{
	world_of_three();
	receive_without_flush(0, 40, 0);
	tx_flush(world.worker, 64);
	expect_sent(1, 0);
	cr_expect_eq(world.worker->n_dirty, 2);

	receive_without_flush(1, 24, 40);
	tx_flush(world.worker, 64);
	expect_sent(0, 63);
	cr_expect_eq(world.worker->n_dirty, 2, "ports 0 and 1 have 24 and 40");

	receive_without_flush(0, 1, 64);
	tx_flush(world.worker, 1);
	expect_sent(64, 64);
	cr_expect_eq(world.worker->n_dirty, 0);
	end_of_three();
}

// A burst of "n" frames of all kinds, of different lengths, to one and to many, from "port" to
// everybody. Adds to what a port that gets all of them has to count.
static void receive_all_kinds(uint16_t port, uint16_t n, struct pair_counters *pair,
			      struct port_counters *counters)
{
	static const uint16_t types[] = {
		[PAIR_IPV4] = 0x0800, [PAIR_IPV6] = 0x86dd, [PAIR_OTHER] = 0x0806};
	static const mac_t receivers[] = {STATION(9), MAC_BROADCAST, UINT64_C(0x010000003333),
					  STATION(8)};
	struct batch *b = &world.worker->batch;

	b->port = port;
	b->n = n;
	for (uint16_t i = 0; i < n; i++) {
		enum pair_kind kind = i % PAIR_KINDS;
		mac_t dst = receivers[i / 2 % 4];
		uint16_t length = FRAME_MIN + i;
		uint8_t *octets;

		b->frames[i] = world_frame(length);
		octets = rte_pktmbuf_mtod(b->frames[i], uint8_t *);
		mac_store(dst, octets);
		mac_store(STATION(port), octets + 6);
		octets[12] = (uint8_t)(types[kind] >> 8);
		octets[13] = (uint8_t)types[kind];
		pair->frames[kind]++;
		pair->octets[kind] += length;
		counters->tx_frames++;
		counters->tx_octets += length;
		counters->tx_broadcast += dst == MAC_BROADCAST;
		counters->tx_multicast += mac_is_group(dst) && dst != MAC_BROADCAST;
	}
	pipeline_run(world.worker, b);
}

// One buffer of two ports' frames.
Test(frames, kinds_and_groups_are_counted_apart_in_one_burst)
{
	struct pair_counters pairs[2] = {0};
	struct port_counters counters = {0};

	world_of_three();
	receive_all_kinds(0, 50, &pairs[0], &counters);
	receive_all_kinds(1, 45, &pairs[1], &counters);
	tx_flush(world.worker, 1);
	for (uint16_t from = 0; from < 2; from++)
		cr_expect_arr_eq(&world.worker->pairs[from * MAX_PORTS + 2], &pairs[from],
				 sizeof(pairs[from]), "from port %u", from);
	cr_expect_eq(world.worker->counters[2].tx_frames, counters.tx_frames);
	cr_expect_eq(world.worker->counters[2].tx_octets, counters.tx_octets);
	cr_expect_eq(world.worker->counters[2].tx_broadcast, counters.tx_broadcast);
	cr_expect_eq(world.worker->counters[2].tx_multicast, counters.tx_multicast);
	end_of_three();
}
