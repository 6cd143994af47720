// SPDX-License-Identifier: BSD-3-Clause
// usage: model [SEED [FRAMES]]
//
// Random frames and commands against the reference (reference.h): what leaves each port, its order
// and its octets, what is dropped where and why, and what is in the tables must be equal all the
// time. Prints the seed; the same seed makes the same run.
//
// When the fabric is full, the path takes an entry from the port with the most; which one is its
// own choice. So while there is an overall limit, frames come one by one, and the reference is told
// which entry went, after checking that it was of such a port.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <rte_mbuf.h>

#include "tests/frames/harness.h"
#include "tests/frames/random_payload.h"
#include "tests/frames/reference.h"

enum {
	STATIONS = 64, // addresses in use
	AGEING = 80,   // seconds
	FRAMES = 1000000,
};
#define SECOND UINT64_C(1000000000)
#define EPOCH  (AGEING * SECOND / 8)

static struct ref_switch ref;
static uint64_t seed, state, n_frames, n_commands, n_taken;

// ---- Chance

static uint64_t next(void) // xorshift64*
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)((next() >> 32) * n >> 32);
}

static bool chance(uint32_t percent)
{
	return below(100) < percent;
}

static mac_t station(uint32_t n)
{
	return MAC(0x02, 0, 0, 0, 0x5e, n);
}

// ---- Complaints

#define REQUIRE(condition, ...)            \
	do {                               \
		if (!(condition))          \
			fail(__VA_ARGS__); \
	} while (0)

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...)
{
	va_list args;

	printf("after %" PRIu64 " frames and %" PRIu64 " commands: ", n_frames, n_commands);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\nto repeat: model %" PRIu64 " %" PRIu64 "\n", seed, n_frames);
	exit(1);
}

// ---- Comparing

static void compare_out(int port)
{
	const struct ref_port *p = &ref.ports[port];

	for (uint32_t i = 0; i < p->n_out; i++) {
		struct rte_mbuf *frame = world_sent((uint16_t)port);

		REQUIRE(frame, "port %d sent %u frames, not %u", port, i, p->n_out);
		REQUIRE(frame->pkt_len == p->out[i].length, "port %d, frame %u: %u octets, not %u",
			port, i, frame->pkt_len, p->out[i].length);
		REQUIRE(memcmp(rte_pktmbuf_mtod(frame, void *), p->out[i].octets,
			       p->out[i].length) == 0,
			"port %d, frame %u: other octets", port, i);
		rte_pktmbuf_free(frame);
	}
	REQUIRE(!world_sent((uint16_t)port), "port %d sent more than %u frames", port, p->n_out);
}

static void compare_counters(int port)
{
	const struct port_counters *c = &world.worker->counters[port];
	const struct ref_port *p = &ref.ports[port];

	for (int r = 0; r < DROP_COUNT; r++)
		REQUIRE(c->drops[r] == p->drops[r],
			"port %d dropped %" PRIu64 " for %s, not %" PRIu64, port, c->drops[r],
			drop_infos[r].name, p->drops[r]);
	REQUIRE(c->copies == p->copies, "port %d: %" PRIu64 " copies, not %" PRIu64, port,
		c->copies, p->copies);
	REQUIRE(c->learned == p->learned && c->moved == p->moved && c->learn_refused == p->refused,
		"port %d learned, moved, refused %" PRIu64 " %" PRIu64 " %" PRIu64 ", not %" PRIu64
		" %" PRIu64 " %" PRIu64,
		port, c->learned, c->moved, c->learn_refused, p->learned, p->moved, p->refused);
}

static void compare_tables(void)
{
	for (int lan = 0; lan < REF_LANS; lan++)
		REQUIRE(fdb_count(world.fdbs[lan]) == ref_count(&ref, lan, -1),
			"LAN %d has %u learned entries, not %u", lan, fdb_count(world.fdbs[lan]),
			ref_count(&ref, lan, -1));
	for (int port = 0; port < REF_PORTS; port++)
		REQUIRE(world.quota.port_used[port] == ref_count(&ref, -1, port),
			"port %d has %u learned entries, not %u", port, world.quota.port_used[port],
			ref_count(&ref, -1, port));
	for (uint32_t i = 0; i < ref.n_entries; i++) {
		const struct ref_entry *e = &ref.entries[i];
		struct fdb_entry entry;

		REQUIRE(fdb_find(world.fdbs[e->lan], e->mac, &entry), "LAN %d forgot %012" PRIx64,
			e->lan, mac_order(e->mac));
		REQUIRE(entry.port == e->port && entry.is_static == e->is_static,
			"LAN %d has %012" PRIx64 " on port %u, not %d", e->lan, mac_order(e->mac),
			entry.port, e->port);
	}
}

