// SPDX-License-Identifier: BSD-3-Clause
// Did the device take it. Counts what left, from each port to each port.
#include <rte_branch_prediction.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace.h"

static uint16_t transmit(const struct policy_tx *to, struct tx_buffer *tx)
{
	if (likely(!to->lock))
		return rte_eth_tx_burst(to->ethdev, to->queue, tx->frames, tx->n);
	rte_spinlock_lock(to->lock);
	uint16_t sent = rte_eth_tx_burst(to->ethdev, to->queue, tx->frames, tx->n);
	rte_spinlock_unlock(to->lock);
	return sent;
}

// Count frames "from" to "to" of a buffer, which all came by one port.
static void count_pair(struct worker *w, const struct tx_meta *meta, uint16_t from, uint16_t to,
		       uint16_t port)
{
	struct pair_counters *pair = &w->pairs[(size_t)meta[from].port * MAX_PORTS + port];
	struct port_counters *counters = &w->counters[port];
	uint32_t frames[PAIR_KINDS] = {0}, octets[PAIR_KINDS] = {0};
	uint32_t multicast = 0, broadcast = 0;

	for (uint16_t i = from; i < to; i++) {
		for (int kind = 0; kind < PAIR_KINDS; kind++) {
			frames[kind] += meta[i].kind == kind;
			octets[kind] += meta[i].kind == kind ? meta[i].length : 0;
		}
		multicast += meta[i].multicast;
		broadcast += meta[i].broadcast;
	}
	for (int kind = 0; kind < PAIR_KINDS; kind++) {
		pair->frames[kind] += frames[kind];
		pair->octets[kind] += octets[kind];
		counters->tx_frames += frames[kind];
		counters->tx_octets += octets[kind];
	}
	counters->tx_multicast += multicast;
	counters->tx_broadcast += broadcast;
}

static void count(struct worker *w, const struct tx_meta *meta, uint16_t sent, uint16_t port)
{
	for (uint16_t from = 0, to; from < sent; from = to) {
		for (to = from + 1; to < sent && meta[to].port == meta[from].port; to++)
			;
		count_pair(w, meta, from, to, port);
	}
}

void tx_port(struct worker *w, uint16_t port)
{
	struct tx_buffer *tx = &w->tx[port];
	uint16_t sent = 0;

	if (unlikely(w->dry)) {
		trace_tx(w, port);
		rte_pktmbuf_free_bulk(tx->frames, tx->n);
	} else {
		sent = transmit(&w->policy->workers[w->id].tx[port], tx);
		count(w, tx->meta, sent, port);
		if (unlikely(sent < tx->n)) {
			w->counters[port].drops[DROP_NO_BUFFER_SPACE] += tx->n - sent;
			rte_pktmbuf_free_bulk(&tx->frames[sent], tx->n - sent);
		}
	}
	tx->n = 0;
}

void tx_flush(struct worker *w)
{
	for (uint32_t i = 0; i < w->n_dirty; i++)
		tx_port(w, w->dirty[i]);
	w->n_dirty = 0;
}
