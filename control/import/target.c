// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/complaints.h"
#include "control/config/config.h"
#include "control/config/path.h"
#include "control/config/tree.h"
#include "control/config/value.h"
#include "control/import/model.h"

static const struct config_place nowhere;

void import_target_fini(struct import_target *target)
{
	for (size_t i = 0; i < target->n_map; i++)
		free(target->map[i].key);
	free(target->map);
	*target = (struct import_target){0};
}

static const struct config_lan *find_config_lan(const struct config *config, const char *name)
{
	for (size_t i = 0; config && i < config->n_lans; i++) {
		if (strcmp(config->lans[i].name, name) == 0)
			return &config->lans[i];
	}
	return NULL;
}

// One "10=peering".
static bool read_choice(struct import_target *target, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	char *end;

	if (!equals || target->n_lans == IMPORT_LANS_MAX || *text < '0' || *text > '9')
		return false;
	struct import_lan_choice *choice = &target->lans[target->n_lans];
	const char *name = equals + 1;
	size_t name_length = (size_t)(text + length - name);
	errno = 0;
	choice->number = strtoull(text, &end, 10);
	if (errno || end != equals || name_length >= NAME_SIZE)
		return false;
	memcpy(choice->lan, name, name_length);
	choice->lan[name_length] = 0;
	if (strcmp(choice->lan, "-") == 0)
		choice->lan[0] = 0;
	else if (!config_name_check(choice->lan, name_length) ||
		 (target->config && !find_config_lan(target->config, choice->lan)))
		return false;
	target->n_lans++;
	return true;
}

bool import_read_lans(struct import_target *target, const char *text, struct complaints *complaints)
{
	while (text && *text) {
		size_t length = strcspn(text, ",");

		if (!read_choice(target, text, length)) {
			complain(complaints, nowhere, "--lans",
				 "%s is not a VLAN of the feed and a LAN of the fabric; write "
				 "10=peering, or 10=- to leave it out",
				 quoted(text).text);
			return false;
		}
		text += length + (text[length] == ',');
	}
	return true;
}

// AS numbers and addresses in the form that they are asked for with.
static char *map_key(const char *text)
{
	char usual[IP_TEXT_SIZE];
	struct ip ip;

	if (strncmp(text, "AS", 2) == 0 && strspn(text + 2, "0123456789") == strlen(text + 2))
		return alloc_format("%s", text + 2);
	if (ip_parse(text, &ip) == 0)
		return alloc_format("%s", ip_format(&ip, usual));
	return alloc_format("%s", text);
}

static void read_mapping(struct import_target *target, const struct node *key,
			 struct complaints *complaints)
{
	const struct node *value = key->next;

	if (key->kind != NODE_TEXT || strlen(key->text) != key->length || !key->length) {
		complain(complaints, key->place, "",
			 "a port's name, AS number or address belongs "
			 "here");
		return;
	}
	if (value->kind != NODE_TEXT || !config_name_check(value->text, value->length)) {
		complain(complaints, value->place, "",
			 "must be the name of a port: letters, digits, '.', '_' and '-'");
		return;
	}
	char *name = map_key(key->text);
	if (import_map(target, name)) {
		complain(complaints, key->place, "", "%s is given twice", quoted(name).text);
		free(name);
		return;
	}
	target->map = alloc_array(target->map, target->n_map + 1, sizeof(*target->map));
	struct import_mapping *mapping = &target->map[target->n_map++];
	*mapping = (struct import_mapping){.key = name};
	snprintf(mapping->port, sizeof(mapping->port), "%s", value->text);
}

void import_read_map(struct import_target *target, const char *text, size_t length,
		     struct complaints *complaints)
{
	enum { MAP_MAX = 10000 };
	struct node *root = tree_read(0, text, length, complaints);
	size_t n = 0;

	if (!root)
		return;
	if (root->kind != NODE_MAP)
		complain(complaints, root->place, "", "must be a map, as in 64501: swp1");
	for (const struct node *key = root->kind == NODE_MAP ? root->first : NULL; key;
	     key = key->next->next) {
		if (n++ == MAP_MAX) {
			complain(complaints, key->place, "", "more than %d ports", MAP_MAX);
			break;
		}
		read_mapping(target, key, complaints);
	}
	tree_free(root);
}

