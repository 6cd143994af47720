// SPDX-License-Identifier: BSD-3-Clause
// Did the device take it. Counts what left, from each port to each port.
#include <rte_branch_prediction.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "dataplane/path/capture.h"
#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace.h"

enum { KIND_MASK = 3 };

void tx_init(struct worker *w)
{
	w->n_dirty = 0;
	for (uint32_t i = 0; i < MAX_PORTS; i++) {
		w->dirty[i] = &w->buffers[i];
		w->waiting[i] = NULL;
	}
}

static uint16_t transmit(const struct policy_tx *to, struct tx_buffer *tx)
{
	if (likely(!to->lock))
		return rte_eth_tx_burst(to->ethdev, to->queue, tx->frames, tx->n);
	rte_spinlock_lock(to->lock);
	uint16_t sent = rte_eth_tx_burst(to->ethdev, to->queue, tx->frames, tx->n);
	rte_spinlock_unlock(to->lock);
	return sent;
}

// What "n" frames, one or more, have in common: bits of their meta that differ, and bits that any
// of them has.
struct traits {
	uint32_t differ, any;
};

static inline struct traits traits_of(const uint32_t *meta, uint16_t n)
{
	struct traits traits = {0};

	for (uint16_t i = 0; i < n; i++) {
		traits.differ |= meta[i] ^ meta[0];
		traits.any |= meta[i];
	}
	return traits;
}

// What frames of one kind that came by one port add up to.
struct sum {
	uint32_t frames, octets;
};

static inline struct sum add_up(const uint32_t *meta, uint16_t n)
{
	struct sum sum = {.frames = n};

	for (uint16_t i = 0; i < n; i++)
		sum.octets += meta[i] & META_LENGTH_MASK;
	return sum;
}

static inline struct sum add_up_kind(const uint32_t *meta, uint16_t n, enum pair_kind kind)
{
	struct sum sum = {0};

	for (uint16_t i = 0; i < n; i++) {
		uint32_t counts = (meta[i] >> META_KIND_SHIFT & KIND_MASK) == kind;

		sum.frames += counts;
		sum.octets += meta[i] & META_LENGTH_MASK & -counts;
	}
	return sum;
}

static inline uint32_t count_flag(const uint32_t *meta, uint16_t n, uint32_t flag)
{
	uint32_t frames = 0;

	for (uint16_t i = 0; i < n; i++)
		frames += (meta[i] & flag) != 0;
	return frames;
}

static inline void add_kind(struct pair_counters *pair, struct port_counters *counters,
			    enum pair_kind kind, struct sum sum)
{
	pair->frames[kind] += sum.frames;
	pair->octets[kind] += sum.octets;
	counters->tx_octets += sum.octets;
}

// Count "n" frames that all came by one port and left by "port". Often they are of one kind, and
// hardly ever is one of them to a group.
static void count_pair(struct worker *w, const uint32_t *meta, uint16_t n, uint16_t port,
		       struct traits traits)
{
	uint32_t from = (meta[0] & META_PORT_MASK) >> META_PORT_SHIFT;
	struct pair_counters *pair = &w->pairs[(size_t)from * MAX_PORTS + port];
	struct port_counters *counters = &w->counters[port];

	if (traits.differ >> META_KIND_SHIFT & KIND_MASK) {
		for (enum pair_kind kind = 0; kind < PAIR_KINDS; kind++)
			add_kind(pair, counters, kind, add_up_kind(meta, n, kind));
	} else {
		enum pair_kind kind = meta[0] >> META_KIND_SHIFT & KIND_MASK;

		add_kind(pair, counters, kind, add_up(meta, n));
	}
	counters->tx_frames += n;
	if (traits.any & (META_MULTICAST | META_BROADCAST)) {
		counters->tx_multicast += count_flag(meta, n, META_MULTICAST);
		counters->tx_broadcast += count_flag(meta, n, META_BROADCAST);
	}
}

// How many of the first frames, of which there are one or more, came by the same port.
static uint16_t run_length(const uint32_t *meta, uint16_t n)
{
	uint16_t run = 1;

	while (run < n && !((meta[run] ^ meta[0]) & META_PORT_MASK))
		run++;
	return run;
}

static void count(struct worker *w, const uint32_t *meta, uint16_t sent, uint16_t port)
{
	struct traits traits = traits_of(meta, sent);

	if (likely(sent && !(traits.differ & META_PORT_MASK))) {
		count_pair(w, meta, sent, port, traits);
		return;
	}
	for (uint16_t run; sent; meta += run, sent -= run) {
		run = run_length(meta, sent);
		count_pair(w, meta, run, port, traits_of(meta, run));
	}
}

static void capture_unsent(struct worker *w, const struct tx_buffer *tx, uint16_t port,
			   uint16_t sent)
{
	for (uint16_t i = sent; i < tx->n; i++) {
		uint32_t from = (tx->meta[i] & META_PORT_MASK) >> META_PORT_SHIFT;

		capture_lost(w, tx->frames[i], (uint16_t)from, FDB_ANY, port, DROP_NO_BUFFER_SPACE);
	}
}

static void count_link(struct port_counters *counters, const uint32_t *meta, uint16_t sent)
{
	struct sum sum = add_up(meta, sent);

	counters->link_tx_frames += sum.frames;
	counters->link_tx_octets += sum.octets;
}

void tx_buffer(struct worker *w, struct tx_buffer *tx)
{
	uint16_t port = tx->owner, sent = 0;

	if (unlikely(w->dry)) {
		trace_tx(w, tx);
		rte_pktmbuf_free_bulk(tx->frames, tx->n);
	} else {
		sent = transmit(&w->policy->workers[w->id].tx[tx->port], tx);
		count(w, tx->meta, sent, port);
		if (unlikely(tx->port != port))
			count_link(&w->counters[tx->port], tx->meta, sent);
		if (unlikely(sent < tx->n)) {
			w->counters[port].drops[DROP_NO_BUFFER_SPACE] += tx->n - sent;
			if (unlikely(w->captures))
				capture_unsent(w, tx, port, sent);
			rte_pktmbuf_free_bulk(&tx->frames[sent], tx->n - sent);
		}
	}
	tx->n = 0;
}

void tx_flush(struct worker *w, uint32_t enough)
{
	uint32_t n_left = 0;

	for (uint32_t i = 0; i < w->n_dirty; i++) {
		struct tx_buffer *tx = w->dirty[i];

		if (tx->n >= enough) {
			tx_buffer(w, tx);
			w->waiting[tx->port] = NULL;
		} else {
			w->dirty[i] = w->dirty[n_left];
			w->dirty[n_left++] = tx;
		}
	}
	w->n_dirty = n_left;
}
