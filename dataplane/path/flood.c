// SPDX-License-Identifier: BSD-3-Clause
// Who else gets it, if nobody is the one: copies of a frame to a group, or to an address that
// nobody knows.
//
// Receivers whose tag is the one the frame came with share its memory, the original; those with
// another tag share a copy that wears it. A frame that reached N ports counts as one received and
// N - 1 copies, whatever the memory.
//
// Copies of a burst go before its known frames.
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/capture.h"
#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/trace.h"

struct receivers {
	const struct reach *reach; // of which these are the ones that are up
	uint16_t n;
	uint16_t ports[MAX_PORTS];
};

static enum flood_class class_of(const struct batch *b, unsigned int i)
{
	if (b->broadcast >> i & 1)
		return FLOOD_BROADCAST;
	return b->group >> i & 1 ? FLOOD_MULTICAST : FLOOD_UNKNOWN;
}

static void gather(const struct worker *w, const struct batch *b, const struct reach *reach,
		   struct receivers *to)
{
	to->reach = reach;
	to->n = 0;
	for (uint16_t r = 0; r < reach->n; r++) {
		if (reach->ports[r] != b->port && port_is_up(w, reach->ports[r]))
			to->ports[to->n++] = reach->ports[r];
	}
}

// A frame that is being flooded.
struct flooded {
	struct rte_mbuf *frame;
	uint32_t meta; // without the length
	uint16_t length;
	uint16_t own; // the tag of its LAN it came with
	uint16_t tci;
	uint16_t came_by;
	uint8_t lan;
};

static void lose(struct worker *w, const struct flooded *f, uint16_t port, uint16_t counted_on,
		 enum drop_reason reason)
{
	w->counters[counted_on].drops[reason]++;
	if (unlikely(w->trace))
		trace_lost(w->trace, port, reason);
	if (unlikely(w->captures))
		capture_lost(w, f->frame, f->came_by, f->lan, port, reason);
}

// Whether "port" may be given one more flooded frame.
static bool has_budget(struct worker *w, uint16_t port, uint16_t length)
{
	struct meter *meter = &w->fabric->meters[port].of[METER_EGRESS];

	return !meter_limits(meter) || meter_take(meter, w->now, length, w->dry);
}

// Move those of "ports" that know the LAN by "vid" and may be given the frame with it to
// "same".
// Returns how many are left in "ports".
static uint16_t pick(struct worker *w, const struct flooded *f, uint16_t vid, uint16_t *ports,
		     uint16_t n, uint16_t *same, uint16_t *n_same)
{
	int length = f->length + growth(f->own, vid);
	uint16_t n_left = 0;

	*n_same = 0;
	for (uint16_t p = 0; p < n; p++) {
		const struct policy_port *out = &w->policy->ports[ports[p]];

		if (out->lans[f->lan].vid != vid)
			ports[n_left++] = ports[p];
		else if (unlikely(length > out->frame_max))
			lose(w, f, ports[p], ports[p], DROP_EGRESS_MTU);
		else if (!has_budget(w, ports[p], (uint16_t)length))
			lose(w, f, ports[p], ports[p], DROP_EGRESS_STORM);
		else
			same[(*n_same)++] = ports[p];
	}
	return n_left;
}

// Hand "frame", which is f->frame or a copy with the tag "vid", to all of "ports".
static void give(struct worker *w, const struct flooded *f, struct rte_mbuf *frame, uint16_t vid,
		 const uint16_t *ports, uint16_t n)
{
	uint32_t meta = f->meta | (uint32_t)(f->length + growth(f->own, vid));

	if (n > 1)
		rte_pktmbuf_refcnt_update(frame, (int16_t)(n - 1));
	for (uint16_t p = 0; p < n; p++)
		tx_put(tx_room_of(w, ports[p], frame), frame, meta);
}

static void give_copy(struct worker *w, const struct flooded *f, uint16_t vid,
		      const uint16_t *ports, uint16_t n)
{
	struct rte_mbuf *copy = n ? dress_copy(w, f->frame, f->own, vid, f->tci) : NULL;

	if (copy) {
		give(w, f, copy, vid, ports, n);
		return;
	}
	for (uint16_t p = 0; p < n; p++)
		lose(w, f, ports[p], f->came_by, DROP_NO_BUFFER);
}

// The original goes last: until then copies are made of it.
static void flood_frame(struct worker *w, const struct flooded *f, const struct receivers *to)
{
	uint16_t originals[MAX_PORTS], same[MAX_PORTS], left[MAX_PORTS];
	uint16_t n_originals, n_same;

	memcpy(left, to->ports, to->n * sizeof(*left));
	uint16_t n = pick(w, f, f->own, left, to->n, originals, &n_originals);
	while (n) {
		uint16_t vid = w->policy->ports[left[0]].lans[f->lan].vid;

		n = pick(w, f, vid, left, n, same, &n_same);
		give_copy(w, f, vid, same, n_same);
	}
	if (n_originals)
		give(w, f, f->frame, f->own, originals, n_originals);
	else
		rte_pktmbuf_free(f->frame);
	w->counters[f->came_by].copies += to->n - 1U;
}

static struct flooded describe(const struct worker *w, const struct batch *b, unsigned int i)
{
	return (struct flooded){
		.frame = b->frames[i],
		.meta = tx_meta_of(b, i, 0) | tx_group_of(b, i),
		.length = b->length[i],
		.own = own_vid(w, b, b->lan[i]),
		.tci = batch_tci(b, i),
		.came_by = b->port,
		.lan = b->lan[i],
	};
}

uint16_t flood_count(const struct worker *w, const struct batch *b, unsigned int i)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
	struct receivers to;

	gather(w, b, policy_reach(lan, class_of(b, i), w->policy->ports[b->port].group), &to);
	return to.n;
}

void flood(struct worker *w, struct batch *b)
{
	struct receivers to; // 2 KiB: not to be cleared for every burst

	to.reach = NULL;
	uint16_t group = w->policy->ports[b->port].group;

	batch_foreach (i, b->live & ~b->known) {
		const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
		const struct reach *reach = policy_reach(lan, class_of(b, i), group);

		if (reach != to.reach)
			gather(w, b, reach, &to);
		if (likely(to.n)) {
			struct flooded f = describe(w, b, i);

			flood_frame(w, &f, &to);
		} else {
			batch_drop(b, i, DROP_PORT_LIST_IS_EMPTY);
		}
	}
	b->live &= b->known;
}
