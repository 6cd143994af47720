// SPDX-License-Identifier: BSD-3-Clause
// Is it well-formed: addresses, type, tag, length. Also counts what came.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// How many frames ahead the octets are fetched: the driver left the mbuf in the cache, but nobody
// has read the frame itself since the device wrote it.
enum { PREFETCH_AHEAD = 4 };

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_VLAN = 0x8100 };

static inline const uint8_t *frame_octets(const struct rte_mbuf *frame)
{
	return rte_pktmbuf_mtod(frame, const uint8_t *);
}

static inline uint8_t kind_of(uint16_t type)
{
	if (type == TYPE_IPV4)
		return PAIR_IPV4;
	return type == TYPE_IPV6 ? PAIR_IPV6 : PAIR_OTHER;
}

static inline uint16_t load_be16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
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
	uint64_t bit = UINT64_C(1) << i;

	b->length[i] = (uint16_t)(frame->pkt_len < UINT16_MAX ? frame->pkt_len : UINT16_MAX);
	if (unlikely(frame->data_len < FRAME_OVERHEAD))
		return false;
	b->dst[i] = mac_load(octets);
	b->src[i] = mac_load(octets + 6);
	b->type[i] = load_be16(octets + 12);
	b->tci[i] = 0;
	b->group |= mac_is_group(b->dst[i]) ? bit : 0;
	b->broadcast |= b->dst[i] == MAC_BROADCAST ? bit : 0;
	if (b->type[i] == TYPE_VLAN && !parse_tag(b, i, octets, frame->data_len))
		return false;
	b->kind[i] = kind_of(b->type[i]);
	return true;
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
	uint64_t octets = 0;

	for (unsigned int i = 0; i < b->n && i < PREFETCH_AHEAD; i++)
		rte_prefetch0(frame_octets(b->frames[i]));
	for (unsigned int i = 0; i < b->n; i++) {
		if (i + PREFETCH_AHEAD < b->n)
			rte_prefetch0(frame_octets(b->frames[i + PREFETCH_AHEAD]));
		if (unlikely(!parse_frame(b, i)))
			batch_drop(b, i, DROP_PKT_TOO_SMALL);
		octets += b->length[i];
	}
	count(&w->counters[b->port], b, octets);
}
