// SPDX-License-Identifier: BSD-3-Clause
// Count and free what ended before it left: what was for the fabric itself, and the dead; and tell
// of those that broke a rule.
//
// Under attack millions of frames die in a second. Control is told of the first one that died by a
// port for a reason in each second; for all others it takes a look at one number.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/capture.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

static bool makes_event(const struct worker *w, uint16_t port, enum drop_reason reason)
{
	return drop_makes_event(reason) &&
	       !(w->policy->ports[port].quiet && drop_is_violation(reason));
}

// Of frames that died for one reason.
static void tell_first(struct worker *w, const struct batch *b, uint64_t frames,
		       enum drop_reason reason, uint32_t second)
{
	uint32_t *told = &w->told[b->port][reason];

	if (likely(*told == second))
		return;
	*told = second;
	if (makes_event(w, b->port, reason))
		tell_frame(w, b, (unsigned int)__builtin_ctzll(frames), EVENT_VIOLATION, 0);
}

static void count_dead(struct worker *w, const struct batch *b)
{
	uint32_t second = w->dry ? 0 : tell_second(w);
	uint64_t left = b->dead, frames;
	enum drop_reason reason;
	uint16_t blame;

	while ((frames = batch_take_dead(b, &left, &reason, &blame))) {
		w->counters[blame].drops[reason] += (unsigned int)__builtin_popcountll(frames);
		if (!w->dry)
			tell_first(w, b, frames, reason, second);
	}
}

void drop(struct worker *w, struct batch *b)
{
	uint64_t ended = b->dead | b->consumed;
	struct rte_mbuf *frames[BATCH_MAX];
	unsigned int n = 0;

	if (likely(!ended))
		return;
	if (b->dead)
		count_dead(w, b);
	if (unlikely(w->captures))
		capture_dead(w, b);
	w->counters[b->port].consumed += (unsigned int)__builtin_popcountll(b->consumed);
	batch_foreach (i, ended)
		frames[n++] = b->frames[i];
	rte_pktmbuf_free_bulk(frames, n);
}
