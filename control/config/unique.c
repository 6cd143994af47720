// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/unique.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/schema.h"

// One MAC or IP, as octets that can be compared, and whose it is.
struct claim {
	size_t lan;
	uint8_t octets[17];
	struct config_place place;
	const struct config_port *port;
	size_t index; // in its list
};

struct claims {
	const char *key; // "macs" or "ips"
	struct claim *list;
	size_t n;
};

static struct claim *add_claim(struct claims *claims, const struct config_port *port, size_t lan,
			       struct config_place place, size_t index)
{
	if ((claims->n & (claims->n - 1)) == 0) // full: every power of two is a new size
		claims->list = alloc_array(claims->list, claims->n ? claims->n * 2 : 1,
					   sizeof(*claims->list));
	struct claim *claim = &claims->list[claims->n++];
	*claim = (struct claim){.lan = lan, .place = place, .port = port, .index = index};
	return claim;
}

static void claim_macs(struct claims *claims, const struct config_port *port,
		       const struct config_member *member)
{
	for (size_t i = 0; i < member->n_macs; i++) {
		if (member->macs[i])
			mac_store(member->macs[i],
				  add_claim(claims, port, member->lan, member->mac_places[i], i)
					  ->octets);
	}
}

static void claim_ips(struct claims *claims, const struct config_port *port,
		      const struct config_member *member)
{
	for (size_t i = 0; i < member->n_ips; i++) {
		const struct ip *ip = &member->ips[i];

		if (!ip->family)
			continue;
		struct claim *claim = add_claim(claims, port, member->lan, member->ip_places[i], i);
		claim->octets[0] = ip->family;
		memcpy(claim->octets + 1, ip->octets, sizeof(ip->octets));
	}
}

static int same(const struct claim *a, const struct claim *b)
{
	if (a->lan != b->lan)
		return a->lan < b->lan ? -1 : 1;
	return memcmp(a->octets, b->octets, sizeof(a->octets));
}

static int compare(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	int order = same(a, b);

	if (order)
		return order;
	if (a->place.file != b->place.file)
		return a->place.file < b->place.file ? -1 : 1;
	if (a->place.line != b->place.line)
		return a->place.line < b->place.line ? -1 : 1;
	return a->place.column < b->place.column ? -1 : a->place.column > b->place.column;
}

static void complain_claim(const struct config *config, const struct claims *claims,
			   const struct claim *first, const struct claim *claim,
			   struct complaints *c)
{
	const char *lan = config->lans[claim->lan].name;
	char path[192], text[IP_TEXT_SIZE];

	if (strcmp(claims->key, "macs") == 0) {
		mac_format(mac_load(claim->octets), text);
	} else {
		struct ip ip = {.family = claim->octets[0]};

		memcpy(ip.octets, claim->octets + 1, sizeof(ip.octets));
		ip_format(&ip, text);
	}
	snprintf(path, sizeof(path), "ports.%s.lans.%s.%s[%zu]", claim->port->name, lan,
		 claims->key, claim->index);
	complain(c, claim->place, path,
		 "%s is used twice in LAN \"%s\", first at port \"%s\" on %s; only one port "
		 "may have it",
		 text, lan, first->port->name, place_words(c, claim->place, first->place).text);
}

static void check_claims(const struct config *config, struct claims *claims, struct complaints *c)
{
	if (claims->n)
		qsort(claims->list, claims->n, sizeof(*claims->list), compare);
	for (size_t i = 1, first = 0; i < claims->n; i++) {
		if (same(&claims->list[i], &claims->list[first]))
			first = i;
		else
			complain_claim(config, claims, &claims->list[first], &claims->list[i], c);
	}
	free(claims->list);
}

static void check_room(const struct config *config, const struct claims *macs, struct complaints *c)
{
	size_t *counts = alloc_zero((config->n_lans + 1) * sizeof(*counts));

	for (size_t i = 0; i < config->n_lans; i++)
		counts[i] = config_count_reserved(&config->lans[i]);
	for (size_t i = 0; i < macs->n; i++)
		counts[macs->list[i].lan]++;
	for (size_t i = 0; i < config->n_lans; i++) {
		const struct config_lan *lan = &config->lans[i];
		char path[64];

		if (!lan->fdb_size || counts[i] <= lan->fdb_size)
			continue;
		snprintf(path, sizeof(path), "lans.%s.fdb-size", lan->name);
		complain(c, lan->place, path,
			 "%u is too small for the %zu registered and reserved MACs; write at least "
			 "%zu",
			 lan->fdb_size, counts[i], counts[i]);
	}
	free(counts);
}

void config_check_unique(const struct config *config, struct complaints *complaints)
{
	struct claims macs = {.key = "macs"}, ips = {.key = "ips"};

	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t j = 0; j < port->n_members; j++) {
			if (!config_member_lan(config, &port->members[j]))
				continue;
			claim_macs(&macs, port, &port->members[j]);
			claim_ips(&ips, port, &port->members[j]);
		}
	}
	check_room(config, &macs, complaints);
	check_claims(config, &macs, complaints);
	check_claims(config, &ips, complaints);
}
