// SPDX-License-Identifier: BSD-3-Clause
// What explain tells: the steps of one frame through a dry worker, and that nothing came of it.
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace.h"
#include "tests/frames/harness.h"

enum { PORTS = 5, LAN = 0, PEERING = 1, TRUNK = 3, MEMBER = 4 };

#define STATION(n) MAC(0x02, 0, 0, 0, 0, n)

struct trace_row {
	const char *name;
	uint16_t port;
	uint16_t length;
	mac_t dst;
	mac_t src;
	const char *told; // "stage: text" line by line, then the outs
};

static const struct trace_row rows[] = {
	{
		"known",
		.port = 0,
		.length = 60,
		.dst = STATION(2),
		.src = STATION(1),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:01 to 02:00:00:00:00:02\n"
			"ingress: comes by swp0 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:01 lives on swp0\n"
			"lookup: destination 02:00:00:00:00:02 lives on swp1 (static)\n"
			"egress: leaves by swp1, untagged\n"
			"out 1 vid 0 length 60 reason none\n",
	},
	{
		"known on a trunk, by a new source",
		.port = 0,
		.length = 60,
		.dst = STATION(3),
		.src = STATION(9),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:09 to 02:00:00:00:00:03\n"
			"ingress: comes by swp0 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:09 is new on swp0\n"
			"lookup: destination 02:00:00:00:00:03 lives on swp3\n"
			"egress: leaves by swp3, tagged 100\n"
			"out 3 vid 100 length 64 reason none\n",
	},
	{
		"broadcast by a source that moves",
		.port = 2,
		.length = 60,
		.dst = MAC_BROADCAST,
		.src = STATION(1),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:01 to ff:ff:ff:ff:ff:ff\n"
			"ingress: comes by swp2 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:01 moves from swp0 to swp2\n"
			"lookup: for all\n"
			"flood: floods to 3 ports\n"
			"out 3 vid 100 length 64 reason none\n"
			"out 0 vid 0 length 60 reason none\n"
			"out 1 vid 0 length 60 reason none\n",
	},
	{
		"unknown destination",
		.port = 0,
		.length = 60,
		.dst = STATION(8),
		.src = STATION(1),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:01 to 02:00:00:00:00:08\n"
			"ingress: comes by swp0 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:01 lives on swp0\n"
			"lookup: nobody knows where 02:00:00:00:00:08 lives (unknown_unicast)\n",
	},
	{
		"hijack",
		.port = 0,
		.length = 60,
		.dst = STATION(3),
		.src = STATION(2),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:02 to 02:00:00:00:00:03\n"
			"ingress: comes by swp0 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:02 is registered on swp1 and stays there"
			" (mac_hijack)\n",
	},
	{
		"hairpin",
		.port = 0,
		.length = 60,
		.dst = STATION(1),
		.src = STATION(9),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:09 to 02:00:00:00:00:01\n"
			"ingress: comes by swp0 in LAN lan0, untagged\n"
			"learn: source 02:00:00:00:00:09 is new on swp0\n"
			"lookup: destination 02:00:00:00:00:01 lives on swp0, by which it came"
			" (port_loopback_filter)\n",
	},
	{
		"too big",
		.port = 0,
		.length = 2000,
		.dst = STATION(2),
		.src = STATION(1),
		.told = "parse: IPv4 of 2000 octets from 02:00:00:00:00:01 to 02:00:00:00:00:02\n"
			"ingress: Longer than the MTU of its LAN allows. (pkt_too_big)\n",
	},
	{
		"too big for the port",
		.port = 3,
		.length = 1518,
		.dst = STATION(2),
		.src = STATION(9),
		.told = "parse: IPv4 of 1518 octets from 02:00:00:00:00:09 to 02:00:00:00:00:02,"
			" VLAN 100 priority 5\n"
			"ingress: comes by swp3 in LAN lan0, tagged 100\n"
			"learn: source 02:00:00:00:00:09 is new on swp3\n"
			"lookup: destination 02:00:00:00:00:02 lives on swp1 (static)\n"
			"egress: Longer than the port it should leave by can send. (egress_mtu)\n"
			"out 1 vid 0 length 0 reason egress_mtu\n",
	},
	{
		"taken by the rules of a LAN",
		.port = MEMBER,
		.length = 60,
		.dst = STATION(2),
		.src = STATION(9),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:09 to 02:00:00:00:00:02\n"
			"ingress: comes by swp4 in LAN lan1, untagged\n"
			"admit: LAN lan1 takes IPv4 unicast\n"
			"learn: source 02:00:00:00:00:09 is new on swp4\n"
			"lookup: nobody knows where 02:00:00:00:00:02 lives (unknown_unicast)\n",
	},
	{
		"refused by the rules of a LAN",
		.port = MEMBER,
		.length = 60,
		.dst = MAC_BROADCAST,
		.src = STATION(9),
		.told = "parse: IPv4 of 60 octets from 02:00:00:00:00:09 to ff:ff:ff:ff:ff:ff\n"
			"ingress: comes by swp4 in LAN lan1, untagged\n"
			"admit: To everybody, and not ARP. (broadcast_not_arp)\n",
	},
	{
		"cut",
		.port = 0,
		.length = 13,
		.dst = STATION(2),
		.src = STATION(1),
		.told = "parse: Cut inside its own Ethernet header or tag. (pkt_too_small)\n",
	},
};

