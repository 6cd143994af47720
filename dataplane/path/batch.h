// SPDX-License-Identifier: BSD-3-Clause
// A burst of frames on its way through the stages: one receive queue's, at most 64.
//
// The facts of frames stand in parallel arrays, and sets of frames are 64-bit masks: bit i is frame
// i. A stage goes over the bits of a mask (batch_foreach), reads facts, writes its own, and ends
// frames with batch_drop(). A dead frame is a cleared bit; nothing is moved.
#pragma once

#include <smmintrin.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/mac.h"
#include "lib/stats.h"

struct rte_mbuf;

enum { BATCH_MAX = 64 };

struct batch {
	uint64_t live;	    // frames whose fate is open
	uint64_t tagged;    // parse: they carry an 802.1Q tag
	uint64_t scattered; // parse: they are not in one piece
	uint64_t group;	    // parse: their destination is a group address
	uint64_t broadcast; // parse: their destination is ff:ff:ff:ff:ff:ff
	uint64_t known;	    // lookup: they have one receiver, out[i]
	uint64_t dead;	    // dropped, for reason[i]
	uint64_t consumed;  // ended in the fabric on purpose
	uint64_t settled;   // answer: questions answered, or given to their owner's port
	uint64_t answered;  // of them, those answered
	uint64_t sponge;    // lookup: ARP and ND to the sponge's own address
	uint16_t n;
	uint16_t port; // all came by this one
	uint16_t link; // of a LAG: by this link of it

	struct rte_mbuf *frames[BATCH_MAX]; // rx
	mac_t dst[BATCH_MAX];		    // parse
	mac_t src[BATCH_MAX];		    // parse
	uint16_t length[BATCH_MAX];	    // parse: octets without FCS
	uint16_t type[BATCH_MAX];	    // parse: ethertype behind a tag, host order
	uint16_t tci[BATCH_MAX];	    // parse: tag control information of tagged frames
	uint8_t kind[BATCH_MAX];	    // parse: enum pair_kind
	uint8_t lan[BATCH_MAX];		    // ingress
	uint16_t out[BATCH_MAX];	    // lookup: port slot
	uint8_t reason[BATCH_MAX];	    // enum drop_reason of dead frames
	uint16_t blame[BATCH_MAX];	    // the port on which a dead frame is counted
	uint64_t odd;	 // admission: may be ARP or ND, in a LAN where that matters
	uint64_t claims; // guard: they are; worker.claims[i] says what they say
};

// Go over the set bits of "mask", lowest first: frames keep their order.
#define batch_foreach(i, mask)                                               \
	for (uint64_t batch_left = (mask), i = 0;                            \
	     batch_left && ((i = (uint64_t)__builtin_ctzll(batch_left)), 1); \
	     batch_left &= batch_left - 1)

