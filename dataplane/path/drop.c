// SPDX-License-Identifier: BSD-3-Clause
// Count and free the dead.
#include <rte_branch_prediction.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

void drop(struct worker *w, struct batch *b)
{
	struct rte_mbuf *frames[BATCH_MAX];
	unsigned int n = 0;

	if (likely(!b->dead))
		return;
	batch_foreach (i, b->dead) {
		w->counters[b->blame[i]].drops[b->reason[i]]++;
		frames[n++] = b->frames[i];
	}
	rte_pktmbuf_free_bulk(frames, n);
}
