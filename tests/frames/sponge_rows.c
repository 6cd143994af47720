// SPDX-License-Identifier: BSD-3-Clause
// What is sent to the sponge, signs of life of those whose place it holds, and who speaks for
// addresses that are not assigned. What it answers is in answer_rows.c.
#include "tests/frames/rows.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <string.h>

#include "dataplane/path/trace.h"
#include "tests/frames/harness.h"

#define SPONGE	     STATION(98)
#define DIES(REASON) .drop = (REASON)
#define IN_HERE	     .stations = {LIVES(1, X1, EXCHANGE), FABRIC_OWNS(98, EXCHANGE)}
#define TO_SPONGE    .port = X1, .in.dst = SPONGE, .in.src = STATION(1)

static void sponge(void)
{
	given_sponge(EXCHANGE, LAN_SPONGE);
}

static void other_reserved(void)
{
	given_sponge(EXCHANGE, LAN_SPONGE);
	given_reserved(EXCHANGE);
}

static const struct row rows[] = {
	{"IPv4 to an address that is down", .given = sponge, IN_HERE, TO_SPONGE,
	 .in.payload = {.kind = PAYLOAD_IPV4, .to = "192.0.2.77"}, DIES(DROP_SPONGED)},
	{"IPv6 to an address that is down", .given = sponge, IN_HERE, TO_SPONGE,
	 .in.payload = {.kind = PAYLOAD_IPV6, .to = "2001:db8:2::77"}, DIES(DROP_SPONGED)},
	{"anything else to the sponge", .given = sponge, IN_HERE, TO_SPONGE, .in.type = 0x1234,
	 DIES(DROP_SPONGED)},
	{"other addresses of the exchange's own", .given = other_reserved,
	 .stations = {LIVES(1, X1, EXCHANGE), FABRIC_OWNS(98, EXCHANGE), FABRIC_OWNS(99, EXCHANGE)},
	 .port = X1, .in = {.dst = STATION(99), .src = STATION(1)}, .drop = DROP_BLACKHOLE},
	{"nobody may be the sponge", .given = sponge, IN_HERE, .port = X1,
	 .in = {.dst = MAC_BROADCAST, .src = SPONGE}, .drop = DROP_SRC_MAC_IS_RESERVED},
};

// ---- Frames and events

static void set_host(const char *text, enum host_verdict verdict, uint16_t port, mac_t mac,
		     uint16_t flags)
{
	struct host_set set = {.lan = EXCHANGE,
			       .mac = mac,
			       .port = port,
			       .verdict = (uint8_t)verdict,
			       .flags = flags};

	set.family = inet_pton(AF_INET, text, set.address) == 1 ? 4 : 6;
	if (set.family == 6)
		inet_pton(AF_INET6, text, set.address);
	world_host(&set);
}

static void start(uint16_t flags)
{
	rows_start_anew();
	given_sponge(EXCHANGE, flags);
	cr_assert_eq(fdb_add_static(world.fdbs[EXCHANGE], SPONGE, PORT_FABRIC, MAC_RESERVED), 0);
	set_host("192.0.2.2", HOST_FORGET, FDB_ANY, 0, 0);
	set_host("2001:db8:2::2", HOST_FORGET, FDB_ANY, 0, 0);
	world.cycles += 10 * (uint64_t)WORLD_HZ;
	memset(&world.worker->sunk, 0, sizeof(world.worker->sunk));
	world_clear();
}

static void receive(uint16_t port, mac_t dst, mac_t src, const struct payload *payload)
{
	static const uint16_t types[] = {0x0800, 0x0806, 0x0800, 0x86dd, 0x86dd};
	uint8_t octets[PAYLOAD_MAX];
	size_t n = payload_encode(payload, octets);
	struct rte_mbuf *frame = world_frame((uint16_t)(14 + n));
	uint8_t *at = rte_pktmbuf_mtod(frame, uint8_t *);

	mac_store(dst, at);
	mac_store(src, at + 6);
	at[12] = (uint8_t)(types[payload->kind] >> 8);
	at[13] = (uint8_t)types[payload->kind];
	memcpy(at + 14, octets, n);
	world_receive(port, &frame, 1);
	world_forget_sent();
}

