// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/import/export.h"
#include "control/import/export_port.h"

enum {
	SWITCH_ID = 1,		 // there is one
	VLAN_ID_UNTAGGED = 4096, // and more: of LANs without a tag
};

static json_int_t vlan_id(const struct config *config, size_t lan)
{
	uint16_t vlan = config->lans[lan].vlan;

	return vlan ? vlan : VLAN_ID_UNTAGGED + (json_int_t)lan;
}

// The first prefix of a family: there is room for one.
static void add_prefix(json_t *vlan, const char *key, const struct config_lan *lan, int family)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < lan->n_prefixes; i++) {
		const struct ip_prefix *prefix = &lan->prefixes[i];

		if (prefix->ip.family != family)
			continue;
		json_object_set_new(vlan, key,
				    json_pack("{s:s, s:i}", "prefix", ip_format(&prefix->ip, text),
					      "mask_length", prefix->length));
		return;
	}
}

static json_t *describe_vlans(const struct export_source *source)
{
	const struct config *config = source->config;
	json_t *list = json_array();

	for (size_t i = 0; i < config->n_lans; i++) {
		const struct config_lan *lan = &config->lans[i];

		if (!export_has_lan(source, i))
			continue;
		json_t *vlan = json_pack("{s:I, s:s}", "id", vlan_id(config, i), "name", lan->name);
		add_prefix(vlan, "ipv4", lan, 4);
		add_prefix(vlan, "ipv6", lan, 6);
		json_array_append_new(list, vlan);
	}
	return list;
}

static json_t *describe_ixp(const struct export_source *source)
{
	const char *name = source->config->name;
	json_t *fabric = json_pack("{s:i, s:s, s:s}", "id", SWITCH_ID, "name",
				   *name ? name : "ixfab", "software", "ixfab " IXFAB_VERSION);

	return json_pack("{s:I, s:I, s:s, s:[o], s:o}", "ixp_id", (json_int_t)source->ixp_id,
			 "ixf_id", (json_int_t)source->ixf_id, "shortname", name, "switch", fabric,
			 "vlan", describe_vlans(source));
}

static json_t *describe_macs(const struct config_member *member)
{
	json_t *list = json_array();
	char text[MAC_TEXT_SIZE];

	for (size_t i = 0; i < member->n_macs; i++)
		json_array_append_new(list, json_string(mac_format(member->macs[i], text)));
	return list;
}

// The n-th address of a family; NULL if there are not so many.
static const struct ip *nth_ip(const struct config_member *member, int family, size_t n)
{
	for (size_t i = 0; i < member->n_ips; i++) {
		if (member->ips[i].family == family && n-- == 0)
			return &member->ips[i];
	}
	return NULL;
}

static void add_address(json_t *entry, const char *key, const struct config_member *member,
			const struct ip *ip)
{
	char text[IP_TEXT_SIZE];

	if (ip)
		json_object_set_new(entry, key,
				    json_pack("{s:s, s:o}", "address", ip_format(ip, text),
					      "mac_addresses", describe_macs(member)));
}

// An entry has one address of each family; further ones get entries of their own.
static void add_vlans(const struct export_source *source, const struct config_member *member,
		      json_t *list)
{
	const struct ip *ipv4, *ipv6;

	for (size_t n = 0;; n++) {
		ipv4 = nth_ip(member, 4, n);
		ipv6 = nth_ip(member, 6, n);
		if (n && !ipv4 && !ipv6)
			return;
		json_t *entry = json_pack("{s:I}", "vlan_id", vlan_id(source->config, member->lan));
		add_address(entry, "ipv4", member, ipv4);
		add_address(entry, "ipv6", member, ipv6);
		json_array_append_new(list, entry);
	}
}

static json_t *describe_connection(const struct export_source *source, size_t index)
{
	const struct config_port *port = &source->config->ports[index];
	const struct export_port *facts = &source->ports[index];
	json_t *interface = json_pack("{s:i}", "switch_id", SWITCH_ID);
	json_t *vlans = json_array();

	if (facts->speed)
		json_object_set_new(interface, "if_speed", json_integer(facts->speed));
	for (size_t i = 0; i < port->n_members; i++) {
		if (!port->members[i].monitor && export_has_lan(source, port->members[i].lan))
			add_vlans(source, &port->members[i], vlans);
	}
	return json_pack("{s:I, s:s, s:[o], s:o}", "ixp_id", (json_int_t)source->ixp_id, "state",
			 facts->down ? "inactive" : "active", "if_list", interface, "vlan_list",
			 vlans);
}

// The member of that AS number in the list; added if it is not there.
static json_t *find_member(json_t *list, const struct config_port *port)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *member = json_array_get(list, i);

		if (json_integer_value(json_object_get(member, "asnum")) == port->asn)
			return member;
	}
	json_t *member = json_pack("{s:I, s:s, s:[]}", "asnum", (json_int_t)port->asn,
				   "member_type", "peering", "connection_list");
	if (port->member_name)
		json_object_set_new(member, "name", json_string(port->member_name));
	json_array_append_new(list, member);
	return member;
}

json_t *export_ixf(const struct export_source *source)
{
	json_t *members = json_array();
	char timestamp[32];
	struct tm tm;

	for (size_t i = 0; i < source->config->n_ports; i++) {
		const struct config_port *port = &source->config->ports[i];

		if (!export_is_member(source, i))
			continue;
		json_array_append_new(json_object_get(find_member(members, port),
						      "connection_list"),
				      describe_connection(source, i));
	}
	strftime(timestamp, sizeof(timestamp), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&source->now, &tm));
	return json_pack("{s:s, s:s, s:s, s:[o], s:o}", "version", "1.0", "timestamp", timestamp,
			 "generator", "ixfab " IXFAB_VERSION, "ixp_list", describe_ixp(source),
			 "member_list", members);
}
