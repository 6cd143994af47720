// SPDX-License-Identifier: BSD-3-Clause
// Where does the source live now: refresh, insert, move, limits; and may it be a source here at
// all, which depends on the security mode of the port in this LAN:
//
//   open        learned, if the port learns; addresses that are registered elsewhere are defended
//   learn       the first few that are seen are learned for good, the rest refused
//   registered  nothing is learned: see secure.c
//
// All sources of a burst are learned before any destination of it is looked up.
#include <rte_branch_prediction.h>

#include "dataplane/path/pipeline.h"
#include "dataplane/path/secure.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/worker.h"

static void fill(struct message *message, const struct batch *b, unsigned int i,
		 enum message_type type, uint16_t old_port)
{
	message_init(message, type, 0);
	message->mac = (struct event_mac){.mac = b->src[i],
					  .lan = b->lan[i],
					  .port = b->port,
					  .old_port = old_port};
}

static void tell(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		 uint16_t old_port)
{
	struct message event;

	fill(&event, b, i, type, old_port);
	worker_event(w, &event);
}

static void note(struct worker *w, const struct batch *b, unsigned int i, enum message_type type,
		 uint16_t old_port)
{
	struct message notice;

	fill(&notice, b, i, type, old_port);
	worker_notice(w, &notice);
}

// Frames of a burst whose sources are worth telling: where one violation is enough, those before
// it. What else was learned is forgotten when the manager has heard of the violation.
static uint64_t counting(const struct worker *w, const struct batch *b, uint64_t frames)
{
	uint64_t died = frames & ~b->live;

	return died && w->policy->ports[b->port].disable_at_once ? (died & -died) - 1 : frames;
}

static void tell_all(struct worker *w, const struct batch *b, const struct fdb_learned *result,
		     uint64_t frames)
{
	uint64_t counted = counting(w, b, frames);

	batch_foreach (i, result->learned & counted)
		tell(w, b, i, EVENT_MAC_LEARNED, b->port);
	batch_foreach (i, result->moved & counted) {
		tell(w, b, i, EVENT_MAC_MOVED, result->old_port[i]);
		note(w, b, i, NOTICE_MOVED, result->old_port[i]);
	}
}

static void count(struct port_counters *counters, const struct fdb_learned *result)
{
	counters->learned += (unsigned int)__builtin_popcountll(result->learned);
	counters->moved += (unsigned int)__builtin_popcountll(result->moved);
	counters->learn_refused += (unsigned int)__builtin_popcountll(result->refused);
}

// Frames whose source is that of the frame before share its fate.
static uint64_t spread(uint64_t fate, uint64_t repeats)
{
	batch_foreach (i, repeats)
		fate |= (fate >> (i - 1) & 1) << i;
	return fate;
}

static bool is_calm(const struct fdb_learned *result)
{
	return !(result->learned | result->moved | result->foreign | result->refused);
}

// A burst often comes from one station: then it is learned once.
static void learn_sources(struct worker *w, struct batch *b, const struct policy_lan *lan,
			  uint64_t frames)
{
	uint64_t repeats = batch_repeats(b->src, frames);
	struct fdb_learned result;

	fdb_learn_burst(lan->fdb, b->src, frames & ~repeats, b->port, &result);
	if (likely(is_calm(&result)))
		return;
	result.refused = spread(result.refused, repeats);
	count(&w->counters[b->port], &result);
	secure_drop(w, b, result.foreign, repeats);
	tell_all(w, b, &result, frames);
}

// Without learning, addresses that belong to somebody else are still defended.
static void check_sources(struct worker *w, struct batch *b, const struct policy_lan *lan,
			  uint64_t frames)
{
	uint64_t repeats = batch_repeats(b->src, frames);
	uint16_t ports[BATCH_MAX];
	uint64_t suspects = 0;

	if (!(lan->flags & LAN_DROP_HIJACK) && !lan->reserves && !fdb_count_held(lan->fdb))
		return;
	fdb_lookup_burst(lan->fdb, b->src, frames & ~repeats, ports);
	batch_foreach (i, frames & ~repeats)
		suspects |= (uint64_t)(ports[i] != b->port && ports[i] != FDB_MISS) << i;
	if (unlikely(suspects))
		secure_drop(w, b, suspects, repeats);
}

// What would become of sources that are not sticky yet, if they were learned.
static void try_first(struct worker *w, struct batch *b, const struct policy_lan *lan,
		      uint64_t strangers)
{
	secure_drop(w, b, strangers, 0);
	batch_foreach (i, strangers & b->live) {
		if (fdb_lookup(lan->fdb, b->src[i]) != b->port &&
		    fdb_is_port_full(lan->fdb, b->port))
			batch_drop(b, i, DROP_MAC_LIMIT);
	}
}

// The manager makes them static. It may hear of them late, but not too late: the limit counts them
// in any case.
static void learn_first(struct worker *w, struct batch *b, const struct policy_lan *lan,
			uint64_t frames)
{
	uint64_t repeats = batch_repeats(b->src, frames);
	uint64_t strangers = fdb_find_strangers(lan->fdb, b->src, frames & ~repeats, b->port);
	struct fdb_learned result;

	if (likely(!strangers))
		return;
	if (w->dry) {
		try_first(w, b, lan, strangers);
		return;
	}
	fdb_learn_burst(lan->fdb, b->src, strangers, b->port, &result);
	if (is_calm(&result))
		return;
	result.refused = spread(result.refused, repeats);
	count(&w->counters[b->port], &result);
	secure_drop(w, b, result.foreign, repeats);
	batch_drop_all(b, result.refused, DROP_MAC_LIMIT);
	tell_all(w, b, &result, frames);
	batch_foreach (i, (result.learned | result.moved) & counting(w, b, frames))
		note(w, b, i, NOTICE_STICKY, b->port);
}

void learn(struct worker *w, struct batch *b)
{
	const struct policy_port *port = &w->policy->ports[b->port];
	uint64_t entered = b->live, left = entered, frames;
	uint8_t lan;

	while ((frames = batch_take_lan(b, &left, &lan))) {
		if (port->lans[lan].security == SECURITY_REGISTERED)
			secure_registered(w, b, frames);
		else if (port->lans[lan].security == SECURITY_LEARN)
			learn_first(w, b, &w->policy->lans[lan], frames);
		else if (port->learn && !w->dry)
			learn_sources(w, b, &w->policy->lans[lan], frames);
		else
			check_sources(w, b, &w->policy->lans[lan], frames);
	}
	if (unlikely(b->live != entered) && port->disable_at_once && !w->dry)
		secure_disable(w, b, entered, entered & ~b->live);
}
