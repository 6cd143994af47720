// SPDX-License-Identifier: BSD-3-Clause
// May it enter the LAN, as far as its form goes: its ethertype, whom it is for, what its headers
// say.
//
// The decision is that of admit(). But nearly every frame of an exchange is unicast, and IPv4
// without options or IPv6 with TCP or UDP: those that are so plain that admit() has nothing to say
// against them are told at first sight, and all others go through it.
#include <smmintrin.h>
#include <string.h>

#include <rte_branch_prediction.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/octets.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// "spare" is what the frame has beyond a header, so that one comparison tells a length that is less
// than a header and one that is more than the frame.
static inline bool is_plain_ipv4(struct octets p, uint8_t edge_mask)
{
	enum { VERSION_AND_SIZE = 0x45, ICMP = 1 };
	int spare = (int)(p.end - p.at) - ADMIT_IPV4_MIN;

	return spare >= 0 && p.at[0] == VERSION_AND_SIZE &&
	       load_be16(p.at + 2) - (unsigned int)ADMIT_IPV4_MIN <= (unsigned int)spare &&
	       p.at[9] != ICMP && (p.at[19] + 1U) & edge_mask;
}

static inline bool is_plain_ipv6(struct octets p)
{
	enum { VERSION = 6, TCP = 6, UDP = 17 };
	int spare = (int)(p.end - p.at) - ADMIT_IPV6_MIN;

	return spare >= 0 && p.at[0] >> 4 == VERSION && load_be16(p.at + 4) <= spare &&
	       (p.at[6] == TCP || p.at[6] == UDP);
}

// The first 16 octets behind the headers of four frames, by columns of 32 bits.
static inline void load_columns(const uint8_t *const at[4], __m128i *first, __m128i *third)
{
	__m128i a = batch_load(at[0]), b = batch_load(at[1]);
	__m128i c = batch_load(at[2]), d = batch_load(at[3]);

	*first = _mm_unpacklo_epi64(_mm_unpacklo_epi32(a, b), _mm_unpacklo_epi32(c, d));
	*third = _mm_unpacklo_epi64(_mm_unpackhi_epi32(a, b), _mm_unpackhi_epi32(c, d));
}

// The 32 bits behind them.
static inline __m128i load_next(const uint8_t *const at[4])
{
	int words[4];

	for (int k = 0; k < 4; k++)
		memcpy(&words[k], at[k] + 16, sizeof(*words));
	return _mm_set_epi32(words[3], words[2], words[1], words[0]);
}

// is_plain_ipv4() for four frames at once, which must have the header: a bit for each that is odd.
static inline uint64_t four_odd_ipv4(const struct batch *b, unsigned int i, unsigned int header,
				     uint8_t edge_mask)
{
	const __m128i ones = _mm_set1_epi32(-1);
	const __m128i lengths = _mm_loadl_epi64((const __m128i *)&b->length[i]);
	const __m128i swap =
		_mm_set_epi8(-1, -1, 14, 15, -1, -1, 10, 11, -1, -1, 6, 7, -1, -1, 2, 3);
	const uint8_t *at[4];

	for (unsigned int k = 0; k < 4; k++)
		at[k] = octets_behind(b, i + k, header).at;
	__m128i first, third, last = load_next(at);

	load_columns(at, &first, &third);
	__m128i total = _mm_shuffle_epi8(first, swap);
	__m128i room = _mm_sub_epi32(_mm_cvtepu16_epi32(lengths), _mm_set1_epi32((int)header));
	__m128i long_enough = _mm_cmpgt_epi32(total, _mm_set1_epi32(ADMIT_IPV4_MIN - 1));
	__m128i known =
		_mm_cmpeq_epi32(_mm_and_si128(first, _mm_set1_epi32(0xff)), _mm_set1_epi32(0x45));
	__m128i icmp = _mm_cmpeq_epi32(_mm_and_si128(third, _mm_set1_epi32(0xff00)),
				       _mm_set1_epi32(0x0100));
	__m128i edge = _mm_and_si128(_mm_sub_epi32(_mm_srli_epi32(last, 24), ones),
				     _mm_set1_epi32(edge_mask));
	__m128i odd = _mm_or_si128(_mm_cmpgt_epi32(total, room), icmp);

	odd = _mm_or_si128(odd, _mm_cmpeq_epi32(edge, _mm_setzero_si128()));
	odd = _mm_or_si128(odd, _mm_andnot_si128(_mm_and_si128(known, long_enough), ones));
	return (uint64_t)(unsigned int)_mm_movemask_ps(_mm_castsi128_ps(odd)) << i;
}

// Those of "frames", unicast IPv4 or unicast IPv6 with a header of "header" octets, that are not
// plain.
static inline uint64_t find_odd_ipv4(const struct batch *b, uint64_t frames, unsigned int header,
				     uint8_t edge_mask)
{
	uint64_t whole = frames & ~b->scattered &
			 batch_above16(b->length, (uint16_t)(header + ADMIT_IPV4_MIN - 1));
	uint64_t odd = 0;

	for (unsigned int i = 0; i < BATCH_MAX && frames >> i; i += 4) {
		uint64_t four = UINT64_C(15) << i;

		if (likely((whole & four) == four)) {
			odd |= four_odd_ipv4(b, i, header, edge_mask);
			continue;
		}
		batch_foreach (k, frames & four) {
			if (!is_plain_ipv4(octets_behind(b, k, header), edge_mask))
				odd |= UINT64_C(1) << k;
		}
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
		const struct admit_rules *rules = &policy->rules[port->lans[l].rules];

		if (rules->flags == RULE_ALL) {
			if (unlikely(lan->flags & LAN_CLAIMS || port->asks_limited))
				b->odd |= frames & ~batch_where8(b->kind, PAIR_IPV4);
			continue;
		}
		uint64_t odd = find_odd(b, frames, lan, policy->plain[port->lans[l].rules]);
		b->odd |= odd;
		if (unlikely(odd))
			judge(b, odd, rules, &lan->nets);
	}
}
