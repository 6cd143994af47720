// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/diff_lag.h"
#include "control/config/diff_note.h"
#include "control/config/diff_rules.h"
#include "control/config/diff_sflow.h"
#include "control/config/links.h"

static const struct config_lan *find_lan(const struct config *config, const char *name)
{
	for (size_t i = 0; config && i < config->n_lans; i++) {
		if (strcmp(config->lans[i].name, name) == 0)
			return &config->lans[i];
	}
	return NULL;
}

static const struct config_port *find_port(const struct config *config, const char *name)
{
	return config ? config_find_port(config, name) : NULL;
}

static void diff_fabric(struct diff *d)
{
	static const struct config nothing;
	const struct config *old = d->old ? d->old : &nothing;

	d->noun = "fabric";
	d->name = "";
	diff_text(d, "name", old->name, d->new->name, IMPACT_NONE);
	diff_number(d, "learn-limit", old->learn_limit, d->new->learn_limit, "none", IMPACT_NONE);
}

static bool has_prefix(const struct config_lan *lan, const struct ip_prefix *prefix)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].length == prefix->length &&
		    ip_equal(&lan->prefixes[i].ip, &prefix->ip))
			return true;
	}
	return false;
}

static void diff_prefixes(struct diff *d, const struct config_lan *old,
			  const struct config_lan *new)
{
	char text[IP_PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < old->n_prefixes; i++) {
		if (!has_prefix(new, &old->prefixes[i]))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "prefix %s removed",
				  ip_prefix_format(&old->prefixes[i], text));
	}
	for (size_t i = 0; i < new->n_prefixes; i++) {
		if (!has_prefix(old, &new->prefixes[i]))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "prefix %s added",
				  ip_prefix_format(&new->prefixes[i], text));
	}
}

static const char *profile_name(enum lan_profile profile)
{
	return profile == PROFILE_OPEN ? "open" : "exchange";
}

static void diff_lan(struct diff *d, const struct config_lan *old, const struct config_lan *new)
{
	diff_text(d, "profile", profile_name(old->profile), profile_name(new->profile),
		  IMPACT_NONE);
	// Who has it tagged by the LAN's VLAN is named at the port.
	diff_number(d, "vlan", old->vlan, new->vlan, "none", IMPACT_NONE);
	diff_number(d, "mtu", old->mtu, new->mtu, NULL,
		    new->mtu < old->mtu ? IMPACT_LAN : IMPACT_NONE);
	diff_prefixes(d, old, new);
	diff_number(d, "ageing", old->ageing, new->ageing, "never", IMPACT_NONE);
	// The table is made anew, and addresses are flooded or dropped until they are learned.
	diff_number(d, "fdb-size", old->fdb_size, new->fdb_size, NULL, IMPACT_LAN);
	diff_number(d, "learn-limit", old->learn_limit, new->learn_limit, "fdb-size", IMPACT_NONE);
	diff_bool(d, "flood-unknown-unicast", old->flood_unknown_unicast,
		  new->flood_unknown_unicast, IMPACT_NONE);
	diff_bool(d, "drop-hijack", old->drop_hijack, new->drop_hijack, IMPACT_NONE);
	diff_bool(d, "guard", old->guard, new->guard, IMPACT_NONE);
	diff_text(d, "neighbours", config_neighbours_name(old->neighbours),
		  config_neighbours_name(new->neighbours), IMPACT_NONE);
	diff_text(d, "assignments", old->assigned ? "complete" : "partial",
		  new->assigned ? "complete" : "partial", IMPACT_NONE);
	diff_bool(d, "pass-tagged", old->pass_tagged, new->pass_tagged, IMPACT_NONE);
	diff_lan_rules(d, old, new);
}

static void diff_lans(struct diff *d)
{
	d->noun = "lan";
	for (size_t i = 0; d->old && i < d->old->n_lans; i++) {
		d->name = d->old->lans[i].name;
		if (!find_lan(d->new, d->name))
			diff_note(d, CHANGE_REMOVE, IMPACT_LAN, "%s", "");
	}
	for (size_t i = 0; i < d->new->n_lans; i++) {
		const struct config_lan *new = &d->new->lans[i];
		const struct config_lan *old = find_lan(d->old, new->name);

		d->name = new->name;
		if (old)
			diff_lan(d, old, new);
		else
			diff_note(d, CHANGE_ADD, IMPACT_NONE, "%s, mtu %u",
				  profile_name(new->profile), new->mtu);
	}
}

