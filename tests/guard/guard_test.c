// SPDX-License-Identifier: BSD-3-Clause
// Do the XDP guard and the workers give every frame the same verdict, for the same reason?
//
// Random frames go through the real program in the kernel (BPF_PROG_TEST_RUN), told by the code
// that tells it in the dataplane, and through the real stages, under random policies. Sampling and
// the limits on rates are off: they depend on time.
//
//   guard_test OBJECT [FRAMES]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include "dataplane/ports/guard_policy.h"
#include "tests/frames/harness.h"
#include "tests/guard/kernel.h"
#include "tests/guard/offer.h"

enum { FRAMES = 200000, POLICIES = 40, PORTS = 5, LANS = 4, RULES = 6 };
enum { MAC_OWNERS = 8 }; // the first of offer.macs may be registered

static struct offer offer = {.vids = {0, 100, 200, 300}, .network = 0xc0000200};
static uint64_t deaths[DROP_COUNT]; // in the guard
static unsigned int n_failures;

// ---- Random policies

static bool half(void)
{
	return offer_draw(2);
}

static void add_lan(uint16_t lan)
{
	static const uint16_t mtus[] = {1500, 600, 100};
	struct policy_prefix_conf prefix = {.family = 4, .length = 24, .address = {192, 0, 2}};

	world_lan(lan, (uint16_t)offer_draw(8), mtus[offer_draw(3)], 0);
	if (half())
		world_prefix(lan, &prefix);
}

static void add_port(uint16_t port)
{
	uint16_t flags = PORT_FLOOD_UNKNOWN | PORT_FLOOD_MULTICAST;

	flags |= offer_draw(12) ? PORT_ADMIN_UP : 0;
	flags |= half() ? PORT_LEARN : 0;
	flags |= offer_draw(4) ? 0 : PORT_DROP_RUNTS;
	flags |= offer_draw(12) ? 0 : PORT_WATCHED;
	world_port(port, flags, 1500, 0);
	atomic_store(&world.fabric.disabled[port], offer_draw(12) ? DISABLE_NONE : DISABLE_LOOP);
}

// In some LANs, in at most one of them untagged.
static void add_members(uint16_t port)
{
	uint16_t untagged = (uint16_t)offer_draw(LANS + 2);
	bool trunk = half();

	for (uint16_t l = 0; l < LANS; l++) {
		struct policy_member_conf member = {
			.port = port,
			.lan = l,
			.vid = l == untagged ? 0 : offer.vids[1 + l % (OFFER_VIDS - 1)],
			.rules = (uint16_t)offer_draw(RULES),
			.security = (uint16_t)offer_draw(3),
			.mac_limit = 4,
		};

		// Two LANs of one port with one tag are refused.
		if (l == untagged || (trunk && l < OFFER_VIDS - 1 && half()))
			world_member_with(&member);
	}
}

// Register an address in a LAN, or reserve it there.
static void add_mac(uint16_t lan, mac_t mac)
{
	static const uint16_t owners[] = {0, 1, 2, 3, PORT_FABRIC};
	uint16_t port = owners[offer_draw(sizeof(owners) / sizeof(*owners))];
	struct message m;

	message_init(&m, COMMAND_POLICY_MAC, 0);
	m.static_mac = (struct policy_mac_conf){
		.mac = mac,
		.port = port,
		.lan = lan,
		.kind = port == PORT_FABRIC ? MAC_RESERVED : MAC_REGISTERED,
	};
	draft_add(&world.draft, &m);
}

// What manage/apply_macs.c does.
static void register_macs(void)
{
	for (size_t i = 0; i < world.draft.n_macs; i++) {
		const struct policy_mac_conf *m = &world.draft.macs[i];

		fdb_del_static(world.fdbs[m->lan], m->mac);
		fdb_add_static(world.fdbs[m->lan], m->mac, m->port, m->kind);
	}
	for (uint16_t l = 0; l < LANS; l++)
		fdb_add_static(world.fdbs[l], offer.macs[MAC_OWNERS], (uint16_t)offer_draw(PORTS),
			       MAC_HELD);
}

