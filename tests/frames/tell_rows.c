// SPDX-License-Identifier: BSD-3-Clause
// What control is told of frames: the first of those that break a rule, and those of watched ports.
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "tests/frames/harness.h"

enum { PORTS = 4, LAN = 0, TRUNK_LAN = 1 };
enum { PLAIN, QUIET, WATCHED, TRUNK };
enum { WATCH_BUDGET = 1000 }; // a second

#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)
#define LLDP	   MAC(0x01, 0x80, 0xc2, 0, 0, 0x0e)

static void make_world(void)
{
	world_init(PORTS, 128, 512);
	world_begin();
	world_lan(LAN, LAN_DROP_HIJACK, 1500, 0);
	world_lan(TRUNK_LAN, 0, 1500, 0);
	world_rules(1, 0);
	for (uint16_t p = 0; p < PORTS; p++)
		world_port(p,
			   PORT_ADMIN_UP | (p == QUIET ? PORT_QUIET : 0) |
				   (p == WATCHED ? PORT_WATCHED : 0),
			   1500, 0);
	for (uint16_t p = 0; p < TRUNK; p++)
		world_member_with(&(struct policy_member_conf){.port = p, .lan = LAN, .rules = 1});
	world_member_with(&(struct policy_member_conf){
		.port = TRUNK, .lan = TRUNK_LAN, .vid = 100, .rules = 1});
	world_commit();
	fdb_add_static(world.fdbs[LAN], STATION(9), WATCHED, MAC_REGISTERED);
}

static void receive(uint16_t port, mac_t dst, mac_t src, uint16_t type, uint16_t length, uint16_t n)
{
	const uint8_t octets[] = {(uint8_t)(type >> 8), (uint8_t)type};

	world_receive_alike(port, dst, src, octets, sizeof(octets), length, n);
}

static void receive_foreign(uint16_t port, uint16_t n)
{
	receive(port, STATION(2), STATION(1), 0x9000, 60, n);
}

// An ARP request that all rules take.
static void receive_arp(uint16_t port, mac_t dst, mac_t src)
{
	static const uint8_t arp[] = {0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1};

	world_receive_alike(port, dst, src, arp, sizeof(arp), 60, 1);
}

static void expect_events(uint32_t n, const char *what)
{
	cr_expect_eq(world.n_events, n, "%s: %u events, not %u", what, world.n_events, n);
	world.n_events = 0;
}

static void expect_event(uint32_t number, uint16_t port, uint16_t lan, enum drop_reason reason)
{
	const struct event_frame *frame = &world.events[number].frame;

	cr_expect_eq(message_check(&world.events[number]), 0);
	cr_expect_eq(frame->port, port, "event %u: port %u", number, frame->port);
	cr_expect_eq(frame->lan, lan, "event %u: LAN %u", number, frame->lan);
	cr_expect_eq(frame->reason, reason, "event %u: %s", number,
		     drop_infos[frame->reason % DROP_COUNT].name);
}

static void expect_one(uint16_t port, uint16_t lan, enum drop_reason reason, const char *what)
{
	expect_event(0, port, lan, reason);
	cr_expect_eq(world.events[0].header.type, EVENT_VIOLATION, "%s", what);
	expect_events(1, what);
}

static void tells_the_first_of_a_second(void)
{
	receive_foreign(PLAIN, BATCH_MAX);
	expect_one(PLAIN, LAN, DROP_ETHERTYPE_NOT_ALLOWED, "a burst");
	receive_foreign(PLAIN, BATCH_MAX);
	world.cycles += WORLD_HZ - 1;
	receive_foreign(PLAIN, BATCH_MAX);
	expect_events(0, "the same second");
	world.cycles += 1;
	receive_foreign(PLAIN, BATCH_MAX);
	expect_one(PLAIN, LAN, DROP_ETHERTYPE_NOT_ALLOWED, "the next second");
	receive_foreign(QUIET, 1);
	expect_one(QUIET, LAN, DROP_ETHERTYPE_NOT_ALLOWED, "another port");
	receive(PLAIN, MAC_BROADCAST, STATION(1), 0x0800, 60, 5);
	expect_one(PLAIN, LAN, DROP_BROADCAST_NOT_ARP, "another reason");
}

static void tells_the_lan_if_it_is_known(void)
{
	receive(PLAIN, LLDP, STATION(1), 0x88cc, 60, 1);
	expect_one(PLAIN, FDB_ANY, DROP_DMAC_IS_RESERVED, "before the LAN is known");
	receive(PLAIN, STATION(2), STATION(1), 0x8100, 60, 1);
	expect_one(PLAIN, FDB_ANY, DROP_VLAN_TAG_MISMATCH, "no LAN");
	receive(TRUNK, STATION(2), STATION(1), 0x0800, 60, 1);
	expect_one(TRUNK, FDB_ANY, DROP_VLAN_TAG_MISSING, "no LAN");
	receive(PLAIN, STATION(2), STATION(1), 0x0800, 1600, 1);
	expect_one(PLAIN, LAN, DROP_PKT_TOO_BIG, "the first reason with a LAN");
	receive(PLAIN, STATION(2), STATION(1), 0x0800, 13, 1);
	expect_one(PLAIN, FDB_ANY, DROP_PKT_TOO_SMALL, "cut");
}

