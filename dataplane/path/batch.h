// SPDX-License-Identifier: BSD-3-Clause
// A burst of frames on its way through the stages: one receive queue's, at most 64.
//
// The facts of frames stand in parallel arrays, and sets of frames are 64-bit masks: bit i is frame
// i. A stage goes over the bits of a mask (batch_foreach), reads facts, writes its own, and ends
// frames with batch_drop(). A dead frame is a cleared bit; nothing is moved.
#pragma once

#include <emmintrin.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/mac.h"
#include "lib/stats.h"

struct rte_mbuf;

enum { BATCH_MAX = 64 };

struct batch {
	uint64_t live;	    // frames whose fate is open
	uint64_t tagged;    // parse: they carry an 802.1Q tag
	uint64_t group;	    // parse: their destination is a group address
	uint64_t broadcast; // parse: their destination is ff:ff:ff:ff:ff:ff
	uint64_t known;	    // lookup: they have one receiver, out[i]
	uint64_t dead;	    // dropped, for reason[i]
	uint16_t n;
	uint16_t port; // all came by this one

	struct rte_mbuf *frames[BATCH_MAX]; // rx
	mac_t dst[BATCH_MAX];		    // parse
	mac_t src[BATCH_MAX];		    // parse
	uint16_t length[BATCH_MAX];	    // parse: octets without FCS
	uint16_t type[BATCH_MAX];	    // parse: ethertype behind a tag, host order
	uint16_t tci[BATCH_MAX];	    // parse: tag control information; 0 if untagged
	uint8_t kind[BATCH_MAX];	    // parse: enum pair_kind
	uint8_t lan[BATCH_MAX];		    // ingress
	uint16_t vid[BATCH_MAX];	    // ingress: the tag by which it named its LAN; 0: none
	uint16_t out[BATCH_MAX];	    // lookup: port slot
	uint8_t reason[BATCH_MAX];	    // enum drop_reason of dead frames
	uint16_t blame[BATCH_MAX];	    // the port on which a dead frame is counted
};

// Go over the set bits of "mask", lowest first: frames keep their order.
#define batch_foreach(i, mask)                                               \
	for (uint64_t batch_left = (mask), i = 0;                            \
	     batch_left && ((i = (uint64_t)__builtin_ctzll(batch_left)), 1); \
	     batch_left &= batch_left - 1)

// The mask of the frames whose fact is "value".
static inline uint64_t batch_where8(const uint8_t *facts, uint8_t value)
{
	__m128i wanted = _mm_set1_epi8((char)value);
	uint64_t mask = 0;

	for (int i = 0; i < BATCH_MAX; i += 16) {
		__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)&facts[i]), wanted);

		mask |= (uint64_t)(unsigned int)_mm_movemask_epi8(same) << i;
	}
	return mask;
}

static inline uint64_t batch_where16(const uint16_t *facts, uint16_t value)
{
	__m128i wanted = _mm_set1_epi16((short)value);
	uint64_t mask = 0;

	for (int i = 0; i < BATCH_MAX; i += 16) {
		__m128i low = _mm_cmpeq_epi16(_mm_loadu_si128((const void *)&facts[i]), wanted);
		__m128i high =
			_mm_cmpeq_epi16(_mm_loadu_si128((const void *)&facts[i + 8]), wanted);
		__m128i same = _mm_packs_epi16(low, high);

		mask |= (uint64_t)(unsigned int)_mm_movemask_epi8(same) << i;
	}
	return mask;
}

// The mask of the first "n" frames.
static inline uint64_t batch_mask(unsigned int n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

// End frame "i" for "reason", counted on the port it came by.
static inline void batch_drop(struct batch *b, unsigned int i, enum drop_reason reason)
{
	uint64_t bit = UINT64_C(1) << i;

	b->live &= ~bit;
	b->known &= ~bit;
	b->dead |= bit;
	b->reason[i] = (uint8_t)reason;
	b->blame[i] = b->port;
}

// End frame "i" for "reason", counted on "port", by which it would have left.
static inline void batch_drop_out(struct batch *b, unsigned int i, enum drop_reason reason,
				  uint16_t port)
{
	batch_drop(b, i, reason);
	b->blame[i] = port;
}

// End all frames of "mask" for "reason", counted on the port they came by.
static inline void batch_drop_all(struct batch *b, uint64_t mask, enum drop_reason reason)
{
	batch_foreach (i, mask)
		batch_drop(b, i, reason);
}
