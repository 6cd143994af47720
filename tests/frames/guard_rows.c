// SPDX-License-Identifier: BSD-3-Clause
// Who may speak for which address, by ARP and neighbour discovery.
#include "tests/frames/rows.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <rte_mbuf.h>
#include <string.h>

#include "dataplane/path/trace.h"
#include "dataplane/tables/neigh.h"
#include "tests/frames/harness.h"

// .1 is station 1's behind X1, .2 station 2's behind X2, .9 a route server's behind T; .77 is
// nobody's.
static void addresses(void)
{
	given_address(X1, EXCHANGE, "192.0.2.1");
	given_address(X1, EXCHANGE, "2001:db8:2::1");
	given_address(X2, EXCHANGE, "192.0.2.2");
	given_address(X2, EXCHANGE, "2001:db8:2::2");
	given_address(T, EXCHANGE, "192.0.2.9");
}

static void guarded(void)
{
	given_lan_with(EXCHANGE, LAN_GUARD);
	addresses();
}

static void assigned(void)
{
	given_lan_with(EXCHANGE, LAN_ASSIGNED);
	guarded();
}

static void without_prefixes(void)
{
	given_no_prefixes(EXCHANGE);
	guarded();
}

static void registered(void)
{
	given_security(X1, EXCHANGE, SECURITY_REGISTERED, UINT32_MAX);
	given_registered(X1, EXCHANGE);
	guarded();
}

static void at_once(void)
{
	given_at_once(X1);
	guarded();
}

static void with_rules(void)
{
	given_rules(EXCHANGE, 0);
	guarded();
}

static void link_local_of_x2(void)
{
	guarded();
	given_address(X2, EXCHANGE, "fe80::2");
}

static void wire_guarded(void)
{
	given_lan_with(WIRE, LAN_GUARD);
	given_address(W2, WIRE, "192.0.2.2");
}

#define HOME		    .stations = {LIVES(1, X1, EXCHANGE), LIVES(2, X2, EXCHANGE)}
#define FROM_X1(to, ...)    .port = X1, .in = {.dst = (to), .src = STATION(1), __VA_ARGS__}
#define ALL		    MAC_BROADCAST
#define NODES		    MAC(0x33, 0x33, 0xff, 0, 0, 2)
#define ARP(...)	    .payload = {.kind = PAYLOAD_ARP, __VA_ARGS__}
#define REPLY		    .operation = 2
#define ND(...)		    .payload = {.kind = PAYLOAD_ND, __VA_ARGS__}
#define NS(...)		    ND(.type = 135, .to = "ff02::1:ff00:2", __VA_ARGS__)
#define NA(...)		    ND(.type = 136, .to = "ff02::1", .about = "2001:db8:2::1", __VA_ARGS__)
#define NA_FOR(target, ...) ND(.type = 136, .to = "ff02::1", .about = (target), __VA_ARGS__)
#define DIES(REASON)	    .drop = (REASON)
#define TO_ALL		    .outs = {AS_IS(X2), PUSH(T, 200)}
#define ND_AT(at)	    (40 + (at)) // octet of the message in the payload
#define UNKNOWN_OPTION	    .pokes = {POKE(ND_AT(24), 200 << 8 | 1)}

