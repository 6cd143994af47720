// SPDX-License-Identifier: BSD-3-Clause
// Can we answer the question ourselves, or give it to the one whom it concerns. On a large exchange
// most of what is flooded asks for addresses, and everybody but one gets it in vain.
//
// A question is an ARP request or a neighbour solicitation to a group. Those to one station check
// whether it is still there; only it can tell. First of all a port may ask only so much, and less
// for addresses of which nothing is known (RFC 6583).
//
// In LANs with "neighbours: proxy" a question for an address whose owner is known, because it is
// assigned or was learned, is answered in the owner's name (RFC 9161), in the buffer it came in. It
// goes to the owner's port and no other if the LAN has "neighbours: unicast", if the owner's MAC is
// not known yet, or if it has options that only the owner can understand: the guard discards those,
// as exchanges should (RFC 9161 section 5.5), so they come only where there is none. A port that is
// down gets none, and nobody gets it in its place.
//
// Who asks whether an address is in use, to take it, is answered like all: that is how he learns of
// the conflict. What a port says or asks about an address of its own is no question to the fabric:
// announcements and probes are flooded, since others have to know; the rest ends here.
//
// In LANs with a sponge, an address that is down is answered for by the sponge, whoever's it is,
// but neither to its owner nor to somebody who may be about to take it: he would believe that it is
// in use. A question to the sponge itself is answered likewise, or ends without an answer once the
// sponge has the address no longer. All questions that it does not answer are told to control,
// which finds out by them what is down.
//
// With "assignments: complete", nobody is asked for an address that nobody has. Link-local ones
// belong to no port and are always flooded.
//
// What is answered here, or given to one port, is not flooded and no part of a storm. An answer
// counts as injected, its question as consumed.
#include <rte_branch_prediction.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/question.h"
#include "dataplane/path/respond.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/worker.h"

// What is known of the address that is asked for.
struct target {
	struct host *host;
	enum host_verdict verdict; // HOST_FORGET: nothing is known of a host
	bool assigned;
	uint16_t port; // its owner's; HOST_NO_PORT: nobody is to be answered for
	mac_t mac;     // 0: not known
};

static struct target find_target(const struct policy_lan *lan, const struct claim *question)
{
	const struct neigh_entry *entry = neigh_find(lan->neigh, question->target);
	struct target target = {.host = hosts_find(lan->hosts, question->target),
				.assigned = entry,
				.port = HOST_NO_PORT};
	uint64_t word = target.host ? host_word(target.host) : 0;

	target.verdict = host_verdict(word);
	if (target.verdict == HOST_FROZEN)
		return target;
	if (entry) {
		target.port = neigh_port(entry);
		target.mac = neigh_mac(entry);
	} else if (target.verdict == HOST_LIVE ||
		   (target.verdict == HOST_SPONGED && !question->probe)) {
		target.port = host_port(word);
		target.mac = host_mac(word);
	}
	return target;
}

// Returns whether the sponge has answered.
static bool sponge(struct worker *w, struct batch *b, unsigned int i, const struct policy_lan *lan,
		   const struct target *target)
{
	if (!(lan->flags & LAN_SPONGE) || target->verdict != HOST_SPONGED ||
	    target->port == b->port || w->claims[i].probe)
		return false;
	if (lan->flags & LAN_DUMMY) {
		w->counters[b->port].sponged++;
		return false;
	}
	if (!w->dry && !host_tell(target->host, b->port))
		return false;
	w->counters[b->port].sponged += respond(w, b, i, REPLY_SPONGE, lan->sponge_mac);
	return true;
}

// To or for the owner, who is known.
static void ask(struct worker *w, struct batch *b, unsigned int i, uint16_t flags,
		const struct target *target)
{
	const struct claim *question = &w->claims[i];
	bool answers = flags & LAN_PROXY && target->mac && !question->unknown_options;

	if (target->port == b->port) {
		if (!question->probe)
			batch_drop(b, i, DROP_QUESTION_OWN);
	} else if (answers && egress_check(w, b, b->lan[i], target->port) == DROP_NONE) {
		w->counters[b->port].answered += respond(w, b, i, REPLY_OWNER, target->mac);
	} else {
		respond_turn(w, b, i, target->port, target->mac);
	}
}

static void settle(struct worker *w, struct batch *b, unsigned int i)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
	const struct claim *question = &w->claims[i];
	bool announcement = question_is_announcement(question);
	uint64_t bit = UINT64_C(1) << i;

	if (!question_is(question))
		return;
	struct target target = find_target(lan, question);
	if (!announcement && (!question_passes(w, b, i, target.assigned || target.host) ||
			      sponge(w, b, i, lan, &target) || b->sponge & bit))
		return;
	if (!target.assigned && lan->flags & LAN_ASSIGNED && !claim_is_link_local(question->target))
		batch_drop(b, i, DROP_QUESTION_UNASSIGNED);
	else if (target.port != HOST_NO_PORT && !announcement &&
		 lan->flags & (LAN_PROXY | LAN_UNICAST))
		ask(w, b, i, lan->flags, &target);
	if (lan->flags & LAN_SPONGE && !announcement && !(b->dead & bit) && !w->dry)
		question_tell(w, b, i, !(b->live & bit));
}

// Those to the sponge itself that it has nothing to say to.
static void arrive(struct batch *b, uint64_t frames)
{
	b->settled |= frames;
	batch_foreach (i, frames)
		batch_consume(b, i);
}

void answer(struct worker *w, struct batch *b)
{
	uint64_t claims = b->live & b->claims & (b->group | b->sponge);

	if (likely(!claims))
		return;
	w->now = worker_cycles();
	batch_foreach (i, claims)
		settle(w, b, i);
	if (unlikely(b->sponge))
		arrive(b, b->sponge & b->live);
}
