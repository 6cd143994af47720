// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/config/links.h"
#include "control/config/value.h"
#include "control/import/feed.h"
#include "control/import/field.h"
#include "control/import/model.h"
#include "control/import/target.h"
#include "lib/device_string.h"

enum { VLANS_MAX = 64, ENTRIES_MAX = 4 * FEED_PORTS_MAX };

static const char *const entry_keys[] = {
	"type",		"description", "dot1q",	    "virtualinterfaceid",
	"corebundleid", "stp",	       "cost",	    "preference",
	"lagframing",	"lagindex",    "lagmaster", "lagmembers",
	"fastlacp",	"vlans",       "name",	    "shutdown",
	"status",	"speed",       "autoneg",   "duplex",
	"rate_limit",	NULL};
static const char *const vlan_keys[] = {"number", "vlaninterfaceid", "macaddresses", "ipaddresses",
					NULL};
static const char *const ip_keys[] = {"ipv4", "ipv6", NULL};

// An entry while it is read.
struct entry {
	struct feed *feed;
	const json_t *json;
	const char *where;
	struct import_port *port;
	bool lag; // the entry of a LAG as a whole
	bool tagged;
};

static size_t read_ips(struct entry *e, const json_t *vlan, const char *where, struct ip ips[2])
{
	const json_t *map = field_map(e->feed->complaints, vlan, "ipaddresses", where);
	struct path inner = path("%s.ipaddresses", where);
	size_t n = 0;

	feed_note_unknown(e->feed, map, inner.text, ip_keys);
	n += feed_read_ip(e->feed, map, "ipv4", inner.text, 4, &ips[n]);
	n += feed_read_ip(e->feed, map, "ipv6", inner.text, 6, &ips[n]);
	return n;
}

// Whether the port can have one more LAN.
static bool check_lan(struct entry *e, const char *where, const char *lan, uint64_t number)
{
	for (size_t i = 0; i < e->port->n_lans; i++) {
		const struct import_lan *other = &e->port->lans[i];

		if (strcmp(other->name, lan) == 0)
			feed_wrong(e->feed, where, "LAN \"%s\" a second time at this port", lan);
		else if (!e->tagged)
			feed_wrong(e->feed, where,
				   "VLAN %" PRIu64 " is the second untagged one of this port",
				   number);
		else
			continue;
		return false;
	}
	return true;
}

static void read_vlan(struct entry *e, const json_t *vlan, const char *where)
{
	struct feed *feed = e->feed;
	char lan[NAME_SIZE];
	struct ip ips[2];
	uint64_t number;

	feed_note_unknown(feed, vlan, where, vlan_keys);
	enum field found = field_number(feed->complaints, vlan, "number", where, 4094, &number);
	if (found == FIELD_ABSENT || (found == FIELD_GOOD && number == 0))
		feed_wrong(feed, where, "no VLAN number; it is from 1 to 4094");
	if (found != FIELD_GOOD || number == 0)
		return;
	size_t n = read_ips(e, vlan, where, ips);
	switch (import_find_lan(feed->target, number, true, false, ips, n, lan)) {
	case IMPORT_LAN_UNKNOWN:
		feed_wrong(feed, where,
			   "no LAN of the configuration has vlan: %" PRIu64 " or these addresses; "
			   "name it with --lans %" PRIu64 "=LAN, or leave it out with %" PRIu64
			   "=-",
			   number, number, number);
		return;
	case IMPORT_LAN_SKIP:
		return;
	case IMPORT_LAN_FOUND:
		break;
	}
	if (!check_lan(e, where, lan, number))
		return;
	struct import_lan *new = import_lan(e->port, lan);
	new->vid = e->tagged ? (uint16_t)number : 0;
	feed_read_macs(feed, json_object_get(vlan, "macaddresses"),
		       path("%s.macaddresses", where).text, new);
	for (size_t i = 0; i < n; i++)
		feed_add_ip(feed, &ips[i], where, new);
	if (!new->n_macs && !e->port->down && !e->port->left_out)
		feed_warn(feed, where, "no MAC address: the port can send nothing");
}

static void read_vlans(struct entry *e)
{
	const json_t *vlans = field_list(e->feed->complaints, e->json, "vlans", e->where);

	for (size_t i = 0; i < json_array_size(vlans); i++) {
		const json_t *vlan = json_array_get(vlans, i);
		struct path where = path("%s.vlans[%zu]", e->where, i);

		if (i == VLANS_MAX) {
			feed_wrong(e->feed, where.text, "more than %d VLANs", VLANS_MAX);
			return;
		}
		if (json_is_object(vlan))
			read_vlan(e, vlan, where.text);
		else
			feed_wrong(e->feed, where.text, "must be an object with keys");
	}
	if (!json_array_size(vlans))
		feed_warn(e->feed, e->where, "in no VLAN, so it forwards nothing");
}