static void forget_macs(void)
{
	for (uint16_t l = 0; l < LANS; l++) {
		for (int i = 0; world.fdbs[l] && i < OFFER_MACS; i++)
			fdb_del_static(world.fdbs[l], offer.macs[i]);
	}
}

static void new_policy(void)
{
	forget_macs();
	world_begin();
	for (uint16_t r = 1; r < RULES; r++)
		world_rules(r, (uint16_t)(half() ? 0 : offer_draw(256)));
	for (uint16_t l = 0; l < LANS; l++)
		add_lan(l);
	for (uint16_t p = 0; p < PORTS; p++) {
		add_port(p);
		add_members(p);
	}
	for (uint16_t l = 0; l < LANS; l++) {
		for (int i = 0; i < MAC_OWNERS; i++) {
			if (half())
				add_mac(l, offer.macs[i]);
		}
	}
	world_commit();
	register_macs();
}

// ---- The guard

// Static entries, those too that were learned for good meanwhile.
static size_t find_sources(uint64_t *values)
{
	struct fdb_entry entry;
	size_t n = 0;

	for (uint16_t l = 0; l < LANS; l++) {
		for (int i = 0; i < OFFER_MACS; i++) {
			if (fdb_find(world.fdbs[l], offer.macs[i], &entry) && entry.is_static)
				values[n++] = guard_source_value(l, entry.mac, entry.port,
								 entry.kind == MAC_HELD);
		}
	}
	return n;
}

// What manage/apply_guard.c does for one port.
static void tell_guard(uint16_t port)
{
	struct policy_limits_conf limits = {.port = port};
	uint64_t values[LANS * OFFER_MACS];
	size_t n_values = find_sources(values);
	struct guard_policy policy;
	bool is_new;

	guard_policy_build(&policy, world.policy, port, &limits, 0);
	memset(policy.sampled, 0, sizeof(policy.sampled));
	policy.flags &= ~(uint32_t)GUARD_AT_ONCE;
	kernel_check("suspend", guard_suspend(kernel.guard));
	kernel_check("sources", guard_sources_prepare(kernel.sources, values, n_values));
	kernel_check("sources", guard_sources_update(kernel.sources, &is_new));
	kernel_check("sources", guard_use_sources(kernel.guard, kernel.sources));
	kernel_check("disable",
		     guard_disable(kernel.guard, atomic_load(&world.fabric.disabled[port])));
	kernel_check("policy", guard_prepare(kernel.guard, &policy));
	kernel_check("policy", guard_commit(kernel.guard));
}

// ---- Both

struct burst {
	uint16_t port, n;
	struct rte_mbuf *frames[BATCH_MAX];
	uint8_t octets[BATCH_MAX][OFFER_MAX];
	size_t length[BATCH_MAX];
	enum drop_reason guard[BATCH_MAX];
};

// Whether the guard knows as much as the worker about frames that die for "reason".
static bool is_judged(const struct batch *b, unsigned int i, enum drop_reason reason)
{
	const struct policy_port *port = &world.policy->ports[b->port];

	if (port->watched || reason == DROP_NONE || reason >= DROP_ARP_SENDER_MAC)
		return false;
	if (reason < DROP_LOOP_PROBE_FORGED)
		return true;
	if (b->type[i] == ADMIT_TYPE_PROBE && (b->group & ~b->broadcast) >> i & 1)
		return false;
	return reason < DROP_SRC_MAC_IS_RESERVED ||
	       port->lans[b->lan[i]].security == SECURITY_REGISTERED;
}

static void tell_difference(const struct burst *burst, unsigned int i, enum drop_reason worker)
{
	fprintf(stderr, "port %u: the guard says %s, the worker %s:\n ", burst->port,
		drop_infos[burst->guard[i]].name, drop_infos[worker].name);
	for (size_t k = 0; k < burst->length[i] && k < 100; k++)
		fprintf(stderr, " %02x", burst->octets[i][k]);
	fprintf(stderr, " (%zu octets)\n", burst->length[i]);
	n_failures++;
}