// ---- Frames

static mac_t random_source(int port)
{
	uint32_t n = below(STATIONS);

	if (chance(1))
		return chance(50) ? 0 : MAC(0x01, 0, 0x5e, 0, 0, n);
	if (chance(90)) // at home
		n = n - n % REF_PORTS + (uint32_t)port;
	return station(n);
}

static mac_t random_destination(void)
{
	uint32_t kind = below(100);

	if (kind < 75)
		return station(below(STATIONS));
	if (kind < 88)
		return MAC_BROADCAST;
	if (kind < 96)
		return MAC(0x33, 0x33, 0, 0, 0, below(4));
	return kind < 98 ? MAC(0x01, 0x80, 0xc2, 0, 0, below(20)) : station(STATIONS + below(50));
}

static uint16_t random_vid(const struct ref_port *p)
{
	uint32_t kind = below(20);

	if (kind == 0)
		return 0;
	if (kind == 1)
		return (uint16_t)below(4096);
	int vid = p->vid[below(REF_LANS)];
	return vid > 0 ? (uint16_t)vid : (uint16_t)(100 + below(REF_LANS));
}

static uint16_t random_length(void)
{
	uint32_t kind = below(100);

	if (kind < 3)
		return (uint16_t)(1 + below(20));
	if (kind < 80)
		return (uint16_t)(42 + below(60));
	return (uint16_t)((chance(50) ? 100 : 200) + 8 + below(16)); // about the MTUs
}

static bool is_trunk(const struct ref_port *p)
{
	for (int lan = 0; lan < REF_LANS; lan++) {
		if (p->vid[lan] > 0)
			return true;
	}
	return false;
}

static void make_frame(struct ref_frame *f, int port)
{
	const struct ref_port *p = &ref.ports[port];
	static const uint16_t types[] = {0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806,
					 0x88a8, 0x9000, 0x88cc, 46};
	uint16_t kind = types[below(chance(80) ? 5 : 9)];
	uint8_t *type = f->octets + 12;

	f->length = random_length();
	for (int i = 0; i < REF_OCTETS; i += 8) {
		uint64_t octets = next();

		memcpy(f->octets + i, &octets, 8);
	}
	mac_store(random_destination(), f->octets);
	mac_store(random_source(port), f->octets + 6);
	if (chance(is_trunk(p) ? 85 : 4)) {
		uint16_t tci = random_vid(p) | (uint16_t)(below(16) << 12);

		memcpy(type, (uint8_t[]){0x81, 0x00, (uint8_t)(tci >> 8), (uint8_t)tci}, 4);
		type += 4;
	}
	memcpy(type, (uint8_t[]){(uint8_t)(kind >> 8), (uint8_t)kind}, 2);
	if (chance(90) && type + 2 < f->octets + f->length)
		random_payload(kind, type + 2, (uint16_t)(f->octets + f->length - (type + 2)),
			       below);
}

// Did the path take an entry, and from a port that has the most? Make the same room in the
// reference, before it sees the frame.
static void take_where_taken(int port)
{
	uint32_t most = 0, own = ref_count(&ref, -1, port);

	if (ref_count(&ref, -1, -1) < ref.learn_limit ||
	    world.worker->counters[port].learned == ref.ports[port].learned)
		return;
	for (int p = 0; p < REF_PORTS; p++)
		most = ref_count(&ref, -1, p) > most ? ref_count(&ref, -1, p) : most;
	for (uint32_t i = 0; i < ref.n_entries; i++) {
		struct ref_entry *e = &ref.entries[i];
		struct fdb_entry entry;

		if (fdb_find(world.fdbs[e->lan], e->mac, &entry))
			continue;
		REQUIRE(!e->is_static, "a registered station had to go");
		REQUIRE(most > own + 1 && ref_count(&ref, -1, e->port) == most,
			"port %d, which has %u, lost one to port %d, which has %u; the most is %u",
			e->port, ref_count(&ref, -1, e->port), port, own, most);
		ref_remove(&ref, e);
		n_taken++;
		return;
	}
}

