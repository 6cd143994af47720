// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/path_world.h"

#include <stdlib.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>

enum {
	PAIRS = 1 << 16, // random source and destination
	BARE_LAN = 0,	 // where stations are learned
	RULES_LAN,	 // where they are registered
	FLOOD_LAN,
	RULES = 1,
	FDB_SIZE = 16384, // as it is unless the configuration says something else
};

const char *const path_rules_names[PATH_KINDS] = {"off", "on"};

static struct rte_mbuf *frames[PATH_WINDOW];
static uint32_t pairs[PAIRS][2];
static struct policy *policies[PATH_KINDS], *flood_policy, *pairs_policy, *ports_policy;
static struct rte_mbuf *pair_frames[PATH_PAIRS_MAX][PATH_WINDOW];

static struct {
	uint16_t n, next;
	uint32_t stations;
} ports; // of path_place_ports()

static uint16_t sink(void *queue, struct rte_mbuf **mbufs, uint16_t n)
{
	(void)queue;
	(void)mbufs;
	return n;
}

static uint16_t freeing_sink(void *queue, struct rte_mbuf **mbufs, uint16_t n)
{
	(void)queue;
	rte_pktmbuf_free_bulk(mbufs, n);
	return n;
}

static mac_t station(uint32_t n)
{
	return MAC(0x02, 0, n >> 24, n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff);
}

static struct policy *take_policy(void)
{
	struct policy *policy = world.policy;

	world.policy = NULL;
	return policy;
}

static void add_lans(void)
{
	world_begin();
	world_lan(BARE_LAN, LAN_FLOOD_UNKNOWN, 1500, 0);
	world_lan(RULES_LAN, LAN_DROP_HIJACK | LAN_GUARD, 1500, 0);
	world_lan(FLOOD_LAN, LAN_FLOOD_UNKNOWN, 1500, 0);
}

static void add_rules(void)
{
	world_rules(RULES, 0);
	world_prefix(RULES_LAN, &(struct policy_prefix_conf){.family = 4,
							     .length = 24,
							     .address = {192, 0, 2}});
	world_prefix(RULES_LAN, &(struct policy_prefix_conf){.family = 6,
							     .length = 64,
							     .address = {0x20, 1, 13, 184}});
}

static void add_member(uint16_t port, bool rules)
{
	world_port(port, PORT_ADMIN_UP | (rules ? PORT_DROP_RUNTS : PORT_LEARN), 1500, 0);
	world_member_with(&(struct policy_member_conf){.port = port,
						       .lan = rules ? RULES_LAN : BARE_LAN,
						       .rules = rules ? RULES : RULES_NONE,
						       .security = rules ? SECURITY_REGISTERED
									 : SECURITY_OPEN});
}

// The device of all ports is the one that there is.
static void share_device(uint16_t port)
{
	if (port > PATH_TO && port < MAX_PORTS) {
		world.devices[port] = world.devices[PATH_TO];
		world_link(port, true);
	}
}

static struct policy *make_policy(bool rules)
{
	add_lans();
	if (rules)
		add_rules();
	for (uint16_t port = PATH_FROM; port <= PATH_TO; port++)
		add_member(port, rules);
	world_commit();
	return take_policy();
}

// UDP from 192.0.2.1 to anybody.
static void write_payload(uint8_t *octets)
{
	static const uint8_t header[] = {0x08, 0x00, 0x45, 0, 0,  FRAME_MIN - 14,
					 0,    0,    0x40, 0, 64, 17,
					 0,    0,    192,  0, 2,  1};

	memset(octets, 0, FRAME_MIN);
	memcpy(octets + 12, header, sizeof(header));
	for (int i = 30; i < 34; i++)
		octets[i] = (uint8_t)(1 + rand() % 254);
}

static void set_sink(uint16_t (*function)(void *queue, struct rte_mbuf **mbufs, uint16_t n))
{
	rte_eth_fp_ops[world.devices[PATH_TO].ethdev].tx_pkt_burst = function;
}

void path_world_init(void)
{
	world_init(2, 64, 2 * PATH_WINDOW);
	set_sink(sink);
	for (int i = 0; i < PATH_WINDOW; i++) {
		frames[i] = world_frame(FRAME_MIN);
		write_payload(rte_pktmbuf_mtod(frames[i], uint8_t *));
	}
}

void path_world_fini(void)
{
	rte_pktmbuf_free_bulk(frames, PATH_WINDOW);
	for (int rules = 0; rules < PATH_KINDS; rules++)
		policy_free(policies[rules]);
	policy_free(flood_policy);
	policy_free(pairs_policy);
	policy_free(ports_policy);
	world_fini();
}

// Without LANs there are no tables: the next policy has new ones.
static void drop_tables(void)
{
	world_begin();
	world_commit();
	policy_free(take_policy());
}

static void make_policies(uint32_t fdb_size)
{
	for (int rules = 0; rules < PATH_KINDS; rules++)
		policy_free(policies[rules]);
	drop_tables();
	world.fdb_size = fdb_size;
	for (int rules = 0; rules < PATH_KINDS; rules++)
		policies[rules] = make_policy(rules == PATH_RULES);
}

