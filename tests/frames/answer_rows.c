// SPDX-License-Identifier: BSD-3-Clause
// Questions of ARP and neighbour discovery: who gets them, and what is answered, octet for octet.
// Each row says all that may leave; any other frame fails it.
//
//   A      192.0.2.1  2001:db8:2::1  tagged 100; asks
//   B      192.0.2.2  2001:db8:2::2  untagged, station B
//   C      192.0.2.3  2001:db8:2::3  untagged, its station is not known yet
//   D, E   192.0.2.4, 192.0.2.5      untagged, stations D and E, of one isolation group
#include <arpa/inet.h>
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "dataplane/path/trace.h"
#include "dataplane/tables/neigh.h"
#include "tests/frames/harness.h"

enum { A, B, C, D, E, PORTS };
enum { VID = 100, PRIORITY = 5, ROOM = 100, BUFFERS = 128, OCTETS = 128 };

#define STATION(port) MAC(0x02, 0, 0, 0, 0, (port) + 1)
#define ALL	      ((1U << PORTS) - 1)
#define SPONGE_MAC    MAC(0x02, 0, 0, 0, 0, 0x98)

struct octets {
	uint16_t n;
	uint8_t at[OCTETS];
};

struct row {
	const char *name;
	uint16_t lan_flags;
	uint16_t port; // who asks
	const char *sender;
	const char *target;
	mac_t to; // 0: the group whom it is for
	void (*change)(struct octets *frame);
	void (*given)(void);
	bool is_shared; // somebody else holds its buffer
	bool answered;
	bool sponged; // answered by the sponge
	bool arrives; // it ends at the sponge
	bool told;    // to control, as a question
	uint8_t told_flags;
	enum meter_class no_more; // of which the asker has none left; 0: no limit
	bool turned;		  // to its owner's address, else as it is
	unsigned int floods;	  // a bit for each port that gets it as it came
	enum drop_reason drop;
	uint16_t blame;
};

// ---- Frames

static void put(struct octets *frame, const void *octets, uint16_t n)
{
	memcpy(frame->at + frame->n, octets, n);
	frame->n += n;
}

