// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/harness.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include "dataplane/path/pipeline.h"

struct world world;

enum { FDB_SIZE = 4096, INJECTS = 64 };

__attribute__((format(printf, 1, 2), noreturn)) static void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

bool worker_event(struct worker *worker, const struct message *event)
{
	(void)worker;
	if (world.no_room_for_events)
		return false;
	if (world.n_events < WORLD_EVENTS)
		world.events[world.n_events] = *event;
	world.n_events++;
	return true;
}

bool worker_has_room(struct worker *worker)
{
	(void)worker;
	return !world.no_room_for_events;
}

bool worker_notice(struct worker *worker, const struct message *notice)
{
	(void)worker;
	if (world.n_notices < WORLD_EVENTS)
		world.notices[world.n_notices] = *notice;
	world.n_notices++;
	return true;
}

uint64_t worker_cycles(void)
{
	return world.cycles += world.cycles_step;
}

uint64_t worker_wall_ns(void)
{
	return world.wall_ns;
}

// ---- Life

static void start_eal(void)
{
	char lcores[16];
	const char *args[] = {"world",		"--no-huge",   "-m",	    "512",
			      "--no-pci",	"--lcores",    lcores,	    "--no-shconf",
			      "--no-telemetry", "--log-level", "*:warning", NULL};

	snprintf(lcores, sizeof(lcores), "0@%d", sched_getcpu());
	if (rte_eal_init(sizeof(args) / sizeof(*args) - 1, (char **)args) < 0)
		give_up("EAL does not start");
}

static struct rte_ring *make_ring(const char *kind, uint16_t port, uint32_t room)
{
	char name[RTE_RING_NAMESIZE];

	snprintf(name, sizeof(name), "%s%u", kind, port);
	struct rte_ring *ring = rte_ring_create(name, room, 0, RING_F_EXACT_SZ);
	if (!ring)
		give_up("no memory for the ring %s", name);
	return ring;
}

static void make_port(uint16_t port, uint32_t room)
{
	struct rte_eth_conf conf = {0};
	struct world_port *p = &world.ports[port];
	char name[32];

	p->sent = make_ring("sent", port, room);
	p->received = make_ring("received", port, room);
	snprintf(name, sizeof(name), "world%u", port);
	int ethdev = rte_eth_from_rings(name, &p->received, 1, &p->sent, 1, 0);
	if (ethdev < 0 || rte_eth_dev_configure((uint16_t)ethdev, 1, 1, &conf) < 0 ||
	    rte_eth_rx_queue_setup((uint16_t)ethdev, 0, 64, 0, NULL, world.arrivals) < 0 ||
	    rte_eth_tx_queue_setup((uint16_t)ethdev, 0, 64, 0, NULL) < 0 ||
	    rte_eth_dev_start((uint16_t)ethdev) < 0)
		give_up("port %u does not start", port);
	world.devices[port] =
		(struct policy_device){.ethdev = (uint16_t)ethdev, .n_rx = 1, .n_tx = 1};
	world_link(port, true);
}

static void make_inject_ring(struct worker *w)
{
	static alignas(struct ring_memory)
		uint8_t memory[sizeof(struct ring_memory) + INJECTS * MESSAGE_SIZE];

	ring_init(&world.injects, memory, INJECTS);
	ring_init(&w->injects, memory, INJECTS);
}

static void make_worker(void)
{
	struct worker *w = aligned_alloc(64, (sizeof(*w) + 63) / 64 * 64);
	int fd;

	if (!w || stats_create(&world.fabric.stats, 1, &fd) < 0)
		give_up("no memory for a worker");
	close(fd);
	memset(w, 0, sizeof(*w));
	w->fabric = &world.fabric;
	tx_init(w);
	w->hz = WORLD_HZ;
	w->counters = stats_port(&world.fabric.stats, 0, 0);
	w->pairs = stats_pairs(&world.fabric.stats, 0, 0);
	w->stats = &world.fabric.stats.workers[0];
	world.fabric.stats.header->tsc_hz = WORLD_HZ;
	make_inject_ring(w);
	world.worker = w;
}