static void send_burst(void)
{
	static struct ref_frame frames[REF_BURST];
	struct rte_mbuf *mbufs[REF_BURST];
	int port = (int)below(REF_PORTS);
	uint16_t n = (uint16_t)(ref.learn_limit ? 1 : 1 + below(chance(50) ? 4 : REF_BURST));

	for (uint16_t i = 0; i < n; i++) {
		make_frame(&frames[i], port);
		mbufs[i] = world_frame(frames[i].length);
		memcpy(rte_pktmbuf_mtod(mbufs[i], void *), frames[i].octets, frames[i].length);
	}
	world_receive((uint16_t)port, mbufs, n);
	n_frames += n;
	if (ref.learn_limit)
		take_where_taken(port);
	ref_receive(&ref, port, frames, n);
	for (int p = 0; p < REF_PORTS; p++) {
		compare_out(p);
		compare_counters(p);
	}
}

// ---- Commands

static void pass_time(void)
{
	uint32_t n = 0, aged = 0;

	ref.now += below((uint32_t)(2 * EPOCH / 1000)) * UINT64_C(1000);
	for (int lan = 0; lan < REF_LANS; lan++)
		aged += fdb_age(world.fdbs[lan], ref.now);
	for (uint32_t i = ref.n_entries; i-- > 0;) {
		struct ref_entry *e = &ref.entries[i];
		uint64_t age = ref.now - e->seen;
		struct fdb_entry entry;
		bool is_there = fdb_find(world.fdbs[e->lan], e->mac, &entry);

		if (e->is_static)
			continue;
		REQUIRE(is_there || age > 8 * EPOCH, "an entry of %" PRIu64 " s aged out",
			age / SECOND);
		REQUIRE(!is_there || age <= 9 * EPOCH, "an entry of %" PRIu64 " s did not age out",
			age / SECOND);
		if (!is_there) {
			ref_remove(&ref, e);
			n++;
		}
	}
	REQUIRE(n == aged, "%u entries aged out, %u are told", n, aged);
}

static void flush_where(int lan, int port, mac_t mac)
{
	uint32_t n = 0, flushed = 0;

	for (uint32_t i = ref.n_entries; i-- > 0;) {
		struct ref_entry *e = &ref.entries[i];

		if (e->is_static || (lan >= 0 && e->lan != lan) || (port >= 0 && e->port != port) ||
		    (mac && e->mac != mac))
			continue;
		ref_remove(&ref, e);
		n++;
	}
	for (int l = 0; l < REF_LANS; l++) {
		if (lan < 0 || lan == l)
			flushed +=
				fdb_flush(world.fdbs[l], port < 0 ? FDB_ANY : (uint16_t)port, mac);
	}
	REQUIRE(n == flushed, "%u entries flushed, not %u", flushed, n);
}

static void flush(void)
{
	flush_where(chance(50) ? -1 : (int)below(REF_LANS), chance(40) ? -1 : (int)below(REF_PORTS),
		    chance(50) ? 0 : station(below(STATIONS)));
}

static void change_link(void)
{
	int port = (int)below(REF_PORTS);
	struct ref_port *p = &ref.ports[port];

	p->link_up = chance(80);
	world_link((uint16_t)port, p->link_up);
	p->disabled = chance(5);
	atomic_store(&world.fabric.disabled[port], p->disabled ? DISABLE_FLAP : DISABLE_NONE);
	if (!p->link_up)
		flush_where(-1, port, 0);
}

static void change_static(void)
{
	int lan = (int)below(REF_LANS), port = (int)below(REF_PORTS);
	mac_t mac = station(below(STATIONS));
	struct ref_entry *e = ref_find(&ref, lan, mac);
	bool is_static = e && e->is_static;

	if (chance(40)) {
		bool added = ref_add_static(&ref, lan, mac, port);
		int err = fdb_add_static(world.fdbs[lan], mac, (uint16_t)port, MAC_REGISTERED);

		REQUIRE(err == (added ? 0 : -EEXIST), "registering a station: %d", err);
		return;
	}
	int err = fdb_del_static(world.fdbs[lan], mac);
	REQUIRE(err == (is_static ? 0 : -ENOENT), "a station that goes: %d", err);
	if (is_static)
		ref_remove(&ref, e);
}

static void change_limits(void)
{
	uint32_t port = below(REF_PORTS);

	ref.ports[port].learn_limit = chance(50) ? 0 : 1 + below(6);
	atomic_store(&world.quota.port_limit[port], ref.ports[port].learn_limit);
	ref.learn_limit = 0;
	if (chance(20))
		ref.learn_limit = ref_count(&ref, -1, -1) + 1 + below(8);
	atomic_store(&world.quota.limit, ref.learn_limit);
}

// ---- Policies