static const struct row rows[] = {
	// What must pass.
	{"a member asks", .given = guarded, HOME, FROM_X1(ALL, ARP()), TO_ALL},
	{"a member answers", .given = guarded, HOME, FROM_X1(STATION(2), ARP(REPLY)),
	 .outs = {AS_IS(X2)}},
	{"a member announces itself", .given = guarded, HOME, FROM_X1(ALL, ARP(.to = "192.0.2.1")),
	 TO_ALL},
	{"50: a member asks whether an address is in use", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "0.0.0.0")), TO_ALL},
	{"50: a member says that an address is in use", .given = guarded, HOME,
	 FROM_X1(STATION(2), ARP(REPLY, .to = "0.0.0.0")), .outs = {AS_IS(X2)}},
	{"a question for no address", .given = guarded, HOME, FROM_X1(ALL, ARP(.to = "0.0.0.0")),
	 DIES(DROP_ARP_OUTSIDE_LAN)},
	{"an address that nobody has may be used", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.77")), TO_ALL},
	{"a question for one that nobody has", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.to = "192.0.2.78")), TO_ALL},
	{"a probe of one that nobody has", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "0.0.0.0", .to = "192.0.2.78")), TO_ALL},
	{"52: an ARP request to one", .given = guarded, HOME, FROM_X1(STATION(2), ARP()),
	 .outs = {AS_IS(X2)}},
	{"52: a solicitation to one", .given = guarded, HOME,
	 FROM_X1(STATION(2), ND(.type = 135, .to = "2001:db8:2::2")), .outs = {AS_IS(X2)}},
	{"a solicitation", .given = guarded, HOME, FROM_X1(NODES, NS()), TO_ALL},
	{"a solicitation without an address", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.no_mac = true)), TO_ALL},
	{"a solicitation from a link-local address", .given = assigned, HOME,
	 FROM_X1(NODES, NS(.from = "fe80::1")), TO_ALL},
	{"a solicitation for a link-local address", .given = assigned, HOME,
	 FROM_X1(NODES, NS(.about = "fe80::2")), TO_ALL},
	{"duplicate address detection", .given = assigned, HOME,
	 FROM_X1(NODES, NS(.from = "::", .no_mac = true)), TO_ALL},
	{"an advertisement", .given = guarded, HOME, FROM_X1(MAC(0x33, 0x33, 0, 0, 0, 1), NA()),
	 TO_ALL},
	{"an advertisement to all routers (RFC 9131)", .given = guarded, HOME,
	 FROM_X1(MAC(0x33, 0x33, 0, 0, 0, 2),
		 ND(.type = 136, .to = "ff02::2", .about = "2001:db8:2::1")),
	 TO_ALL},
	{"an advertisement from a link-local address", .given = assigned, HOME,
	 FROM_X1(STATION(2), ND(.type = 136, .from = "fe80::1", .to = "2001:db8:2::2",
				.about = "2001:db8:2::1", .nd_flags = 0x60)),
	 .outs = {AS_IS(X2)}},
	{"an advertisement of a link-local address", .given = assigned, HOME,
	 FROM_X1(NODES, NA_FOR("fe80::1", .from = "fe80::1")), TO_ALL},
	{"other ICMPv6 is no claim", .given = guarded, HOME,
	 FROM_X1(STATION(2), .payload = {.kind = PAYLOAD_IPV6,
					 .protocol = PROTO_ICMPV6,
					 .type = 128,
					 .from = "2001:db8:2::2"}),
	 .outs = {AS_IS(X2)}},
	{"nor is UDP", .given = guarded, HOME,
	 FROM_X1(STATION(2), .payload = {.kind = PAYLOAD_IPV6, .from = "2001:db8:2::2"}),
	 .outs = {AS_IS(X2)}},
	{"a LAN without prefixes knows no outside", .given = without_prefixes, HOME,
	 FROM_X1(ALL, ARP(.from = "198.51.100.1", .to = "203.0.113.1")), TO_ALL},
	{"nor for IPv6", .given = without_prefixes, HOME,
	 FROM_X1(NODES, NS(.from = "2001:db8:5::1", .about = "2001:db8:6::1")), TO_ALL},
	{"without the guard anybody speaks for anybody", .given = addresses, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.2")), TO_ALL},
	{"what members tag is theirs", .given = wire_guarded, .stations = {LIVES(1, W1, WIRE)},
	 .port = W1, .in = {.dst = ALL, .src = STATION(1), .tag = TAG(7), ARP(.from = "192.0.2.2")},
	 .outs = {AS_IS(W2), PUSH(T, 300), AS_IS(H)}},

	// ARP.
	{"ARP with the MAC of another", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.mac = STATION(2))), DIES(DROP_ARP_SENDER_MAC)},
	{"a reply with the MAC of another", .given = guarded, HOME,
	 FROM_X1(STATION(2), ARP(REPLY, .mac = STATION(3))), DIES(DROP_ARP_SENDER_MAC)},
	{"ARP from outside", .given = guarded, HOME, FROM_X1(ALL, ARP(.from = "198.51.100.1")),
	 DIES(DROP_ARP_OUTSIDE_LAN)},
	{"ARP about the outside", .given = guarded, HOME, FROM_X1(ALL, ARP(.to = "192.0.3.2")),
	 DIES(DROP_ARP_OUTSIDE_LAN)},
	{"a probe of the outside", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "0.0.0.0", .to = "192.0.1.2")), DIES(DROP_ARP_OUTSIDE_LAN)},
	{"46: a reply for another's address", .given = guarded, HOME,
	 FROM_X1(STATION(2), ARP(REPLY, .from = "192.0.2.2", .to = "192.0.2.9")),
	 DIES(DROP_ARP_SPOOFED)},
	{"46: an announcement of another's address", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.2", .to = "192.0.2.2")), DIES(DROP_ARP_SPOOFED)},
	{"47: the route server's address", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.9", .to = "192.0.2.9")), DIES(DROP_ARP_SPOOFED)},
	{"a question in another's name", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.2", .to = "192.0.2.9")), DIES(DROP_ARP_SPOOFED)},
	{"49: proxy ARP for another's address", .given = guarded, HOME,
	 FROM_X1(STATION(2), ARP(REPLY, .from = "192.0.2.9")), DIES(DROP_ARP_SPOOFED)},
	{"49: proxy ARP for one that nobody has", .given = assigned, HOME,
	 FROM_X1(STATION(2), ARP(REPLY, .from = "192.0.2.77")), DIES(DROP_ARP_UNASSIGNED)},
	{"a question from an address that nobody has", .given = assigned, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.77")), DIES(DROP_ARP_UNASSIGNED)},
	{"by a trunk", .given = guarded, .stations = {LIVES(9, T, EXCHANGE)}, .port = T,
	 .in = {.dst = ALL, .src = STATION(9), .tag = TAG(200), ARP(.mac = STATION(9))},
	 DIES(DROP_ARP_SPOOFED)},
	{"with a priority in a transparent LAN", .given = wire_guarded,
	 .stations = {LIVES(1, W1, WIRE)}, .port = W1,
	 .in = {.dst = ALL, .src = STATION(1), .tag = TAG(PCP(3, 0)), ARP(.from = "192.0.2.2")},
	 DIES(DROP_ARP_SPOOFED)},
	{"in a LAN with rules", .given = with_rules, HOME, FROM_X1(ALL, ARP(.from = "192.0.2.2")),
	 DIES(DROP_ARP_SPOOFED)},

	// Neighbour discovery.
	{"a hop limit that a router has touched", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.hop_limit = 254)), DIES(DROP_ND_INVALID)},
	{"a wrong checksum", .given = guarded, HOME, FROM_X1(NODES, NS(.wrong_sum = true)),
	 DIES(DROP_ND_INVALID)},
	{"a code", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.pokes = {POKE(ND_AT(0), 135 << 8 | 1)})), DIES(DROP_ND_INVALID)},
	{"a group for a target", .given = guarded, HOME, FROM_X1(NODES, NS(.about = "ff02::2")),
	 DIES(DROP_ND_INVALID)},
	{"an empty option", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.pokes = {POKE(ND_AT(24), 1 << 8)})), DIES(DROP_ND_INVALID)},
	{"a probe to one", .given = guarded, HOME,
	 FROM_X1(STATION(2), ND(.type = 135, .from = "::", .to = "2001:db8:2::2", .no_mac = true)),
	 DIES(DROP_ND_INVALID)},
	{"a probe with an address", .given = guarded, HOME, FROM_X1(NODES, NS(.from = "::")),
	 DIES(DROP_ND_INVALID)},
	{"an answer to all that was asked for", .given = guarded, HOME,
	 FROM_X1(NODES, NA(.nd_flags = 0x40)), DIES(DROP_ND_INVALID)},
	{"a fragment, in a LAN that looks at no headers", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.headers = {EXT_FRAGMENT})), DIES(DROP_ND_INVALID)},
	{"behind extension headers", .given = with_rules, HOME,
	 FROM_X1(NODES, NS(.headers = {EXT_HOP_BY_HOP, EXT_DESTINATION}, .hop_limit = 1)),
	 DIES(DROP_ND_INVALID)},
	{"a solicitation with an option that nobody needs", .given = guarded, HOME,
	 FROM_X1(NODES, NS(UNKNOWN_OPTION)), DIES(DROP_ND_UNKNOWN_OPTION)},
	{"to one station as well", .given = guarded, HOME,
	 FROM_X1(STATION(2), ND(.type = 135, .to = "2001:db8:2::2", UNKNOWN_OPTION)),
	 DIES(DROP_ND_UNKNOWN_OPTION)},
	{"without the guard it passes", .given = addresses, HOME,
	 FROM_X1(NODES, NS(UNKNOWN_OPTION)), TO_ALL},
	{"in an advertisement it does no harm", .given = guarded, HOME,
	 FROM_X1(NODES, NA(UNKNOWN_OPTION)), TO_ALL},
	{"a solicitation with the MAC of another", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.mac = STATION(2))), DIES(DROP_ND_SENDER_MAC)},
	{"an advertisement with the MAC of another", .given = guarded, HOME,
	 FROM_X1(NODES, NA(.mac = STATION(2))), DIES(DROP_ND_SENDER_MAC)},
	{"a solicitation from outside", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.from = "2001:db8:3::1")), DIES(DROP_ND_OUTSIDE_LAN)},
	{"a solicitation about the outside", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.about = "2001:db8:3::1")), DIES(DROP_ND_OUTSIDE_LAN)},
	{"an advertisement from outside", .given = guarded, HOME,
	 FROM_X1(NODES, NA(.from = "2001:db8:3::1")), DIES(DROP_ND_OUTSIDE_LAN)},
	{"an advertisement about the outside", .given = guarded, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:3::1")), DIES(DROP_ND_OUTSIDE_LAN)},
	{"a probe of the outside", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.from = "::", .no_mac = true, .about = "2001:db8:3::1")),
	 DIES(DROP_ND_OUTSIDE_LAN)},
	{"a solicitation in another's name", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.from = "2001:db8:2::2")), DIES(DROP_ND_SPOOFED)},
	{"an advertisement of another's address", .given = guarded, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::2")), DIES(DROP_ND_SPOOFED)},
	{"an advertisement from another's address", .given = guarded, HOME,
	 FROM_X1(NODES, NA(.from = "2001:db8:2::2")), DIES(DROP_ND_SPOOFED)},
	{"an advertisement of another's address from a link-local one", .given = guarded, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::2", .from = "fe80::1", .no_mac = true)),
	 DIES(DROP_ND_SPOOFED)},
	{"a link-local address that another has", .given = link_local_of_x2, HOME,
	 FROM_X1(NODES, NA_FOR("fe80::2", .from = "fe80::1")), DIES(DROP_ND_SPOOFED)},
	{"behind an extension header, spoofed", .given = with_rules, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::2", .headers = {EXT_DESTINATION})),
	 DIES(DROP_ND_SPOOFED)},
	{"an advertisement of an address that nobody has", .given = assigned, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::77")), DIES(DROP_ND_UNASSIGNED)},
	{"an advertisement from an address that nobody has", .given = assigned, HOME,
	 FROM_X1(NODES, NA(.from = "2001:db8:2::77")), DIES(DROP_ND_UNASSIGNED)},
	{"a solicitation from an address that nobody has", .given = assigned, HOME,
	 FROM_X1(NODES, NS(.from = "2001:db8:2::77")), DIES(DROP_ND_UNASSIGNED)},
	{"which is fine where only some are told", .given = guarded, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::77", .from = "2001:db8:2::77")), TO_ALL},

	// A frame that is wrong in two ways dies by the first.
	{"a foreign source before its claim", .given = registered,
	 FROM_X1(ALL, ARP(.mac = STATION(2))), DIES(DROP_MAC_NOT_REGISTERED)},
	{"the form before the guard", .given = with_rules, HOME,
	 FROM_X1(ALL, ARP(.operation = 3, .from = "192.0.2.2")), DIES(DROP_ARP_MALFORMED)},
	{"the MAC before the outside", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.mac = STATION(2), .to = "192.0.3.2")), DIES(DROP_ARP_SENDER_MAC)},
	{"the outside before the owner", .given = guarded, HOME,
	 FROM_X1(ALL, ARP(.from = "192.0.2.2", .to = "192.0.3.2")), DIES(DROP_ARP_OUTSIDE_LAN)},
	{"invalid before the MAC", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.hop_limit = 1, .mac = STATION(2))), DIES(DROP_ND_INVALID)},
	{"invalid before the option", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.hop_limit = 1, UNKNOWN_OPTION)), DIES(DROP_ND_INVALID)},
	{"the option before the outside", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.about = "2001:db8:3::1", UNKNOWN_OPTION)),
	 DIES(DROP_ND_UNKNOWN_OPTION)},
	{"the MAC before the outside, in ND", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.mac = STATION(2), .about = "2001:db8:3::1")), DIES(DROP_ND_SENDER_MAC)},
	{"the outside before the owner, in ND", .given = guarded, HOME,
	 FROM_X1(NODES, NS(.from = "2001:db8:2::2", .about = "2001:db8:3::1")),
	 DIES(DROP_ND_OUTSIDE_LAN)},
	{"the owner before nobody", .given = assigned, HOME,
	 FROM_X1(NODES, NA_FOR("2001:db8:2::77", .from = "2001:db8:2::2")), DIES(DROP_ND_SPOOFED)},

	// Port security.
	{"one lie disables a port", .given = at_once, HOME, FROM_X1(ALL, ARP(.from = "192.0.2.2")),
	 DIES(DROP_ARP_SPOOFED), .notice = NOTICE_VIOLATION},
	{"what breaks only a rule does not", .given = at_once, HOME,
	 FROM_X1(ALL, ARP(.to = "192.0.3.2")), DIES(DROP_ARP_OUTSIDE_LAN)},
};