void world_init(uint16_t n_ports, uint32_t room, uint32_t n_frames)
{
	start_eal();
	if (world.fdb_size == 0)
		world.fdb_size = FDB_SIZE;
	world.arrivals = rte_pktmbuf_pool_create("arrivals", n_frames, 0, 0, WORLD_FRAME_ROOM, 0);
	world.fabric.pool = rte_pktmbuf_pool_create("copies", n_frames, 0, 0, WORLD_FRAME_ROOM, 0);
	if (!world.arrivals || !world.fabric.pool || draft_init(&world.draft) < 0)
		give_up("no memory for %u frames", n_frames);
	make_worker();
	for (uint16_t p = 0; p < n_ports; p++)
		make_port(p, room);
}

static void drop_tables(uint16_t lan)
{
	if (world.fdbs[lan])
		fdb_destroy(world.fdbs[lan]);
	hosts_destroy(world.hosts[lan]);
	world.fdbs[lan] = NULL;
	world.hosts[lan] = NULL;
}

void world_fini(void)
{
	policy_free(world.policy);
	for (uint16_t lan = 0; lan < MAX_LANS; lan++)
		drop_tables(lan);
	draft_fini(&world.draft);
	stats_detach(&world.fabric.stats);
	free(world.worker);
	rte_eal_cleanup();
}

// ---- Policy

void world_begin(void)
{
	draft_begin(&world.draft, &(struct policy_begin){0});
}

void world_lan(uint16_t lan, uint16_t flags, uint16_t mtu, uint32_t limit)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LAN, 0);
	m.lan = (struct policy_lan_conf){.lan = lan,
					 .flags = flags,
					 .mtu = mtu,
					 .fdb_size = world.fdb_size,
					 .fdb_limit = limit};
	snprintf(m.lan.name, sizeof(m.lan.name), "lan%u", lan);
	draft_add(&world.draft, &m);
}

void world_port(uint16_t port, uint16_t flags, uint16_t mtu, uint16_t isolation)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_PORT, 0);
	m.port = (struct policy_port_conf){.port = port,
					   .flags = flags,
					   .mtu = mtu,
					   .isolation = isolation};
	snprintf(m.port.name, sizeof(m.port.name), "swp%u", port);
	snprintf(m.port.device, sizeof(m.port.device), "devargs:world%u", port);
	draft_add(&world.draft, &m);
	world.devices[port].mtu = mtu;
}

void world_sampling(uint16_t port, uint32_t rate)
{
	world.draft.ports[port].sampling = rate;
}

void world_member(uint16_t port, uint16_t lan, uint16_t vid)
{
	world_member_with(&(struct policy_member_conf){.port = port, .lan = lan, .vid = vid});
}

void world_lag(uint16_t port)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LAG, 0);
	m.lag = (struct policy_lag_conf){.port = port, .flags = LAG_LACP, .min_links = 1};
	draft_add(&world.draft, &m);
	world.devices[port] = (struct policy_device){0};
}

void world_lag_link(uint16_t port, uint16_t lag)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_LINK, 0);
	m.link = (struct policy_link_conf){.port = port, .lag = lag};
	draft_add(&world.draft, &m);
}

void world_member_with(const struct policy_member_conf *member)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MEMBER, 0);
	m.member = *member;
	draft_add(&world.draft, &m);
}

void world_rules(uint16_t rules, uint16_t flags)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_RULES, 0);
	m.rules = (struct policy_rules_conf){.rules = rules,
					     .flags = flags,
					     .n_types = 3,
					     .types = {0x0800, 0x0806, 0x86dd}};
	draft_add(&world.draft, &m);
}

void world_mac(uint16_t port, uint16_t lan, mac_t mac, enum mac_kind kind)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_MAC, 0);
	m.static_mac = (struct policy_mac_conf){.mac = mac,
						.port = port,
						.lan = lan,
						.kind = (uint16_t)kind};
	draft_add(&world.draft, &m);
}

