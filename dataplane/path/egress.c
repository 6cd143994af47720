// SPDX-License-Identifier: BSD-3-Clause
// May a known frame leave there, and in what dress.
//
// Known frames are taken LAN by LAN and port by port, because all that decides, except the length,
// is the same for all frames of a LAN that came by one port and leave by another.
//
// A frame that may not for two reasons dies by the first of: the port is not in the LAN, it is of
// the same isolation group, it is down, it cannot send a frame that long.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"

enum drop_reason egress_check(const struct worker *w, const struct batch *b, uint8_t lan,
			      uint16_t port)
{
	const struct policy_port *out = &w->policy->ports[port];
	uint16_t group = w->policy->ports[b->port].group;

	if (out->lans[lan].vid == VID_NOT_MEMBER)
		return DROP_EGRESS_VLAN_FILTER;
	if (group != 0 && out->group == group)
		return DROP_SPLIT_HORIZON;
	return port_is_up(w, port) ? DROP_NONE : DROP_EGRESS_PORT_DOWN;
}

// Those of "frames" that are too long for "port" once they grew by "more". Where MTUs agree none
// can be.
static uint64_t find_too_long(const struct worker *w, const struct batch *b, uint8_t lan,
			      uint16_t port, int more, uint64_t frames)
{
	int lan_max = w->policy->lans[lan].frame_max + TAG_SIZE;
	int max = w->policy->ports[port].frame_max - more;

	return likely(lan_max <= max) ? 0 : frames & batch_above16(b->length, (uint16_t)max);
}

// A received frame that somebody else holds, or that has no room in front, is copied.
static bool redress(const struct worker *w, struct batch *b, unsigned int i, uint16_t own,
		    uint16_t vid)
{
	struct rte_mbuf *frame = b->frames[i];

	if (rte_mbuf_refcnt_read(frame) == 1 && rte_pktmbuf_headroom(frame) >= TAG_SIZE) {
		dress(frame, own, vid, batch_tci(b, i));
		return true;
	}
	b->frames[i] = dress_copy(w, frame, own, vid, batch_tci(b, i));
	if (!b->frames[i]) {
		b->frames[i] = frame;
		return false;
	}
	rte_pktmbuf_free(frame);
	return true;
}

// Returns those that got it.
static uint64_t redress_all(const struct worker *w, struct batch *b, uint64_t frames, uint16_t own,
			    uint16_t vid)
{
	uint64_t naked = 0;

	batch_foreach (i, frames) {
		if (!redress(w, b, i, own, vid))
			naked |= UINT64_C(1) << i;
	}
	batch_drop_all(b, naked, DROP_NO_BUFFER);
	return frames & ~naked;
}

// Let "frames", one or more, wait for "port". Usually there are no gaps in a burst.
static void tx_put_all(struct worker *w, const struct batch *b, uint16_t port, uint64_t frames,
		       int more)
{
	unsigned int n = (unsigned int)__builtin_popcountll(frames);
	struct tx_buffer *tx = tx_room(w, port, port, n);
	struct rte_mbuf **frame = &tx->frames[tx->n];
	uint32_t *meta = &tx->meta[tx->n];

	tx->n += n;
	if (frames == batch_mask(n)) {
		for (unsigned int i = 0; i < n; i++) {
			frame[i] = b->frames[i];
			meta[i] = tx_meta_of(b, i, b->length[i] + more);
		}
		return;
	}
	batch_foreach (i, frames) {
		*frame++ = b->frames[i];
		*meta++ = tx_meta_of(b, i, b->length[i] + more);
	}
}

// The same for each by itself: for those of a LAG, which may leave by different links, and those
// that are addressed to a group, although they have one receiver (questions whose owner is not
// known by its address).
static void tx_put_each(struct worker *w, const struct batch *b, uint16_t port, uint64_t frames,
			int more)
{
	batch_foreach (i, frames)
		tx_put(tx_room_of(w, port, b->frames[i]), b->frames[i],
		       tx_meta_of(b, i, b->length[i] + more) | tx_group_of(b, i));
}

static void leave(struct worker *w, struct batch *b, uint8_t lan, uint16_t port, uint64_t frames)
{
	uint16_t own = own_vid(w, b, lan), vid = w->policy->ports[port].lans[lan].vid;
	int more = growth(own, vid);
	uint64_t too_long = find_too_long(w, b, lan, port, more, frames);

	batch_drop_out(b, too_long, DROP_EGRESS_MTU, port);
	frames &= ~too_long;
	if (unlikely(own != vid))
		frames = redress_all(w, b, frames, own, vid);
	uint64_t each = unlikely(w->policy->ports[port].is_lag) ? frames : frames & b->group;
	if (unlikely(each))
		tx_put_each(w, b, port, each, more);
	if (likely(frames & ~each))
		tx_put_all(w, b, port, frames & ~each, more);
}

void egress(struct worker *w, struct batch *b)
{
	uint64_t left = b->known, in_lan, frames;
	uint16_t port;
	uint8_t lan;

	while ((in_lan = batch_take_lan(b, &left, &lan))) {
		while ((frames = batch_take_out(b, &in_lan, &port))) {
			enum drop_reason reason = egress_check(w, b, lan, port);

			if (likely(reason == DROP_NONE))
				leave(w, b, lan, port, frames);
			else
				batch_drop_out(b, frames, reason, port);
		}
	}
	b->live &= ~b->known;
}
