// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/policy_neigh.h"

#include <stdlib.h>
#include <string.h>

#include "dataplane/tables/draft.h"
#include "dataplane/tables/policy.h"

// The registered MACs of a port in one LAN.
struct macs {
	uint32_t n;
	mac_t first;
};

static void count_macs(const struct draft *draft, uint16_t lan, struct macs *of)
{
	for (uint32_t i = 0; i < draft->n_macs; i++) {
		const struct policy_mac_conf *m = &draft->macs[i];

		if (m->lan == lan && of[m->port].n++ == 0)
			of[m->port].first = m->mac;
	}
}

static bool is_registered(const struct draft *draft, uint16_t lan, uint16_t port, mac_t mac)
{
	for (uint32_t i = 0; i < draft->n_macs; i++) {
		const struct policy_mac_conf *m = &draft->macs[i];

		if (m->lan == lan && m->port == port && m->mac == mac)
			return true;
	}
	return false;
}

// The LAN of the same name in "policy", or NULL.
static const struct policy_lan *find_lan(const struct policy *policy, const char *name)
{
	for (uint32_t l = 0; policy && l < MAX_LANS; l++) {
		if (policy->lans[l].fdb && strncmp(policy->lans[l].name, name, NAME_SIZE) == 0)
			return &policy->lans[l];
	}
	return NULL;
}

static mac_t remembered(const struct policy_lan *old, struct neigh_key key, uint16_t port)
{
	const struct neigh_entry *entry = old ? neigh_find(old->neigh, key) : NULL;

	return entry && neigh_port(entry) == port ? neigh_mac(entry) : 0;
}

static mac_t owner_of(const struct draft *draft, const struct policy_lan *old,
		      const struct policy_address_conf *address, struct neigh_key key,
		      const struct macs *of)
{
	if (of[address->port].n == 1)
		return of[address->port].first;
	mac_t mac = remembered(old, key, address->port);
	bool stays =
		of[address->port].n == 0 || is_registered(draft, address->lan, address->port, mac);

	return mac && stays ? mac : 0;
}

struct neigh *policy_neigh(const struct draft *draft, uint16_t lan, const struct policy *old)
{
	const struct policy_lan *before = find_lan(old, draft->lans[lan].name);
	struct neigh *neigh = neigh_create(draft->n_addresses);
	struct macs *of = calloc(MAX_PORTS, sizeof(*of));

	if (!neigh || !of) {
		neigh_free(neigh);
		free(of);
		return NULL;
	}
	count_macs(draft, lan, of);
	for (uint32_t i = 0; i < draft->n_addresses; i++) {
		const struct policy_address_conf *a = &draft->addresses[i];
		struct neigh_key key = neigh_key(a->family, a->address);

		if (a->lan == lan)
			neigh_add(neigh, key, a->port, owner_of(draft, before, a, key, of));
	}
	free(of);
	return neigh;
}