// ---- What an owner's frames tell

static mac_t owner_of(const char *text)
{
	uint8_t octets[16];
	bool v4 = inet_pton(AF_INET, text, octets) == 1;

	cr_assert(v4 || inet_pton(AF_INET6, text, octets) == 1);
	const struct neigh_entry *entry = neigh_find(world.policy->lans[EXCHANGE].neigh,
						     v4 ? neigh_key4(octets) : neigh_key6(octets));
	cr_assert_not_null(entry);
	return neigh_mac(entry);
}

static void receive(uint16_t port, mac_t src, const struct payload *payload)
{
	uint8_t octets[PAYLOAD_MAX];
	size_t n = payload_encode(payload, octets);
	struct rte_mbuf *frame = world_frame((uint16_t)(14 + n));
	uint8_t *at = rte_pktmbuf_mtod(frame, uint8_t *);
	bool arp = payload->kind == PAYLOAD_ARP;

	mac_store(MAC_BROADCAST, at);
	mac_store(src, at + 6);
	at[12] = arp ? 0x08 : 0x86;
	at[13] = arp ? 0x06 : 0xdd;
	memcpy(at + 14, octets, n);
	world_receive(port, &frame, 1);
	world_forget_sent();
}

static const struct payload arp_of_1 = {.kind = PAYLOAD_ARP};
static const struct payload arp_of_2 = {.kind = PAYLOAD_ARP, .from = "192.0.2.2"};
static const struct payload na_of_1 = {.kind = PAYLOAD_ND,
				       .type = 136,
				       .from = "fe80::1",
				       .to = "ff02::1",
				       .about = "2001:db8:2::1"};

