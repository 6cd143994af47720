// SPDX-License-Identifier: BSD-3-Clause
// What a peering LAN refuses, said once more: for each reason, whether it holds for a frame. The
// frame dies for the first of the list that does.
#include <string.h>

#include "lib/message.h"
#include "tests/frames/reference.h"

struct packet {
	const struct ref_lan *lan;
	mac_t dst;
	int type;
	const uint8_t *octets;
	int n;
};

static bool allows(const struct packet *p, int flag)
{
	return p->lan->rules & flag;
}

static int word(const struct packet *p, int at)
{
	return p->octets[at] << 8 | p->octets[at + 1];
}

static bool is_any_of(int value, const int *values, int n)
{
	for (int i = 0; i < n; i++) {
		if (values[i] == value)
			return true;
	}
	return false;
}
#define IS_ANY_OF(value, ...) \
	is_any_of(value, (int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

static bool is_to_all(const struct packet *p)
{
	return p->dst == MAC_BROADCAST;
}

static bool is_to_group(const struct packet *p)
{
	return p->dst & 1 && !is_to_all(p);
}

// ---- RFC 826

static bool is_arp(const struct packet *p)
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4, 0};

	return p->n >= 28 && memcmp(p->octets, start, sizeof(start)) == 0 &&
	       (p->octets[7] == 1 || p->octets[7] == 2);
}

// ---- RFC 791

static int ipv4_header(const struct packet *p)
{
	return p->octets[0] % 16 * 4;
}

static bool is_ipv4(const struct packet *p)
{
	return p->n >= 20 && p->octets[0] / 16 == 4 && ipv4_header(p) >= 20 &&
	       word(p, 2) >= ipv4_header(p) && word(p, 2) <= p->n;
}

static bool is_for_no_station(const struct packet *p)
{
	static const uint8_t nobody[][4] = {{255, 255, 255, 255}, {192, 0, 2, 0}, {192, 0, 2, 255}};

	for (int i = 0; i < 3; i++) {
		if (memcmp(p->octets + 16, nobody[i], 4) == 0)
			return true;
	}
	return false;
}

static bool is_ipv4_redirect(const struct packet *p)
{
	int header = ipv4_header(p);

	return p->octets[9] == 1 && word(p, 6) % 8192 == 0 && header < p->n &&
	       p->octets[header] == 5;
}

// ---- RFC 8200

struct ipv6 {
	enum drop_reason wrong; // with its headers
	bool is_fragment;
	int message; // of ICMPv6, or -1
};

// What a first fragment must have of it (RFC 7112), not counting what fills the frame up.
static int upper_header(int protocol)
{
	switch (protocol) {
	case 6:
		return 20;
	case 17:
		return 8;
	default:
		return protocol == 59 ? 0 : 1;
	}
}

static struct ipv6 read_ipv6(const struct packet *p)
{
	struct ipv6 v6 = {.message = -1};
	int next, at = 40, headers = 0;

	if (p->n < 40 || p->octets[0] / 16 != 6 || 40 + word(p, 4) > p->n) {
		v6.wrong = DROP_IPV6_HEADER_CORRUPTED;
		return v6;
	}
	next = p->octets[6];
	while (IS_ANY_OF(next, 0, 43, 44, 51, 60, 135, 139, 140)) {
		if (headers++ == 11) // RFC 8200 knows seven
			break;
		if (at + 8 > p->n)
			goto cut;
		int size = next == 44	? 8
			   : next == 51 ? (p->octets[at + 1] + 2) * 4
					: (p->octets[at + 1] + 1) * 8;
		if (next == 44 && word(p, at + 2) / 8 != 0)
			return v6; // its first fragment says what it is
		v6.is_fragment |= next == 44;
		next = p->octets[at];
		at += size;
	}
	if (headers > 11) {
		// The twelfth is looked at only as far as whether it is there.
		v6.wrong = at + 8 > p->n ? (v6.is_fragment ? DROP_IPV6_FIRST_FRAGMENT
							   : DROP_IPV6_HEADER_CORRUPTED)
					 : DROP_IPV6_HEADER_CHAIN;
		if (next == 44 && at + 8 <= p->n && word(p, at + 2) / 8 != 0)
			v6.wrong = DROP_NONE;
		return v6;
	}
	if (v6.is_fragment && at + upper_header(next) > 40 + word(p, 4))
		goto cut;
	if (next != 58)
		return v6;
	if (at < p->n) {
		v6.message = p->octets[at];
		return v6;
	}
cut:
	v6.wrong = v6.is_fragment ? DROP_IPV6_FIRST_FRAGMENT : DROP_IPV6_HEADER_CORRUPTED;
	return v6;
}

