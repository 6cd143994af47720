// SPDX-License-Identifier: BSD-3-Clause
// Where does the destination live. Splits the burst: known frames have one receiver; the rest, to
// groups and to addresses nobody knows, is for flood.
#include "dataplane/path/pipeline.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

static void look_up(struct batch *b, const struct policy_lan *lan, uint64_t frames)
{
	fdb_lookup_burst(lan->fdb, b->dst, frames, b->out);

	uint64_t back = frames & batch_where16(b->out, b->port);
	uint64_t missed = frames & batch_where16(b->out, FDB_MISS);

	b->known |= frames & ~(back | missed);
	batch_drop_all(b, back, DROP_PORT_LOOPBACK_FILTER);
	if (!(lan->flags & LAN_FLOOD_UNKNOWN))
		batch_drop_all(b, missed, DROP_UNKNOWN_UNICAST);
}

void lookup(struct worker *w, struct batch *b)
{
	uint64_t frames;

	for (uint64_t left = b->live & ~b->group; left; left &= ~frames) {
		uint8_t lan = b->lan[__builtin_ctzll(left)];

		frames = left & batch_where8(b->lan, lan);
		look_up(b, &w->policy->lans[lan], frames);
	}
}