const char *import_map(const struct import_target *target, const char *key)
{
	for (size_t i = 0; i < target->n_map; i++) {
		if (strcmp(target->map[i].key, key) == 0)
			return target->map[i].port;
	}
	return NULL;
}

static bool holds(const struct config_lan *lan, const struct ip *ip)
{
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		if (ip_prefix_contains(&lan->prefixes[i], ip))
			return true;
	}
	return false;
}

static bool holds_all(const struct config_lan *lan, const struct ip *ips, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!holds(lan, &ips[i]))
			return false;
	}
	return n > 0;
}

static const struct config_lan *find_by_config(const struct config *config, uint64_t number,
					       bool tag, bool only, const struct ip *ips, size_t n)
{
	for (size_t i = 0; tag && i < config->n_lans; i++) {
		if (number && config->lans[i].vlan == number)
			return &config->lans[i];
	}
	for (size_t i = 0; i < config->n_lans; i++) {
		if (holds_all(&config->lans[i], ips, n))
			return &config->lans[i];
	}
	return only && config->n_lans == 1 ? &config->lans[0] : NULL;
}

enum import_found import_find_lan(const struct import_target *target, uint64_t number, bool tag,
				  bool only, const struct ip *ips, size_t n, char lan[NAME_SIZE])
{
	const struct config_lan *found = NULL;

	for (size_t i = 0; i < target->n_lans; i++) {
		if (target->lans[i].number != number)
			continue;
		memcpy(lan, target->lans[i].lan, NAME_SIZE);
		return *lan ? IMPORT_LAN_FOUND : IMPORT_LAN_SKIP;
	}
	if (target->config)
		found = find_by_config(target->config, number, tag, only, ips, n);
	if (!found)
		return IMPORT_LAN_UNKNOWN;
	memcpy(lan, found->name, NAME_SIZE);
	return IMPORT_LAN_FOUND;
}

uint16_t import_lan_vlan(const struct import_target *target, const char *name)
{
	const struct config_lan *lan = find_config_lan(target->config, name);

	return lan ? lan->vlan : 0;
}

const char *import_ip_fault(const struct import_target *target, const char *name,
			    const struct ip *ip)
{
	const struct config_lan *lan = find_config_lan(target->config, name);

	if (!lan)
		return NULL;
	if (!holds(lan, ip))
		return "is outside the LAN's prefixes";
	for (size_t i = 0; i < lan->n_prefixes; i++) {
		const struct ip_prefix *prefix = &lan->prefixes[i];

		if (ip_prefix_contains(prefix, ip) &&
		    (ip_is_network(prefix, ip) || ip_is_broadcast(prefix, ip)))
			return "is the first or last address of the LAN's prefix";
	}
	return NULL;
}

static bool is_watched(const struct import_target *target, const struct import_port *port)
{
	for (size_t i = 0; i < port->n_lans; i++) {
		const struct config_lan *lan = find_config_lan(target->config, port->lans[i].name);

		if (!lan || lan->has_monitor)
			return true;
	}
	return false;
}

void import_settle_quarantine(const struct import_target *target, struct import_port *port,
			      struct complaints *complaints)
{
	if (!port->quarantine || is_watched(target, port))
		return;
	port->quarantine = false;
	port->down = true;
	import_note(port, "in quarantine, and no LAN of it has a monitor");
	complain_warning(complaints, nowhere, port->where,
			 "in quarantine, and no LAN of it has a monitor: the port is down instead");
}

static char *device_of(const char *pattern, const char *name)
{
	const char *percent = strchr(pattern, '%');

	if (!percent)
		return alloc_format("%s", pattern);
	return alloc_format("%.*s%s%s", (int)(percent - pattern), pattern, name, percent + 1);
}

void import_settle_port(const struct import_target *target, struct import_port *port,
			struct complaints *complaints)
{
	if (target->config && config_find_port(target->config, port->name))
		return;
	if (target->device) {
		port->device = device_of(target->device, port->name);
	} else if (target->config) {
		port->left_out = true;
		import_note(port, "left out: the configuration has no port of this name");
		complain_warning(complaints, nowhere, port->where,
				 "left out, because the configuration has no port \"%s\"; give it "
				 "a device there, or write --device iface:%%",
				 port->name);
	}
}