void path_place_stations(uint32_t n)
{
	struct fdb_learned learned;

	make_policies(n < FDB_SIZE ? FDB_SIZE : n);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t port = i % 2 ? PATH_TO : PATH_FROM;

		fdb_learn_burst(world.fdbs[BARE_LAN], (mac_t[]){station(i)}, 1, port, &learned);
		fdb_add_static(world.fdbs[RULES_LAN], station(i), port, MAC_REGISTERED);
	}
	for (uint32_t i = 0; i < PAIRS; i++) {
		pairs[i][0] = (uint32_t)rand() % n / 2 * 2;
		pairs[i][1] = (uint32_t)rand() % n / 2 * 2 + 1;
	}
}

void path_write_window(uint32_t round)
{
	for (uint32_t i = 0; i < PATH_WINDOW; i++) {
		const uint32_t *pair = pairs[(round * PATH_WINDOW + i) % PAIRS];
		uint8_t *octets = rte_pktmbuf_mtod(frames[i], uint8_t *);

		mac_store(station(pair[1]), octets);
		mac_store(station(pair[0]), octets + 6);
	}
}

static struct batch *take_on(struct worker *w, uint16_t port, const struct policy *policy,
			     struct rte_mbuf **burst, uint16_t n)
{
	struct batch *b = &w->batch;

	w->policy = policy;
	b->port = port;
	b->n = n;
	memcpy(b->frames, burst, n * sizeof(*burst));
	return b;
}

static struct batch *take(struct policy *policy, struct rte_mbuf **burst, uint16_t n)
{
	return take_on(world.worker, PATH_FROM, policy, burst, n);
}

struct batch *path_take_burst(enum path_rules rules, uint32_t first, uint16_t n)
{
	return take(policies[rules], &frames[first], n);
}

// One LAN with all rules for so many ports, and their stations registered in turn.
static struct policy *make_ports(uint16_t n_ports, uint32_t stations)
{
	world.fdb_size = stations < FDB_SIZE ? FDB_SIZE : stations;
	add_lans();
	add_rules();
	for (uint16_t port = 0; port < n_ports; port++) {
		share_device(port);
		add_member(port, true);
	}
	world_commit();
	for (uint32_t i = 0; i < stations; i++)
		fdb_add_static(world.fdbs[RULES_LAN], station(i), i % n_ports, MAC_REGISTERED);
	return take_policy();
}

static void write_pair_window(uint32_t pair, uint32_t n_ports, uint32_t stations)
{
	for (uint32_t i = 0; i < PATH_WINDOW; i++) {
		uint32_t row = (uint32_t)rand() % (stations / n_ports) * n_ports + 2 * pair;
		uint32_t other = (uint32_t)rand() % (stations / n_ports) * n_ports + 2 * pair + 1;
		struct rte_mbuf *frame = pair ? world_frame(FRAME_MIN) : frames[i];
		uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

		write_payload(octets);
		mac_store(station(other), octets);
		mac_store(station(row), octets + 6);
		pair_frames[pair][i] = frame;
	}
}

void path_place_pairs(uint32_t n, uint32_t stations)
{
	uint16_t n_ports = (uint16_t)(2 * n);

	pairs_policy = make_ports(n_ports, stations);
	for (uint32_t pair = 0; pair < n; pair++)
		write_pair_window(pair, n_ports, stations);
}

void path_place_ports(uint16_t n_ports, uint32_t stations)
{
	struct policy *old = ports_policy;

	drop_tables();
	ports_policy = make_ports(n_ports, stations);
	policy_free(old);
	ports.n = n_ports;
	ports.stations = stations;
}

// One of the port's, never the same twice in turn: how often that happens must not depend on how
// many ports share the stations.
static uint32_t station_of(uint16_t port, uint32_t turn)
{
	return turn % (ports.stations / ports.n) * ports.n + port;
}

struct batch *path_take_next_burst(bool mesh, uint16_t n)
{
	uint16_t from = ports.next;
	uint32_t turn = (uint32_t)rand();

	ports.next = (uint16_t)((from + 1) % ports.n);
	for (uint16_t i = 0; i < n; i++) {
		uint8_t *octets = rte_pktmbuf_mtod(frames[i], uint8_t *);
		uint16_t to =
			mesh ? (uint16_t)((from + 1 + rand() % (ports.n - 1)) % ports.n) : from ^ 1;

		mac_store(station(station_of(to, turn + i)), octets);
		mac_store(station(station_of(from, turn + i)), octets + 6);
	}
	return take_on(world.worker, from, ports_policy, frames, n);
}

struct batch *path_take_pair_burst(struct worker *w, uint32_t pair, uint32_t first, uint16_t n)
{
	return take_on(w, (uint16_t)(2 * pair), pairs_policy, &pair_frames[pair][first], n);
}

void path_flood_to(uint16_t n_ports)
{
	struct policy *old = flood_policy;

	add_lans();
	for (uint16_t port = 0; port <= n_ports; port++) {
		world_port(port, PORT_ADMIN_UP | PORT_LEARN, 1500, 0);
		world_member(port, FLOOD_LAN, 0);
		share_device(port);
	}
	world_commit();
	flood_policy = take_policy();
	policy_free(old);
	set_sink(freeing_sink);
}

struct batch *path_take_broadcasts(uint16_t n)
{
	struct rte_mbuf *burst[BATCH_MAX];

	for (uint16_t i = 0; i < n; i++) {
		uint8_t *octets;

		burst[i] = world_frame(FRAME_MIN);
		octets = rte_pktmbuf_mtod(burst[i], uint8_t *);
		write_payload(octets);
		mac_store(MAC_BROADCAST, octets);
		mac_store(station(0), octets + 6);
	}
	return take(flood_policy, burst, n);
}
