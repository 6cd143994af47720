// SPDX-License-Identifier: BSD-3-Clause
// What known frames and copies have in common on their way out.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_branch_prediction.h>

#include "dataplane/path/batch.h"
#include "dataplane/worker.h"

// Transmit what waits for "port" (tx.c).
void tx_port(struct worker *w, uint16_t port);

// Exchange the tag of frame "i", which is in "frame", for "vid" (0: none), keeping its priority
// (dress.c). "frame" must be nobody else's, and have room in front.
void dress(struct rte_mbuf *frame, const struct batch *b, unsigned int i, uint16_t vid);

// A copy of frame "i" in the dress of "vid", or NULL if there is no memory for it (dress.c).
struct rte_mbuf *dress_copy(const struct worker *w, const struct batch *b, unsigned int i,
			    uint16_t vid);

// Whether frames can leave by "port" now.
static inline bool port_is_up(const struct worker *w, uint16_t port)
{
	return w->policy->ports[port].admin_up &&
	       atomic_load_explicit(&w->fabric->link[port], memory_order_relaxed) == LINK_UP;
}

// Octets of frame "i" once it has the tag "vid" instead of the one it came with.
static inline unsigned int length_with(const struct batch *b, unsigned int i, uint16_t vid)
{
	return b->length[i] + (vid != 0) * TAG_SIZE - (b->vid[i] != 0) * TAG_SIZE;
}

static inline struct tx_meta tx_meta_of(const struct batch *b, unsigned int i, unsigned int length)
{
	return (struct tx_meta){
		.length = length,
		.port = b->port,
		.kind = b->kind[i],
		.multicast = (b->group & ~b->broadcast) >> i & 1,
		.broadcast = b->broadcast >> i & 1,
	};
}

// Let "frame" wait for "port". Transmits first if that many wait already.
static inline void tx_put(struct worker *w, uint16_t port, struct rte_mbuf *frame,
			  struct tx_meta meta)
{
	struct tx_buffer *tx = &w->tx[port];

	if (unlikely(tx->n == TX_BUFFER))
		tx_port(w, port); // the port stays among the dirty
	else if (tx->n == 0)
		w->dirty[w->n_dirty++] = port;
	tx->frames[tx->n] = frame;
	tx->meta[tx->n] = meta;
	tx->n++;
}
