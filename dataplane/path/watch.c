// SPDX-License-Identifier: BSD-3-Clause
// Who wants to know what comes by this port: each frame of a watched port is told to control with
// its fate so far, that is all but whether there was somebody it could be given to.
//
// So many in a second and no more; the others are counted, and the next that is told says how many
// they were.
#include "dataplane/path/pipeline.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

enum { WATCH_BUDGET = 1000 }; // frames a second, of one port by one worker

void watch(struct worker *w, struct batch *b)
{
	struct budget *port = &w->watched[b->port];

	batch_foreach (i, b->live | b->dead | (b->settled & b->consumed))
		tell_count(port, tell_may(w, port, WATCH_BUDGET) &&
					 tell_frame(w, b, i, EVENT_WATCHED, port->missed));
}