// What the status says; "shutdown" counts where there is none that we know.
static void read_status(struct entry *e)
{
	const char *status = field_text(e->feed->complaints, e->json, "status", e->where);
	bool shutdown = false;

	field_bool(e->feed->complaints, e->json, "shutdown", e->where, &shutdown);
	if (!status) {
		e->port->down = shutdown;
	} else if (strcasecmp(status, "connected") == 0) {
		e->port->down = shutdown;
	} else if (strcasecmp(status, "quarantine") == 0) {
		e->port->quarantine = true;
		e->port->down = shutdown;
	} else if (strcasecmp(status, "disabled") == 0 || strcasecmp(status, "notconnected") == 0 ||
		   strcasecmp(status, "awaitingxconnect") == 0) {
		e->port->down = true;
	} else {
		e->port->down = shutdown;
		feed_warn(e->feed, e->where, "status %s is not known; going by \"shutdown\"",
			  quoted(status).text);
	}
}

static void read_limits(struct entry *e)
{
	uint64_t limit = 0;
	bool framing = false;

	field_number(e->feed->complaints, e->json, "rate_limit", e->where, UINT32_MAX, &limit);
	if (limit) {
		import_note(e->port, "rate_limit: %" PRIu64 " Mb/s, not enforced", limit);
		feed_warn(e->feed, e->where,
			  "a rate limit of %" PRIu64 " Mb/s, which the fabric does not enforce yet",
			  limit);
	}
	field_bool(e->feed->complaints, e->json, "lagframing", e->where, &framing);
	if (framing && !e->port->is_lag)
		feed_warn(e->feed, e->where,
			  "the member may expect LACP, and this is no LAG: write it there as a "
			  "bundle of one");
}

// What the configuration has of this name, without what the import is to replace; or NULL.
static const struct config_port *configured(const struct entry *e, const char *name)
{
	const struct config *config = e->feed->target->config;

	return config ? config_find_port(config, name) : NULL;
}

// Its device is written unless people wrote it.
static void settle_lag(struct entry *e)
{
	const struct config_port *port = configured(e, e->port->name);

	if (!port)
		e->port->device = alloc_format("%s", device_kind_name(DEVICE_LAG));
	else if (!config_is_lag(port))
		feed_wrong(e->feed, e->where,
			   "port \"%s\" of the configuration is no LAG; map this to another name "
			   "with --portmap",
			   port->name);
}

static void read_lag(struct entry *e)
{
	bool framing = false;

	e->port->is_lag = true;
	settle_lag(e);
	field_bool(e->feed->complaints, e->json, "lagframing", e->where, &framing);
	field_bool(e->feed->complaints, e->json, "fastlacp", e->where, &e->port->fast);
	e->port->without_lacp = !framing;
}

static void read_port(struct entry *e)
{
	const char *description = field_text(e->feed->complaints, e->json, "description", e->where);

	e->port->member = description ? field_clean(description, IMPORT_TEXT_MAX) : NULL;
	field_bool(e->feed->complaints, e->json, "dot1q", e->where, &e->tagged);
	read_status(e);
	if (e->lag)
		read_lag(e);
	else
		import_settle_port(e->feed->target, e->port, e->feed->complaints);
	read_limits(e);
	read_vlans(e);
	import_settle_quarantine(e->feed->target, e->port, e->feed->complaints);
}

// The port's name in the fabric, or NULL with a complaint.
static const char *port_name(struct entry *e, const char *name)
{
	const char *mapped = import_map(e->feed->target, name);

	if (mapped)
		return mapped;
	if (config_name_check(name, strlen(name)))
		return name;
	feed_wrong(e->feed, e->where,
		   "the fabric cannot have a port of this name; map it to one with --portmap");
	return NULL;
}

// The port of an entry, which may be one of the names in it. Returns NULL, with a complaint, if it
// cannot be.
static struct import_port *add_port(struct entry *e, const char *name)
{
	const char *mapped = port_name(e, name);

	if (!mapped)
		return NULL;
	if (!import_find_port(e->feed->import, mapped))
		return feed_add_port(e->feed, mapped, e->where);
	feed_wrong(e->feed, e->where, "port \"%s\" a second time", mapped);
	return NULL;
}

static void add_link(struct entry *e, const char *name, const char *lag)
{
	struct import_port *link = add_port(e, name);

	if (!link)
		return;
	if (configured(e, link->name) && config_is_lag(configured(e, link->name)))
		feed_wrong(e->feed, e->where, "port \"%s\" of the configuration is a LAG itself",
			   link->name);
	snprintf(link->lag, sizeof(link->lag), "%s", lag);
	import_settle_port(e->feed->target, link, e->feed->complaints);
}

