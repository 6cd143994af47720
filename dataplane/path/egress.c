// SPDX-License-Identifier: BSD-3-Clause
// May a known frame leave there, and in what dress.
//
// A frame that may not for two reasons dies by the first of: the port is not in the LAN, it is of
// the same isolation group, it is down, it cannot send a frame that long.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"

static inline enum drop_reason check(const struct worker *w, const struct batch *b, unsigned int i,
				     const struct policy_port *out, uint16_t own_group)
{
	uint16_t vid = out->lan_vid[b->lan[i]];

	if (vid == VID_NOT_MEMBER)
		return DROP_EGRESS_VLAN_FILTER;
	if (own_group != 0 && out->group == own_group)
		return DROP_SPLIT_HORIZON;
	if (!port_is_up(w, b->out[i]))
		return DROP_EGRESS_PORT_DOWN;
	return length_with(b, i, vid) > out->frame_max ? DROP_EGRESS_MTU : DROP_NONE;
}

// A received frame that somebody else holds, or that has no room in front, is copied.
static struct rte_mbuf *redress(const struct worker *w, const struct batch *b, unsigned int i,
				uint16_t vid)
{
	struct rte_mbuf *frame = b->frames[i];

	if (rte_mbuf_refcnt_read(frame) == 1 && rte_pktmbuf_headroom(frame) >= TAG_SIZE) {
		dress(frame, b, i, vid);
		return frame;
	}
	struct rte_mbuf *copy = dress_copy(w, b, i, vid);
	if (copy)
		rte_pktmbuf_free(frame);
	return copy;
}

static inline void leave(struct worker *w, struct batch *b, unsigned int i,
			 const struct policy_port *out)
{
	uint16_t vid = out->lan_vid[b->lan[i]];
	struct rte_mbuf *frame = b->frames[i];

	if (unlikely(vid != b->vid[i])) {
		frame = redress(w, b, i, vid);
		if (!frame) {
			batch_drop(b, i, DROP_NO_BUFFER);
			return;
		}
	}
	tx_put(w, b->out[i], frame, tx_meta_of(b, i, length_with(b, i, vid)));
}

void egress(struct worker *w, struct batch *b)
{
	uint16_t own_group = w->policy->ports[b->port].group;

	batch_foreach (i, b->known) {
		const struct policy_port *out = &w->policy->ports[b->out[i]];
		enum drop_reason reason = check(w, b, i, out, own_group);

		if (likely(reason == DROP_NONE))
			leave(w, b, i, out);
		else
			batch_drop_out(b, i, reason, b->out[i]);
	}
	b->live &= ~b->known;
}
