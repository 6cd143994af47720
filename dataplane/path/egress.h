// SPDX-License-Identifier: BSD-3-Clause
// What known frames and copies have in common on their way out.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_branch_prediction.h>
#include <rte_prefetch.h>

#include "dataplane/path/batch.h"
#include "dataplane/worker.h"

// What tx counts once the device took a frame, in one word, because the mbuf is gone by then. (Bit
// fields would read better, and cost four times as many instructions.)
enum tx_meta {
	META_LENGTH_MASK = 0xffff, // octets as it leaves
	META_PORT_SHIFT = 16,	   // by which it came
	META_PORT_MASK = (MAX_PORTS - 1) << META_PORT_SHIFT,
	META_KIND_SHIFT = 26,	  // enum pair_kind
	META_MULTICAST = 1 << 28, // to a group other than broadcast
	META_BROADCAST = 1 << 29,
};

// Transmit what waits in a buffer, which is empty then (tx.c).
void tx_buffer(struct worker *w, struct tx_buffer *tx);

// Exchange the tag "own" of a frame for "vid" (0: none), keeping the priority that "tci" has
// (dress.c). "frame" must be nobody else's, and have room in front.
void dress(struct rte_mbuf *frame, uint16_t own, uint16_t vid, uint16_t tci);

// A copy of "frame" in another dress, or NULL if there is no memory for it (dress.c).
struct rte_mbuf *dress_copy(const struct worker *w, const struct rte_mbuf *frame, uint16_t own,
			    uint16_t vid, uint16_t tci);

// Whether frames can leave by "port" now.
static inline bool port_is_up(const struct worker *w, uint16_t port)
{
	return w->policy->ports[port].admin_up &&
	       atomic_load_explicit(&w->fabric->link[port], memory_order_relaxed) == LINK_UP &&
	       atomic_load_explicit(&w->fabric->disabled[port], memory_order_relaxed) ==
		       DISABLE_NONE;
}

// The tag by which frames of "lan" came; 0: none. A port knows a LAN by one tag.
static inline uint16_t own_vid(const struct worker *w, const struct batch *b, uint8_t lan)
{
	return w->policy->ports[b->port].lans[lan].vid;
}

// A tag that does not name the LAN passes through it, and so does what is behind: it is nothing
// between members.
static inline bool is_foreign(const struct worker *w, const struct batch *b, unsigned int i)
{
	uint16_t vid = batch_tci(b, i) & VID_MASK;

	return vid != 0 && vid != own_vid(w, b, b->lan[i]);
}

// Why frames of "lan" that came by b->port may not leave by "port", whatever their length; or
// DROP_NONE (egress.c).
enum drop_reason egress_check(const struct worker *w, const struct batch *b, uint8_t lan,
			      uint16_t port);

// By how many octets a frame grows that exchanges "own" for "vid".
static inline int growth(uint16_t own, uint16_t vid)
{
	return (vid != 0) * TAG_SIZE - (own != 0) * TAG_SIZE;
}

static inline uint32_t tx_meta_of(const struct batch *b, unsigned int i, unsigned int length)
{
	return length | (uint32_t)b->port << META_PORT_SHIFT |
	       (uint32_t)b->kind[i] << META_KIND_SHIFT;
}

// To whom frame "i" is addressed.
static inline uint32_t tx_group_of(const struct batch *b, unsigned int i)
{
	if (b->broadcast >> i & 1)
		return META_BROADCAST;
	return b->group >> i & 1 ? META_MULTICAST : 0;
}

// Where "n" frames, 1 to 64, can wait for "port", which is no LAG, to be counted on "owner": the
// same, or its LAG. Transmits first if too many wait already.
static inline struct tx_buffer *tx_room(struct worker *w, uint16_t port, uint16_t owner,
					unsigned int n)
{
	struct tx_buffer *tx = w->waiting[port];

	if (!tx) {
		tx = w->waiting[port] = w->dirty[w->n_dirty++];
		tx->port = port;
		tx->owner = owner;
		rte_prefetch0(&w->counters[owner]); // for tx, when all ports have theirs
		rte_prefetch0(&w->pairs[(size_t)w->batch.port * MAX_PORTS + owner]);
	} else if (unlikely(tx->n + n > TX_BUFFER)) {
		tx_buffer(w, tx); // it stays among the dirty
	}
	return tx;
}

// The link by which a frame leaves a LAG (distribute.c).
uint16_t distribute(const struct worker *w, uint16_t lag, const struct rte_mbuf *frame);

// Where one frame can wait for "port".
static inline struct tx_buffer *tx_room_of(struct worker *w, uint16_t port,
					   const struct rte_mbuf *frame)
{
	const struct policy_port *out = &w->policy->ports[port];

	if (unlikely(out->is_lag))
		port = distribute(w, port, frame);
	return tx_room(w, port, out->owner, 1);
}

static inline void tx_put(struct tx_buffer *tx, struct rte_mbuf *frame, uint32_t meta)
{
	tx->frames[tx->n] = frame;
	tx->meta[tx->n] = meta;
	tx->n++;
}