// The links of the LAG that was added last.
static void add_links(struct entry *e)
{
	const json_t *members = field_list(e->feed->complaints, e->json, "lagmembers", e->where);
	char lag[NAME_SIZE];

	snprintf(lag, sizeof(lag), "%s", e->port->name);
	if (!json_array_size(members))
		feed_warn(e->feed, e->where, "a LAG without lagmembers, so it forwards nothing");
	for (size_t i = 0; i < json_array_size(members); i++) {
		const char *name = json_string_value(json_array_get(members, i));

		if (i == MAX_LAG_LINKS) {
			feed_wrong(e->feed, e->where, "a LAG has at most %d links", MAX_LAG_LINKS);
			return;
		}
		if (name && *name)
			add_link(e, name, lag);
		else
			feed_wrong(e->feed, e->where, "lagmembers must be names of ports");
	}
}

static void add_entry(struct entry *e, const char *name)
{
	e->port = add_port(e, name);
	if (!e->port)
		return;
	read_port(e);
	if (e->lag)
		add_links(e);
}

static bool is_edge(struct feed *feed, const json_t *entry, const char *where)
{
	const char *type = field_text(feed->complaints, entry, "type", where);

	if (!type || strcmp(type, "edge") == 0)
		return true;
	if (strcmp(type, "core") != 0)
		feed_warn(feed, where, "left out: its type %s is not known", quoted(type).text);
	return false;
}

static bool is_awaited(struct feed *feed, const json_t *entry, const char *where)
{
	const char *status = json_string_value(json_object_get(entry, "status"));

	if (!status || strcasecmp(status, "awaitingxconnect") != 0)
		return false;
	feed_warn(feed, where, "left out: it awaits its cross-connect");
	return true;
}

static struct path entry_path(const json_t *json, size_t index)
{
	const char *name = json_string_value(json_object_get(json, "name"));

	if (name && *name)
		return path("layer2interfaces[%zu] %s", index, quoted(name).text);
	return path("layer2interfaces[%zu]", index);
}

// Returns whether it is of a member of a LAG, and to be read when all LAGs are there.
static bool read_entry(struct feed *feed, const json_t *json, size_t index)
{
	const char *name = json_string_value(json_object_get(json, "name"));
	struct path where = entry_path(json, index);
	struct entry entry = {.feed = feed, .json = json, .where = where.text};

	if (!json_is_object(json)) {
		feed_wrong(feed, where.text, "must be an object with keys");
		return false;
	}
	feed_note_unknown(feed, json, where.text, entry_keys);
	if (!is_edge(feed, json, where.text))
		return false;
	if (!name || !*name) {
		feed_wrong(feed, where.text, "no name: which port is it?");
		return false;
	}
	enum field lag = field_bool(feed->complaints, json, "lagmaster", where.text, &entry.lag);
	if (lag == FIELD_GOOD && !entry.lag)
		return true;
	if (lag != FIELD_WRONG && !is_awaited(feed, json, where.text))
		add_entry(&entry, name);
	return false;
}

// It repeats what its master says, but for whether this link is to be up.
static void read_link(struct feed *feed, const json_t *json, size_t index)
{
	struct path where = entry_path(json, index);
	struct entry entry = {.feed = feed, .json = json, .where = where.text};
	const char *name = port_name(&entry, json_string_value(json_object_get(json, "name")));

	entry.port = name ? import_find_port(feed->import, name) : NULL;
	if (entry.port && *entry.port->lag) {
		read_status(&entry);
		entry.port->quarantine = false; // its LAG is
	} else if (name) {
		feed_warn(feed, where.text,
			  "left out: a member of a LAG, and no LAG has it among its lagmembers");
	}
}

static void read_entries(struct feed *feed, const json_t *list)
{
	size_t n = json_array_size(list) < ENTRIES_MAX ? json_array_size(list) : ENTRIES_MAX;
	bool *links = alloc_zero(n + 1);

	for (size_t i = 0; i < n; i++)
		links[i] = read_entry(feed, json_array_get(list, i), i);
	for (size_t i = 0; i < n; i++) {
		if (links[i])
			read_link(feed, json_array_get(list, i), i);
	}
	free(links);
}

static void explain_absence(struct feed *feed, const json_t *document)
{
	if (json_object_get(document, "member_list"))
		feed_wrong(feed, "", "this is an IX-F member export; read it with import ixf");
	else
		feed_wrong(feed, "layer2interfaces",
			   "missing; this must be the provisioner's document of that name, from "
			   "provisioner/layer2interfaces/switch-name/NAME.json");
}

void import_ixp_manager(struct import *import, const json_t *document,
			const struct import_target *target, struct complaints *complaints)
{
	struct feed feed = {.target = target,
			    .complaints = complaints,
			    .import = import,
			    .unknown = json_object()};

	import->source = "ixp-manager";
	if (!json_object_get(document, "layer2interfaces")) {
		explain_absence(&feed, document);
	} else {
		const json_t *list = field_list(complaints, document, "layer2interfaces", "");

		if (json_array_size(list) > ENTRIES_MAX)
			feed_wrong(&feed, "layer2interfaces", "more than %d entries", ENTRIES_MAX);
		read_entries(&feed, list);
	}
	json_decref(feed.unknown);
	import_finish(import, complaints);
}