// The mask of the first "n" frames.
static inline uint64_t batch_mask(unsigned int n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

// Forget all facts of a batch whose frames, port and n are set: it is as a device gave it.
static inline void batch_start(struct batch *b)
{
	b->live = batch_mask(b->n);
	b->tagged = b->scattered = b->group = b->broadcast = b->known = 0;
	b->dead = b->consumed = b->settled = b->answered = b->odd = b->claims = b->sponge = 0;
}

// The tag control information of frame "i", or 0.
static inline uint16_t batch_tci(const struct batch *b, unsigned int i)
{
	return b->tagged >> i & 1 ? b->tci[i] : 0;
}

// ---- Ends

// End all frames of "mask" for "reason", counted on "port", by which they would have left.
static inline void batch_drop_out(struct batch *b, uint64_t mask, enum drop_reason reason,
				  uint16_t port)
{
	b->live &= ~mask;
	b->known &= ~mask;
	b->dead |= mask;
	batch_foreach (i, mask) {
		b->reason[i] = (uint8_t)reason;
		b->blame[i] = port;
	}
}

// End all frames of "mask" for "reason", counted on the port they came by.
static inline void batch_drop_all(struct batch *b, uint64_t mask, enum drop_reason reason)
{
	batch_drop_out(b, mask, reason, b->port);
}

// The same for one frame.
static inline void batch_drop(struct batch *b, unsigned int i, enum drop_reason reason)
{
	batch_drop_out(b, UINT64_C(1) << i, reason, b->port);
}

// End frame "i" because it has arrived: it was for the fabric itself.
static inline void batch_consume(struct batch *b, unsigned int i)
{
	uint64_t bit = UINT64_C(1) << i;

	b->live &= ~bit;
	b->consumed |= bit;
}

// ---- Sets by fact: the frames whose fact is "value", or above it. Facts of dead frames and of
// places behind the last frame count too: take the intersection with live frames.

static inline __m128i batch_load(const void *facts)
{
	return _mm_loadu_si128(facts);
}

static inline uint64_t batch_where8(const uint8_t *facts, uint8_t value)
{
	__m128i wanted = _mm_set1_epi8((char)value);
	uint64_t mask = 0;

	for (int i = 0; i < BATCH_MAX; i += 16) {
		__m128i same = _mm_cmpeq_epi8(batch_load(&facts[i]), wanted);

		mask |= (uint64_t)(unsigned int)_mm_movemask_epi8(same) << i;
	}
	return mask;
}

static inline uint64_t batch_where16(const uint16_t *facts, uint16_t value)
{
	__m128i wanted = _mm_set1_epi16((short)value);
	uint64_t mask = 0;

	for (int i = 0; i < BATCH_MAX; i += 16) {
		__m128i low = _mm_cmpeq_epi16(batch_load(&facts[i]), wanted);
		__m128i high = _mm_cmpeq_epi16(batch_load(&facts[i + 8]), wanted);
		__m128i same = _mm_packs_epi16(low, high);

		mask |= (uint64_t)(unsigned int)_mm_movemask_epi8(same) << i;
	}
	return mask;
}

static inline uint64_t batch_above16(const uint16_t *facts, uint16_t value)
{
	__m128i limit = _mm_set1_epi16((short)value), zero = _mm_setzero_si128();
	uint64_t not_above = 0;

	for (int i = 0; i < BATCH_MAX; i += 16) {
		__m128i low = _mm_subs_epu16(batch_load(&facts[i]), limit);
		__m128i high = _mm_subs_epu16(batch_load(&facts[i + 8]), limit);
		__m128i same =
			_mm_packs_epi16(_mm_cmpeq_epi16(low, zero), _mm_cmpeq_epi16(high, zero));

		not_above |= (uint64_t)(unsigned int)_mm_movemask_epi8(same) << i;
	}
	return ~not_above;
}

// Whether a few frames of a long burst, here and there, have the address of the frame before them.
static inline bool batch_may_repeat(const mac_t *macs)
{
	return macs[1] == macs[0] || macs[12] == macs[11] || macs[23] == macs[22] ||
	       macs[34] == macs[33];
}

// The frames of "mask" whose address is that of the frame before them, and that is in "mask" too.
// Of a long burst in which that is rare, some or all may be left out: this saves work, and where
// there is none to be saved, looking for it costs more.
static inline uint64_t batch_repeats(const mac_t *macs, uint64_t mask)
{
	enum { LONG = 35 };
	uint64_t same = 0;

	if (!(mask & mask << 1) || (mask >> LONG && !batch_may_repeat(macs)))
		return 0;
	for (int i = 0; i < BATCH_MAX - 1 && mask >> i > 1; i += 2) {
		__m128i pair = _mm_cmpeq_epi64(batch_load(&macs[i]), batch_load(&macs[i + 1]));

		same |= (uint64_t)(unsigned int)_mm_movemask_pd(_mm_castsi128_pd(pair)) << (i + 1);
	}
	return same & mask & mask << 1;
}

// Give all places the same fact.
static inline void batch_fill16(uint16_t *facts, uint16_t fact)
{
	for (int i = 0; i < BATCH_MAX; i += 8)
		_mm_storeu_si128((__m128i *)&facts[i], _mm_set1_epi16((short)fact));
}

// ---- A burst in parts: usually there is one. All take the part of the first frame out of "left",
// say whose it is, and return it; or 0 if nothing is left.

static inline uint64_t batch_take_lan(const struct batch *b, uint64_t *left, uint8_t *lan)
{
	if (!*left)
		return 0;
	*lan = b->lan[__builtin_ctzll(*left)];

	uint64_t part = *left & batch_where8(b->lan, *lan);
	*left &= ~part;
	return part;
}

static inline uint64_t batch_take_out(const struct batch *b, uint64_t *left, uint16_t *port)
{
	if (!*left)
		return 0;
	*port = b->out[__builtin_ctzll(*left)];

	uint64_t part = *left & batch_where16(b->out, *port);
	*left &= ~part;
	return part;
}

// Of dead frames: the part that died for one reason and is counted on one port.
static inline uint64_t batch_take_dead(const struct batch *b, uint64_t *left,
				       enum drop_reason *reason, uint16_t *blame)
{
	if (!*left)
		return 0;
	*reason = b->reason[__builtin_ctzll(*left)];
	*blame = b->blame[__builtin_ctzll(*left)];

	uint64_t part =
		*left & batch_where8(b->reason, (uint8_t)*reason) & batch_where16(b->blame, *blame);
	*left &= ~part;
	return part;
}