static bool is_about(const uint8_t *octets, uint8_t family, const char *text)
{
	uint8_t wanted[16] = {0};

	return inet_pton(family == 4 ? AF_INET : AF_INET6, text, wanted) == 1 &&
	       memcmp(octets, wanted, sizeof(wanted)) == 0;
}

static unsigned int count(enum message_type type)
{
	unsigned int n = 0;

	for (uint32_t i = 0; i < world.n_events; i++)
		n += world.events[i].header.type == type;
	return n;
}

static const struct message *first(enum message_type type)
{
	for (uint32_t i = 0; i < world.n_events; i++) {
		if (world.events[i].header.type == type)
			return &world.events[i];
	}
	return NULL;
}

static const char *explained(const char *stage, mac_t dst, const struct payload *payload)
{
	static struct trace trace;

	trace.n_steps = trace.n_outs = 0;
	world.worker->dry = true;
	world.worker->trace = &trace;
	receive(X2, dst, STATION(2), payload);
	world.worker->dry = false;
	world.worker->trace = NULL;
	for (uint32_t i = 0; i < trace.n_steps; i++) {
		if (strcmp(trace.steps[i].stage, stage) == 0)
			return trace.steps[i].text;
	}
	return "";
}

// ---- What was sunk

static void flush_later(void)
{
	world.n_events = 0;
	world.cycles += WORLD_HZ;
	sunk_flush(world.worker);
}

static const struct payload data = {.kind = PAYLOAD_IPV4, .to = "192.0.2.77"};
static const struct payload bgp = {.kind = PAYLOAD_IPV4,
				   .protocol = PROTO_TCP,
				   .to = "192.0.2.77",
				   .to_port = 179,
				   .pokes = {POKE(20 + 12, 0x5002)}}; // SYN

static void sunk_is_added_up(void)
{
	static const struct payload syn_ack = {.kind = PAYLOAD_IPV4,
					       .protocol = PROTO_TCP,
					       .to = "192.0.2.77",
					       .to_port = 179,
					       .pokes = {POKE(20 + 12, 0x5012)}};

	start(LAN_SPONGE);
	for (int i = 0; i < 3; i++)
		receive(X1, SPONGE, STATION(1), &data);
	receive(X1, SPONGE, STATION(1), &bgp);
	receive(X1, SPONGE, STATION(1), &syn_ack);
	sunk_flush(world.worker);
	world.n_events = 0;
	sunk_flush(world.worker);
	cr_expect_eq(count(EVENT_SUNK), 0, "once a second");
	receive(X1, SPONGE, STATION(1), &data);
	receive(X1, SPONGE, STATION(1), &bgp);
	flush_later();
	const struct message *m = first(EVENT_SUNK);
	cr_assert_not_null(m);
	cr_expect_eq(count(EVENT_SUNK), 1);
	cr_expect_eq(m->sunk.frames, 2);
	cr_expect_eq(m->sunk.octets, 2 * (14 + 20 + 24));
	cr_expect_eq(m->sunk.syns, 1);
	cr_expect_eq(m->sunk.port, X1);
	cr_expect_eq(m->sunk.lan, EXCHANGE);
	cr_expect_eq(m->sunk.family, 4);
	cr_expect(is_about(m->sunk.address, 4, "192.0.2.77"));
	flush_later();
	cr_expect_eq(count(EVENT_SUNK), 0);
	cr_expect_eq(world.worker->sunk.n, 0);
}

