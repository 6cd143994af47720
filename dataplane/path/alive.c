// SPDX-License-Identifier: BSD-3-Clause
// Is it a sign of life of a host for which control waits: of one that is asked for and does not
// answer, or that the sponge has taken over.
//
// Any frame is one whose source address is the host's: data as well as ARP and neighbour discovery,
// to one station as well as to all. It has to come from the owner's port and MAC address, as far as
// they are known. It stands behind "guard", so what speaks for another's address has died.
//
// Control is told once. Where it waits for nobody, a burst costs one look at a number.
#include "dataplane/path/alive.h"

#include <rte_branch_prediction.h>

#include "dataplane/path/egress.h"
#include "dataplane/path/octets.h"
#include "dataplane/path/pipeline.h"
#include "dataplane/path/prefix.h"
#include "dataplane/path/tell.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/worker.h"

// ---- Whose it is

static uint32_t sources_of_packet(const struct batch *b, unsigned int i,
				  const struct policy_lan *lan, struct neigh_key *key)
{
	struct octets p = octets_behind(b, i, header_length(b, i));
	uint8_t family = b->kind[i] == PAIR_IPV4 ? 4 : 6;
	unsigned int source = family == 4 ? 12 : 8, size = family == 4 ? 4 : 16;

	if (b->kind[i] == PAIR_OTHER || p.end - p.at < source + size ||
	    !prefix_of_lan(lan, family, p.at + source))
		return 0;
	*key = neigh_key(family, p.at + source);
	return 1;
}

static bool is_of_lan(const struct policy_lan *lan, struct neigh_key key)
{
	uint8_t octets[16], family = neigh_address(key, octets);

	return prefix_of_lan(lan, family, octets);
}

// An advertisement from a link-local address is one of its target.
static uint32_t sources_of_claim(const struct claim *claim, const struct policy_lan *lan,
				 struct neigh_key *keys)
{
	uint32_t n = 0;

	if (claim->family == 6 && !claim->valid)
		return 0;
	if (is_of_lan(lan, claim->sender))
		keys[n++] = claim->sender;
	if (claim->kind == CLAIM_NA && is_of_lan(lan, claim->target) &&
	    memcmp(&claim->target, &claim->sender, sizeof(claim->target)) != 0)
		keys[n++] = claim->target;
	return n;
}

uint32_t alive_sources(const struct worker *w, const struct batch *b, unsigned int i,
		       struct neigh_key keys[ALIVE_SOURCES])
{
	const struct policy_lan *lan = &w->policy->lans[b->lan[i]];

	if (b->claims >> i & 1)
		return sources_of_claim(&w->claims[i], lan, keys);
	return is_foreign(w, b, i) ? 0 : sources_of_packet(b, i, lan, keys);
}

// ---- The stage

static void tell(struct worker *w, const struct batch *b, unsigned int i, struct hosts *hosts,
		 struct host *host)
{
	struct message event = tell_about(b, i, EVENT_LIFE, host->key);

	if (!worker_event(w, &event))
		host_rewatch(hosts, host);
}

static void look(struct worker *w, const struct batch *b, unsigned int i, struct hosts *hosts)
{
	struct neigh_key keys[ALIVE_SOURCES];
	uint32_t n = alive_sources(w, b, i, keys);

	for (uint32_t k = 0; k < n; k++) {
		struct host *host = hosts_find(hosts, keys[k]);

		if (host && host_lives(hosts, host, b->port, b->src[i]))
			tell(w, b, i, hosts, host);
	}
}

void alive(struct worker *w, struct batch *b)
{
	uint64_t left = b->live, frames;
	uint8_t lan;

	if (likely(!w->policy->has_hosts) || w->dry)
		return;
	while ((frames = batch_take_lan(b, &left, &lan))) {
		struct hosts *hosts = w->policy->lans[lan].hosts;

		if (likely(!hosts_watched(hosts, b->port)))
			continue;
		batch_foreach (i, frames)
			look(w, b, i, hosts);
	}
}
