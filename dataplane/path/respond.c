// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/respond.h"

#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

// Whether frame "i" may be written to. Control is told of a watched port's frames as they came, and
// so is who wants them explained.
static bool is_ours(const struct worker *w, const struct batch *b, unsigned int i)
{
	const struct rte_mbuf *frame = b->frames[i];

	return rte_mbuf_refcnt_read(frame) == 1 && frame->nb_segs == 1 && !w->dry &&
	       !w->policy->ports[b->port].watched;
}

// ---- Answers

// A buffer for the answer to frame "i": its own if that will do.
static struct rte_mbuf *find_buffer(const struct worker *w, const struct batch *b, unsigned int i,
				    uint16_t length)
{
	struct rte_mbuf *frame = b->frames[i];

	if (is_ours(w, b, i) && frame->data_off + length <= frame->buf_len)
		return frame;
	return rte_pktmbuf_alloc(w->fabric->pool);
}

// The question ends. If its buffer has become the answer, it is not to be freed.
static void consume(struct worker *w, struct batch *b, unsigned int i, bool reused)
{
	b->settled |= UINT64_C(1) << i;
	b->answered |= UINT64_C(1) << i;
	if (!reused) {
		batch_consume(b, i);
		return;
	}
	b->live &= ~(UINT64_C(1) << i);
	w->counters[b->port].consumed++;
}

bool respond(struct worker *w, struct batch *b, unsigned int i, enum reply_speaker speaker,
	     mac_t mac)
{
	uint32_t tag = b->tagged >> i & 1 ? (uint32_t)ADMIT_TYPE_VLAN << 16 | b->tci[i] : 0;
	uint8_t octets[REPLY_MAX];
	uint16_t length = reply_encode(&w->claims[i], b->src[i], speaker, mac, tag, octets);
	struct rte_mbuf *frame = find_buffer(w, b, i, length);
	uint32_t meta = length | (uint32_t)PORT_FABRIC << META_PORT_SHIFT |
			(uint32_t)b->kind[i] << META_KIND_SHIFT;

	if (unlikely(!frame)) {
		batch_drop(b, i, DROP_NO_BUFFER);
		return false;
	}
	memcpy(rte_pktmbuf_mtod(frame, void *), octets, length);
	frame->data_len = length;
	frame->pkt_len = length;
	consume(w, b, i, frame == b->frames[i]);
	w->counters[b->port].injected++;
	if (mac_is_group(mac_load(octets)))
		meta |= META_MULTICAST;
	tx_put(tx_room_of(w, b->port, frame), frame, meta);
	return true;
}

// ---- To one port

static bool make_ours(const struct worker *w, struct batch *b, unsigned int i)
{
	if (is_ours(w, b, i))
		return true;
	if (w->dry || w->policy->ports[b->port].watched)
		return false;
	struct rte_mbuf *copy = rte_pktmbuf_copy(b->frames[i], w->fabric->pool, 0, UINT32_MAX);
	if (!copy)
		return false;
	rte_pktmbuf_free(b->frames[i]);
	b->frames[i] = copy;
	return true;
}

void respond_turn(const struct worker *w, struct batch *b, unsigned int i, uint16_t port, mac_t mac)
{
	uint64_t bit = UINT64_C(1) << i;

	b->settled |= bit;
	b->known |= bit;
	b->out[i] = port;
	if (!mac || !make_ours(w, b, i))
		return;
	mac_store(mac, rte_pktmbuf_mtod(b->frames[i], uint8_t *));
	b->dst[i] = mac;
	b->group &= ~bit;
	b->broadcast &= ~bit;
}
