// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/assignments.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/running.h"

int ip_order(const struct ip *a, const struct ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->octets, b->octets, a->family == 4 ? 4 : 16);
}

static int by_ip(const void *a, const void *b)
{
	return ip_order(&((const struct assignment *)a)->ip, &((const struct assignment *)b)->ip);
}

static struct assignment *add(struct assignments *assignments, const struct ip *ip)
{
	if ((assignments->n & (assignments->n - 1)) == 0) // full: every power of two is a new size
		assignments->list =
			alloc_array(assignments->list, assignments->n ? assignments->n * 2 : 1,
				    sizeof(*assignments->list));
	struct assignment *address = &assignments->list[assignments->n++];

	*address = (struct assignment){.ip = *ip, .port = PLAN_NO_SLOT};
	return address;
}

// The one address that the owner may use; 0 if it may use several, or any.
static mac_t only_mac(const struct running *running, size_t port,
		      const struct config_member *member)
{
	const char *name = running->config->ports[port].name;
	const char *lan = running->config->lans[member->lan].name;

	if (member->n_macs != 1 || member->security.mode != SECURITY_REGISTERED)
		return 0;
	for (size_t i = 0; i < running->manual.n_macs; i++) {
		const struct manual_mac *mac = &running->manual.macs[i];

		if (strcmp(mac->port, name) == 0 && strcmp(mac->lan, lan) == 0 &&
		    mac->mac != member->macs[0])
			return 0;
	}
	return member->macs[0];
}

static void add_member(struct assignments *assignments, const struct running *running, size_t port,
		       const struct config_member *member)
{
	const struct plan_wish wish = running_wish(running);
	bool inside = plan_member_lan(&wish, port, member) == member->lan;
	uint16_t slot = inside ? running_slot(running, port) : PLAN_NO_SLOT;

	for (size_t i = 0; i < member->n_ips; i++) {
		struct assignment *address = add(assignments, &member->ips[i]);

		address->owner = &running->config->ports[port];
		address->port = slot;
		address->mac = only_mac(running, port, member);
	}
	if (slot != PLAN_NO_SLOT)
		assignments->ports[assignments->n_ports++] = slot;
}

static void add_members(struct assignments *assignments, const struct running *running, size_t lan)
{
	const struct config *config = running->config;

	assignments->ports = alloc_array(NULL, config->n_ports + 1, sizeof(*assignments->ports));
	for (size_t i = 0; i < config->n_ports; i++) {
		for (size_t m = 0; m < config->ports[i].n_members; m++) {
			if (config->ports[i].members[m].lan == lan)
				add_member(assignments, running, i, &config->ports[i].members[m]);
		}
	}
}

static void add_exchanges_own(struct assignments *assignments, const struct config_sponge *sponge)
{
	for (size_t i = 0; i < sponge->n_protected; i++)
		add(assignments, &sponge->protected[i])->protected = true;
	if (sponge->address4.family)
		add(assignments, &sponge->address4)->sponges_own = true;
	if (sponge->address6.family)
		add(assignments, &sponge->address6)->sponges_own = true;
}

// An address that is told for two reasons is one.
static void merge(struct assignments *assignments)
{
	size_t n = 0;

	for (size_t i = 0; i < assignments->n; i++) {
		const struct assignment *next = &assignments->list[i];
		struct assignment *last = n ? &assignments->list[n - 1] : NULL;

		if (!last || by_ip(last, next) != 0) {
			assignments->list[n++] = *next;
			continue;
		}
		if (next->owner) {
			last->owner = next->owner;
			last->port = next->port;
			last->mac = next->mac;
		}
		last->protected |= next->protected;
		last->sponges_own |= next->sponges_own;
	}
	assignments->n = n;
}

void assignments_read(struct assignments *assignments, const struct running *running, size_t lan)
{
	*assignments = (struct assignments){0};
	add_members(assignments, running, lan);
	add_exchanges_own(assignments, &running->config->lans[lan].sponge);
	if (assignments->n)
		qsort(assignments->list, assignments->n, sizeof(*assignments->list), by_ip);
	merge(assignments);
}

void assignments_fini(struct assignments *assignments)
{
	free(assignments->list);
	free(assignments->ports);
	*assignments = (struct assignments){0};
}

const struct assignment *assignments_find(const struct assignments *assignments,
					  const struct ip *ip)
{
	const struct assignment wanted = {.ip = *ip};

	return assignments->n ? bsearch(&wanted, assignments->list, assignments->n,
					sizeof(*assignments->list), by_ip)
			      : NULL;
}

bool assignments_equal(const struct assignments *a, const struct assignments *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (by_ip(&a->list[i], &b->list[i]) != 0 || a->list[i].port != b->list[i].port ||
		    a->list[i].mac != b->list[i].mac)
			return false;
	}
	return true;
}

bool assignments_has_port(const struct assignments *assignments, uint16_t port)
{
	for (size_t i = 0; i < assignments->n_ports; i++) {
		if (assignments->ports[i] == port)
			return true;
	}
	return false;
}
