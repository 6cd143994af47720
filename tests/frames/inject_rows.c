// SPDX-License-Identifier: BSD-3-Clause
// Frames of the fabric's own: what leaves, in what dress, what dies, and whose traffic it is.
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "tests/frames/harness.h"

enum { PLAIN, TRUNK, SHUT, LINKLESS, SMALL, ABSENT, PORTS };
enum { PEERING, OTHER, LANS };
enum { BUFFERS = 128, ROOM = 100, NOT_SENT = 0 };

struct row {
	const char *name;
	uint16_t port;
	uint16_t lan;
	uint16_t length; // octets given
	uint16_t sent;	 // octets that leave
	uint32_t tag;	 // with which they leave
	enum drop_reason drop;
};

static const struct row rows[] = {
	{"leaves as it is", PLAIN, PEERING, 60, .sent = 60},
	{"a longer one as well", PLAIN, PEERING, 224, .sent = 224},
	{"a short one is padded", PLAIN, PEERING, 42, .sent = 60},
	{"nothing but a header, too", PLAIN, PEERING, 14, .sent = 60},
	{"wears the LAN's tag", TRUNK, PEERING, 60, .sent = 64, .tag = 0x81000064},
	{"and another LAN's", TRUNK, OTHER, 60, .sent = 64, .tag = 0x81000065},
	{"no LAN: no tag", TRUNK, FDB_ANY, 60, .sent = 60},
	{"a port without that LAN", PLAIN, OTHER, 60, .drop = DROP_EGRESS_VLAN_FILTER},
	{"a port that is shut", SHUT, PEERING, 60, .drop = DROP_EGRESS_PORT_DOWN},
	{"a port without link", LINKLESS, PEERING, 60, .drop = DROP_EGRESS_PORT_DOWN},
	{"too long for the port", SMALL, PEERING, 200, .drop = DROP_EGRESS_MTU},
	{"a port that is gone: there is nobody to count it", ABSENT, PEERING, 60},
};

static void make_policy(void)
{
	world_begin();
	world_lan(PEERING, 0, 1500, 0);
	world_lan(OTHER, 0, 1500, 0);
	for (uint16_t p = 0; p < ABSENT; p++) {
		world_port(p, p == SHUT ? 0 : PORT_ADMIN_UP, p == SMALL ? 100 : 1500, 0);
		world_member(p, PEERING, p == TRUNK ? 100 : 0);
	}
	world_member(TRUNK, OTHER, 101);
	world_commit();
	world_link(LINKLESS, false);
}

// Broadcasts of ARP, which differ behind the header.
static void encode(uint8_t *octets, uint16_t length, uint8_t number)
{
	memset(octets, number, length);
	mac_store(MAC_BROADCAST, octets);
	mac_store(MAC(2, 0, 0, 0, 0, 9), octets + 6);
	octets[12] = 0x08;
	octets[13] = 0x06;
}

static void expect_frame(const struct row *row, const uint8_t *given)
{
	struct rte_mbuf *frame = world_sent(row->port);
	uint8_t wanted[INJECT_OCTETS + TAG_SIZE] = {0}, *at = wanted + 12;

	cr_expect(!!frame == !!row->sent, "%s: left or not", row->name);
	if (!frame)
		return;
	memcpy(wanted, given, 12);
	for (int shift = 24; row->tag && shift >= 0; shift -= 8)
		*at++ = (uint8_t)(row->tag >> shift);
	memcpy(at, given + 12, row->length - 12);
	cr_expect_eq(frame->pkt_len, row->sent, "%s: %u octets", row->name, frame->pkt_len);
	cr_expect_eq(memcmp(rte_pktmbuf_mtod(frame, void *), wanted, row->sent), 0, "%s",
		     row->name);
	rte_pktmbuf_free(frame);
}

static void expect_counts(const struct row *row)
{
	const struct port_counters *c = &world.worker->counters[row->port];
	const struct pair_counters *own = &world.worker->pairs[PORT_FABRIC * MAX_PORTS + row->port];
	uint64_t sent = row->sent != NOT_SENT;

	cr_expect_eq(c->injected, row->port != ABSENT, "%s: injected", row->name);
	cr_expect_eq(c->tx_frames, sent, "%s: tx", row->name);
	cr_expect_eq(c->tx_broadcast, sent, "%s: tx broadcast", row->name);
	cr_expect_eq(c->rx_frames, 0, "%s", row->name);
	cr_expect_eq(own->frames[PAIR_OTHER], sent, "%s: nobody's traffic", row->name);
	for (enum drop_reason r = 1; r < DROP_COUNT; r++)
		cr_expect_eq(c->drops[r], r == row->drop, "%s: %s", row->name, drop_infos[r].name);
	for (uint16_t from = 0; from < PORTS; from++)
		cr_expect_eq(world.worker->pairs[from * MAX_PORTS + row->port].frames[PAIR_OTHER],
			     0, "%s: a member's traffic", row->name);
}

static void run_rows(void)
{
	uint8_t octets[INJECT_OCTETS];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];

		world_clear();
		encode(octets, row->length, 7);
		world_inject(row->port, row->lan, octets, row->length);
		cr_expect_eq(world_run_injects(), 1);
		expect_frame(row, octets);
		expect_counts(row);
		cr_expect_null(world_audit(0), "%s: %s", row->name, world_audit(0));
	}
}

static void run_a_bounded_number_in_a_round(void)
{
	uint8_t octets[FRAME_MIN];
	struct rte_mbuf *frame;
	uint8_t number = 0;

	world_clear();
	for (uint8_t i = 0; i < 40; i++) {
		encode(octets, FRAME_MIN, i);
		world_inject(PLAIN, PEERING, octets, FRAME_MIN);
	}
	cr_expect_eq(world_run_injects(), 32);
	cr_expect_eq(world_run_injects(), 8);
	cr_expect_eq(world_run_injects(), 0);
	for (; (frame = world_sent(PLAIN)); number++) {
		cr_expect_eq(rte_pktmbuf_mtod(frame, uint8_t *)[20], number, "in order");
		rte_pktmbuf_free(frame);
	}
	cr_expect_eq(number, 40);
	cr_expect_null(world_audit(0), "%s", world_audit(0));
}

static void run_without_buffers(void)
{
	struct rte_mbuf *held[2 * BUFFERS];
	uint8_t octets[FRAME_MIN];
	unsigned int n = 0;

	world_clear();
	while ((held[n] = rte_pktmbuf_alloc(world.fabric.pool)))
		n++;
	encode(octets, FRAME_MIN, 1);
	world_inject(PLAIN, PEERING, octets, FRAME_MIN);
	world_run_injects();
	cr_expect_eq(world.worker->counters[PLAIN].drops[DROP_NO_BUFFER], 1);
	cr_expect_null(world_audit(n), "%s", world_audit(n));
	rte_pktmbuf_free_bulk(held, n);
}

Test(frames, inject)
{
	world_init(PORTS, ROOM, BUFFERS);
	make_policy();
	run_rows();
	run_a_bounded_number_in_a_round();
	run_without_buffers();
	world_fini();
}
