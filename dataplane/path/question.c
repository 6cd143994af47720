// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/question.h"

#include <string.h>

#include "dataplane/path/prefix.h"
#include "dataplane/path/tell.h"
#include "dataplane/worker.h"

enum { QUESTION_BUDGET = 1000 }; // events a second, of one port by one worker

bool question_is(const struct claim *claim)
{
	return claim->kind == CLAIM_ARP_REQUEST || (claim->kind == CLAIM_NS && claim->valid);
}

bool question_is_announcement(const struct claim *claim)
{
	return claim->kind == CLAIM_ARP_REQUEST &&
	       memcmp(&claim->sender, &claim->target, sizeof(claim->target)) == 0;
}

bool question_passes(struct worker *w, struct batch *b, unsigned int i, bool known)
{
	enum meter_class class = known ? METER_QUESTION : METER_QUESTION_UNKNOWN;
	struct meter *meter = &w->fabric->meters[b->port].of[class];

	if (!meter_limits(meter) || meter_take(meter, w->now, b->length[i], w->dry))
		return true;
	batch_drop(b, i, known ? DROP_QUESTION_BUDGET : DROP_QUESTION_UNKNOWN_BUDGET);
	return false;
}

void question_tell(struct worker *w, const struct batch *b, unsigned int i, bool answered)
{
	const struct claim *claim = &w->claims[i];
	struct budget *budget = &w->questions[b->port];
	struct message event = tell_about(b, i, EVENT_QUESTION, claim->target);
	struct event_address *question = &event.event_address;

	if (!prefix_of_lan(&w->policy->lans[b->lan[i]], question->family, question->address))
		return;
	question->missed = budget->missed;
	if (claim->probe)
		question->flags |= ADDRESS_PROBE;
	else
		neigh_address(claim->sender, question->asker);
	if (answered)
		question->flags |= ADDRESS_ANSWERED;
	tell_count(budget, tell_may(w, budget, QUESTION_BUDGET) && worker_event(w, &event));
}