static void sunk_ipv6_and_others(void)
{
	static const struct payload v6 = {.kind = PAYLOAD_IPV6,
					  .protocol = PROTO_TCP,
					  .to = "2001:db8:2::77",
					  .to_port = 179,
					  .headers = {EXT_DESTINATION},
					  .pokes = {POKE(40 + 8 + 12, 0x50c2)}};
	static const struct payload none = {.kind = PAYLOAD_NONE};

	start(LAN_SPONGE);
	receive(X1, SPONGE, STATION(1), &v6);
	flush_later();
	const struct message *m = first(EVENT_SUNK);
	cr_assert_not_null(m);
	cr_expect_eq(m->sunk.family, 6);
	cr_expect_eq(m->sunk.syns, 1);
	cr_expect(is_about(m->sunk.address, 6, "2001:db8:2::77"));
	receive(X1, SPONGE, STATION(1), &none);
	flush_later();
	m = first(EVENT_SUNK);
	cr_assert_not_null(m);
	cr_expect_eq(m->sunk.family, 0);
	cr_expect_eq(m->sunk.frames, 1);
}

static void sunk_waits_for_control(void)
{
	start(LAN_SPONGE);
	receive(X1, SPONGE, STATION(1), &data);
	world.no_room_for_events = true;
	flush_later();
	receive(X1, SPONGE, STATION(1), &data);
	world.no_room_for_events = false;
	flush_later();
	const struct message *m = first(EVENT_SUNK);
	cr_assert_not_null(m);
	cr_expect_eq(m->sunk.frames, 2);
}

// One port cannot fill the table, and what is more is told all the same.
static void sunk_is_bounded(void)
{
	enum { SWEEP = 1000 };
	uint64_t frames = 0;

	start(LAN_SPONGE);
	sunk_flush(world.worker);
	for (int i = 0; i < SWEEP; i++) {
		char to[32];
		struct payload p = {.kind = PAYLOAD_IPV6, .to = to};

		snprintf(to, sizeof(to), "2001:db8:2::%x", i + 1);
		receive(X1, SPONGE, STATION(1), &p);
	}
	cr_expect_leq(world.worker->sunk.n, SUNK_PORT + 1);
	cr_expect_eq(world.worker->counters[X1].drops[DROP_SPONGED], SWEEP);
	flush_later();
	for (uint32_t i = 0; i < world.n_events; i++)
		frames += world.events[i].sunk.frames;
	cr_expect_eq(frames, SWEEP);
	receive(X2, SPONGE, STATION(2), &data);
	cr_expect_eq(world.worker->sunk.n, 1);
}

// ---- Signs of life

static const struct payload from_2 = {.kind = PAYLOAD_IPV4, .from = "192.0.2.2"};
static const struct payload v6_from_2 = {.kind = PAYLOAD_IPV6, .from = "2001:db8:2::2"};
static const struct payload arp_of_2 = {.kind = PAYLOAD_ARP,
					.from = "192.0.2.2",
					.to = "192.0.2.9"};
static const struct payload ns_of_2 = {.kind = PAYLOAD_ND,
				       .type = 135,
				       .from = "2001:db8:2::2",
				       .to = "ff02::1:ff00:9"};
static const struct payload na_of_2 = {.kind = PAYLOAD_ND,
				       .type = 136,
				       .from = "fe80::2",
				       .to = "ff02::1",
				       .about = "2001:db8:2::2"};

static void watch_2(void)
{
	set_host("192.0.2.2", HOST_SPONGED, X2, STATION(2), HOST_WATCHED);
	set_host("2001:db8:2::2", HOST_SPONGED, X2, STATION(2), HOST_WATCHED);
	world.n_events = 0;
}

static void expect_life(const char *what, const char *address)
{
	const struct message *m = first(EVENT_LIFE);

	cr_expect(m, "%s is no sign of life", what);
	if (!m)
		return;
	cr_expect_eq(count(EVENT_LIFE), 1, "%s", what);
	cr_expect(is_about(m->event_address.address, m->event_address.family, address), "%s", what);
	cr_expect_eq(m->event_address.mac, STATION(2));
	cr_expect_eq(m->event_address.port, X2);
	cr_expect_eq(m->event_address.lan, EXCHANGE);
}