static void make_world(void)
{
	struct fdb_learned learned;

	world_init(PORTS, 16, 64);
	world_begin();
	world_lan(LAN, LAN_DROP_HIJACK, 1500, 0);
	world_lan(PEERING, 0, 1500, 0);
	world_rules(1, RULE_ANY_HEADERS);
	for (uint16_t p = 0; p < PORTS; p++) {
		world_port(p, PORT_ADMIN_UP | PORT_LEARN, p == 1 ? 1400 : 1500, 0);
		if (p != MEMBER)
			world_member(p, LAN, p == TRUNK ? 100 : 0);
	}
	world_member_with(&(struct policy_member_conf){.port = MEMBER, .lan = PEERING, .rules = 1});
	world_commit();
	fdb_learn_burst(world.fdbs[LAN], (mac_t[]){STATION(1)}, 1, 0, &learned);
	fdb_add_static(world.fdbs[LAN], STATION(2), 1, MAC_REGISTERED);
	fdb_learn_burst(world.fdbs[LAN], (mac_t[]){STATION(3)}, 1, TRUNK, &learned);
}

static struct rte_mbuf *make_frame(const struct trace_row *row)
{
	struct rte_mbuf *frame = world_frame(row->length);
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);
	static const uint8_t tag[] = {0x81, 0x00, 0xa0, 100, 0x08, 0x00};

	mac_store(row->dst, octets);
	mac_store(row->src, octets + 6);
	memcpy(octets + 12, row->port == TRUNK ? tag : tag + 4, row->port == TRUNK ? 6 : 2);
	return frame;
}

static void tell(const struct trace *trace, char *text, size_t size)
{
	size_t n = 0;

	text[0] = 0;
	for (uint32_t i = 0; i < trace->n_steps; i++) {
		const struct trace_step *s = &trace->steps[i];

		n += (size_t)snprintf(text + n, size - n, "%s: %s", s->stage, s->text);
		if (s->reason)
			n += (size_t)snprintf(text + n, size - n, " (%s)",
					      drop_infos[s->reason].name);
		n += (size_t)snprintf(text + n, size - n, "\n");
	}
	for (uint32_t i = 0; i < trace->n_outs; i++) {
		const struct trace_out *o = &trace->outs[i];

		n += (size_t)snprintf(text + n, size - n, "out %u vid %u length %u reason %s\n",
				      o->port, o->vid, o->length, drop_infos[o->reason].name);
	}
}

static void run(const struct trace_row *row)
{
	struct trace *trace = world.worker->trace;
	struct rte_mbuf *frame = make_frame(row);
	char text[2000];

	trace->n_steps = trace->n_outs = 0;
	world_clear();
	world_receive(row->port, &frame, 1);
	tell(trace, text, sizeof(text));
	cr_expect_str_eq(text, row->told, "%s:\n%s", row->name, text);
	cr_expect_eq(fdb_count(world.fdbs[LAN]), 2, "%s: it learned", row->name);
	cr_expect_eq(fdb_lookup(world.fdbs[LAN], STATION(1)), 0, "%s: it moved", row->name);
	cr_expect_eq(world.n_events, 0, "%s: it told", row->name);
	for (uint16_t p = 0; p < PORTS; p++)
		cr_expect_null(world_sent(p), "%s: it sent", row->name);
	cr_expect_eq(rte_mempool_in_use_count(world.arrivals), 0, "%s: it kept", row->name);
	cr_expect_eq(rte_mempool_in_use_count(world.fabric.pool), 0, "%s: it kept", row->name);
}

Test(frames, trace)
{
	static struct trace trace;

	make_world();
	world.worker->dry = true;
	world.worker->trace = &trace;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		run(&rows[i]);
	world_fini();
}