static void random_port(struct ref_port *p)
{
	static const uint16_t mtus[] = {100, 196, 200, 300};
	bool trunk = chance(30);

	p->admin_up = chance(95);
	p->learn = chance(90);
	p->drop_runts = chance(30);
	p->flood_unknown = chance(80);
	p->flood_multicast = chance(80);
	p->isolation = chance(60) ? 0 : (uint16_t)(1 + below(2));
	p->mtu = mtus[below(4)];
	for (uint32_t lan = 0; lan < REF_LANS; lan++) {
		p->vid[lan] = REF_NOT_MEMBER;
		if (trunk && chance(80))
			p->vid[lan] = (int)((chance(50) ? 100 : 200) + lan);
	}
	if (!trunk || chance(50))
		p->vid[below(REF_LANS)] = 0;
}

static void random_lan(struct ref_lan *l)
{
	l->flood_unknown = chance(70);
	l->drop_hijack = chance(50);
	l->transparent = chance(40);
	l->mtu = chance(50) ? 100 : 200;
	l->rules = RULE_ALL;
	for (int flag = 1; flag < RULE_ALL && l->mtu == 200; flag *= 2)
		l->rules &= (uint16_t) ~(chance(60) ? flag : 0);
	l->learn_limit = chance(70) ? 0 : 5 + below(20);
}

static void program_port(uint16_t port)
{
	const struct ref_port *p = &ref.ports[port];
	int flags = (p->admin_up ? PORT_ADMIN_UP : 0) | (p->learn ? PORT_LEARN : 0) |
		    (p->flood_unknown ? PORT_FLOOD_UNKNOWN : 0) |
		    (p->flood_multicast ? PORT_FLOOD_MULTICAST : 0) |
		    (p->drop_runts ? PORT_DROP_RUNTS : 0);

	world_port(port, (uint16_t)flags, p->mtu, p->isolation);
	for (uint16_t lan = 0; lan < REF_LANS; lan++) {
		if (p->vid[lan] != REF_NOT_MEMBER)
			world_member_with(&(struct policy_member_conf){.port = port,
								       .lan = lan,
								       .vid = (uint16_t)p->vid[lan],
								       .rules = lan + 1});
	}
}

static void change_policy(void)
{
	static const struct policy_prefix_conf prefix = {.family = 4,
							 .length = 24,
							 .address = {192, 0, 2}};

	world_begin();
	for (uint16_t lan = 0; lan < REF_LANS; lan++) {
		struct ref_lan *l = &ref.lans[lan];

		if (chance(30) || l->mtu == 0)
			random_lan(l);
		world_lan(lan,
			  (uint16_t)((l->flood_unknown ? LAN_FLOOD_UNKNOWN : 0) |
				     (l->drop_hijack ? LAN_DROP_HIJACK : 0) |
				     (l->transparent ? LAN_TRANSPARENT : 0)),
			  l->mtu, l->learn_limit);
		world_rules(lan + 1, l->rules);
		world_prefix(lan, &prefix);
	}
	for (uint16_t port = 0; port < REF_PORTS; port++) {
		if (chance(30) || ref.ports[port].mtu == 0)
			random_port(&ref.ports[port]);
		program_port(port);
	}
	world_commit();
}

// ---- A run

static void command(void)
{
	uint32_t kind = below(100);

	n_commands++;
	if (kind < 35)
		pass_time();
	else if (kind < 50)
		flush();
	else if (kind < 65)
		change_link();
	else if (kind < 85)
		change_static();
	else if (kind < 92)
		change_limits();
	else
		change_policy();
	compare_tables();
}

static void start(void)
{
	world_init(REF_PORTS, 2 * REF_BURST, 2048);
	ref.now = SECOND;
	for (int port = 0; port < REF_PORTS; port++)
		ref.ports[port].link_up = true;
	change_policy();
	for (int lan = 0; lan < REF_LANS; lan++) {
		fdb_set_ageing(world.fdbs[lan], AGEING);
		fdb_age(world.fdbs[lan], ref.now);
	}
}

int main(int argc, char **argv)
{
	uint64_t wanted = argc > 2 ? strtoull(argv[2], NULL, 10) : FRAMES;

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 10);
	else if (getrandom(&seed, sizeof(seed), 0) < 0)
		return 1;
	printf("seed %" PRIu64 "\n", seed);
	fflush(stdout);
	state = seed * 2 + 1; // never 0
	start();
	while (n_frames < wanted) {
		if (chance(20))
			command();
		else
			send_burst();
	}
	const char *wrong = world_audit(0);
	REQUIRE(!wrong, "%s", wrong);
	REQUIRE(n_taken || wanted < FRAMES, "the fabric was full and nothing was ever taken");
	printf("%" PRIu64 " frames and %" PRIu64 " commands, %" PRIu64 " entries taken\n", n_frames,
	       n_commands, n_taken);
	world_fini();
	return 0;
}
