// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/validate_rules.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/path.h"
#include "control/config/schema.h"

static bool is_reserved(const struct config_lan *lan, mac_t mac, size_t n)
{
	for (size_t i = 0; i < n && mac; i++) {
		if (lan->reserved[i] == mac)
			return true;
	}
	return false;
}

static void check_reserved(const struct config_lan *lan, struct complaints *c)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < lan->n_reserved; i++) {
		if (is_reserved(lan, lan->reserved[i], i))
			complain(c, lan->reserved_places[i],
				 path("lans.%s.reserved-macs[%zu]", lan->name, i).text,
				 "%s is given twice", mac_format(lan->reserved[i], text));
	}
}

static void check_registered(const struct config_port *port, const struct config_member *member,
			     const struct config_lan *lan, struct complaints *c)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < member->n_macs; i++) {
		if (is_reserved(lan, member->macs[i], lan->n_reserved))
			complain(c, member->mac_places[i],
				 path("ports.%s.lans.%s.macs[%zu]", port->name, lan->name, i).text,
				 "%s is reserved in LAN \"%s\"; no member may have it",
				 mac_format(member->macs[i], text), lan->name);
	}
}

static void check_limit(const struct config_port *port, const struct config_member *member,
			const struct config_lan *lan, struct complaints *c)
{
	uint32_t limit = config_security_limit(&member->security);

	if (!limit || member->n_macs <= limit)
		return;
	complain(c, member->mac_places[limit],
		 path("ports.%s.lans.%s.macs[%u]", port->name, lan->name, limit).text,
		 "port-security takes at most %u here; write port-security: {limit: %zu}, or drop "
		 "some",
		 limit, member->n_macs);
}

static void check_mute(const struct config_port *port, const struct config_member *member,
		       const struct config_lan *lan, struct complaints *c)
{
	if (member->security.mode == SECURITY_REGISTERED && !member->n_macs)
		complain_warning(c, member->place,
				 path("ports.%s.lans.%s", port->name, lan->name).text,
				 "no MACs are registered, so it may send nothing; list them in "
				 "macs, or write port-security: {mode: learn}");
}

// Whether the name of the LAN's quarantine is another LAN's.
static bool is_taken(const struct config *config, const struct config_lan *lan)
{
	size_t length = strlen(lan->name);

	for (size_t i = 0; i < config->n_lans; i++) {
		const char *name = config->lans[i].name;

		if (strncmp(name, lan->name, length) == 0 &&
		    strcmp(name + length, CONFIG_QUARANTINE) == 0)
			return true;
	}
	return false;
}

static void check_monitor(const struct config *config, const struct config_port *port,
			  const struct config_member *member, const struct config_lan *lan,
			  struct complaints *c)
{
	struct path where = path("ports.%s.lans.%s.monitor", port->name, lan->name);

	if (!member->monitor)
		return;
	if (port->quarantine)
		complain(c, port->quarantine_place, path("ports.%s.quarantine", port->name).text,
			 "it is the monitor of LAN \"%s\"; who watches cannot be in quarantine",
			 lan->name);
	if (strlen(lan->name) > CONFIG_QUARANTINED_NAME_MAX)
		complain(c, member->place, where.text,
			 "the LAN's quarantine is named %s%s, which is too long; give the LAN a "
			 "name of at most %d letters",
			 lan->name, CONFIG_QUARANTINE, (int)CONFIG_QUARANTINED_NAME_MAX);
	else if (is_taken(config, lan))
		complain(c, member->place, where.text,
			 "the LAN's quarantine is named %s%s, and so is another LAN; rename that "
			 "one",
			 lan->name, CONFIG_QUARANTINE);
}

static void check_quarantine(const struct config *config, const struct config_port *port,
			     struct complaints *c)
{
	const struct config_lan *lan = NULL;

	for (size_t i = 0; i < port->n_members; i++) {
		const struct config_lan *other = config_member_lan(config, &port->members[i]);

		if (!other || other->has_monitor)
			return;
		lan = lan ? lan : other;
	}
	struct path where = path("ports.%s.quarantine", port->name);
	if (lan)
		complain(c, port->quarantine_place, where.text,
			 "nobody would see what it sends; write monitor: yes in LAN \"%s\" at the "
			 "port that watches",
			 lan->name);
	else
		complain(c, port->quarantine_place, where.text,
			 "in no LAN, so there is nothing to be kept out of; name its LANs under "
			 "lans:");
}

// Each LAN that has a monitor is two LANs of the dataplane.
static void check_lans(const struct config *config, struct complaints *c)
{
	size_t n = config->n_lans;

	for (size_t i = 0; i < config->n_lans; i++)
		n += config->lans[i].has_monitor;
	if (n > MAX_LANS)
		complain(c, config->lans[0].place, "lans",
			 "with their quarantines these are %zu LANs, and there is room for %d; "
			 "drop some",
			 n, MAX_LANS);
}

// Members of a LAN mostly have the same rules, so the list is short.
static void check_variety(const struct config *config, struct complaints *c)
{
	const struct config_admission **sets = alloc_array(NULL, MAX_RULES, sizeof(*sets));
	size_t n = 0;

	for (size_t i = 0; i < config->n_ports; i++) {
		for (size_t m = 0; m < config->ports[i].n_members; m++) {
			const struct config_member *member = &config->ports[i].members[m];
			size_t s = 0;

			while (s < n && !config_admission_equal(sets[s], &member->admission))
				s++;
			if (s == n && n == MAX_RULES - 1) {
				complain(c, member->place,
					 path("ports.%s.lans", config->ports[i].name).text,
					 "no more than %d different sets of admission rules are "
					 "possible; let more members have the same",
					 MAX_RULES - 1);
				free(sets);
				return;
			}
			if (s == n)
				sets[n++] = &member->admission;
		}
	}
	free(sets);
}

void config_check_rules(const struct config *config, struct complaints *complaints)
{
	for (size_t i = 0; i < config->n_lans; i++)
		check_reserved(&config->lans[i], complaints);
	check_lans(config, complaints);
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		if (port->quarantine)
			check_quarantine(config, port, complaints);
		for (size_t m = 0; m < port->n_members; m++) {
			const struct config_member *member = &port->members[m];
			const struct config_lan *lan = config_member_lan(config, member);

			if (!lan)
				continue;
			check_registered(port, member, lan, complaints);
			check_limit(port, member, lan, complaints);
			check_mute(port, member, lan, complaints);
			check_monitor(config, port, member, lan, complaints);
		}
	}
	check_variety(config, complaints);
}