static void tells_the_octets(void)
{
	const struct event_frame *frame = &world.events[0].frame;

	receive(PLAIN, MAC_BROADCAST, STATION(1), 46, 100, 2);
	cr_expect_eq(frame->length, 100);
	cr_expect_eq(frame->n_octets, 100);
	cr_expect_eq(frame->octets[0], 0xff);
	cr_expect_eq(frame->octets[13], 46);
	cr_expect_eq(frame->octets[99], 0, "the first frame");
	expect_events(1, "a frame of 100 octets");
	receive(PLAIN, STATION(2), STATION(1), 0x88a8, 1000, 1);
	cr_expect_eq(frame->length, 1000);
	cr_expect_eq(frame->n_octets, EVENT_OCTETS);
	expect_events(1, "a frame of 1000 octets");
}

static void keeps_quiet(void)
{
	receive_arp(PLAIN, STATION(7), STATION(1));
	cr_expect_eq(world.worker->counters[PLAIN].drops[DROP_UNKNOWN_UNICAST], 1);
	expect_events(0, "in good order");
}

static void dry_worker_tells_nothing(void)
{
	world.worker->dry = true;
	world.cycles += WORLD_HZ;
	receive_foreign(PLAIN, 1);
	receive_foreign(WATCHED, 1);
	expect_events(0, "explain");
	world.worker->dry = false;
	receive_foreign(PLAIN, 1);
	expect_one(PLAIN, LAN, DROP_ETHERTYPE_NOT_ALLOWED, "after explain");
}

static void watches(void)
{
	world.cycles += 2 * WORLD_HZ;
	receive_foreign(WATCHED, 2);
	receive(WATCHED, LLDP, STATION(9), 0x88cc, 60, 1);
	for (uint32_t i = 0; i < 2; i++)
		expect_event(i, WATCHED, LAN, DROP_ETHERTYPE_NOT_ALLOWED);
	cr_expect_eq(world.events[0].header.type, EVENT_WATCHED);
	cr_expect_eq(world.events[1].frame.octets[59], 1, "the second frame");
	cr_expect_eq(world.events[2].header.type, EVENT_VIOLATION);
	cr_expect_eq(world.events[3].header.type, EVENT_WATCHED);
	expect_event(3, WATCHED, FDB_ANY, DROP_DMAC_IS_RESERVED);
	expect_events(5, "two foreign frames and LLDP");
}

static uint32_t count_watched(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < world.n_events && i < WORLD_EVENTS; i++)
		n += world.events[i].header.type == EVENT_WATCHED;
	return n;
}

static void watches_within_a_budget(void)
{
	world.cycles += WORLD_HZ;
	world.n_events = 0;
	for (int i = 0; i < 20; i++)
		receive_foreign(WATCHED, BATCH_MAX);
	cr_expect_eq(count_watched(), WATCH_BUDGET);
	world.cycles += WORLD_HZ;
	world.n_events = 0;
	receive_foreign(WATCHED, 2);
	cr_expect_eq(world.events[0].frame.missed, 20 * BATCH_MAX - WATCH_BUDGET);
	cr_expect_eq(world.events[1].frame.missed, 0);
	world.n_events = 0;
	world.no_room_for_events = true;
	receive_foreign(WATCHED, 3);
	world.no_room_for_events = false;
	receive_foreign(WATCHED, 1);
	cr_expect_eq(world.events[0].frame.missed, 3, "found no room");
	world.n_events = 0;
}

static void quiet_port_tells_no_violation(void)
{
	world.cycles += WORLD_HZ;
	receive_foreign(QUIET, 1);
	expect_one(QUIET, LAN, DROP_ETHERTYPE_NOT_ALLOWED, "no violation of port security");
	for (uint16_t port = PLAIN; port <= QUIET; port++) {
		receive_arp(port, STATION(2), STATION(9));
		cr_expect_eq(world.worker->counters[port].drops[DROP_MAC_HIJACK], 1);
	}
	expect_one(PLAIN, LAN, DROP_MAC_HIJACK, "only of the port that is not quiet");
}

Test(frames, tell)
{
	make_world();
	tells_the_first_of_a_second();
	tells_the_lan_if_it_is_known();
	tells_the_octets();
	keeps_quiet();
	dry_worker_tells_nothing();
	watches();
	watches_within_a_budget();
	quiet_port_tells_no_violation();
	cr_expect_null(world_audit(0));
	world_fini();
}
