// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/pipeline.h"

#include <rte_branch_prediction.h>
#include <rte_prefetch.h>

#include "dataplane/path/trace.h"
#include "dataplane/worker.h"

// One stage, and what it did if somebody asked.
#define STAGE(stage)                         \
	do {                                 \
		stage(w, b);                 \
		if (unlikely(w->trace))      \
			trace_##stage(w, b); \
	} while (0)

// Of many ports, one whose turn it is was put out of the cache by the others. Here while frames are
// parsed.
static void fetch_port(const struct worker *w, uint16_t port)
{
	rte_prefetch0(&w->policy->ports[port]);
	rte_prefetch0(&w->counters[port]);
}

void pipeline_run(struct worker *w, struct batch *b)
{
	fetch_port(w, b->port);
	batch_start(b);
	STAGE(parse);
	STAGE(collect);
	STAGE(ingress);
	STAGE(probe);
	STAGE(admission);
	STAGE(learn);
	STAGE(guard);
	STAGE(alive);
	STAGE(lookup);
	STAGE(answer);
	STAGE(cull);
	STAGE(storm);
	if (unlikely(w->policy->ports[b->port].watched) && !w->dry)
		watch(w, b);
	if (w->policy->ports[b->port].sampling && !w->dry)
		sample(w, b);
	STAGE(flood);
	STAGE(egress);
	drop(w, b);
}
