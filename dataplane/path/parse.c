// SPDX-License-Identifier: BSD-3-Clause
// Is it well-formed: addresses, type, tag, length. Also counts what came.
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// How many frames ahead the octets are fetched: the driver left the mbuf in the cache, but nobody
// has read the frame itself since the device wrote it. From 2 to 12 it makes no difference.
enum { PREFETCH_AHEAD = 4 };

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

// Read the header of frame "i". Returns false if it is cut.
static inline bool parse_frame(struct batch *b, unsigned int i)
{
	const struct rte_mbuf *frame = b->frames[i];
	const uint8_t *octets = frame_octets(frame);

	b->length[i] = (uint16_t)frame->pkt_len;
	if (unlikely(frame->pkt_len != frame->data_len)) {
		b->scattered |= UINT64_C(1) << i;
		if (frame->pkt_len > UINT16_MAX)
			b->length[i] = UINT16_MAX; // too long for any LAN
	}
	if (unlikely(frame->data_len < FRAME_OVERHEAD))
		return false;
	b->dst[i] = mac_load(octets);
	b->src[i] = mac_load(octets + 6);
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
	uint64_t octets = 0, destinations = 0;

	for (unsigned int i = 0; i < b->n && i < PREFETCH_AHEAD; i++)
		rte_prefetch0(frame_octets(b->frames[i]));
	for (unsigned int i = 0; i < b->n; i++) {
		if (i + PREFETCH_AHEAD < b->n)
			rte_prefetch0(frame_octets(b->frames[i + PREFETCH_AHEAD]));
		if (unlikely(!parse_frame(b, i)))
			batch_drop(b, i, DROP_PKT_TOO_SMALL);
		octets += b->length[i];
		destinations |= b->dst[i];
	}
	if (mac_is_group(destinations)) // at least one of them
		find_groups(b);
	find_kinds(b);
	count(&w->counters[b->port], b, octets);
}
