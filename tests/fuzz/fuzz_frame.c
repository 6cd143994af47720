// SPDX-License-Identifier: BSD-3-Clause
// Any octets as a burst of frames that come by a port: through parse, ingress, admission and cull.
// Each frame lives on or dies for one reason of these stages, nothing is read outside of it, and
// what is told at first sight is what admit() says.
//
//   octet 0   the port: 0 access, 1 trunk, 2 access to a transparent LAN that takes jumbo frames
//   octet 1   enum rule_flags
//   then      frames: their length, and so many octets; length 0 is all that is left
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/octets.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/tables/draft.h"
#include "dataplane/worker.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/require.h"

enum { PORTS = 3, LANS = 3, RULES = 1, FLAGS = RULE_ALL + 1 };

static struct worker *worker;
static struct policy *policies[FLAGS];
static struct rte_mbuf *mbufs;

static struct message *start(struct message *m, enum message_type type)
{
	message_init(m, type, 0);
	return m;
}

static void add_prefixes(struct draft *draft, uint16_t lan)
{
	struct message m;

	start(&m, COMMAND_POLICY_PREFIX)->prefix = (struct policy_prefix_conf){
		.lan = lan, .family = 4, .length = 26, .address = {192, 0, 2, 64}};
	draft_add(draft, &m);
	start(&m, COMMAND_POLICY_PREFIX)->prefix = (struct policy_prefix_conf){
		.lan = lan, .family = 6, .length = 61, .address = {0x20, 0x01, 0x0d, 0xb8, 0, 2}};
	draft_add(draft, &m);
}

static void add_lan(struct draft *draft, uint16_t lan)
{
	struct message m;
	bool jumbo = lan == 2;

	start(&m, COMMAND_POLICY_LAN)->lan =
		(struct policy_lan_conf){.lan = lan,
					 .mtu = jumbo ? 9000 : 100,
					 .flags = jumbo ? LAN_TRANSPARENT : 0,
					 .fdb_size = 64};
	snprintf(m.lan.name, sizeof(m.lan.name), "lan%u", lan);
	draft_add(draft, &m);
	add_prefixes(draft, lan);
}

static void add_port(struct draft *draft, uint16_t port)
{
	struct message m;

	start(&m, COMMAND_POLICY_PORT)->port =
		(struct policy_port_conf){.port = port,
					  .flags = PORT_ADMIN_UP | PORT_DRAINED,
					  .mtu = 9000};
	if (port == 0)
		m.port.flags |= PORT_DROP_RUNTS;
	snprintf(m.port.name, sizeof(m.port.name), "swp%u", port);
	snprintf(m.port.device, sizeof(m.port.device), "tap:t%u", port);
	draft_add(draft, &m);
	for (uint16_t lan = 0; lan < LANS; lan++) {
		if (port != 1 && lan != port)
			continue;
		start(&m, COMMAND_POLICY_MEMBER)->member = (struct policy_member_conf){
			.port = port, .lan = lan, .vid = port == 1 ? 100 + lan : 0, .rules = RULES};
		draft_add(draft, &m);
	}
}

static struct policy *make_policy(uint8_t flags)
{
	static struct fdb *const fdbs[MAX_LANS];
	static struct hosts *const hosts[MAX_LANS];
	static struct policy_device devices[MAX_PORTS];
	static struct draft draft;
	struct message m;

	REQUIRE(draft_init(&draft) == 0);
	draft_begin(&draft, &(struct policy_begin){0});
	start(&m, COMMAND_POLICY_RULES)->rules = (struct policy_rules_conf){
		.rules = RULES, .flags = flags, .n_types = 3, .types = {0x0800, 0x0806, 0x86dd}};
	draft_add(&draft, &m);
	for (uint16_t lan = 0; lan < LANS; lan++)
		add_lan(&draft, lan);
	for (uint16_t port = 0; port < PORTS; port++)
		add_port(&draft, port);
	REQUIRE(draft_check(&draft) == 0);
	struct policy *policy = policy_build(&draft, fdbs, hosts, devices, 1, NULL);
	REQUIRE(policy);
	draft_fini(&draft);
	return policy;
}

static void make_worker(void)
{
	worker = make(sizeof(*worker));
	worker->fabric = make(sizeof(*worker->fabric));
	worker->counters = make(MAX_PORTS * sizeof(*worker->counters));
	mbufs = make(BATCH_MAX * sizeof(*mbufs));
}

// Cut the octets into frames, each in memory of its own. Returns how many.
static uint16_t cut(const uint8_t *data, size_t size)
{
	uint16_t n = 0;

	while (n < BATCH_MAX && size > 1) {
		size_t length = data[0];

		data++;
		size--;
		if (length == 0 || length > size)
			length = size;
		mbufs[n].buf_addr = malloc(length);
		REQUIRE(mbufs[n].buf_addr);
		memcpy(mbufs[n].buf_addr, data, length);
		mbufs[n].pkt_len = (uint32_t)length;
		mbufs[n].data_len = (uint16_t)length;
		worker->batch.frames[n] = &mbufs[n];
		n++;
		data += length;
		size -= length;
	}
	return n;
}

static enum drop_reason decide(const struct batch *b, unsigned int i)
{
	const struct policy *policy = worker->policy;
	struct octets p = octets_behind(b, i, header_length(b, i));
	enum admit_group group = ADMIT_UNICAST;

	if (b->group >> i & 1)
		group = b->broadcast >> i & 1 ? ADMIT_BROADCAST : ADMIT_MULTICAST;
	return admit(&policy->rules[RULES], &policy->lans[b->lan[i]].nets, b->type[i], p.at, p.end,
		     group);
}

static void run(struct batch *b)
{
	enum drop_reason wanted[BATCH_MAX] = {DROP_NONE};
	uint64_t all = batch_mask(b->n);

	batch_start(b);
	parse(worker, b);
	ingress(worker, b);
	batch_foreach (i, b->live)
		wanted[i] = decide(b, i);
	uint64_t entered = b->live;
	admission(worker, b);
	REQUIRE((b->live & b->dead) == 0 && (b->live | b->dead) == all);
	batch_foreach (i, b->dead & ~entered)
		REQUIRE(b->reason[i] > DROP_PORT_DISABLED && b->reason[i] <= DROP_PKT_TOO_BIG);
	batch_foreach (i, entered)
		REQUIRE((b->dead >> i & 1 ? b->reason[i] : DROP_NONE) == wanted[i]);
	cull(worker, b);
	REQUIRE((b->live & b->dead) == 0 && (b->live | b->dead) == all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!worker)
		make_worker();
	if (size < 4 || size > 2048)
		return 0;
	if (!policies[data[1]])
		policies[data[1]] = make_policy(data[1]);

	struct batch *b = &worker->batch;
	worker->policy = policies[data[1]];
	b->port = data[0] % PORTS;
	b->n = cut(data + 2, size - 2);
	if (b->n)
		run(b);
	for (uint16_t i = 0; i < b->n; i++)
		free(mbufs[i].buf_addr);
	return 0;
}