static void owners_live(void)
{
	static const struct {
		const char *name;
		const struct payload *payload;
		mac_t to;
		const char *address;
	} signs[] = {
		{"61: IPv4 to one station", &from_2, STATION(1), "192.0.2.2"},
		{"IPv4 to the sponge", &from_2, SPONGE, "192.0.2.2"},
		{"IPv6", &v6_from_2, STATION(1), "2001:db8:2::2"},
		{"61: ARP", &arp_of_2, MAC_BROADCAST, "192.0.2.2"},
		{"ARP to the sponge", &arp_of_2, SPONGE, "192.0.2.2"},
		{"NS", &ns_of_2, MAC(0x33, 0x33, 0xff, 0, 0, 9), "2001:db8:2::2"},
		{"NA from a link-local address", &na_of_2, SPONGE, "2001:db8:2::2"},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		start(LAN_SPONGE);
		watch_2();
		receive(X2, signs[i].to, STATION(2), signs[i].payload);
		expect_life(signs[i].name, signs[i].address);
		receive(X2, signs[i].to, STATION(2), signs[i].payload);
		cr_expect_eq(count(EVENT_LIFE), 1, "%s: told twice", signs[i].name);
		cr_expect_null(world_audit(0), "%s", world_audit(0));
	}
}

static void others_do_not(void)
{
	static const struct payload outside = {.kind = PAYLOAD_IPV4, .from = "198.51.100.2"};
	static const struct payload wrong = {.kind = PAYLOAD_ND,
					     .type = 136,
					     .from = "2001:db8:2::2",
					     .to = "ff02::1",
					     .about = "2001:db8:2::2",
					     .wrong_sum = true};

	start(LAN_SPONGE);
	watch_2();
	receive(X1, STATION(2), STATION(1), &from_2);
	receive(X1, MAC_BROADCAST, STATION(2), &arp_of_2);
	receive(X2, STATION(1), STATION(3), &from_2);
	receive(X2, STATION(1), STATION(2), &outside);
	receive(X2, MAC(0x33, 0x33, 0, 0, 0, 1), STATION(2), &wrong);
	cr_expect_eq(count(EVENT_LIFE), 0, "62: by another port or station");
	explained("alive", STATION(1), &from_2);
	cr_expect_eq(count(EVENT_LIFE), 0, "explained");
	receive(X2, STATION(1), STATION(2), &from_2);
	cr_expect_eq(count(EVENT_LIFE), 1);
}

static void spoofs_die_before(void)
{
	start(LAN_SPONGE | LAN_GUARD);
	given_address(X2, EXCHANGE, "192.0.2.2");
	set_host("192.0.2.2", HOST_SPONGED, FDB_ANY, 0, HOST_WATCHED);
	world.n_events = 0;
	receive(X1, MAC_BROADCAST, STATION(1),
		&(struct payload){.kind = PAYLOAD_ARP, .from = "192.0.2.2"});
	cr_expect_eq(count(EVENT_LIFE), 0, "62");
	cr_expect_eq(world.worker->counters[X1].drops[DROP_ARP_SPOOFED], 1);
}

static void signs_wait_for_control(void)
{
	start(LAN_SPONGE);
	watch_2();
	world.no_room_for_events = true;
	receive(X2, STATION(1), STATION(2), &from_2);
	world.no_room_for_events = false;
	cr_expect(hosts_watched(world.hosts[EXCHANGE], X2));
	receive(X2, STATION(1), STATION(2), &from_2);
	cr_expect_eq(count(EVENT_LIFE), 1);
	cr_expect_not(hosts_watched(world.hosts[EXCHANGE], X1));
}

// ---- Claims

