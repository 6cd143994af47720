// SPDX-License-Identifier: BSD-3-Clause
// Frames that come and go by the links of a LAG: they count as its own, a flow keeps its link, and
// LACP's never get any further.
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "dataplane/manage/spread.h"
#include "dataplane/path/pipeline.h"
#include "tests/frames/harness.h"

enum { PORTS = 6, LAN = 0, FLOWS = 512 };
// A port, a LAG, its links, and one more port.
enum { A, LAG, L1, L2, L3, B };

#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)

static const uint16_t links[] = {L1, L2, L3};

static const uint8_t lacpdu[LACP_OCTETS - 4] = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x02, 0x02, 0, 0, 0, 0, 9, 0x88, 0x09, 1, 1, 1, 20,
};

static bool is_link(uint16_t port)
{
	return port == L1 || port == L2 || port == L3;
}

static void make_policy(void)
{
	const uint16_t flags =
		PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST;

	world_begin();
	world_lan(LAN, LAN_FLOOD_UNKNOWN, 1500, 0);
	for (uint16_t p = 0; p < PORTS; p++)
		world_port(p, flags, 1500, 0);
	world_lag(LAG);
	for (uint16_t p = 0; p < PORTS; p++) {
		if (is_link(p))
			world_lag_link(p, LAG);
		else
			world_member(p, LAN, 0);
	}
	world_commit();
}

static void set_collecting(bool collecting)
{
	for (uint16_t p = 0; p < PORTS; p++)
		atomic_store(&world.fabric.collecting[p], collecting);
}

static void make_world(void)
{
	world_init(PORTS, 2048, 4096);
	make_policy();
	set_collecting(true);
	spread_over(&world.fabric.spreads[LAG], links, 3);
	fdb_add_static(world.fdbs[LAN], STATION(LAG), LAG, MAC_REGISTERED);
	fdb_add_static(world.fdbs[LAN], STATION(A), A, MAC_REGISTERED);
}

// An UDP packet of flow "flow"; "fragment" is the field of flags and offset in its IPv4 header.
static struct rte_mbuf *packet(mac_t dst, mac_t src, uint16_t flow, uint16_t fragment)
{
	static const uint8_t ipv4[] = {8,  0, 0x45, 0,	 0, 46, 0, 1,	0, 0, 64,
				       17, 0, 0,    192, 0, 2,	1, 192, 0, 2, 2};
	struct rte_mbuf *frame = world_frame(60);
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

	memset(octets, 0, 60);
	mac_store(dst, octets);
	mac_store(src, octets + 6);
	memcpy(octets + 12, ipv4, sizeof(ipv4));
	octets[20] = (uint8_t)(fragment >> 8);
	octets[21] = (uint8_t)fragment;
	octets[34] = (uint8_t)(flow >> 8);
	octets[35] = (uint8_t)flow;
	return frame;
}

static void receive(uint16_t port, struct rte_mbuf *frame)
{
	world_receive(port, &frame, 1);
}

// The one port by which one frame left, which is forgotten; PORTS if none did.
static uint16_t left_by(void)
{
	uint16_t by = PORTS;
	struct rte_mbuf *sent;

	for (uint16_t p = 0; p < PORTS; p++) {
		while ((sent = world_sent(p))) {
			cr_expect_eq(by, PORTS, "a frame left by %u and by %u", by, p);
			by = p;
			rte_pktmbuf_free(sent);
		}
	}
	return by;
}

static const struct port_counters *counters(uint16_t port)
{
	return &world.worker->counters[port];
}

static void expect_books(void)
{
	const char *wrong = world_audit(0);

	cr_expect_null(wrong, "%s", wrong);
}

// ---- In

static void what_comes_by_a_link_comes_by_its_lag(void)
{
	receive(L2, packet(STATION(A), STATION(70), 1, 0));
	cr_expect_eq(left_by(), A);
	cr_expect_eq(fdb_lookup(world.fdbs[LAN], STATION(70)), LAG);
	cr_expect_eq(counters(LAG)->rx_frames, 1);
	cr_expect_eq(counters(L2)->rx_frames, 0);
	cr_expect_eq(counters(L2)->link_rx_frames, 1);
	cr_expect_eq(counters(L2)->link_rx_octets, 60);
	cr_expect_eq(world.worker->pairs[LAG * MAX_PORTS + A].frames[PAIR_IPV4], 1);
}

static void nothing_comes_by_a_link_that_is_not_in_use(void)
{
	world_clear();
	atomic_store(&world.fabric.collecting[L3], false);
	receive(L3, packet(STATION(A), STATION(71), 1, 0));
	receive(L1, packet(STATION(A), STATION(72), 1, 0));
	atomic_store(&world.fabric.collecting[L3], true);
	cr_expect_eq(left_by(), A);
	cr_expect_eq(counters(LAG)->drops[DROP_LAG_NOT_COLLECTING], 1);
	cr_expect_eq(fdb_lookup(world.fdbs[LAN], STATION(71)), FDB_MISS);
	cr_expect_eq(world.n_events, 1, "it makes no event; that 72 was learned is one");
}

