// SPDX-License-Identifier: BSD-3-Clause
// What only the whole of a draft can tell: whether anything is in it twice, whether it fits. The
// look-up in what the checks sort is here as well, because it goes by their order.
#include "dataplane/tables/draft.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct policy_port_conf *const *x = a;
	const struct policy_port_conf *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int by_device(const void *a, const void *b)
{
	const struct policy_port_conf *const *x = a;
	const struct policy_port_conf *const *y = b;

	return strcmp((*x)->device, (*y)->device);
}

static void check_port_names(struct draft *draft)
{
	const struct policy_port_conf *sorted[MAX_PORTS];
	size_t n = 0;

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (draft->port_used[p])
			sorted[n++] = &draft->ports[p];
	}
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			draft_complain(draft, EEXIST, sorted[i]->port, FDB_ANY,
				       "port %s: given twice", sorted[i]->name);
	}
	qsort(sorted, n, sizeof(*sorted), by_device);
	for (size_t i = 1; i < n; i++) {
		if (draft_is_lag(draft, sorted[i]->port))
			continue;
		if (strcmp(sorted[i - 1]->device, sorted[i]->device) == 0)
			draft_complain(draft, EEXIST, sorted[i]->port, FDB_ANY,
				       "ports %s and %s: both want device %s", sorted[i - 1]->name,
				       sorted[i]->name, sorted[i]->device);
	}
}

static void check_lan_names(struct draft *draft)
{
	for (uint16_t a = 0; a < MAX_LANS; a++) {
		for (uint16_t b = 0; b < a && draft->lan_used[a]; b++) {
			if (draft->lan_used[b] &&
			    strcmp(draft->lans[a].name, draft->lans[b].name) == 0)
				draft_complain(draft, EEXIST, FDB_ANY, a, "LAN %s: given twice",
					       draft->lans[a].name);
		}
	}
}

static int by_port(const void *a, const void *b)
{
	const struct policy_member_conf *x = a;
	const struct policy_member_conf *y = b;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->vid < y->vid ? -1 : x->vid > y->vid;
}

// A port may know each LAN once, and each tag once; the untagged LAN counts as tag 0.
static void check_members(struct draft *draft)
{
	uint64_t lans = 0;

	if (draft->n_members)
		qsort(draft->members, draft->n_members, sizeof(*draft->members), by_port);
	for (uint32_t i = 0; i < draft->n_members; i++) {
		const struct policy_member_conf *m = &draft->members[i];
		const struct policy_member_conf *before = i ? m - 1 : NULL;

		if (!before || before->port != m->port)
			lans = 0;
		else if (before->vid == m->vid)
			draft_complain(draft, EEXIST, m->port, m->lan,
				       "port %s: two LANs with the same tag %u",
				       draft->ports[m->port].name, m->vid);
		if (lans >> m->lan & 1)
			draft_complain(draft, EEXIST, m->port, m->lan, "port %s: twice in LAN %s",
				       draft->ports[m->port].name, draft->lans[m->lan].name);
		lans |= UINT64_C(1) << m->lan;
	}
}

static int by_lan_and_mac(const void *a, const void *b)
{
	const struct policy_mac_conf *x = a;
	const struct policy_mac_conf *y = b;

	if (x->lan != y->lan)
		return x->lan < y->lan ? -1 : 1;
	return x->mac < y->mac ? -1 : x->mac > y->mac;
}

static void check_macs(struct draft *draft)
{
	uint32_t in_lan[MAX_LANS] = {0};
	char text[MAC_TEXT_SIZE];

	if (draft->n_macs)
		qsort(draft->macs, draft->n_macs, sizeof(*draft->macs), by_lan_and_mac);
	for (uint32_t i = 0; i < draft->n_macs; i++) {
		const struct policy_mac_conf *m = &draft->macs[i];

		if (i && m[-1].lan == m->lan && m[-1].mac == m->mac)
			draft_complain(draft, EEXIST, m->port, m->lan, "%s: twice in LAN %s",
				       mac_format(m->mac, text), draft->lans[m->lan].name);
		if (++in_lan[m->lan] > draft->lans[m->lan].fdb_size)
			draft_complain(draft, ENOSPC, m->port, m->lan,
				       "LAN %s: more registered MACs than its FDB holds (%u)",
				       draft->lans[m->lan].name, draft->lans[m->lan].fdb_size);
	}
}