static unsigned int claims(const struct payload *payload)
{
	world.n_events = 0;
	receive(X2, MAC_BROADCAST, STATION(2), payload);
	return count(EVENT_CLAIM);
}

static void owners_are_told(void)
{
	static const struct payload probe = {.kind = PAYLOAD_ARP,
					     .from = "0.0.0.0",
					     .mac = STATION(2)};
	static const struct payload request = {.kind = PAYLOAD_ARP,
					       .from = "192.0.2.2",
					       .mac = STATION(2)};
	static const struct payload lie = {.kind = PAYLOAD_ARP, .from = "192.0.2.2"};
	static const struct payload link_local = {.kind = PAYLOAD_ND,
						  .type = 136,
						  .from = "fe80::2",
						  .to = "ff02::1",
						  .about = "fe80::2",
						  .mac = STATION(2)};
	static const struct payload na = {.kind = PAYLOAD_ND,
					  .type = 136,
					  .from = "2001:db8:2::2",
					  .to = "ff02::1",
					  .about = "2001:db8:2::2",
					  .nd_flags = 0xa0,
					  .mac = STATION(2)};

	start(LAN_LEARN_HOSTS);
	cr_expect_eq(claims(&request), 1);
	const struct event_address *claim = &first(EVENT_CLAIM)->event_address;
	cr_expect(is_about(claim->address, 4, "192.0.2.2"));
	cr_expect_eq(claim->mac, STATION(2));
	cr_expect_eq(claim->port, X2);
	cr_expect_eq(claims(&na), 1);
	claim = &first(EVENT_CLAIM)->event_address;
	cr_expect(is_about(claim->address, 6, "2001:db8:2::2"));
	cr_expect_eq(claim->flags, ADDRESS_OVERRIDE | ADDRESS_ROUTER);
	cr_expect_eq(claims(&ns_of_2), 0, "a solicitation tells nothing");
	cr_expect_eq(claims(&probe), 0);
	cr_expect_eq(claims(&lie), 0, "the MAC of another");
	cr_expect_eq(claims(&link_local), 0);
	set_host("192.0.2.2", HOST_LIVE, X2, STATION(2), 0);
	cr_expect_eq(claims(&request), 0, "that is known");
	set_host("192.0.2.2", HOST_LIVE, X1, STATION(2), 0);
	cr_expect_eq(claims(&request), 1, "it moves");
	set_host("192.0.2.2", HOST_FROZEN, X1, STATION(1), 0);
	cr_expect_eq(claims(&request), 0, "it is a duplicate");
	set_host("192.0.2.2", HOST_FORGET, FDB_ANY, 0, 0);
	for (int i = 0; i < 200; i++)
		receive(X2, MAC_BROADCAST, STATION(2), &request);
	cr_expect_eq(count(EVENT_CLAIM), 97, "a hundred a second, three of them before");
	given_address(X2, EXCHANGE, "192.0.2.2");
	world.cycles += WORLD_HZ;
	cr_expect_eq(claims(&request), 0, "it is assigned");
}

// ---- Explain

static void explain_tells(void)
{
	start(LAN_SPONGE);
	cr_expect_str_eq(explained("alive", STATION(1), &from_2), "");
	watch_2();
	cr_expect_str_eq(explained("alive", STATION(1), &from_2),
			 "a sign of life of 192.0.2.2, for which control waits");
	cr_expect_str_eq(explained("lookup", SPONGE, &from_2),
			 "destination 02:00:00:00:00:62 is the sponge's");
	cr_expect_eq(world.worker->sunk.n, 0);
}

static void more(void)
{
	sunk_is_added_up();
	sunk_ipv6_and_others();
	sunk_waits_for_control();
	sunk_is_bounded();
	owners_live();
	others_do_not();
	spoofs_die_before();
	signs_wait_for_control();
	owners_are_told();
	explain_tells();
}

Test(sponge, rows)
{
	rows_test_and(rows, sizeof(rows) / sizeof(*rows), more);
}