static struct rte_mbuf *slow_frame(uint16_t length)
{
	struct rte_mbuf *frame = world_frame(length);
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

	memset(octets, 0, length);
	memcpy(octets, lacpdu, sizeof(lacpdu));
	return frame;
}

static void lacp_ends_here(void)
{
	for (int collecting = 0; collecting < 2; collecting++) {
		set_collecting(collecting);
		world_clear();
		receive(L1, slow_frame(sizeof(lacpdu)));
		receive(L2, slow_frame(1500));
		set_collecting(true);
		cr_expect_eq(left_by(), PORTS);
		cr_expect_eq(counters(LAG)->consumed, 2);
		cr_assert_eq(world.n_notices, 2);
		const struct notice_lacp *first = &world.notices[0].lacp;
		cr_expect_eq(message_check(&world.notices[0]), 0);
		cr_expect_eq(world.notices[0].header.type, NOTICE_LACP);
		cr_expect_eq(first->link, L1);
		cr_expect_eq(first->length, sizeof(lacpdu));
		cr_expect_arr_eq(first->octets, lacpdu, sizeof(lacpdu));
		cr_expect_eq(world.notices[1].lacp.link, L2);
		cr_expect_eq(world.notices[1].lacp.length, LACP_OCTETS);
		expect_books();
	}
}

static void no_other_port_takes_lacp(void)
{
	world_clear();
	receive(A, slow_frame(sizeof(lacpdu)));
	cr_expect_eq(counters(A)->drops[DROP_DMAC_IS_RESERVED], 1);
	cr_expect_eq(world.n_notices, 0);
	cr_expect_eq(left_by(), PORTS);
}

static void other_reserved_groups_die(void)
{
	struct rte_mbuf *other = slow_frame(60), *type = slow_frame(60);

	rte_pktmbuf_mtod(other, uint8_t *)[5] = 0;    // spanning tree's address
	rte_pktmbuf_mtod(type, uint8_t *)[13] = 0x08; // flow control's type
	world_clear();
	receive(L1, other);
	receive(L1, type);
	cr_expect_eq(counters(LAG)->drops[DROP_DMAC_IS_RESERVED], 2);
	cr_expect_eq(world.n_notices, 0);
}

static void a_flood_of_lacp_leaves_room_for_other_notices(void)
{
	world_clear();
	for (int i = 0; i < 500; i++)
		receive(L1, slow_frame(60));
	cr_expect_eq(counters(LAG)->consumed, 500);
	cr_expect_gt(world.n_notices, 20);
	cr_expect_lt(world.n_notices, 100);
}

static void a_port_that_is_down_takes_lacp_and_nothing_else(void)
{
	struct rte_mbuf *burst[] = {slow_frame(60), packet(STATION(A), STATION(70), 1, 0)};

	atomic_store(&world.fabric.disabled[LAG], DISABLE_STORM);
	world.cycles += 2 * WORLD_HZ;
	world_clear();
	world_receive(L1, burst, 2);
	atomic_store(&world.fabric.disabled[LAG], DISABLE_NONE);
	cr_expect_eq(counters(LAG)->consumed, 1);
	cr_expect_eq(counters(LAG)->drops[DROP_PORT_DISABLED], 1);
	cr_expect_eq(world.n_notices, 1);
	expect_books();
}

// ---- Out

static void a_flow_keeps_its_link_and_flows_are_spread(void)
{
	unsigned int flows_of[PORTS] = {0};

	world_clear();
	for (uint16_t flow = 0; flow < FLOWS; flow++) {
		receive(A, packet(STATION(LAG), STATION(A), flow, 0));
		uint16_t by = left_by();

		cr_assert(is_link(by));
		flows_of[by]++;
		receive(A, packet(STATION(LAG), STATION(A), flow, 0));
		cr_expect_eq(left_by(), by);
	}
	for (int i = 0; i < 3; i++) {
		uint16_t link = links[i];

		cr_expect_gt(flows_of[link], FLOWS / 5, "link %u: %u flows", link, flows_of[link]);
		cr_expect_eq(counters(link)->link_tx_frames, 2 * flows_of[link]);
		cr_expect_eq(counters(link)->link_tx_octets, 120 * flows_of[link]);
		cr_expect_eq(counters(link)->tx_frames, 0);
	}
	cr_expect_eq(counters(LAG)->tx_frames, 2 * FLOWS);
	cr_expect_eq(world.worker->pairs[A * MAX_PORTS + LAG].frames[PAIR_IPV4], 2 * FLOWS);
}

