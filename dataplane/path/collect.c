// SPDX-License-Identifier: BSD-3-Clause
// Does its LAG take frames by this link (IEEE 802.1AX-2014 section 6.2.7: frame collection).
//
// The slow protocols (annex 57A of IEEE 802.3: LACP, Marker) are the LAG's own: whatever of them
// comes by a link ends here, and the manager hears of it, also while the LAG takes nothing else.
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/admit.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

enum { BUDGET = 50 }; // notices a second, of one link; the standard allows ten frames

static void tell(struct worker *w, const struct batch *b, unsigned int i)
{
	const struct rte_mbuf *frame = b->frames[i];
	struct message notice;

	if (w->dry || !tell_may(w, &w->lacp[b->link], BUDGET))
		return;
	message_init(&notice, NOTICE_LACP, 0);
	notice.lacp.link = b->link;
	notice.lacp.length = RTE_MIN(frame->data_len, (uint16_t)LACP_OCTETS);
	memcpy(notice.lacp.octets, rte_pktmbuf_mtod(frame, const void *), notice.lacp.length);
	tell_count(&w->lacp[b->link], worker_notice(w, &notice));
}

static void count(struct port_counters *counters, const struct batch *b)
{
	counters->link_rx_frames += b->n;
	for (unsigned int i = 0; i < b->n; i++)
		counters->link_rx_octets += b->length[i];
}

void collect(struct worker *w, struct batch *b)
{
	if (likely(!w->policy->ports[b->port].is_lag))
		return;
	count(&w->counters[b->link], b);
	batch_foreach (i, b->live & b->group & ~b->tagged) {
		if (b->dst[i] != MAC_SLOW || b->type[i] != ADMIT_TYPE_SLOW)
			continue;
		tell(w, b, i);
		batch_consume(b, i);
	}
	if (!atomic_load_explicit(&w->fabric->collecting[b->link], memory_order_relaxed))
		batch_drop_all(b, batch_mask(b->n) & ~b->consumed, DROP_LAG_NOT_COLLECTING);
}