void world_prefix(uint16_t lan, const struct policy_prefix_conf *prefix)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_PREFIX, 0);
	m.prefix = *prefix;
	m.prefix.lan = lan;
	draft_add(&world.draft, &m);
}

void world_sponge(uint16_t lan, mac_t mac, uint32_t hosts)
{
	world.draft.lans[lan].sponge_mac = mac;
	world.draft.lans[lan].hosts = hosts;
	world_mac(PORT_FABRIC, lan, mac, MAC_RESERVED);
}

void world_host(const struct host_set *set)
{
	int err = hosts_set(world.hosts[set->lan], set, NULL);

	if (err)
		give_up("a host was refused: %s", strerror(-err));
}

void world_address(uint16_t port, uint16_t lan, uint8_t family, const uint8_t *octets)
{
	struct message m;

	message_init(&m, COMMAND_POLICY_ADDRESS, 0);
	m.address = (struct policy_address_conf){.port = port, .lan = lan, .family = family};
	memcpy(m.address.address, octets, family == 4 ? 4 : 16);
	draft_add(&world.draft, &m);
}

static void make_tables(uint16_t lan)
{
	const struct policy_lan_conf *conf = &world.draft.lans[lan];

	if (!world.fdbs[lan])
		world.fdbs[lan] = fdb_create(world.fdb_size, conf->fdb_limit, &world.quota);
	if (!world.fdbs[lan])
		give_up("no memory for an FDB");
	fdb_set_limit(world.fdbs[lan], conf->fdb_limit);
	if (!world.hosts[lan] && conf->hosts)
		world.hosts[lan] = hosts_create(conf->hosts, NULL);
	if (!world.hosts[lan] && conf->hosts)
		give_up("no memory for hosts");
}

void world_commit(void)
{
	struct policy *old = world.policy;

	if (draft_check(&world.draft) < 0)
		give_up("policy refused: %s", world.draft.error.text);
	for (uint16_t lan = 0; lan < MAX_LANS; lan++) {
		if (world.draft.lan_used[lan])
			make_tables(lan);
		else
			drop_tables(lan);
	}
	world.policy = policy_build(&world.draft, world.fdbs, world.hosts, world.devices, 1, old);
	if (!world.policy)
		give_up("no memory for a policy");
	world.worker->policy = world.policy;
	policy_free(old);
}

void world_link(uint16_t port, bool up)
{
	atomic_store(&world.fabric.link[port], up ? LINK_UP : LINK_DOWN);
}

void world_limit(uint16_t port, enum meter_class class, const struct rate *rate)
{
	meter_set(&world.fabric.meters[port].of[class], rate, 10000, WORLD_HZ);
}

// ---- Frames

struct rte_mbuf *world_frame(uint16_t length)
{
	struct rte_mbuf *frame = rte_pktmbuf_alloc(world.arrivals);

	if (!frame || !rte_pktmbuf_append(frame, length))
		give_up("no memory for a frame of %u octets", length);
	return frame;
}

void world_receive(uint16_t port, struct rte_mbuf **frames, uint16_t n)
{
	struct batch *b = &world.worker->batch;

	b->port = world.policy->ports[port].owner;
	b->link = port;
	b->n = n;
	memcpy(b->frames, frames, n * sizeof(*frames));
	pipeline_run(world.worker, b);
	tx_flush(world.worker, 1);
}

void world_receive_alike(uint16_t port, mac_t dst, mac_t src, const uint8_t *rest, size_t n_rest,
			 uint16_t length, uint16_t n)
{
	struct rte_mbuf *frames[BATCH_MAX];

	for (uint16_t i = 0; i < n; i++) {
		frames[i] = world_frame(length);
		uint8_t *octets = rte_pktmbuf_mtod(frames[i], uint8_t *);

		memset(octets, 0, length);
		mac_store(dst, octets);
		mac_store(src, octets + 6);
		memcpy(octets + 12, rest, n_rest);
		octets[length - 1] = (uint8_t)i;
	}
	world_receive(port, frames, n);
	world_forget_sent();
}

