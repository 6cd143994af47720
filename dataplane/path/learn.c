// SPDX-License-Identifier: BSD-3-Clause
// Where does the source live now: refresh, insert, move, limits.
//
// All sources of a burst are learned before any destination of it is looked up.
#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

static void tell(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		 uint16_t old_port)
{
	struct message event;

	message_init(&event, type, 0);
	event.mac = (struct event_mac){.mac = b->src[i],
				       .lan = b->lan[i],
				       .port = b->port,
				       .old_port = old_port};
	worker_event(w, &event);
}

static void count(struct port_counters *counters, const struct fdb_learned *result)
{
	counters->learned += (unsigned int)__builtin_popcountll(result->learned);
	counters->moved += (unsigned int)__builtin_popcountll(result->moved);
	counters->learn_refused += (unsigned int)__builtin_popcountll(result->refused);
}

// Frames whose source is that of the frame before share its fate.
static void spread(uint64_t repeats, struct fdb_learned *result)
{
	batch_foreach (i, repeats) {
		result->foreign |= (result->foreign >> (i - 1) & 1) << i;
		result->refused |= (result->refused >> (i - 1) & 1) << i;
	}
}

// A burst often comes from one station: then it is learned once.
static void learn_sources(struct worker *w, struct batch *b, const struct policy_lan *lan,
			  uint64_t frames)
{
	uint64_t repeats = batch_repeats(b->src, frames);
	struct fdb_learned result;

	fdb_learn_burst(lan->fdb, b->src, frames & ~repeats, b->port, &result);
	if (likely(!(result.learned | result.moved | result.foreign | result.refused)))
		return;
	spread(repeats, &result);
	count(&w->counters[b->port], &result);
	batch_foreach (i, result.learned)
		tell(w, b, i, EVENT_MAC_LEARNED, b->port);
	batch_foreach (i, result.moved)
		tell(w, b, i, EVENT_MAC_MOVED, result.old_port[i]);
	if (lan->flags & LAN_DROP_HIJACK)
		batch_drop_all(b, result.foreign, DROP_MAC_HIJACK);
}

// Without learning, registered addresses are still defended.
static void check_sources(struct batch *b, const struct policy_lan *lan, uint64_t frames)
{
	uint16_t ports[BATCH_MAX];
	struct fdb_entry entry;

	fdb_lookup_burst(lan->fdb, b->src, frames, ports);
	batch_foreach (i, frames) {
		if (likely(ports[i] == b->port || ports[i] == FDB_MISS))
			continue;
		if (fdb_find(lan->fdb, b->src[i], &entry) && entry.is_static &&
		    entry.port != b->port)
			batch_drop(b, i, DROP_MAC_HIJACK);
	}
}

void learn(struct worker *w, struct batch *b)
{
	bool writes = w->policy->ports[b->port].learn && !w->dry;
	uint64_t left = b->live, frames;
	uint8_t lan;

	while ((frames = batch_take_lan(b, &left, &lan))) {
		if (writes)
			learn_sources(w, b, &w->policy->lans[lan], frames);
		else if (w->policy->lans[lan].flags & LAN_DROP_HIJACK)
			check_sources(b, &w->policy->lans[lan], frames);
	}
}