static const char *member_lan(const struct config *config, const struct config_member *member)
{
	return config->lans[member->lan].name;
}

static const struct config_member *find_member(const struct config *config,
					       const struct config_port *port, const char *lan)
{
	for (size_t i = 0; i < port->n_members; i++) {
		if (strcmp(member_lan(config, &port->members[i]), lan) == 0)
			return &port->members[i];
	}
	return NULL;
}

static bool has_mac(const struct config_member *member, mac_t mac)
{
	for (size_t i = 0; i < member->n_macs; i++) {
		if (member->macs[i] == mac)
			return true;
	}
	return false;
}

static bool has_ip(const struct config_member *member, const struct ip *ip)
{
	for (size_t i = 0; i < member->n_ips; i++) {
		if (ip_equal(&member->ips[i], ip))
			return true;
	}
	return false;
}

// The MACs of "a" that "b" does not have.
static void diff_macs(struct diff *d, const char *lan, const struct config_member *a,
		      const struct config_member *b, const char *verb, enum change_impact impact)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < a->n_macs; i++) {
		if (!has_mac(b, a->macs[i]))
			diff_note(d, CHANGE_CHANGE, impact, "lan %s: mac %s %s", lan,
				  mac_format(a->macs[i], text), verb);
	}
}

static void diff_ips(struct diff *d, const char *lan, const struct config_member *a,
		     const struct config_member *b, const char *verb)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < a->n_ips; i++) {
		if (!has_ip(b, &a->ips[i]))
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "lan %s: ip %s %s", lan,
				  ip_format(&a->ips[i], text), verb);
	}
}

static void diff_member(struct diff *d, const char *lan, const struct config_member *old,
			const struct config_member *new)
{
	char key[NAME_SIZE + 16];

	snprintf(key, sizeof(key), "lan %s: tag", lan);
	diff_number(d, key, old->vid, new->vid, "none", IMPACT_PORT);
	diff_macs(d, lan, old, new, "removed", IMPACT_PORT);
	diff_macs(d, lan, new, old, "added", IMPACT_NONE);
	diff_ips(d, lan, old, new, "removed");
	diff_ips(d, lan, new, old, "added");
	diff_member_rules(d, old, new);
}

static void diff_members(struct diff *d, const struct config_port *old,
			 const struct config_port *new)
{
	for (size_t i = 0; i < old->n_members; i++) {
		const char *lan = member_lan(d->old, &old->members[i]);

		if (!find_member(d->new, new, lan))
			diff_note(d, CHANGE_CHANGE, IMPACT_PORT, "leaves lan %s", lan);
	}
	for (size_t i = 0; i < new->n_members; i++) {
		const struct config_member *member = &new->members[i];
		const char *lan = member_lan(d->new, member);
		const struct config_member *before = find_member(d->old, old, lan);

		if (before)
			diff_member(d, lan, before, member);
		else if (member->tagged)
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "joins lan %s with tag %u", lan,
				  member->vid);
		else
			diff_note(d, CHANGE_CHANGE, IMPACT_NONE, "joins lan %s untagged", lan);
	}
}

static void diff_reach(struct diff *d, const struct config_port *old, const struct config_port *new)
{
	// Without learning, what was learned goes, and with it who is not registered.
	diff_bool(d, "learning", old->learning, new->learning,
		  new->learning ? IMPACT_NONE : IMPACT_PORT);
	diff_number(d, "learn-limit", old->learn_limit, new->learn_limit, "none", IMPACT_NONE);
	diff_bool(d, "flood-unknown-unicast", old->flood_unknown_unicast,
		  new->flood_unknown_unicast, IMPACT_NONE);
	diff_bool(d, "flood-multicast", old->flood_multicast, new->flood_multicast, IMPACT_NONE);
	// The other ports of the new group are out of reach from now on.
	diff_text(d, "isolation", old->isolation, new->isolation,
		  *new->isolation ? IMPACT_PORT : IMPACT_NONE);
}