// Nobody but the exchange may have the address of a sponge. After check_macs().
static void check_sponges(struct draft *draft)
{
	char text[MAC_TEXT_SIZE];

	for (uint16_t l = 0; l < MAX_LANS; l++) {
		const struct policy_lan_conf *lan = &draft->lans[l];

		if (!draft->lan_used[l] || !(lan->flags & LAN_SPONGE))
			continue;
		if (lan->sponge_mac == 0 || lan->sponge_mac > MAC_MASK ||
		    mac_is_group(lan->sponge_mac)) {
			draft_complain(draft, EINVAL, FDB_ANY, l,
				       "LAN %s: %s is no address for a sponge", lan->name,
				       mac_format(lan->sponge_mac, text));
			continue;
		}
		const struct policy_mac_conf *mac = draft_find_mac(draft, l, lan->sponge_mac);
		if (!mac || mac->kind != MAC_RESERVED)
			draft_complain(draft, ENOENT, FDB_ANY, l,
				       "LAN %s: the sponge's address %s is not reserved there",
				       lan->name, mac_format(lan->sponge_mac, text));
	}
}

static int by_lan_and_address(const void *a, const void *b)
{
	const struct policy_address_conf *x = a;
	const struct policy_address_conf *y = b;

	if (x->lan != y->lan)
		return x->lan < y->lan ? -1 : 1;
	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	return memcmp(x->address, y->address, sizeof(x->address));
}

// What a LAG is allowed, it is allowed as a whole: its links are in no LAN.
static void check_links(struct draft *draft)
{
	unsigned int n_links[MAX_PORTS] = {0};

	for (uint32_t i = 0; i < draft->n_members; i++) {
		const struct policy_member_conf *m = &draft->members[i];

		if (draft->lag_of[m->port] != FDB_ANY)
			draft_complain(draft, EINVAL, m->port, m->lan,
				       "port %s: a link of LAG %s, so that one is in LAN %s",
				       draft->ports[m->port].name,
				       draft->ports[draft->lag_of[m->port]].name,
				       draft->lans[m->lan].name);
	}
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		uint16_t lag = draft->lag_of[p];

		if (lag != FDB_ANY && n_links[lag]++ == MAX_LAG_LINKS)
			draft_complain(draft, ENOSPC, p, FDB_ANY, "LAG %s: at most %d links",
				       draft->ports[lag].name, MAX_LAG_LINKS);
	}
}

// An address has one owner in a LAN.
static void check_addresses(struct draft *draft)
{
	if (draft->n_addresses)
		qsort(draft->addresses, draft->n_addresses, sizeof(*draft->addresses),
		      by_lan_and_address);
	for (uint32_t i = 1; i < draft->n_addresses; i++) {
		const struct policy_address_conf *a = &draft->addresses[i];

		if (by_lan_and_address(a - 1, a) == 0)
			draft_complain(draft, EEXIST, a->port, a->lan,
				       "LAN %s: ports %s and %s both have the same address",
				       draft->lans[a->lan].name, draft->ports[a[-1].port].name,
				       draft->ports[a->port].name);
	}
}

int draft_check(struct draft *draft)
{
	if (!draft->open)
		return draft_complain(draft, EPROTO, FDB_ANY, FDB_ANY,
				      "a commit without a policy before it");
	check_lan_names(draft);
	check_port_names(draft);
	check_members(draft);
	check_links(draft);
	check_macs(draft);
	check_sponges(draft);
	check_addresses(draft);
	return draft->broken;
}

const struct policy_mac_conf *draft_find_mac(const struct draft *draft, uint16_t lan, mac_t mac)
{
	const struct policy_mac_conf key = {.lan = lan, .mac = mac};

	if (!draft->n_macs)
		return NULL;
	return bsearch(&key, draft->macs, draft->n_macs, sizeof(*draft->macs), by_lan_and_mac);
}
