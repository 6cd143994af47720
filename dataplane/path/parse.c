// SPDX-License-Identifier: BSD-3-Clause
// Is it well-formed: addresses, type, tag, length. Also counts what came.
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_VLAN = 0x8100 };

static inline const uint8_t *frame_octets(const struct rte_mbuf *frame)
{
	return rte_pktmbuf_mtod(frame, const uint8_t *);
}

static inline uint16_t load_be16(const uint8_t *octets)
{
	uint16_t word;

	memcpy(&word, octets, sizeof(word));
	return __builtin_bswap16(word);
}

// Returns false if the frame ends inside the tag.
static inline bool parse_tag(struct batch *b, unsigned int i, const uint8_t *octets,
			     uint16_t length)
{
	if (length < FRAME_OVERHEAD + TAG_SIZE)
		return false;
	b->tagged |= UINT64_C(1) << i;
	b->tci[i] = load_be16(octets + FRAME_OVERHEAD);
	b->type[i] = load_be16(octets + FRAME_OVERHEAD + 2);
	return true;
}

// Both addresses, of 16 octets: two more than they and the type have, but no buffer ends there.
static inline __m128i load_macs(const uint8_t *octets)
{
	const __m128i places = _mm_set_epi8(-1, -1, 11, 10, 9, 8, 7, 6, -1, -1, 5, 4, 3, 2, 1, 0);

	return _mm_shuffle_epi8(batch_load(octets), places);
}

// Read the header of frame "i", and add its addresses to those that were seen. Returns false if it
// is cut.
static inline bool parse_frame(struct batch *b, unsigned int i, __m128i *seen)
{
	const struct rte_mbuf *frame = b->frames[i];
	const uint8_t *octets = frame_octets(frame);
	__m128i macs;

	b->length[i] = (uint16_t)frame->pkt_len;
	if (unlikely(frame->pkt_len != frame->data_len)) {
		b->scattered |= UINT64_C(1) << i;
		if (frame->pkt_len > UINT16_MAX)
			b->length[i] = UINT16_MAX; // too long for any LAN
	}
	if (unlikely(frame->data_len < FRAME_OVERHEAD))
		return false;
	macs = load_macs(octets);
	b->dst[i] = (mac_t)_mm_cvtsi128_si64(macs);
	b->src[i] = (mac_t)_mm_extract_epi64(macs, 1);
	*seen = _mm_or_si128(*seen, macs);
	b->type[i] = load_be16(octets + 12);
	return b->type[i] != TYPE_VLAN || parse_tag(b, i, octets, frame->data_len);
}

static void find_groups(struct batch *b)
{
	uint64_t group = 0, broadcast = 0;

	for (uint64_t i = 0; i < b->n && i < BATCH_MAX; i++) {
		group |= (b->dst[i] & 1) << i;
		broadcast |= (uint64_t)(b->dst[i] == MAC_BROADCAST) << i;
	}
	b->group = group & b->live;
	b->broadcast = broadcast & b->live;
}

static void find_kinds(struct batch *b)
{
	for (unsigned int i = 0; i < BATCH_MAX; i++) {
		bool v4 = b->type[i] == TYPE_IPV4, v6 = b->type[i] == TYPE_IPV6;

		b->kind[i] = v4 ? PAIR_IPV4 : v6 ? PAIR_IPV6 : PAIR_OTHER;
	}
}

static void count(struct port_counters *counters, const struct batch *b, uint64_t octets)
{
	counters->rx_frames += b->n;
	counters->rx_octets += octets;
	counters->rx_multicast += (unsigned int)__builtin_popcountll(b->group & ~b->broadcast);
	counters->rx_broadcast += (unsigned int)__builtin_popcountll(b->broadcast);
}

void parse(struct worker *w, struct batch *b)
{
	__m128i seen = _mm_setzero_si128();
	uint64_t octets = 0;

	for (unsigned int i = 0; i < b->n; i++) {
		if (unlikely(!parse_frame(b, i, &seen)))
			batch_drop(b, i, DROP_PKT_TOO_SMALL);
		octets += b->length[i];
	}
	if (mac_is_group((mac_t)_mm_cvtsi128_si64(seen))) // at least one of them
		find_groups(b);
	find_kinds(b);
	count(&w->counters[b->port], b, octets);
}