// ---- All together

static void judge_ethernet(const struct packet *p, bool *wrong)
{
	bool arp = p->type == 0x0806, v4 = p->type == 0x0800, v6 = p->type == 0x86dd;
	bool group = is_to_group(p) && !allows(p, RULE_ANY_MULTICAST);

	if (!allows(p, RULE_ANY_TYPE)) {
		wrong[DROP_NOT_ETHERNET_II] = p->type < 1536;
		wrong[DROP_VLAN_TAG_STACKED] = IS_ANY_OF(p->type, 0x8100, 0x88a8, 0x9100);
		wrong[DROP_ETHERTYPE_NOT_ALLOWED] = !arp && !v4 && !v6;
	}
	wrong[DROP_ARP_MALFORMED] = arp && !allows(p, RULE_ANY_HEADERS) && !is_arp(p);
	wrong[DROP_BROADCAST_NOT_ARP] = is_to_all(p) && !allows(p, RULE_ANY_BROADCAST) && !arp;
	wrong[DROP_IPV4_MULTICAST] = group && v4;
	wrong[DROP_MULTICAST_NOT_ND] = group && !v4 && !v6;
}

static void judge_ipv4(const struct packet *p, bool *wrong)
{
	if (!is_ipv4(p)) {
		wrong[DROP_IPV4_HEADER_CORRUPTED] = true;
		return;
	}
	wrong[DROP_IPV4_DST_IS_BROADCAST] = !allows(p, RULE_DIRECTED) && is_for_no_station(p);
	wrong[DROP_IPV4_REDIRECT] = !allows(p, RULE_REDIRECTS) && is_ipv4_redirect(p);
}

// RFC 4861 (messages 133 to 137), 2710 and 3810 (130 to 132, 143), 6980 (no fragments).
static void judge_ipv6(const struct packet *p, bool *wrong)
{
	struct ipv6 v6 = read_ipv6(p);
	bool nd = v6.message >= 133 && v6.message <= 137;
	bool mld = IS_ANY_OF(v6.message, 130, 131, 132, 143);

	wrong[v6.wrong] = true;
	if (v6.wrong)
		return;
	wrong[DROP_ND_FRAGMENTED] = nd && v6.is_fragment;
	wrong[DROP_IPV6_ROUTER_SOLICITATION] = v6.message == 133 && !allows(p, RULE_ROUTERS);
	wrong[DROP_IPV6_ROUTER_ADVERTISEMENT] = v6.message == 134 && !allows(p, RULE_ROUTERS);
	wrong[DROP_IPV6_REDIRECT] = v6.message == 137 && !allows(p, RULE_REDIRECTS);
	wrong[DROP_IPV6_MLD] = mld && !allows(p, RULE_MLD);
	wrong[DROP_IPV6_MULTICAST] =
		is_to_group(p) && !allows(p, RULE_ANY_MULTICAST) && !nd && !mld;
}

enum drop_reason ref_judge(const struct ref_lan *lan, mac_t dst, const uint8_t *type, int n)
{
	struct packet p = {lan, dst, type[0] << 8 | type[1], type + 2, n - 2};
	bool wrong[DROP_COUNT] = {false};

	judge_ethernet(&p, wrong);
	if (p.type == 0x0800 && !allows(&p, RULE_ANY_HEADERS))
		judge_ipv4(&p, wrong);
	if (p.type == 0x86dd && !allows(&p, RULE_ANY_HEADERS))
		judge_ipv6(&p, wrong);
	for (enum drop_reason r = DROP_NONE + 1; r < DROP_COUNT; r++) {
		if (wrong[r])
			return r;
	}
	return DROP_NONE;
}
