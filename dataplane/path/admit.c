// SPDX-License-Identifier: BSD-3-Clause
// May it enter the LAN, as far as its form goes: its ethertype, whom it is for, what its headers
// say.
//
// The decision is that of admit(). But nearly every frame of an exchange is unicast, and IPv4
// without options or IPv6 with TCP or UDP: those that are so plain that admit() has nothing to say
// against them are told at first sight, and all others go through it.
#include <rte_branch_prediction.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/octets.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

static inline bool is_plain_ipv4(struct octets p, uint8_t edge_mask)
{
	enum { VERSION_AND_SIZE = 0x45, ICMP = 1 };
	long room = p.end - p.at;

	if (room < ADMIT_IPV4_MIN)
		return false;
	uint16_t total = load_be16(p.at + 2);
	return p.at[0] == VERSION_AND_SIZE && total >= ADMIT_IPV4_MIN && total <= room &&
	       p.at[9] != ICMP && ((p.at[19] + 1U) & edge_mask) > 1;
}

static inline bool is_plain_ipv6(struct octets p)
{
	enum { VERSION = 6, TCP = 6, UDP = 17 };
	long room = p.end - p.at - ADMIT_IPV6_MIN;

	return room >= 0 && p.at[0] >> 4 == VERSION && load_be16(p.at + 4) <= room &&
	       (p.at[6] == TCP || p.at[6] == UDP);
}

// Those of "frames", unicast IPv4 or unicast IPv6 with a header of "header" octets, that are not
// plain.
static inline uint64_t find_odd_ipv4(const struct batch *b, uint64_t frames, unsigned int header,
				     uint8_t edge_mask)
{
	uint64_t odd = 0;

	batch_foreach (i, frames) {
		if (unlikely(!is_plain_ipv4(octets_behind(b, i, header), edge_mask)))
			odd |= UINT64_C(1) << i;
	}
	return odd;
}

static inline uint64_t find_odd_ipv6(const struct batch *b, uint64_t frames, unsigned int header)
{
	uint64_t odd = 0;

	batch_foreach (i, frames) {
		if (unlikely(!is_plain_ipv6(octets_behind(b, i, header))))
			odd |= UINT64_C(1) << i;
	}
	return odd;
}

// Those of "frames" that need a closer look.
static uint64_t find_odd(const struct batch *b, uint64_t frames, const struct policy_lan *lan,
			 uint32_t plain)
{
	uint64_t unicast = frames & ~b->group, bare = ~b->tagged, odd = 0;
	uint64_t v4 = plain & PLAIN_IPV4 ? unicast & batch_where8(b->kind, PAIR_IPV4) : 0;
	uint64_t v6 = plain & PLAIN_IPV6 ? unicast & batch_where8(b->kind, PAIR_IPV6) : 0;

	odd |= find_odd_ipv4(b, v4 & bare, FRAME_OVERHEAD, lan->edge_mask);
	odd |= find_odd_ipv6(b, v6 & bare, FRAME_OVERHEAD);
	if (unlikely((v4 | v6) & b->tagged)) {
		odd |= find_odd_ipv4(b, v4 & ~bare, FRAME_OVERHEAD + TAG_SIZE, lan->edge_mask);
		odd |= find_odd_ipv6(b, v6 & ~bare, FRAME_OVERHEAD + TAG_SIZE);
	}
	return odd | (frames & ~(v4 | v6));
}

static enum admit_group group_of(const struct batch *b, unsigned int i)
{
	if (b->broadcast >> i & 1)
		return ADMIT_BROADCAST;
	return b->group >> i & 1 ? ADMIT_MULTICAST : ADMIT_UNICAST;
}

static void judge(struct batch *b, uint64_t frames, const struct admit_rules *rules,
		  const struct admit_nets *nets)
{
	batch_foreach (i, frames) {
		struct octets p = octets_behind(b, i, header_length(b, i));
		enum drop_reason reason =
			admit(rules, nets, b->type[i], p.at, p.end, group_of(b, i));

		if (reason != DROP_NONE)
			batch_drop(b, i, reason);
	}
}

void admission(struct worker *w, struct batch *b)
{
	const struct policy *policy = w->policy;
	const struct policy_port *port = &policy->ports[b->port];
	uint64_t left = b->live, frames;
	uint8_t l;

	while ((frames = batch_take_lan(b, &left, &l))) {
		const struct policy_lan *lan = &policy->lans[l];
		const struct admit_rules *rules = &policy->rules[port->lan_rules[l]];

		if (rules->flags == RULE_ALL)
			continue;
		uint64_t odd = find_odd(b, frames, lan, policy->plain[port->lan_rules[l]]);
		if (unlikely(odd))
			judge(b, odd, rules, &lan->nets);
	}
}
