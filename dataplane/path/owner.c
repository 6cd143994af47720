// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/path/owner.h"

#include "dataplane/path/tell.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/worker.h"

enum { CLAIM_BUDGET = 100 }; // events a second, of one port by one worker

// Whether nothing is new about it, or nothing is to be learned.
static bool is_known(const struct policy_lan *lan, struct neigh_key key, uint16_t port, mac_t mac)
{
	const struct host *host = hosts_find(lan->hosts, key);
	uint64_t word = host ? host_word(host) : 0;

	if (host_verdict(word) == HOST_FROZEN)
		return true;
	return host_verdict(word) != HOST_FORGET && host_port(word) == port &&
	       host_mac(word) == mac;
}

static uint8_t flags_of(const struct claim *claim)
{
	return (claim->override ? ADDRESS_OVERRIDE : 0) | (claim->router ? ADDRESS_ROUTER : 0);
}

void owner_claim(struct worker *w, const struct batch *b, unsigned int i)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];
	const struct claim *claim = &w->claims[i];
	struct budget *budget = &w->claimed[b->port];
	struct neigh_key key = claim->kind == CLAIM_NA ? claim->target : claim->sender;

	if (claim->kind == CLAIM_NS || claim_is_unspecified(claim, key) ||
	    (claim->family == 6 && claim_is_link_local(key)) || neigh_find(lan->neigh, key) ||
	    is_known(lan, key, b->port, b->src[i]))
		return;
	struct message event = tell_about(b, i, EVENT_CLAIM, key);
	event.event_address.flags = flags_of(claim);
	tell_count(budget, tell_may(w, budget, CLAIM_BUDGET) && worker_event(w, &event));
}
