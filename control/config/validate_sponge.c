// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/validate_sponge.h"

#include <stdio.h>

#include "control/config/complaints.h"
#include "control/config/path.h"
#include "control/config/schema.h"
#include "control/config/validate.h"

static const char addresses[] = "lans.%s.sponge.addresses";

static const struct ip_prefix *first_prefix(const struct config_lan *lan, uint8_t family)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].ip.family == family)
			return &lan->prefixes[i];
	}
	return NULL;
}

// The sponge asks by an address that those who are asked find in their LAN.
static void check_family(const struct config_lan *lan, uint8_t family, struct complaints *c)
{
	const struct config_sponge *sponge = &lan->sponge;
	const struct ip *own = family == 4 ? &sponge->address4 : &sponge->address6;
	const struct ip_prefix *prefix = first_prefix(lan, family);
	char text[IP_PREFIX_TEXT_SIZE];

	if (!prefix || own->family || sponge->passive || sponge->address_places[family == 6].line)
		return;
	complain(
		c, lan->sponge_place, path(addresses, lan->name).text,
		"the sponge asks who is there, and has no IPv%u address to ask by; write one of %s "
		"that nobody has, or passive: yes",
		family, ip_prefix_format(prefix, text));
}

static void check_own(const struct config_lan *lan, struct complaints *c)
{
	const struct config_sponge *sponge = &lan->sponge;
	const struct path where = path(addresses, lan->name);

	config_check_ip(lan, &sponge->address4, sponge->address_places[0], where.text, c);
	config_check_ip(lan, &sponge->address6, sponge->address_places[1], where.text, c);
}

static void check_protected(const struct config_lan *lan, struct complaints *c)
{
	const struct config_sponge *sponge = &lan->sponge;
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < sponge->n_protected; i++) {
		const struct ip *ip = &sponge->protected[i];
		struct path where = path("lans.%s.sponge.protected[%zu]", lan->name, i);

		config_check_ip(lan, ip, sponge->protected_places[i], where.text, c);
		for (size_t j = 0; j < i && ip->family; j++) {
			if (ip_equal(ip, &sponge->protected[j]))
				complain(c, sponge->protected_places[i], where.text,
					 "%s is given twice", ip_format(ip, text));
		}
	}
}

static void check_reserved(const struct config_lan *lan, const char *key, mac_t mac,
			   struct complaints *c)
{
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < lan->n_reserved; i++) {
		if (mac && lan->reserved[i] == mac)
			complain(c, lan->reserved_places[i],
				 path("lans.%s.reserved-macs[%zu]", lan->name, i).text,
				 "%s is the LAN's %s, which is reserved anyway; drop it here",
				 mac_format(mac, text), key);
	}
}

static void check_macs(const struct config_lan *lan, struct complaints *c)
{
	const struct config_bindings *bindings = &lan->bindings;
	mac_t sponge = config_sponge_mac(lan), other = config_anti_spoofing_mac(lan);
	char text[MAC_TEXT_SIZE];

	check_reserved(lan, "sponge mac", sponge, c);
	check_reserved(lan, "anti-spoofing-mac", other, c);
	if (sponge && sponge == other)
		complain(c, bindings->anti_spoofing_place,
			 path("lans.%s.bindings.anti-spoofing-mac", lan->name).text,
			 "%s is the sponge's; write another", mac_format(other, text));
}

static void check_sponge(const struct config_lan *lan, struct complaints *c)
{
	const struct config_sponge *sponge = &lan->sponge;

	check_own(lan, c);
	check_protected(lan, c);
	if (sponge->mode == SPONGE_OFF)
		return;
	if (!lan->n_prefixes)
		complain(c, lan->sponge_place, path("lans.%s.sponge", lan->name).text,
			 "the LAN has no addresses; give it prefixes, or write mode: off");
	check_family(lan, 4, c);
	check_family(lan, 6, c);
	if (sponge->queue_depth == 1)
		complain_warning(c, lan->sponge_place,
				 path("lans.%s.sponge.queue-depth", lan->name).text,
				 "one question has no rate, so nothing will ever be sponged; write "
				 "2 or more");
}

static void check_bindings(const struct config_lan *lan, struct complaints *c)
{
	const struct config_bindings *bindings = &lan->bindings;

	if (bindings->age && bindings->refresh >= bindings->age)
		complain(c, lan->bindings_place, path("lans.%s.bindings.refresh", lan->name).text,
			 "an owner is forgotten after %u seconds, before it is asked; write less, "
			 "or never",
			 bindings->age);
	if (bindings->learned && lan->assigned)
		complain_warning(c, lan->bindings_place,
				 path("lans.%s.bindings.mode", lan->name).text,
				 "assignments are complete, so there is nothing to learn; write "
				 "mode: assigned");
}

// The MACs of members that are the exchange's own.
static void check_member_macs(const struct config_port *port, const struct config_member *member,
			      const struct config_lan *lan, struct complaints *c)
{
	const mac_t sponge = config_sponge_mac(lan), other = config_anti_spoofing_mac(lan);
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < member->n_macs; i++) {
		mac_t mac = member->macs[i];

		if (mac && (mac == sponge || mac == other))
			complain(c, member->mac_places[i],
				 path("ports.%s.lans.%s.macs[%zu]", port->name, lan->name, i).text,
				 "%s is the %s of LAN \"%s\"; no member may have it",
				 mac_format(mac, text),
				 mac == sponge ? "sponge mac" : "anti-spoofing-mac", lan->name);
	}
}

static void check_member_ips(const struct config_port *port, const struct config_member *member,
			     const struct config_lan *lan, struct complaints *c)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < member->n_ips; i++) {
		const struct ip *ip = &member->ips[i];

		if (ip->family &&
		    (ip_equal(ip, &lan->sponge.address4) || ip_equal(ip, &lan->sponge.address6)))
			complain(c, member->ip_places[i],
				 path("ports.%s.lans.%s.ips[%zu]", port->name, lan->name, i).text,
				 "%s is the sponge's address in LAN \"%s\"; no member may have it",
				 ip_format(ip, text), lan->name);
	}
}

void config_check_sponges(const struct config *config, struct complaints *complaints)
{
	for (size_t i = 0; i < config->n_lans; i++) {
		const struct config_lan *lan = &config->lans[i];

		check_sponge(lan, complaints);
		check_macs(lan, complaints);
		check_bindings(lan, complaints);
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members; m++) {
			const struct config_lan *lan = config_member_lan(config, &port->members[m]);

			if (!lan)
				continue;
			check_member_macs(port, &port->members[m], lan, complaints);
			check_member_ips(port, &port->members[m], lan, complaints);
		}
	}
}
