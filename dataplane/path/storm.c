// SPDX-License-Identifier: BSD-3-Clause
// Is there budget for copies from this port: broadcast, multicast and unknown unicast, each with a
// meter of its own. Known unicast never gets to one, nor do questions that stage answer kept from
// being flooded.
#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/worker.h"

static void limit(struct worker *w, struct batch *b, uint64_t frames, enum meter_class class,
		  enum drop_reason reason)
{
	struct meter *meter = &w->fabric->meters[b->port].of[class];

	if (!frames || !meter_limits(meter))
		return;
	int longest = meter_longest(meter, w->now);
	uint64_t over = frames;

	if (longest >= 0)
		over &= batch_above16(b->length, (uint16_t)longest);
	batch_foreach (i, frames & ~over) {
		if (!meter_take(meter, w->now, b->length[i], w->dry))
			over |= UINT64_C(1) << i;
	}
	batch_drop_all(b, over, reason);
}

void storm(struct worker *w, struct batch *b)
{
	uint64_t flooded = b->live & ~b->known;

	if (likely(!flooded))
		return;
	w->now = worker_cycles();
	limit(w, b, flooded & b->broadcast, METER_BROADCAST, DROP_STORM_BROADCAST);
	limit(w, b, flooded & b->group & ~b->broadcast, METER_MULTICAST, DROP_STORM_MULTICAST);
	limit(w, b, flooded & ~b->group, METER_UNKNOWN, DROP_STORM_UNKNOWN_UNICAST);
}