static void an_owner_tells_its_mac(void)
{
	rows_start_anew();
	guarded();
	cr_expect_eq(owner_of("192.0.2.1"), 0);
	receive(X1, STATION(1), &arp_of_1);
	cr_expect_eq(owner_of("192.0.2.1"), STATION(1));
	cr_expect_eq(owner_of("2001:db8:2::1"), 0);
	receive(X1, STATION(1), &na_of_1);
	cr_expect_eq(owner_of("2001:db8:2::1"), STATION(1));
	given_lan_with(EXCHANGE, LAN_ASSIGNED);
	cr_expect_eq(owner_of("192.0.2.1"), STATION(1), "it is kept over a commit");
}

static void nobody_else_does(void)
{
	static struct trace trace;

	rows_start_anew();
	guarded();
	receive(X1, STATION(1), &arp_of_2);
	cr_expect_eq(owner_of("192.0.2.2"), 0, "a lie");
	receive(X1, STATION(3), &arp_of_1);
	cr_expect_eq(owner_of("192.0.2.1"), 0, "another's MAC");
	given_security(X1, EXCHANGE, SECURITY_REGISTERED, UINT32_MAX);
	receive(X1, STATION(1), &arp_of_1);
	cr_expect_eq(owner_of("192.0.2.1"), 0, "a source that port security refuses");
	given_security(X1, EXCHANGE, SECURITY_OPEN, UINT32_MAX);
	world.worker->dry = true;
	world.worker->trace = &trace;
	receive(X1, STATION(1), &arp_of_1);
	world.worker->dry = false;
	world.worker->trace = NULL;
	cr_expect_eq(owner_of("192.0.2.1"), 0, "a frame of explain");
}