static void compare(const struct burst *burst)
{
	const struct batch *b = &world.worker->batch;

	for (unsigned int i = 0; i < burst->n; i++) {
		enum drop_reason worker = b->dead >> i & 1 ? b->reason[i] : DROP_NONE;

		if (is_judged(b, i, worker) ? burst->guard[i] != worker
					    : burst->guard[i] != DROP_NONE)
			tell_difference(burst, i, worker);
		deaths[burst->guard[i]]++;
	}
}

static void add(struct port_counters *sum, const struct burst *burst, unsigned int i)
{
	mac_t dst = mac_load(burst->octets[i]);
	const uint8_t *type = &burst->octets[i][12];
	bool is_cut =
		type[0] == 0x81 && type[1] == 0 && burst->length[i] < FRAME_OVERHEAD + TAG_SIZE;

	sum->rx_frames++;
	sum->rx_octets += burst->length[i];
	sum->rx_multicast += !is_cut && mac_is_group(dst) && dst != MAC_BROADCAST;
	sum->rx_broadcast += !is_cut && dst == MAC_BROADCAST;
}

static void run_burst(struct burst *burst)
{
	struct port_counters wanted = {0}, counted = {0};

	for (unsigned int i = 0; i < burst->n; i++) {
		burst->length[i] = offer_frame(&offer, burst->octets[i]);
		burst->guard[i] = kernel_judge(burst->octets[i], burst->length[i], &counted);
		burst->frames[i] = world_frame((uint16_t)burst->length[i]);
		memcpy(rte_pktmbuf_mtod(burst->frames[i], void *), burst->octets[i],
		       burst->length[i]);
		if (burst->guard[i] != DROP_NONE)
			add(&wanted, burst, i);
	}
	world_receive(burst->port, burst->frames, burst->n);
	compare(burst);
	if (memcmp(&wanted, &counted, sizeof(wanted)) != 0) {
		fprintf(stderr,
			"port %u: the guard counts %lu frames, %lu octets, %lu multicast, "
			"%lu broadcast that died; these are %lu, %lu, %lu, %lu\n",
			burst->port, counted.rx_frames, counted.rx_octets, counted.rx_multicast,
			counted.rx_broadcast, wanted.rx_frames, wanted.rx_octets,
			wanted.rx_multicast, wanted.rx_broadcast);
		n_failures++;
	}
}

// ---- The whole

static void make_macs(void)
{
	for (int i = 0; i < OFFER_MACS; i++)
		offer.macs[i] = MAC(0x02, 0, 0, 0, 0, 1 + i);
}

// A reason that never came up was not compared.
static void check_reasons(void)
{
	for (int r = 1; r < DROP_ARP_SENDER_MAC; r++) {
		if (r == DROP_LAG_NOT_COLLECTING || r == DROP_LOOP_PROBE_FORGED ||
		    r == DROP_MAC_LIMIT)
			continue;
		if (deaths[r] == 0) {
			fprintf(stderr, "no frame died for %s\n", drop_infos[r].name);
			n_failures++;
		}
	}
}

int main(int argc, char **argv)
{
	static struct burst burst;
	unsigned long frames = argc > 2 ? strtoul(argv[2], NULL, 10) : FRAMES;
	unsigned long per_port = frames / POLICIES / PORTS;

	if (argc < 2)
		return 2;
	kernel_load(argv[1]);
	world_init(PORTS, 64, 4096);
	for (uint16_t p = 0; p < PORTS; p++)
		world_link(p, false); // so that nothing needs to be taken out of rings
	make_macs();
	for (int policy = 0; policy < POLICIES && n_failures < 20; policy++) {
		new_policy();
		for (burst.port = 0; burst.port < PORTS; burst.port++) {
			tell_guard(burst.port);
			for (unsigned long done = 0; done < per_port; done += burst.n) {
				burst.n = per_port - done < BATCH_MAX ? per_port - done : BATCH_MAX;
				run_burst(&burst);
			}
		}
	}
	check_reasons();
	printf("%lu frames, %lu of them dropped by the guard, %u failures\n",
	       per_port * POLICIES * PORTS, per_port * POLICIES * PORTS - deaths[DROP_NONE],
	       n_failures);
	kernel_unload();
	world_fini();
	return n_failures != 0;
}