void world_inject(uint16_t port, uint16_t lan, const uint8_t *octets, uint16_t length)
{
	struct message m;

	message_init(&m, COMMAND_INJECT, 0);
	m.inject.port = port;
	m.inject.lan = lan;
	m.inject.length = length;
	memcpy(m.inject.octets, octets, length);
	if (!ring_push(&world.injects, &m))
		give_up("too many frames to inject");
}

uint32_t world_run_injects(void)
{
	uint32_t n = inject(world.worker);

	tx_flush(world.worker, 1);
	return n;
}

struct rte_mbuf *world_sent(uint16_t port)
{
	void *frame;

	return rte_ring_dequeue(world.ports[port].sent, &frame) == 0 ? frame : NULL;
}

void world_forget_sent(void)
{
	struct rte_mbuf *sent;

	for (uint16_t p = 0; p < MAX_PORTS && world.ports[p].sent; p++) {
		while ((sent = world_sent(p)))
			rte_pktmbuf_free(sent);
	}
}

// ---- Books

void world_clear(void)
{
	for (uint32_t p = 0; p < MAX_PORTS && world.ports[p].sent; p++) {
		memset(&world.worker->counters[p], 0, sizeof(struct port_counters));
		memset(&world.worker->pairs[PORT_FABRIC * MAX_PORTS + p], 0,
		       sizeof(struct pair_counters));
		for (uint32_t to = 0; to < MAX_PORTS && world.ports[to].sent; to++)
			memset(&world.worker->pairs[p * MAX_PORTS + to], 0,
			       sizeof(struct pair_counters));
	}
	world.n_events = 0;
	world.n_notices = 0;
}

struct books {
	uint64_t in, out, tx, tx_octets, pairs, pair_octets;
};

static void add_port(struct books *books, uint32_t port)
{
	const struct port_counters *c = &world.worker->counters[port];

	books->in += c->rx_frames + c->copies + c->injected;
	books->out += c->tx_frames + c->consumed;
	for (int r = 0; r < DROP_COUNT; r++)
		books->out += c->drops[r];
	books->tx += c->tx_frames;
	books->tx_octets += c->tx_octets;
}

static void add_pair(struct books *books, const struct pair_counters *pair)
{
	for (int kind = 0; kind < PAIR_KINDS; kind++) {
		books->pairs += pair->frames[kind];
		books->pair_octets += pair->octets[kind];
	}
}

const char *world_audit(uint32_t n_held)
{
	static char text[200];
	struct books books = {0};
	uint32_t away = rte_mempool_in_use_count(world.arrivals) +
			rte_mempool_in_use_count(world.fabric.pool);

	for (uint32_t p = 0; p < MAX_PORTS && world.ports[p].sent; p++) {
		add_port(&books, p);
		add_pair(&books, &world.worker->pairs[PORT_FABRIC * MAX_PORTS + p]);
		for (uint32_t to = 0; to < MAX_PORTS && world.ports[to].sent; to++)
			add_pair(&books, &world.worker->pairs[p * MAX_PORTS + to]);
	}
	text[0] = 0;
	if (books.in != books.out)
		snprintf(text, sizeof(text),
			 "%lu frames in, copied and injected, %lu out, consumed and dropped",
			 books.in, books.out);
	else if (books.tx != books.pairs || books.tx_octets != books.pair_octets)
		snprintf(text, sizeof(text), "%lu frames, %lu octets sent; the matrix has %lu, %lu",
			 books.tx, books.tx_octets, books.pairs, books.pair_octets);
	else if (away != n_held)
		snprintf(text, sizeof(text), "%u frames are away from their pools, not %u", away,
			 n_held);
	return text[0] ? text : NULL;
}