static void diff_port(struct diff *d, const struct config_port *old, const struct config_port *new)
{
	bool is_link = config_is_link(old) || config_is_link(new);

	diff_text(d, "device", old->device, new->device, IMPACT_PORT);
	diff_lag(d, old, new);
	diff_number(d, "asn", old->asn, new->asn, "none", IMPACT_NONE);
	diff_text(d, "member", old->member_name, new->member_name, IMPACT_NONE);
	diff_text(d, "description", old->description, new->description, IMPACT_NONE);
	diff_text(d, "admin", old->admin_up ? "up" : "down", new->admin_up ? "up" : "down",
		  new->admin_up ? IMPACT_NONE : IMPACT_PORT);
	if (!is_link)
		diff_number(d, "mtu", old->mtu, new->mtu, NULL, IMPACT_PORT);
	diff_number(d, "queues", old->queues, new->queues, "as many as suit", IMPACT_PORT);
	if (!is_link)
		diff_reach(d, old, new);
	diff_members(d, old, new);
	if (is_link)
		return;
	diff_port_rules(d, old, new);
	diff_port_sampling(d, old, new);
}

static void add_port(struct diff *d, const struct config_port *port)
{
	char lans[384] = "";
	size_t used = 0;

	for (size_t i = 0; i < port->n_members && used < sizeof(lans); i++)
		used += (size_t)snprintf(lans + used, sizeof(lans) - used, "%s %s", i ? "," : "",
					 member_lan(d->new, &port->members[i]));
	if (config_is_link(port))
		diff_note(d, CHANGE_ADD, IMPACT_NONE, "%s, link of %s", port->device, port->lag);
	else
		diff_note(d, CHANGE_ADD, IMPACT_NONE, "%s, %s%s", port->device,
			  port->n_members ? "in" : "in no lan", lans);
}

static void diff_ports(struct diff *d)
{
	d->noun = "port";
	for (size_t i = 0; d->old && i < d->old->n_ports; i++) {
		d->name = d->old->ports[i].name;
		if (!find_port(d->new, d->name))
			diff_note(d, CHANGE_REMOVE, IMPACT_PORT, "%s",
				  diff_link_removed(d, &d->old->ports[i]).text);
	}
	for (size_t i = 0; i < d->new->n_ports; i++) {
		const struct config_port *new = &d->new->ports[i];
		const struct config_port *old = find_port(d->old, new->name);

		d->name = new->name;
		if (old)
			diff_port(d, old, new);
		else
			add_port(d, new);
	}
}

void config_diff(const struct config *old, const struct config *new, struct config_changes *changes)
{
	struct diff diff = {.old = old, .new = new, .changes = changes};

	*changes = (struct config_changes){0};
	diff_fabric(&diff);
	diff_sflow(&diff);
	diff_lans(&diff);
	diff_ports(&diff);
}

void config_changes_free(struct config_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		free(changes->list[i].detail);
	free(changes->list);
	*changes = (struct config_changes){0};
}

const char *change_kind_name(enum change_kind kind)
{
	static const char *const names[] = {
		[CHANGE_ADD] = "add", [CHANGE_REMOVE] = "remove", [CHANGE_CHANGE] = "change"};

	return names[kind];
}

const char *change_impact_name(enum change_impact impact)
{
	static const char *const names[] = {
		[IMPACT_NONE] = "none", [IMPACT_PORT] = "port", [IMPACT_LAN] = "lan"};

	return names[impact];
}

size_t config_diff_removed_ports(const struct config *old, const struct config *new)
{
	size_t removed = 0;

	for (size_t i = 0; old && i < old->n_ports; i++)
		removed += !config_find_port(new, old->ports[i].name);
	return removed;
}

bool config_diff_removes_most(const struct config *old, const struct config *new)
{
	size_t removed = config_diff_removed_ports(old, new);

	return removed >= 2 && removed * 2 > old->n_ports;
}
