// SPDX-License-Identifier: BSD-3-Clause
// What captures are told of frames: which, with what verdict, and how many were missed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <pcap/pcap.h>
#include <rte_mbuf.h>

#include "dataplane/path/capture.h"
#include "dataplane/path/pipeline.h"
#include "tests/frames/harness.h"

enum { PORTS = 5, ROOM = 8, LAN = 0 };
enum {
	A,
	B,
	C,
	SMALL,
	ALONE
}; // SMALL sends no long frames; A and ALONE are isolated from each other
enum { SLOTS = 128, KEPT = 1024 };

#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)
#define LLDP	   MAC(0x01, 0x80, 0xc2, 0, 0, 0x0e)

static struct captures captures;
static struct ring told; // control's end
static struct capture_record records[KEPT];
static uint32_t n_records;

static void make_ring(void)
{
	static struct ring ring;
	size_t size = (capture_ring_size(SLOTS) + 63) / 64 * 64;
	void *memory = aligned_alloc(64, size);

	cr_assert_not_null(memory);
	memset(memory, 0, size);
	ring_init(&ring, memory, SLOTS);
	ring_init(&told, memory, SLOTS);
	world.worker->capturing = calloc(1, sizeof(*world.worker->capturing));
	cr_assert_not_null(world.worker->capturing);
	world.worker->capturing->ring = &ring;
}

static void make_world(void)
{
	world_init(PORTS, ROOM, 512);
	world_begin();
	world_lan(LAN, LAN_FLOOD_UNKNOWN | LAN_DROP_HIJACK, 1500, 0);
	for (uint16_t p = 0; p < PORTS; p++) {
		world_port(p, PORT_ADMIN_UP | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST,
			   p == SMALL ? 200 : 1500, p == A || p == ALONE ? 1 : 0);
		world_member(p, LAN, 0);
	}
	world_commit();
	for (uint16_t p = 0; p < PORTS; p++)
		fdb_add_static(world.fdbs[LAN], STATION(p + 1), p, MAC_REGISTERED);
	make_ring();
}

// Begin with one capture of "port".
static struct capture *capture(uint16_t port)
{
	struct capture *c = &captures.of[0];

	memset(&captures, 0, sizeof(captures));
	memset(world.worker->capturing->counts, 0, sizeof(world.worker->capturing->counts));
	memset(captures.whole, port == FDB_ANY ? 0xff : 0, sizeof(captures.whole));
	if (port != FDB_ANY)
		captures.whole[port / 64] |= UINT64_C(1) << port % 64;
	c->number = 7;
	c->wish.port = port;
	c->wish.snap = CAPTURE_OCTETS;
	world.worker->captures = &captures;
	return c;
}

static struct capture *capture_dead_of(uint16_t port, enum drop_reason reason)
{
	struct capture *c = capture(port);

	memset(captures.whole, 0, sizeof(captures.whole));
	c->wish.flags = CAPTURE_DEAD;
	c->wish.reason = (uint16_t)reason;
	return c;
}

static void filter(struct capture *c, const char *text)
{
	pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, UINT16_MAX);
	struct bpf_program program;

	cr_assert_eq(pcap_compile(ethernet, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0);
	c->wish.n_insns = (uint16_t)program.bf_len;
	memcpy(c->insns, program.bf_insns, program.bf_len * sizeof(*c->insns));
	pcap_freecode(&program);
	pcap_close(ethernet);
}

static void take_records(void)
{
	n_records = 0;
	while (n_records < KEPT && capture_pop(&told, &records[n_records])) {
		cr_expect_eq(capture_check(&records[n_records].header), 0);
		cr_expect_eq(records[n_records].header.capture, 7);
		n_records++;
	}
	world_forget_sent();
}

// A burst of "n" frames that differ in their last octet. Returns the first.
static struct rte_mbuf *put_frames(uint16_t port, mac_t dst, mac_t src, uint16_t length, uint16_t n)
{
	struct batch *b = &world.worker->batch;

	for (uint16_t i = 0; i < n; i++) {
		b->frames[i] = world_frame(length);
		uint8_t *octets = rte_pktmbuf_mtod(b->frames[i], uint8_t *);

		memset(octets, 0, length);
		mac_store(dst, octets);
		mac_store(src, octets + 6);
		octets[12] = 0x88;
		octets[13] = 0xb6;
		octets[length - 1] = (uint8_t)i;
	}
	b->port = port;
	b->n = n;
	return b->frames[0];
}

static void receive(uint16_t port, mac_t dst, mac_t src, uint16_t length, uint16_t n)
{
	put_frames(port, dst, src, length, n);
	capture_run(world.worker, &world.worker->batch);
	tx_flush(world.worker, 1);
	take_records();
}

