// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/policy.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "dataplane/tables/draft.h"

static struct draft draft;
static struct policy_device *devices;
static rte_spinlock_t locks[MAX_QUEUES];

static void start(void)
{
	struct policy_begin begin = {.digest = 77};

	cr_assert_eq(draft_init(&draft), 0);
	draft_begin(&draft, &begin);
	devices = calloc(MAX_PORTS, sizeof(*devices));
}

static void finish(void)
{
	draft_fini(&draft);
	free(devices);
}

TestSuite(policy, .init = start, .fini = finish);

static struct fdb *const fdbs[MAX_LANS];
static struct hosts *const hosts[MAX_LANS];

static void add_lan(uint16_t number)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LAN, 0);
	m.lan = (struct policy_lan_conf){.lan = number, .mtu = 1500, .fdb_size = 64};
	snprintf(m.lan.name, sizeof(m.lan.name), "lan%u", number);
	draft_add(&draft, &m);
}

static void add_port(uint16_t slot, uint16_t flags, uint16_t isolation, uint16_t n_rx)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_PORT, 0);
	m.port = (struct policy_port_conf){.port = slot,
					   .flags = flags,
					   .isolation = isolation,
					   .mtu = 1500};
	snprintf(m.port.name, sizeof(m.port.name), "swp%u", slot);
	snprintf(m.port.device, sizeof(m.port.device), "tap:t%u", slot);
	draft_add(&draft, &m);
	devices[slot] = (struct policy_device){.ethdev = (uint16_t)(100 + slot),
					       .n_rx = n_rx,
					       .n_tx = n_rx,
					       .mtu = 9000,
					       .tx_locks = locks};
}

static void add_member(uint16_t slot, uint16_t number, uint16_t vid)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MEMBER, 0);
	m.member = (struct policy_member_conf){.port = slot, .lan = number, .vid = vid};
	draft_add(&draft, &m);
}

enum { ALL = PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST };

static struct policy *build(uint32_t n_workers, const struct policy *old)
{
	cr_assert_eq(draft_check(&draft), 0, "%s", draft.error.text);
	struct policy *policy = policy_build(&draft, fdbs, hosts, devices, n_workers, old);
	cr_assert_not_null(policy);
	return policy;
}

static void expect_reach(const struct policy *policy, enum flood_class class, uint16_t from,
			 const char *expected)
{
	const struct reach *reach =
		policy_reach(&policy->lans[0], class, policy->ports[from].group);
	char text[64] = "";
	size_t at = 0;

	for (uint16_t i = 0; i < reach->n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%u ", reach->ports[i]);
	cr_expect_str_eq(text, expected);
}

Test(policy, knows_memberships_and_tags)
{
	add_lan(0);
	add_lan(1);
	add_port(0, ALL, 0, 1);
	add_port(1, ALL, 0, 1);
	add_member(0, 0, 0);
	add_member(1, 0, 10);
	add_member(1, 1, 20);
	struct policy *p = build(1, NULL);

	cr_expect_eq(p->generation, 1);
	cr_expect_eq(p->digest, 77);
	cr_expect_eq(p->ports[0].lan_untagged, 0);
	cr_expect_null(p->ports[0].vid_lan, "an access port knows no tags");
	cr_expect_eq(p->ports[0].lans[1].vid, VID_NOT_MEMBER);
	cr_expect_eq(p->ports[1].lan_untagged, LAN_NONE);
	cr_expect_eq(p->ports[1].vid_lan[10], 0);
	cr_expect_eq(p->ports[1].vid_lan[20], 1);
	cr_expect_eq(p->ports[1].vid_lan[30], LAN_NONE);
	cr_expect_eq(p->ports[1].lans[1].vid, 20);
	cr_expect_eq(p->ports[2].lan_untagged, LAN_NONE, "no port lives in slot 2");
	cr_expect_eq(p->lans[0].frame_max, 1514);
	cr_expect_eq(p->ports[0].frame_max, 9018);
	policy_free(p);
}

Test(policy, reach_follows_knobs_and_isolation)
{
	add_lan(0);
	add_port(0, ALL, 0, 1);
	add_port(1, ALL, 7, 1);
	add_port(2, ALL, 7, 1);
	add_port(3, ALL & ~PORT_FLOOD_UNKNOWN, 9, 1);
	add_port(4, ALL & ~PORT_FLOOD_MULTICAST, 0, 1);
	add_port(5, ALL, 0, 1);
	for (uint16_t p = 0; p < 5; p++)
		add_member(p, 0, 0);
	struct policy *p = build(1, NULL);

	expect_reach(p, FLOOD_BROADCAST, 0, "0 1 2 3 4 ");
	expect_reach(p, FLOOD_MULTICAST, 0, "0 1 2 3 ");
	expect_reach(p, FLOOD_UNKNOWN, 0, "0 1 2 4 ");
	expect_reach(p, FLOOD_BROADCAST, 1, "0 3 4 ");
	expect_reach(p, FLOOD_UNKNOWN, 2, "0 4 ");
	expect_reach(p, FLOOD_BROADCAST, 3, "0 1 2 4 ");
	policy_free(p);
}

Test(policy, a_queue_stays_with_its_worker)
{
	add_lan(0);
	add_port(0, ALL, 0, 4);
	add_port(1, ALL, 0, 4);
	struct policy *old = build(3, NULL);
	int before[2][4];

	for (uint16_t p = 0; p < 2; p++) {
		for (uint16_t q = 0; q < 4; q++)
			before[p][q] = policy_queue_worker(old, (uint16_t)(100 + p), q);
	}
	add_port(2, ALL, 0, 4);
	struct policy *p = build(3, old);

	for (uint16_t slot = 0; slot < 2; slot++) {
		for (uint16_t q = 0; q < 4; q++)
			cr_expect_eq(policy_queue_worker(p, (uint16_t)(100 + slot), q),
				     before[slot][q], "port %u queue %u", slot, q);
	}
	for (uint32_t w = 0; w < 3; w++)
		cr_expect_eq(p->workers[w].n_queues, 4, "worker %u has its share", w);
	cr_expect_eq(p->generation, 2);
	policy_free(old);
	policy_free(p);
}

Test(policy, shares_transmit_queues_under_a_lock)
{
	add_lan(0);
	add_port(0, ALL, 0, 1);
	add_port(1, ALL, 0, 2);
	struct policy *p = build(2, NULL);

	cr_expect_eq(p->workers[0].tx[0].lock, &locks[0]);
	cr_expect_eq(p->workers[1].tx[0].lock, &locks[0]);
	cr_expect_eq(p->workers[1].tx[0].queue, 0);
	cr_expect_null(p->workers[0].tx[1].lock, "each worker has a queue of its own");
	cr_expect_eq(p->workers[1].tx[1].queue, 1);
	cr_expect_eq(p->workers[1].tx[1].ethdev, 101);
	policy_free(p);
}