static const char *explained(const struct payload *payload)
{
	static struct trace trace;

	trace.n_steps = trace.n_outs = 0;
	world.worker->dry = true;
	world.worker->trace = &trace;
	receive(X1, STATION(1), payload);
	world.worker->dry = false;
	world.worker->trace = NULL;
	for (uint32_t i = 0; i < trace.n_steps; i++) {
		if (strcmp(trace.steps[i].stage, "guard") == 0)
			return trace.steps[i].text;
	}
	return "";
}

static void explain_tells_the_owner(void)
{
	static const struct payload udp = {.kind = PAYLOAD_IPV6};
	static const struct payload outside = {.kind = PAYLOAD_ARP, .to = "192.0.3.1"};

	rows_start_anew();
	guarded();
	cr_expect_str_eq(explained(&arp_of_1), "speaks for no address that another port has");
	cr_expect_str_eq(explained(&arp_of_2), "speaks for an address that swp6 has");
	cr_expect_str_eq(explained(&outside), drop_infos[DROP_ARP_OUTSIDE_LAN].text);
	cr_expect_str_eq(explained(&udp), "");
}

static void proxies_learn_without_a_guard(void)
{
	rows_start_anew();
	given_lan_with(EXCHANGE, LAN_PROXY);
	addresses();
	world_clear();
	receive(X1, STATION(1), &arp_of_2);
	cr_expect_eq(owner_of("192.0.2.2"), 0);
	cr_expect_eq(world.worker->counters[X1].drops[DROP_ARP_SPOOFED], 0);
	receive(X1, STATION(1), &arp_of_1);
	cr_expect_eq(owner_of("192.0.2.1"), STATION(1));
}

