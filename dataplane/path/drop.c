// SPDX-License-Identifier: BSD-3-Clause
// Count and free what ended before it left: what was for the fabric itself, and the dead; and tell
// of those that broke a rule.
//
// Under attack millions of frames die in a second. Control is told of the first one that died by a
// port for a reason in each second; for all others it takes a look at one number.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

static bool makes_event(const struct worker *w, uint16_t port, enum drop_reason reason)
{
	return drop_makes_event(reason) &&
	       !(w->policy->ports[port].quiet && drop_is_violation(reason));
}

static void tell_dead(struct worker *w, const struct batch *b)
{
	uint32_t second = tell_second(w), *told = w->told[b->port];

	batch_foreach (i, b->dead) {
		enum drop_reason reason = b->reason[i];

		if (likely(told[reason] == second))
			continue;
		told[reason] = second;
		if (makes_event(w, b->port, reason))
			tell_frame(w, b, i, EVENT_VIOLATION, 0);
	}
}

void drop(struct worker *w, struct batch *b)
{
	struct rte_mbuf *frames[BATCH_MAX];
	unsigned int n = 0;

	if (likely(!(b->dead | b->consumed)))
		return;
	if (!w->dry)
		tell_dead(w, b);
	batch_foreach (i, b->dead) {
		w->counters[b->blame[i]].drops[b->reason[i]]++;
		frames[n++] = b->frames[i];
	}
	batch_foreach (i, b->consumed)
		frames[n++] = b->frames[i];
	w->counters[b->port].consumed += (unsigned int)__builtin_popcountll(b->consumed);
	rte_pktmbuf_free_bulk(frames, n);
}