static void expect(const char *what, uint32_t n, enum capture_verdict verdict, uint16_t out,
		   enum drop_reason reason)
{
	cr_expect_eq(n_records, n, "%s: %u records, not %u", what, n_records, n);
	for (uint32_t i = 0; i < n_records; i++) {
		const struct capture_header *h = &records[i].header;

		cr_expect_eq(h->verdict, verdict, "%s: verdict %u", what, h->verdict);
		cr_expect_eq(h->out, out, "%s: out %u", what, h->out);
		cr_expect_eq(h->reason, reason, "%s: reason %u", what, h->reason);
	}
}

static void living_frames_have_verdicts(void)
{
	capture(A);
	world.wall_ns = 1234567890123456789;
	receive(A, STATION(2), STATION(1), 100, 3);
	expect("known", 3, CAPTURE_FORWARDED, B, DROP_NONE);
	for (uint32_t i = 0; i < 3; i++) {
		cr_expect_eq(records[i].header.length, 100);
		cr_expect_eq(records[i].header.n_octets, 100);
		cr_expect_eq(records[i].header.port, A);
		cr_expect_eq(records[i].header.lan, LAN);
		cr_expect_eq(records[i].header.time_ns, 1234567890123456789);
		cr_expect_eq(records[i].octets[0], 2);
		cr_expect_eq(records[i].octets[99], i);
	}
	receive(A, MAC_BROADCAST, STATION(1), 60, 1);
	expect("broadcast", 1, CAPTURE_FLOODED, FDB_ANY, DROP_NONE);
	cr_expect_eq(records[0].header.copies, 3, "B, C and SMALL");
	receive(B, STATION(1), STATION(2), 60, 3);
	cr_expect_eq(n_records, 0, "another port");
}

static void dead_frames_have_reasons(void)
{
	capture(A);
	receive(A, LLDP, STATION(1), 60, 2);
	expect("reserved", 2, CAPTURE_DROPPED, FDB_ANY, DROP_DMAC_IS_RESERVED);
	cr_expect_eq(records[0].header.lan, FDB_ANY, "it was not known yet");
	receive(A, STATION(3), STATION(2), 60, 1);
	expect("hijack", 1, CAPTURE_DROPPED, FDB_ANY, DROP_MAC_HIJACK);
	receive(A, STATION(ALONE + 1), STATION(1), 60, 1);
	expect("isolated", 1, CAPTURE_DROPPED, ALONE, DROP_SPLIT_HORIZON);
	receive(A, STATION(SMALL + 1), STATION(1), 300, 1);
	expect("too long", 1, CAPTURE_DROPPED, SMALL, DROP_EGRESS_MTU);
}

static void the_dead_are_seen_where_they_would_have_left(void)
{
	capture(SMALL);
	receive(A, STATION(SMALL + 1), STATION(1), 300, 2);
	expect("from elsewhere", 2, CAPTURE_DROPPED, SMALL, DROP_EGRESS_MTU);
	cr_expect_eq(records[0].header.port, A);
	receive(A, MAC_BROADCAST, STATION(1), 300, 1);
	expect("a copy", 1, CAPTURE_LOST, SMALL, DROP_EGRESS_MTU);
	receive(A, STATION(SMALL + 1), STATION(1), 100, 2);
	cr_expect_eq(n_records, 0, "what leaves is not captured there");
	capture(B);
	receive(A, STATION(2), STATION(1), 60, ROOM + 3);
	expect("a full device", 3, CAPTURE_LOST, B, DROP_NO_BUFFER_SPACE);
	cr_expect_eq(records[2].octets[59], ROOM + 2, "the last ones");
}

static void captures_of_the_dead_see_nothing_else(void)
{
	capture_dead_of(FDB_ANY, DROP_NONE);
	receive(A, STATION(2), STATION(1), 60, 3);
	cr_expect_eq(n_records, 0);
	receive(A, LLDP, STATION(1), 60, 2);
	expect("any", 2, CAPTURE_DROPPED, FDB_ANY, DROP_DMAC_IS_RESERVED);
	receive(A, MAC_BROADCAST, STATION(1), 300, 1);
	expect("a copy", 1, CAPTURE_LOST, SMALL, DROP_EGRESS_MTU);
	capture_dead_of(A, DROP_MAC_HIJACK);
	receive(A, LLDP, STATION(1), 60, 2);
	cr_expect_eq(n_records, 0, "another reason");
	receive(A, STATION(3), STATION(2), 60, 1);
	expect("the reason", 1, CAPTURE_DROPPED, FDB_ANY, DROP_MAC_HIJACK);
	receive(B, STATION(3), STATION(1), 60, 1);
	cr_expect_eq(n_records, 0, "another port");
}

