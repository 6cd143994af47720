// SPDX-License-Identifier: BSD-3-Clause
// The stages that look at ARP and neighbour discovery, in words.
#include <arpa/inet.h>

#include "dataplane/path/alive.h"
#include "dataplane/path/guard.h"
#include "dataplane/path/trace.h"
#include "dataplane/path/trace_add.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/worker.h"

static const char *format_key(struct neigh_key key, char text[INET6_ADDRSTRLEN])
{
	uint8_t octets[16], family = neigh_address(key, octets);

	return inet_ntop(family == 4 ? AF_INET : AF_INET6, octets, text, INET6_ADDRSTRLEN);
}

static uint64_t word_of(const struct worker *w, const struct batch *b, struct neigh_key key)
{
	const struct host *host = hosts_find(w->policy->lans[b->lan[0]].hosts, key);

	return host ? host_word(host) : 0;
}

// The port that has what the claim speaks for, if another one has it.
static const char *other_owner(const struct worker *w, const struct batch *b)
{
	struct guard_spoken spoken;

	guard_judge(&w->policy->lans[b->lan[0]], b->port, b->src[0], &w->claims[0], &spoken);
	for (uint32_t i = 0; i < spoken.n; i++) {
		if (spoken.entries[i] && neigh_port(spoken.entries[i]) != b->port)
			return trace_port(w, neigh_port(spoken.entries[i]));
	}
	return "nobody";
}

void trace_guard(struct worker *w, const struct batch *b)
{
	if (b->dead & 1 && (b->reason[0] == DROP_ARP_SPOOFED || b->reason[0] == DROP_ND_SPOOFED))
		trace_add(w->trace, b, "guard", "speaks for an address that %s has",
			  other_owner(w, b));
	else if (b->dead & 1)
		trace_add_death(w->trace, b, "guard");
	else if (w->policy->lans[b->lan[0]].flags & LAN_GUARD && b->claims & 1)
		trace_add(w->trace, b, "guard", "speaks for no address that another port has");
}

void trace_alive(struct worker *w, const struct batch *b)
{
	struct neigh_key keys[ALIVE_SOURCES];
	char address[INET6_ADDRSTRLEN];
	uint32_t n = b->live & 1 ? alive_sources(w, b, 0, keys) : 0;

	for (uint32_t k = 0; k < n; k++) {
		uint64_t word = word_of(w, b, keys[k]);

		if (host_watched(word) && host_is_owner(word, b->port, b->src[0]))
			trace_add(w->trace, b, "alive",
				  "a sign of life of %s, for which control waits",
				  format_key(keys[k], address));
	}
}

static void trace_given(struct worker *w, const struct batch *b, uint64_t word, const char *address)
{
	const struct neigh_entry *entry =
		neigh_find(w->policy->lans[b->lan[0]].neigh, w->claims[0].target);
	uint16_t port = entry ? neigh_port(entry) : host_port(word);
	char mac[MAC_TEXT_SIZE];

	mac_format(entry ? neigh_mac(entry) : host_mac(word), mac);
	if (b->consumed & 1)
		trace_add(w->trace, b, "answer", "answered in the name of %s, which is %s on %s",
			  address, mac, trace_port(w, port));
	else
		trace_add(w->trace, b, "answer", "asks for %s, so only %s is given it", address,
			  trace_port(w, port));
}

void trace_answer(struct worker *w, const struct batch *b)
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[0]];
	const struct claim *question = &w->claims[0];
	char address[INET6_ADDRSTRLEN];

	if (b->dead & 1) {
		trace_add_death(w->trace, b, "answer");
		return;
	}
	if (!(b->claims & 1))
		return;
	uint64_t word = word_of(w, b, question->target);
	bool sponged = lan->flags & LAN_SPONGE && !(lan->flags & LAN_DUMMY) && !question->probe &&
		       host_verdict(word) == HOST_SPONGED;
	format_key(question->target, address);
	if (b->consumed & b->settled & 1 && sponged)
		trace_add(w->trace, b, "answer", "answered by the sponge for %s, which is down",
			  address);
	else if (b->consumed & b->sponge & 1)
		trace_add(w->trace, b, "answer", "for the sponge itself: it ends here");
	else if (b->settled & 1)
		trace_given(w, b, word, address);
	else if (b->group & 1 && host_verdict(word) == HOST_FROZEN)
		trace_add(w->trace, b, "answer",
			  "more than one claims %s, so nobody is answered for it", address);
}