static void only_flows_of_a_link_that_left_move(void)
{
	static const uint16_t rest[] = {L1, L3};
	uint16_t before[FLOWS];

	for (uint16_t flow = 0; flow < FLOWS; flow++) {
		receive(A, packet(STATION(LAG), STATION(A), flow, 0));
		before[flow] = left_by();
	}
	spread_over(&world.fabric.spreads[LAG], rest, 2);
	for (uint16_t flow = 0; flow < FLOWS; flow++) {
		receive(A, packet(STATION(LAG), STATION(A), flow, 0));
		uint16_t by = left_by();

		cr_expect_neq(by, L2);
		cr_expect(before[flow] == L2 || by == before[flow]);
	}
	spread_over(&world.fabric.spreads[LAG], links, 3);
}

static void fragments_of_a_packet_stay_together(void)
{
	enum { MORE = 0x2000, SECOND = 0x00b9 };

	for (uint16_t flow = 0; flow < 64; flow++) {
		receive(A, packet(STATION(LAG), STATION(A), flow, MORE));
		uint16_t by = left_by();

		receive(A, packet(STATION(LAG), STATION(A), (uint16_t)~flow, SECOND));
		cr_expect_eq(left_by(), by, "where the first has ports, the second has octets");
	}
}

static void a_burst_goes_by_all_links(void)
{
	struct rte_mbuf *burst[BATCH_MAX], *sent;
	unsigned int n = 0;

	world_clear();
	for (uint16_t i = 0; i < BATCH_MAX; i++)
		burst[i] = packet(STATION(LAG), STATION(A), i, 0);
	world_receive(A, burst, BATCH_MAX);
	for (int i = 0; i < 3; i++) {
		int last = -1;

		while ((sent = world_sent(links[i]))) {
			int flow = rte_pktmbuf_mtod(sent, uint8_t *)[35];

			cr_expect_gt(flow, last, "frames are in their order");
			last = flow;
			n++;
			rte_pktmbuf_free(sent);
		}
		cr_expect_geq(last, 0, "link %u got none", links[i]);
	}
	cr_expect_eq(n, BATCH_MAX);
	expect_books();
}

static void a_flood_reaches_a_lag_once(void)
{
	struct rte_mbuf *sent;
	unsigned int n = 0;

	world_clear();
	receive(A, packet(MAC_BROADCAST, STATION(A), 1, 0));
	for (int i = 0; i < 3; i++) {
		while ((sent = world_sent(links[i]))) {
			n++;
			rte_pktmbuf_free(sent);
		}
	}
	cr_expect_eq(n, 1);
	cr_expect_eq(left_by(), B);
	cr_expect_eq(counters(LAG)->tx_broadcast, 1);
	expect_books();
}

static void nothing_goes_back_by_another_link(void)
{
	world_clear();
	receive(L1, packet(MAC_BROADCAST, STATION(LAG), 1, 0));
	for (int i = 0; i < 3; i++)
		cr_expect_null(world_sent(links[i]));
	world_forget_sent();
	receive(L1, packet(STATION(LAG), STATION(73), 1, 0));
	cr_expect_eq(left_by(), PORTS);
	cr_expect_eq(counters(LAG)->drops[DROP_PORT_LOOPBACK_FILTER], 1);
	expect_books();
}

static void a_lag_without_links_in_use_is_down(void)
{
	world_clear();
	world_link(LAG, false);
	receive(A, packet(STATION(LAG), STATION(A), 1, 0));
	world_link(LAG, true);
	cr_expect_eq(left_by(), PORTS);
	cr_expect_eq(counters(LAG)->drops[DROP_EGRESS_PORT_DOWN], 1);
}

static void frames_of_our_own_go_by_a_link_or_the_lag(void)
{
	world_clear();
	world_inject(L3, FDB_ANY, lacpdu, sizeof(lacpdu));
	world_run_injects();
	cr_expect_eq(left_by(), L3);
	world_inject(LAG, LAN, lacpdu, sizeof(lacpdu));
	world_run_injects();
	cr_expect(is_link(left_by()));
	cr_expect_eq(counters(LAG)->injected, 2);
	cr_expect_eq(counters(LAG)->tx_frames, 2);
	cr_expect_eq(counters(L3)->injected, 0);
	expect_books();
}

Test(frames, lag)
{
	make_world();
	what_comes_by_a_link_comes_by_its_lag();
	nothing_comes_by_a_link_that_is_not_in_use();
	lacp_ends_here();
	no_other_port_takes_lacp();
	other_reserved_groups_die();
	a_flood_of_lacp_leaves_room_for_other_notices();
	a_port_that_is_down_takes_lacp_and_nothing_else();
	a_flow_keeps_its_link_and_flows_are_spread();
	only_flows_of_a_link_that_left_move();
	fragments_of_a_packet_stay_together();
	a_burst_goes_by_all_links();
	a_flood_reaches_a_lag_once();
	nothing_goes_back_by_another_link();
	a_lag_without_links_in_use_is_down();
	frames_of_our_own_go_by_a_link_or_the_lag();
	expect_books();
	world_fini();
}