static void filters_choose(void)
{
	struct capture *c = capture(A);

	filter(c, "ether[59] & 1 = 1");
	receive(A, STATION(2), STATION(1), 60, 5);
	expect("odd ones", 2, CAPTURE_FORWARDED, B, DROP_NONE);
	cr_expect_eq(records[1].octets[59], 3);
	filter(c, "vlan 7 or greater 1000");
	receive(A, STATION(2), STATION(1), 60, 5);
	cr_expect_eq(n_records, 0);
	c->wish.snap = 20;
	filter(c, "greater 100");
	receive(A, STATION(2), STATION(1), 1000, 1);
	cr_expect_eq(records[0].header.n_octets, 20);
	cr_expect_eq(records[0].header.length, 1000);
}

static void frames_in_pieces_are_whole(void)
{
	struct batch *b = &world.worker->batch;
	struct rte_mbuf *behind = world_frame(40);

	capture(A);
	put_frames(A, STATION(2), STATION(1), 60, 1);
	memset(rte_pktmbuf_mtod(behind, uint8_t *), 0xab, 40);
	rte_pktmbuf_chain(b->frames[0], behind);
	capture_run(world.worker, b);
	tx_flush(world.worker, 1);
	take_records();
	cr_expect_eq(n_records, 1);
	cr_expect_eq(records[0].header.n_octets, 100);
	cr_expect_eq(records[0].octets[60], 0xab);
	cr_expect_eq(records[0].octets[99], 0xab);
}

static void what_finds_no_room_is_counted(void)
{
	const struct reply_capture *counts = world.worker->capturing->counts;

	capture(A);
	for (uint32_t i = 0; i < SLOTS; i += ROOM) {
		put_frames(A, STATION(2), STATION(1), 60, ROOM);
		capture_run(world.worker, &world.worker->batch);
		tx_flush(world.worker, 1);
		world_forget_sent();
	}
	cr_expect_eq(counts->missed, 0);
	receive(A, STATION(2), STATION(1), 60, 5);
	expect("all that fit", SLOTS, CAPTURE_FORWARDED, B, DROP_NONE);
	cr_expect_eq(counts->taken, SLOTS);
	cr_expect_eq(counts->missed, 5);
	receive(A, STATION(2), STATION(1), 60, 5);
	expect("there is room again", 5, CAPTURE_FORWARDED, B, DROP_NONE);
}

// Every look at the clock finds it a tenth of a millisecond later: a burst takes more than its part
// of the time.
static void time_is_limited(void)
{
	const struct reply_capture *counts = world.worker->capturing->counts;
	uint32_t n_seen = 0;

	capture(A);
	world.cycles += WORLD_HZ;
	world.cycles_step = WORLD_HZ / 10000;
	uint64_t start = world.cycles;
	for (int i = 0; i < 1000; i++) {
		receive(A, STATION(2), STATION(1), 60, 1);
		n_seen += n_records;
	}
	// Of each frame that is seen, two tenths of a millisecond are the capture's.
	uint64_t passed = world.cycles - start, spent = n_seen * 2 * world.cycles_step;
	cr_expect_gt(n_seen, 10);
	cr_expect_leq(spent, passed / CAPTURE_SHARE + WORLD_HZ / 1000);
	cr_expect_geq(spent, passed / CAPTURE_SHARE / 2);
	cr_expect_eq(counts->taken + counts->unseen, 1000);

	capture_dead_of(A, DROP_NONE);
	for (int i = 0; i < 1000; i++)
		receive(A, LLDP, STATION(1), 60, 1);
	cr_expect_gt(counts->unseen, 500, "the dead likewise");
	cr_expect_eq(counts->taken + counts->unseen, 1000);
	world.cycles_step = 0;
	world.cycles += WORLD_HZ;
}

static void nothing_is_captured_when_nobody_wants_it(void)
{
	world.worker->captures = NULL;
	world_receive(A, (struct rte_mbuf *[]){put_frames(A, LLDP, STATION(1), 60, 1)}, 1);
	take_records();
	cr_expect_eq(n_records, 0);
}

Test(frames, capture)
{
	make_world();
	living_frames_have_verdicts();
	dead_frames_have_reasons();
	the_dead_are_seen_where_they_would_have_left();
	captures_of_the_dead_see_nothing_else();
	filters_choose();
	frames_in_pieces_are_whole();
	what_finds_no_room_is_counted();
	time_is_limited();
	nothing_is_captured_when_nobody_wants_it();
	cr_expect_null(world_audit(0));
	free(told.memory);
	free(world.worker->capturing);
	world_fini();
}