static void put16(struct octets *frame, unsigned int value)
{
	put(frame, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put_mac(struct octets *frame, mac_t mac)
{
	put(frame, &mac, 6);
}

static void put_address(struct octets *frame, const char *text)
{
	uint8_t address[16];

	put(frame, address,
	    inet_pton(AF_INET6, text, address) == 1  ? 16
	    : inet_pton(AF_INET, text, address) == 1 ? 4
						     : 0);
}

static bool is_ipv6(const char *text)
{
	return strchr(text, ':');
}

static bool is_nobody(const char *text)
{
	return strcmp(text, "::") == 0 || strcmp(text, "0.0.0.0") == 0;
}

static void put_header(struct octets *frame, mac_t dst, mac_t src, bool tagged, uint16_t type)
{
	put_mac(frame, dst);
	put_mac(frame, src);
	if (tagged) {
		put16(frame, 0x8100);
		put16(frame, PRIORITY << 13 | VID);
	}
	put16(frame, type);
}

static void pad(struct octets *frame)
{
	uint16_t min = frame->at[12] == 0x81 ? FRAME_MIN + TAG_SIZE : FRAME_MIN;

	frame->n = frame->n < min ? min : frame->n;
}

static void put_arp(struct octets *frame, uint16_t operation, mac_t sender_mac, const char *sender,
		    mac_t target_mac, const char *target)
{
	put(frame, (uint8_t[]){0, 1, 8, 0, 6, 4}, 6);
	put16(frame, operation);
	put_mac(frame, sender_mac);
	put_address(frame, sender);
	put_mac(frame, target_mac);
	put_address(frame, target);
	pad(frame);
}

static void put_ipv6(struct octets *frame, const char *from, const char *to, uint16_t length)
{
	put(frame, (uint8_t[]){0x60, 0, 0, 0}, 4);
	put16(frame, length);
	put(frame, (uint8_t[]){58, 255}, 2);
	put_address(frame, from);
	put_address(frame, to);
}

// The checksum of the ICMPv6 message of "length" octets at the end of the frame.
static void sum_up(struct octets *frame, uint16_t length)
{
	const uint8_t *message = frame->at + frame->n - length, *addresses = message - 32;
	uint32_t sum = length + 58U;

	frame->at[frame->n - length + 2] = frame->at[frame->n - length + 3] = 0;
	for (uint16_t i = 0; i < 32; i += 2)
		sum += addresses[i] * 256U + addresses[i + 1];
	for (uint16_t i = 0; i < length; i += 2)
		sum += message[i] * 256U + message[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	frame->at[frame->n - length + 2] = (uint8_t)(~sum >> 8);
	frame->at[frame->n - length + 3] = (uint8_t)~sum;
}

// Of type NS or NA; "option" and "mac" if "mac" is not 0.
static void put_nd(struct octets *frame, uint8_t type, uint8_t flags, const char *from,
		   const char *to, const char *target, uint8_t option, mac_t mac)
{
	uint16_t length = mac ? 32 : 24;

	put_ipv6(frame, from, to, length);
	put(frame, (uint8_t[]){type, 0, 0, 0, flags, 0, 0, 0}, 8);
	put_address(frame, target);
	if (mac) {
		put(frame, (uint8_t[]){option, 1}, 2);
		put_mac(frame, mac);
	}
	sum_up(frame, length);
}

// ---- Changes to a question

static void set_reply(struct octets *frame)
{
	frame->at[frame->at[12] == 0x81 ? 25 : 21] = 2;
}

// A nonce (RFC 3971), which everybody knows, or an option that nobody does.
static void add_option(struct octets *frame, uint8_t type)
{
	uint16_t header = frame->at[12] == 0x81 ? 18 : 14;
	uint16_t length = frame->n - header - 40 + 8;

	put(frame, (uint8_t[]){type, 1, 1, 2, 3, 4, 5, 6}, 8);
	frame->at[header + 5] = (uint8_t)length;
	sum_up(frame, length);
}

static void add_nonce(struct octets *frame)
{
	add_option(frame, 14);
}

static void add_unknown(struct octets *frame)
{
	add_option(frame, 200);
}

static void spoil(struct octets *frame)
{
	frame->at[frame->n - 1] ^= 1;
}

// As a driver leaves it: without what fills up an Ethernet frame.
static void cut(struct octets *frame)
{
	frame->n = 42 + TAG_SIZE;
}

static void lengthen(struct octets *frame)
{
	frame->n = 100;
}

// The tag of an access port's own.
static void tag(struct octets *frame)
{
	memmove(frame->at + 16, frame->at + 12, frame->n - 12U);
	memcpy(frame->at + 12, (uint8_t[]){0x81, 0, 0, 7}, 4);
	frame->n += 4;
}

static void give_priority(struct octets *frame)
{
	tag(frame);
	frame->at[14] = PRIORITY << 5;
	frame->at[15] = 0;
}

// ---- Worlds

static void b_down(void)
{
	world_link(B, false);
}

static void b_disabled(void)
{
	atomic_store(&world.fabric.disabled[B], DISABLE_LOOP);
}

static struct rte_mbuf *held[BUFFERS];
static uint32_t n_held;

static void no_buffers(void)
{
	while (n_held < BUFFERS && (held[n_held] = rte_pktmbuf_alloc(world.fabric.pool)))
		n_held++;
}

static void swap_router(void)
{
	struct octets address = {0};

	put_address(&address, "192.0.2.2");
	neigh_seen(neigh_find(world.policy->lans[0].neigh, neigh_key4(address.at)), STATION(B + 8));
}

static void set_host(const char *text, enum host_verdict verdict, uint16_t port, mac_t mac)
{
	struct host_set set = {.mac = mac, .port = port, .verdict = (uint8_t)verdict};
	struct octets address = {0};

	put_address(&address, text);
	set.family = address.n == 4 ? 4 : 6;
	memcpy(set.address, address.at, address.n);
	world_host(&set);
}

static void b_sponged(void)
{
	set_host("192.0.2.2", HOST_SPONGED, B, STATION(B));
	set_host("2001:db8:2::2", HOST_SPONGED, B, STATION(B));
}

static void b_live(void)
{
	set_host("192.0.2.2", HOST_LIVE, B, STATION(B));
}

static void nobody_sponged(void)
{
	set_host("192.0.2.77", HOST_SPONGED, FDB_ANY, 0);
	set_host("2001:db8:2::77", HOST_SPONGED, FDB_ANY, 0);
}

// The station whose number is the last digit of the address lives behind B.
static void learned(void)
{
	set_host("192.0.2.77", HOST_LIVE, B, STATION(6));
	set_host("2001:db8:2::77", HOST_LIVE, B, STATION(6));
}

static void learned_port(void)
{
	set_host("192.0.2.77", HOST_LIVE, B, 0);
}

static void learned_sponged(void)
{
	set_host("192.0.2.77", HOST_SPONGED, B, STATION(6));
}

static void frozen(void)
{
	set_host("192.0.2.77", HOST_FROZEN, B, STATION(6));
}

#define V4(n)	      "192.0.2." #n
#define V6(n)	      "2001:db8:2::" #n
#define OTHERS(asker) (ALL & ~(1U << (asker)))
enum {
	PROXY = LAN_PROXY,
	UNICAST = LAN_UNICAST,
	ASSIGNED = LAN_ASSIGNED,
	GUARD = LAN_GUARD,
	SPONGE = LAN_SPONGE,
	DUMMY = LAN_SPONGE | LAN_DUMMY,
	LEARNS = LAN_LEARN_HOSTS,
};

static const struct row rows[] = {
	// Nothing of it is on.
	{"flood mode", 0, A, V4(1), V4(2), .floods = OTHERS(A)},
	{"flood mode: NS", 0, A, V6(1), V6(2), .floods = OTHERS(A)},
	{"flood mode: own", 0, B, V4(2), V4(2), .floods = OTHERS(B)},

	// Proxy.
	{"ARP", PROXY, A, V4(1), V4(2), .answered = true},
	{"ARP, untagged", PROXY, C, V4(3), V4(2), .answered = true},
	{"ARP without padding", PROXY, A, V4(1), V4(2), .change = cut, .answered = true},
	{"long ARP", PROXY, A, V4(1), V4(2), .change = lengthen, .answered = true},
	{"ARP that others hold", PROXY, A, V4(1), V4(2), .is_shared = true, .answered = true},
	{"ARP probe", PROXY, A, "0.0.0.0", V4(2), .answered = true},
	{"NS", PROXY, A, V6(1), V6(2), .answered = true},
	{"NS, untagged", PROXY, C, V6(3), V6(2), .answered = true},
	{"NS that others hold", PROXY, A, V6(1), V6(2), .is_shared = true, .answered = true},
	{"NS from link-local", PROXY, A, "fe80::1", V6(2), .answered = true},
	{"DAD", PROXY, A, "::", V6(2), .answered = true},
	{"DAD, untagged", PROXY, C, "::", V6(2), .answered = true},
	{"NS with a nonce", PROXY, A, V6(1), V6(2), .change = add_nonce, .answered = true},
	{"NS with an unknown option", PROXY, A, V6(1), V6(2), .change = add_unknown,
	 .turned = true},
	{"NS with an unknown option, guarded", PROXY | GUARD, A, V6(1), V6(2),
	 .change = add_unknown, .drop = DROP_ND_UNKNOWN_OPTION, .blame = A},
	{"NS with a nonce, guarded", PROXY | GUARD, A, V6(1), V6(2), .change = add_nonce,
	 .answered = true},
	{"router swap", PROXY, A, V4(1), V4(2), .given = swap_router, .answered = true},
	{"both", PROXY | ASSIGNED, A, V4(1), V4(2), .answered = true},
	{"no buffer is needed", PROXY, A, V4(1), V4(2), .given = no_buffers, .answered = true},
	{"no buffer", PROXY, A, V4(1), V4(2), .given = no_buffers, .is_shared = true,
	 .drop = DROP_NO_BUFFER, .blame = A},
	{"its MAC is not known", PROXY, A, V4(1), V4(3), .floods = 1 << C},
	{"NS: its MAC is not known", PROXY, A, V6(1), V6(3), .floods = 1 << C},
	{"its port is down", PROXY, A, V4(1), V4(2), .given = b_down, .drop = DROP_EGRESS_PORT_DOWN,
	 .blame = B},
	{"its port is disabled", PROXY, A, V6(1), V6(2), .given = b_disabled,
	 .drop = DROP_EGRESS_PORT_DOWN, .blame = B},
	{"they are kept apart", PROXY, D, V4(4), V4(5), .drop = DROP_SPLIT_HORIZON, .blame = E},

	// One's own.
	{"own", PROXY, B, V4(9), V4(2), .drop = DROP_QUESTION_OWN, .blame = B},
	{"own: NS", PROXY, B, V6(9), V6(2), .drop = DROP_QUESTION_OWN, .blame = B},
	{"own, unicast", UNICAST, B, V4(9), V4(2), .drop = DROP_QUESTION_OWN, .blame = B},
	{"own: announced", PROXY, B, V4(2), V4(2), .floods = OTHERS(B)},
	{"own: probed", PROXY, B, "0.0.0.0", V4(2), .floods = OTHERS(B)},
	{"own: DAD", UNICAST, B, "::", V6(2), .floods = OTHERS(B)},

	// No question.
	{"to one station", PROXY, A, V4(1), V4(2), STATION(B), .floods = 1 << B},
	{"NUD", PROXY, A, V6(1), V6(2), STATION(B), .floods = 1 << B},
	{"a reply to all", PROXY, A, V4(1), V4(2), .change = set_reply, .floods = OTHERS(A)},
	{"announced, another's", PROXY, A, V4(2), V4(2), .floods = OTHERS(A)},
	{"wrong checksum", PROXY, A, V6(1), V6(2), .change = spoil, .floods = OTHERS(A)},
	{"a priority", PROXY | LAN_TRANSPARENT, C, V4(3), V4(2), .change = give_priority,
	 .answered = true},
	{"unicast: a priority", UNICAST | LAN_TRANSPARENT, C, V6(3), V6(2), .change = give_priority,
	 .turned = true},
	{"a customer's, in a tag", PROXY | LAN_TRANSPARENT, C, V4(3), V4(2), .change = tag,
	 .floods = OTHERS(C)},

	// Unicast.
	{"unicast", UNICAST, A, V4(1), V4(2), .turned = true},
	{"unicast: shared", UNICAST, A, V4(1), V4(2), .is_shared = true, .turned = true},
	{"unicast: probe", UNICAST, A, "0.0.0.0", V4(2), .turned = true},
	{"unicast: NS", UNICAST, C, V6(3), V6(2), .turned = true},
	{"unicast: DAD", UNICAST, A, "::", V6(2), .turned = true},
	{"unicast: to a trunk", UNICAST, C, V4(3), V4(1), .turned = true},
	{"unicast: MAC not known", UNICAST, B, V4(2), V4(3), .floods = 1 << C},
	{"unicast: DAD, MAC not known", UNICAST, B, "::", V6(3), .floods = 1 << C},
	{"unicast: down", UNICAST, A, V4(1), V4(2), .given = b_down, .drop = DROP_EGRESS_PORT_DOWN,
	 .blame = B},

	// Nobody's.
	{"nobody's", PROXY, A, V4(1), V4(77), .floods = OTHERS(A)},
	{"nobody's NS", UNICAST, A, V6(1), V6(77), .floods = OTHERS(A)},
	{"complete", ASSIGNED, A, V4(1), V4(77), .drop = DROP_QUESTION_UNASSIGNED, .blame = A},
	{"complete: NS", ASSIGNED | PROXY, A, V6(1), V6(77), .drop = DROP_QUESTION_UNASSIGNED,
	 .blame = A},
	{"complete: probe", ASSIGNED, A, "0.0.0.0", V4(77), .drop = DROP_QUESTION_UNASSIGNED,
	 .blame = A},
	{"complete: DAD", ASSIGNED, A, "::", V6(77), .drop = DROP_QUESTION_UNASSIGNED, .blame = A},
	{"complete: assigned", ASSIGNED, A, V4(1), V4(2), .floods = OTHERS(A)},
	{"complete: own", ASSIGNED, B, V4(9), V4(2), .floods = OTHERS(B)},
	{"complete: link-local", ASSIGNED | PROXY, A, V6(1), "fe80::77", .floods = OTHERS(A)},
	{"complete: link-local DAD", ASSIGNED, A, "::", "fe80::77", .floods = OTHERS(A)},

	// The sponge.
	{"59: sponged", SPONGE, A, V4(1), V4(2), .given = b_sponged, .sponged = true},
	{"sponged, untagged", SPONGE, C, V4(3), V4(2), .given = b_sponged, .sponged = true},
	{"sponged: NS", SPONGE, A, V6(1), V6(2), .given = b_sponged, .sponged = true},
	{"sponged: NS, untagged", SPONGE, C, V6(3), V6(2), .given = b_sponged, .sponged = true},
	{"sponged: NS from link-local", SPONGE, A, "fe80::1", V6(2), .given = b_sponged,
	 .sponged = true},
	{"sponged: others hold it", SPONGE, A, V6(1), V6(2), .given = b_sponged, .is_shared = true,
	 .sponged = true},
	{"before the proxy", SPONGE | PROXY, A, V4(1), V4(2), .given = b_sponged, .sponged = true},
	{"before one port", SPONGE | UNICAST, A, V6(1), V6(2), .given = b_sponged, .sponged = true},
	{"79: nobody's, complete", SPONGE | ASSIGNED, A, V4(1), V4(77), .given = nobody_sponged,
	 .sponged = true},
	{"80: nobody's, complete", SPONGE | ASSIGNED, A, V6(1), V6(77),
	 .drop = DROP_QUESTION_UNASSIGNED, .blame = A},
	{"nobody's", SPONGE, A, V6(1), V6(77), .given = nobody_sponged, .sponged = true},
	{"learned, and down", SPONGE | PROXY, A, V4(1), V4(77), .given = learned_sponged,
	 .sponged = true},
	{"an unknown option", SPONGE, A, V6(1), V6(2), .given = b_sponged, .change = add_unknown,
	 .sponged = true},
	{"in no LAN without a sponge", LEARNS, A, V4(1), V4(77), .given = nobody_sponged,
	 .floods = OTHERS(A)},
	{"44: not to its owner", SPONGE, B, V4(9), V4(2), .given = b_sponged, .floods = OTHERS(B),
	 .told = true},
	{"not to its owner, proxy", SPONGE | PROXY, B, V4(9), V4(2), .given = b_sponged,
	 .drop = DROP_QUESTION_OWN, .blame = B},
	{"not to who learned it", SPONGE, B, V4(2), V4(77), .given = learned_sponged,
	 .floods = OTHERS(B), .told = true},
	{"no probe", SPONGE, A, "0.0.0.0", V4(2), .given = b_sponged, .floods = OTHERS(A),
	 .told = true, .told_flags = ADDRESS_PROBE},
	{"no DAD", SPONGE, A, "::", V6(2), .given = b_sponged, .floods = OTHERS(A), .told = true,
	 .told_flags = ADDRESS_PROBE},
	{"no probe of what was learned", SPONGE | PROXY, A, "0.0.0.0", V4(77),
	 .given = learned_sponged, .floods = OTHERS(A), .told = true, .told_flags = ADDRESS_PROBE},
	{"50: a probe of another's", SPONGE | PROXY, A, "0.0.0.0", V4(2), .given = b_sponged,
	 .answered = true, .told = true, .told_flags = ADDRESS_PROBE | ADDRESS_ANSWERED},
	{"no announcement", SPONGE, A, V4(2), V4(2), .given = b_sponged, .floods = OTHERS(A)},
	{"70: dummy", DUMMY, A, V4(1), V4(2), .given = b_sponged, .floods = OTHERS(A),
	 .told = true},
	{"70: dummy, proxy", DUMMY | PROXY, A, V4(1), V4(2), .given = b_sponged, .answered = true,
	 .told = true, .told_flags = ADDRESS_ANSWERED},
	{"a question for one that lives", SPONGE, A, V4(1), V4(2), .given = b_live,
	 .floods = OTHERS(A), .told = true},
	{"for one that nobody knows", SPONGE, A, V6(1), V6(77), .floods = OTHERS(A), .told = true},
	{"for a link-local one", SPONGE, A, V6(1), "fe80::77", .floods = OTHERS(A)},
	{"43: proxy", SPONGE | PROXY, A, V4(1), V4(2), .given = b_live, .answered = true,
	 .told = true, .told_flags = ADDRESS_ANSWERED},
	{"one port", SPONGE | UNICAST, A, V4(1), V4(2), .turned = true, .told = true},
	{"52: to one station", SPONGE, A, V4(1), V4(2), STATION(B), .given = b_sponged,
	 .floods = 1 << B},
	{"to the sponge", SPONGE, A, V4(1), V4(2), SPONGE_MAC, .given = b_sponged, .sponged = true},
	{"to the sponge: NUD", SPONGE, A, V6(1), V6(2), SPONGE_MAC, .given = b_sponged,
	 .sponged = true},
	{"to the sponge, which has it no longer", SPONGE | PROXY, A, V4(1), V4(2), SPONGE_MAC,
	 .given = b_live, .arrives = true},
	{"a reply to the sponge", SPONGE, A, V4(1), V4(2), SPONGE_MAC, .change = set_reply,
	 .arrives = true},

	// Learned.
	{"learned", LEARNS | PROXY, A, V4(1), V4(77), .given = learned, .answered = true},
	{"learned: NS", LEARNS | PROXY, A, V6(1), V6(77), .given = learned, .answered = true},
	{"learned: probe", LEARNS | PROXY, A, "0.0.0.0", V4(77), .given = learned,
	 .answered = true},
	{"learned: own", LEARNS | PROXY, B, V4(2), V4(77), .given = learned,
	 .drop = DROP_QUESTION_OWN, .blame = B},
	{"learned: its MAC is not known", LEARNS | PROXY, A, V4(1), V4(77), .given = learned_port,
	 .floods = 1 << B},
	{"claimed by more than one", LEARNS | PROXY, A, V4(1), V4(77), .given = frozen,
	 .floods = OTHERS(A)},

	// Budgets.
	{"no more questions", 0, A, V4(1), V4(2), .no_more = METER_QUESTION,
	 .drop = DROP_QUESTION_BUDGET, .blame = A},
	{"no more questions: NS", PROXY, A, V6(1), V6(2), .no_more = METER_QUESTION,
	 .drop = DROP_QUESTION_BUDGET, .blame = A},
	{"no more for nobody's", 0, A, V4(1), V4(77), .no_more = METER_QUESTION_UNKNOWN,
	 .drop = DROP_QUESTION_UNKNOWN_BUDGET, .blame = A},
	{"but for others", PROXY, A, V4(1), V4(2), .no_more = METER_QUESTION_UNKNOWN,
	 .answered = true},
	{"and for the sponge's", SPONGE, A, V4(1), V4(77), .given = nobody_sponged,
	 .no_more = METER_QUESTION_UNKNOWN, .sponged = true},
	{"and the other way round", 0, A, V4(1), V4(77), .no_more = METER_QUESTION,
	 .floods = OTHERS(A)},
	{"not told", SPONGE, A, V4(1), V4(77), .no_more = METER_QUESTION_UNKNOWN,
	 .drop = DROP_QUESTION_UNKNOWN_BUDGET, .blame = A},
	{"an announcement is none", 0, A, V4(2), V4(2), .no_more = METER_QUESTION,
	 .floods = OTHERS(A)},
	{"nor what is for one station", 0, A, V4(1), V4(2), STATION(B), .no_more = METER_QUESTION,
	 .floods = 1 << B},
	{"a customer's in a tag", LAN_TRANSPARENT, C, V4(3), V4(2), .change = tag,
	 .floods = OTHERS(C)},
};

// ---- A row

static void make_policy(const struct row *row)
{
	static const struct policy_prefix_conf prefixes[] = {
		{.family = 4, .length = 24, .address = {192, 0, 2}},
		{.family = 6, .length = 64, .address = {0x20, 0x01, 0x0d, 0xb8, 0, 2}},
	};
	static const char *const addresses[] = {V4(1), V6(1), V4(2), V6(2), V4(3),
						V6(3), V4(4), V6(4), V4(5), V6(5)};

	world_begin();
	world_lan(0, row->lan_flags, 1500, 0);
	if (row->lan_flags & (SPONGE | LEARNS))
		world_sponge(0, SPONGE_MAC, 64);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		world_prefix(0, &prefixes[i]);
	for (uint16_t p = 0; p < PORTS; p++) {
		world_port(p, PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_MULTICAST, 1500, p >= D);
		world_member(p, 0, p == A ? VID : 0);
		if (p != C)
			world_mac(p, 0, STATION(p), MAC_REGISTERED);
	}
	for (uint16_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		struct octets address = {0};
		struct message m;

		put_address(&address, addresses[i]);
		message_init(&m, COMMAND_POLICY_ADDRESS, 0);
		m.address = (struct policy_address_conf){.port = i / 2,
							 .family = address.n == 4 ? 4 : 6};
		memcpy(m.address.address, address.at, address.n);
		draft_add(&world.draft, &m);
	}
	if (row->no_more)
		world.draft.limits[row->port].meters[row->no_more].unit = RATE_FRAMES;
	world_commit();
}

static void forget_hosts(void)
{
	static const char *const addresses[] = {V4(2), V6(2), V4(77), V6(77)};

	for (size_t i = 0; world.hosts[0] && i < sizeof(addresses) / sizeof(*addresses); i++)
		set_host(addresses[i], HOST_FORGET, FDB_ANY, 0);
}

static void start_anew(const struct row *row)
{
	rte_pktmbuf_free_bulk(held, n_held);
	n_held = 0;
	world_clear();
	for (uint16_t p = 0; p < PORTS; p++) {
		world_link(p, true);
		atomic_store(&world.fabric.disabled[p], DISABLE_NONE);
	}
	// What is known of C's station is kept over commits, but not over a change of owner.
	policy_free(world.policy);
	world.policy = NULL;
	make_policy(row);
	forget_hosts();
	memset(world.fabric.meters, 0, sizeof(world.fabric.meters));
	if (row->no_more)
		world_limit(row->port, row->no_more, &(struct rate){.unit = RATE_FRAMES});
	fdb_flush(world.fdbs[0], FDB_ANY, 0);
	for (uint16_t p = 0; p < PORTS; p++)
		fdb_add_static(world.fdbs[0], STATION(p), p, MAC_REGISTERED);
	if (row->lan_flags & (SPONGE | LEARNS))
		fdb_add_static(world.fdbs[0], SPONGE_MAC, PORT_FABRIC, MAC_RESERVED);
	else
		fdb_del_static(world.fdbs[0], SPONGE_MAC);
	if (row->given)
		row->given();
}

static uint16_t owner_of(const char *address)
{
	return (uint16_t)(address[strlen(address) - 1] - '1');
}

static mac_t group_of(const char *target)
{
	return is_ipv6(target) ? MAC(0x33, 0x33, 0xff, 0, 0, (uint64_t)(owner_of(target) + 1))
			       : MAC_BROADCAST;
}

static struct octets question_of(const struct row *row)
{
	struct octets frame = {0};
	mac_t asker = STATION(row->port), to = row->to ? row->to : group_of(row->target);
	bool tagged = row->port == A;
	char solicited[] = "ff02::1:ff00:0";

	if (is_ipv6(row->target)) {
		solicited[sizeof(solicited) - 2] = row->target[strlen(row->target) - 1];
		put_header(&frame, to, asker, tagged, 0x86dd);
		put_nd(&frame, 135, 0, row->sender, row->to ? row->target : solicited, row->target,
		       1, is_nobody(row->sender) ? 0 : asker);
	} else {
		put_header(&frame, to, asker, tagged, 0x0806);
		put_arp(&frame, 1, asker, row->sender, 0, row->target);
	}
	if (row->change)
		row->change(&frame);
	return frame;
}

static struct octets answer_of(const struct row *row)
{
	struct octets frame = {0};
	mac_t asker = STATION(row->port), owner = STATION(owner_of(row->target));
	bool tagged = row->port == A, probe = is_nobody(row->sender);
	mac_t all = MAC(0x33, 0x33, 0, 0, 0, 1);

	if (row->given == swap_router)
		owner = STATION(B + 8);
	if (row->sponged)
		owner = SPONGE_MAC;
	if (is_ipv6(row->target)) {
		put_header(&frame, probe ? all : asker, owner, tagged, 0x86dd);
		put_nd(&frame, 136,
		       row->sponged ? 0xc0
		       : probe	    ? 0xa0
				    : 0xe0,
		       row->target, probe ? "ff02::1" : row->sender, row->target, 2, owner);
	} else {
		put_header(&frame, asker, owner, tagged, 0x0806);
		put_arp(&frame, 2, owner, row->target, asker, row->sender);
	}
	if (row->change == give_priority)
		row->change(&frame);
	return frame;
}

// The question as it leaves by "port".
static struct octets as_sent(const struct row *row, uint16_t port)
{
	struct octets frame = question_of(row);

	if (row->turned)
		mac_store(STATION(port), frame.at);
	if (row->port == A) {
		memmove(frame.at + 12, frame.at + 16, frame.n - 16U);
		frame.n -= TAG_SIZE;
	} else if (port == A) {
		memmove(frame.at + 16, frame.at + 12, frame.n - 12U);
		memcpy(frame.at + 12, (uint8_t[]){0x81, 0, 0, VID}, 4);
		frame.n += TAG_SIZE;
	}
	return frame;
}

static struct rte_mbuf *receive(const struct row *row)
{
	struct octets question = question_of(row);
	struct rte_mbuf *frame = world_frame(question.n), *shared = row->is_shared ? frame : NULL;

	memcpy(rte_pktmbuf_mtod(frame, void *), question.at, question.n);
	if (shared)
		rte_mbuf_refcnt_update(frame, 1);
	world_receive(row->port, &frame, 1);
	return shared;
}

static void expect_sent(const struct row *row, uint16_t port, const struct octets *wanted)
{
	struct rte_mbuf *frame = world_sent(port);

	cr_expect(frame, "%s: nothing left by port %u", row->name, port);
	if (!frame)
		return;
	const uint8_t *octets = rte_pktmbuf_mtod(frame, const uint8_t *);
	cr_expect_eq(frame->pkt_len, wanted->n, "%s: %u octets", row->name, frame->pkt_len);
	cr_expect_eq(frame->data_len, wanted->n, "%s", row->name);
	for (uint16_t i = 0; i < wanted->n; i++)
		cr_expect_eq(octets[i], wanted->at[i], "%s: octet %u by port %u is %02x, not %02x",
			     row->name, i, port, octets[i], wanted->at[i]);
	rte_pktmbuf_free(frame);
}

static void expect_counted(const struct row *row, uint16_t port, const struct octets *sent)
{
	const struct port_counters *c = &world.worker->counters[port];
	mac_t dst = mac_load(sent->at);
	bool all = dst == MAC_BROADCAST;

	cr_expect_eq(c->tx_frames, 1, "%s: port %u", row->name, port);
	cr_expect_eq(c->tx_broadcast, all, "%s: port %u", row->name, port);
	cr_expect_eq(c->tx_multicast, mac_is_group(dst) && !all, "%s: port %u", row->name, port);
}

static void expect_outs(const struct row *row)
{
	unsigned int outs = row->turned ? 1U << owner_of(row->target) : row->floods;

	for (uint16_t p = 0; p < PORTS; p++) {
		struct octets wanted = {0};

		if ((row->answered || row->sponged) && p == row->port)
			wanted = answer_of(row);
		else if (outs >> p & 1)
			wanted = as_sent(row, p);
		if (wanted.n) {
			expect_sent(row, p, &wanted);
			expect_counted(row, p, &wanted);
		}
		struct rte_mbuf *more = world_sent(p);
		cr_expect_null(more, "%s: a frame left by port %u", row->name, p);
		rte_pktmbuf_free(more);
	}
}

static void expect_books(const struct row *row)
{
	const struct pair_counters *own = &world.worker->pairs[row->port * MAX_PORTS + row->port];
	const struct port_counters *c = &world.worker->counters[row->port];

	bool replies = row->answered || row->sponged;
	bool dummy = row->lan_flags & LAN_DUMMY;

	cr_expect_eq(c->consumed, replies || row->arrives, "%s: consumed", row->name);
	cr_expect_eq(c->injected, replies, "%s: injected", row->name);
	cr_expect_eq(c->answered, row->answered, "%s: answered", row->name);
	cr_expect_eq(c->sponged, row->sponged || dummy, "%s: sponged", row->name);
	for (int kind = 0; kind < PAIR_KINDS; kind++)
		cr_expect_eq(own->frames[kind], 0, "%s: it is in the matrix", row->name);
	for (uint16_t p = 0; p < PORTS; p++) {
		for (enum drop_reason r = 1; r < DROP_COUNT; r++)
			cr_expect_eq(world.worker->counters[p].drops[r],
				     r == row->drop && p == row->blame, "%s: %s on port %u",
				     row->name, drop_infos[r].name, p);
	}
	cr_expect_null(world_audit(n_held), "%s: %s", row->name, world_audit(n_held));
}

static const struct event_address *told_question(unsigned int *n)
{
	const struct event_address *question = NULL;

	*n = 0;
	for (uint32_t i = 0; i < world.n_events && i < WORLD_EVENTS; i++) {
		if (world.events[i].header.type != EVENT_QUESTION)
			continue;
		question = &world.events[i].event_address;
		(*n)++;
	}
	return question;
}

static void expect_question(const struct row *row)
{
	struct octets target = {0}, asker = {0};
	unsigned int n;
	const struct event_address *question = told_question(&n);

	cr_expect_eq(n, row->told, "%s: %u questions told", row->name, n);
	if (!question)
		return;
	put_address(&target, row->target);
	put_address(&asker, row->sender);
	cr_expect_eq(memcmp(question->address, target.at, 16), 0, "%s: target", row->name);
	if (!is_nobody(row->sender))
		cr_expect_eq(memcmp(question->asker, asker.at, 16), 0, "%s: asker", row->name);
	cr_expect_eq(question->family, target.n == 4 ? 4 : 6);
	cr_expect_eq(question->mac, STATION(row->port));
	cr_expect_eq(question->port, row->port);
	cr_expect_eq(question->flags, row->told_flags, "%s: flags %x", row->name, question->flags);
}

// Whoever is answered by the sponge is remembered.
static void expect_remembered(const struct row *row)
{
	const uint64_t *any = NULL;
	struct host_info infos[4];
	uint32_t cursor = 0, n, told = 0, answered = 0;

	n = world.hosts[0] ? hosts_dump(world.hosts[0], any, &cursor, infos, 4) : 0;
	for (uint32_t i = 0; i < n; i++) {
		told += infos[i].told;
		answered += infos[i].answered;
	}
	cr_expect_eq(told, row->sponged, "%s: %u ports were told", row->name, told);
	cr_expect_eq(answered, row->sponged, "%s", row->name);
}

static void run(const struct row *row)
{
	start_anew(row);
	struct rte_mbuf *shared = receive(row);
	if (shared) {
		struct octets question = question_of(row);

		cr_expect_eq(memcmp(rte_pktmbuf_mtod(shared, void *), question.at, question.n), 0,
			     "%s: a buffer of somebody else was written to", row->name);
		rte_pktmbuf_free(shared);
	}
	expect_outs(row);
	expect_books(row);
	expect_question(row);
	expect_remembered(row);
}

// A burst with both kinds, and what they are not mistaken for.
static void run_burst(void)
{
	enum { N = 64 };
	const struct row known = {.port = A, .sender = V4(1), .target = V4(2), .to = STATION(B)};
	const struct row asked = {"burst", PROXY, A, V4(1), V4(2)};
	struct octets frames[] = {question_of(&asked), question_of(&known)};
	struct octets wanted[] = {answer_of(&asked), as_sent(&known, B)};
	struct rte_mbuf *mbufs[N];

	start_anew(&asked);
	for (int i = 0; i < N; i++) {
		mbufs[i] = world_frame(frames[i % 2].n);
		memcpy(rte_pktmbuf_mtod(mbufs[i], void *), frames[i % 2].at, frames[i % 2].n);
	}
	world_receive(A, mbufs, N);
	for (int i = 0; i < N / 2; i++) {
		expect_sent(&asked, A, &wanted[0]);
		expect_sent(&asked, B, &wanted[1]);
	}
	cr_expect_null(world_sent(A));
	cr_expect_null(world_sent(B));
	cr_expect_null(world_audit(0), "%s", world_audit(0));
}

// What is answered is no storm: nothing is taken from the port's budget.
static void run_storm(void)
{
	const struct rate one = {.unit = RATE_FRAMES, .value = 1};
	const struct row asked = {"storm", PROXY, A, V4(1), V4(2), .answered = true};

	start_anew(&asked);
	world_limit(A, METER_BROADCAST, &one);
	for (int i = 0; i < ROOM; i++) {
		receive(&asked);
		rte_pktmbuf_free(world_sent(A));
	}
	cr_expect_eq(world.worker->counters[A].drops[DROP_STORM_BROADCAST], 0);
	cr_expect_eq(world.worker->counters[A].injected, ROOM);
	memset(world.fabric.meters, 0, sizeof(world.fabric.meters));
}

// So many in a second, and the next one says how many were not told.
static void run_told(void)
{
	const struct row asked = {"told", SPONGE, A, V4(1), V4(77)};
	const struct event_address *question;
	struct rte_mbuf *frame;
	unsigned int n;

	start_anew(&asked);
	world.cycles += WORLD_HZ;
	for (int i = 0; i < 1100; i++) {
		receive(&asked);
		for (uint16_t p = 0; p < PORTS; p++) {
			while ((frame = world_sent(p)))
				rte_pktmbuf_free(frame);
		}
	}
	told_question(&n);
	cr_expect_eq(n, 1000);
	world.cycles += WORLD_HZ;
	world.n_events = 0;
	receive(&asked);
	question = told_question(&n);
	cr_assert_eq(n, 1);
	cr_expect_eq(question->missed, 100);
	for (uint16_t p = 0; p < PORTS; p++) {
		while ((frame = world_sent(p)))
			rte_pktmbuf_free(frame);
	}
}

static void expect_told(const struct row *row, const char *told)
{
	static struct trace trace;
	bool found = false;

	start_anew(row);
	trace.n_steps = 0;
	world.worker->dry = true;
	world.worker->trace = &trace;
	receive(row);
	world.worker->dry = false;
	world.worker->trace = NULL;
	for (uint32_t s = 0; s < trace.n_steps; s++) {
		found |= strcmp(trace.steps[s].stage, "answer") == 0 &&
			 strcmp(trace.steps[s].text, told) == 0;
		cr_expect(strcmp(trace.steps[s].stage, "flood") != 0, "%s: %s", row->name,
			  trace.steps[s].text);
	}
	cr_expect(found, "%s: not told", row->name);
}

static void run_explained(void)
{
	static const struct row explained[] = {
		{"ARP", PROXY, A, V4(1), V4(2)},
		{"NS", UNICAST, A, V6(1), V6(2)},
		{"nobody's", ASSIGNED, A, V4(1), V4(77)},
		{"sponged", SPONGE, A, V4(1), V4(2), .given = b_sponged},
		{"to the sponge", SPONGE, A, V4(1), V4(2), SPONGE_MAC},
		{"learned", LEARNS | PROXY, A, V4(1), V4(77), .given = learned},
	};

	expect_told(&explained[0],
		    "answered in the name of 192.0.2.2, which is 02:00:00:00:00:02 on swp1");
	expect_told(&explained[1], "asks for 2001:db8:2::2, so only swp1 is given it");
	expect_told(&explained[2], "A question for an address which nobody has.");
	expect_told(&explained[3], "answered by the sponge for 192.0.2.2, which is down");
	expect_told(&explained[4], "for the sponge itself: it ends here");
	expect_told(&explained[5], "answered in the name of 192.0.2.77, which is "
				   "02:00:00:00:00:07 on swp1");
}

Test(frames, answer)
{
	world_init(PORTS, ROOM, BUFFERS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		run(&rows[i]);
	run_burst();
	run_storm();
	run_told();
	run_explained();
	world_fini();
}