// The first lie of a burst ends what is behind it, and nothing before.
static void a_burst_ends_at_the_first_lie(void)
{
	struct rte_mbuf *frames[3], *sent;
	unsigned int n = 0;

	rows_start_anew();
	at_once();
	world_clear();
	for (int i = 0; i < 3; i++) {
		const struct payload *p = i == 1 ? &arp_of_2 : &arp_of_1;
		frames[i] = world_frame(60);
		uint8_t *at = rte_pktmbuf_mtod(frames[i], uint8_t *);

		mac_store(MAC_BROADCAST, at);
		mac_store(STATION(1), at + 6);
		at[12] = 0x08;
		at[13] = 0x06;
		payload_encode(p, at + 14);
	}
	world_receive(X1, frames, 3);
	while ((sent = world_sent(X2))) {
		rte_pktmbuf_free(sent);
		n++;
	}
	while ((sent = world_sent(T)))
		rte_pktmbuf_free(sent);
	cr_expect_eq(n, 1);
	cr_expect_eq(world.worker->counters[X1].drops[DROP_ARP_SPOOFED], 1);
	cr_expect_eq(world.worker->counters[X1].drops[DROP_PORT_DISABLED], 1);
	cr_expect_eq(world.fabric.disabled[X1], DISABLE_SECURITY);
}

static void more(void)
{
	an_owner_tells_its_mac();
	nobody_else_does();
	explain_tells_the_owner();
	proxies_learn_without_a_guard();
	a_burst_ends_at_the_first_lie();
}

Test(guard, rows)
{
	rows_test_and(rows, sizeof(rows) / sizeof(*rows), more);
}
