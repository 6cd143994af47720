// SPDX-License-Identifier: BSD-3-Clause
// One connection of a member: which port it is, which LANs, which addresses.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control/alloc.h"
#include "control/import/field.h"
#include "control/import/ixf_connection.h"
#include "control/import/model.h"
#include "control/import/target.h"

// Whether the connection counts. What is neither up nor down nobody promised to connect.
static bool read_state(struct ixf_connection *c)
{
	static const char *const up[] = {"active", "connected", "operational"};
	const char *state = field_text(c->feed->complaints, c->json, "state", c->where);

	if (!state)
		return true;
	for (size_t i = 0; i < sizeof(up) / sizeof(*up); i++) {
		if (strcasecmp(state, up[i]) == 0)
			return true;
	}
	c->inactive = strcasecmp(state, "inactive") == 0;
	if (!c->inactive)
		feed_warn(c->feed, c->where, "left out: its state is %s", quoted(state).text);
	return c->inactive;
}

// An address has one owner in the whole feed, wherever it is connected.
static void own(struct ixf_connection *c, const struct ixf_entry *entry, const struct ip *ip)
{
	char text[IP_TEXT_SIZE];
	const json_t *owner = json_object_get(c->ixf->owners, ip_format(ip, text));

	if (owner && json_integer_value(owner) != c->asn)
		feed_wrong(c->feed, entry->where.text,
			   "%s is of AS%u and of AS%" JSON_INTEGER_FORMAT, text, c->asn,
			   json_integer_value(owner));
	else if (!owner)
		json_object_set_new(c->ixf->owners, text, json_integer(c->asn));
}

static void check_prefix(struct ixf_connection *c, const struct ixf_entry *entry,
			 const struct ip *ip)
{
	const struct ixf_vlan *vlan = ixf_find_vlan(c->ixf, entry->vlan);
	const struct ip_prefix *prefix = vlan ? &vlan->prefixes[ip->family == 6] : NULL;
	char text[IP_TEXT_SIZE], in[IP_PREFIX_TEXT_SIZE];

	if (prefix && prefix->ip.family == ip->family && !ip_prefix_contains(prefix, ip))
		feed_wrong(c->feed, entry->where.text,
			   "%s of AS%u is outside the prefix of its VLAN, %s", ip_format(ip, text),
			   c->asn, ip_prefix_format(prefix, in));
}

static void read_family(struct ixf_connection *c, struct ixf_entry *entry, int family)
{
	const char *key = family == 4 ? "ipv4" : "ipv6";
	const json_t *map = field_map(c->feed->complaints, entry->json, key, entry->where.text);
	struct path where = path("%s.%s", entry->where.text, key);
	struct ip *ip = &entry->ips[entry->n_ips];

	if (!map || !feed_read_ip(c->feed, map, "address", where.text, family, ip))
		return;
	entry->n_ips++;
	own(c, entry, ip);
	check_prefix(c, entry, ip);
}

static void read_entry(struct ixf_connection *c, const json_t *json, const char *where)
{
	uint64_t wanted = c->feed->target->vlan_id;
	struct ixf_entry entry = {.json = json};

	entry.where = path("%s", where);
	if (!json_is_object(json)) {
		feed_wrong(c->feed, where, "must be an object with keys");
		return;
	}
	enum field found =
		field_number(c->feed->complaints, json, "vlan_id", where, INT64_MAX, &entry.vlan);
	if (found == FIELD_WRONG || (wanted && found == FIELD_GOOD && entry.vlan != wanted))
		return;
	if (c->n_entries == IXF_ENTRIES_MAX) {
		feed_wrong(c->feed, where, "more than %d VLANs", IXF_ENTRIES_MAX);
		return;
	}
	read_family(c, &entry, 4);
	read_family(c, &entry, 6);
	c->entries = alloc_array(c->entries, c->n_entries + 1, sizeof(*c->entries));
	c->entries[c->n_entries++] = entry;
}

// Old releases of IXP Manager have the list in a list.
static void read_entries(struct ixf_connection *c)
{
	const json_t *list = field_list(c->feed->complaints, c->json, "vlan_list", c->where);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		for (size_t j = 0; j < json_array_size(item); j++)
			read_entry(c, json_array_get(item, j),
				   path("%s.vlan_list[%zu][%zu]", c->where, i, j).text);
		if (!json_is_array(item) && !json_is_null(item))
			read_entry(c, item, path("%s.vlan_list[%zu]", c->where, i).text);
	}
}

static void read_interfaces(struct ixf_connection *c)
{
	const json_t *list = field_list(c->feed->complaints, c->json, "if_list", c->where);
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++) {
		const json_t *speed = json_object_get(json_array_get(list, i), "if_speed");
		const char *text = json_string_value(speed);

		if (text && strspn(text, "0123456789") != strlen(text))
			feed_warn(c->feed, path("%s.if_list[%zu]", c->where, i).text,
				  "if_speed %s is no number, ignored", quoted(text).text);
	}
	if (n < 2)
		return;
	import_note(c->port, "%zu interfaces in the feed; the fabric has no LAG yet", n);
	feed_warn(c->feed, c->where, "a LAG of %zu interfaces, and the fabric has none yet", n);
}

// Where feeds have MAC addresses: older ones at the VLAN, since 0.6 at each family.
static void read_macs(struct ixf_connection *c, const struct ixf_entry *entry,
		      struct import_lan *lan)
{
	static const char *const objects[] = {NULL, "ipv4", "ipv6"};
	static const char *const keys[] = {"mac_address", "mac_addresses"};

	for (size_t i = 0; i < 6; i++) {
		const char *object = objects[i / 2], *key = keys[i % 2];
		const json_t *map = object ? json_object_get(entry->json, object) : entry->json;
		struct path where = path("%s%s%s.%s", entry->where.text, object ? "." : "",
					 object ? object : "", key);

		feed_read_macs(c->feed, json_object_get(map, key), where.text, lan);
	}
}

// Two routers behind one AS number cannot both be on its port.
static bool is_another(const struct ixf_connection *c, const struct import_lan *lan,
		       const struct ip *ip)
{
	bool another = false;

	for (size_t i = 0; c->by_asn && i < lan->n_ips; i++) {
		if (ip_equal(&lan->ips[i], ip))
			return false;
		another |= lan->ips[i].family == ip->family;
	}
	return another;
}

static void apply_entry(struct ixf_connection *c, const struct ixf_entry *entry)
{
	bool only = c->ixf->n_vlans <= 1 || c->feed->target->vlan_id;
	char name[NAME_SIZE];

	switch (import_find_lan(c->feed->target, entry->vlan, false, only, entry->ips, entry->n_ips,
				name)) {
	case IMPORT_LAN_UNKNOWN:
		feed_wrong(c->feed, entry->where.text,
			   "no LAN of the configuration has these addresses of AS%u; name it with "
			   "--lans %" PRIu64 "=LAN, or leave it out with %" PRIu64 "=-",
			   c->asn, entry->vlan, entry->vlan);
		return;
	case IMPORT_LAN_SKIP:
		return;
	case IMPORT_LAN_FOUND:
		break;
	}
	struct import_lan *lan = import_lan(c->port, name);
	for (size_t i = 0; i < entry->n_ips; i++) {
		if (is_another(c, lan, &entry->ips[i])) {
			feed_wrong(c->feed, c->where,
				   "AS%u has several connections; map each by its address", c->asn);
			return;
		}
		feed_add_ip(c->feed, &entry->ips[i], entry->where.text, lan);
	}
	read_macs(c, entry, lan);
}

// The same member with the same connection is in some feeds twice.
static bool is_seen(struct ixf_connection *c)
{
	char *text = json_dumps(c->json, JSON_COMPACT | JSON_SORT_KEYS);
	char *key = alloc_format("%u %s", c->asn, text ? text : "");
	bool seen = json_object_get(c->ixf->seen, key);

	json_object_set_new(c->ixf->seen, key, json_true());
	free(key);
	free(text);
	return seen;
}

void ixf_read_connection(struct ixf *ixf, const json_t *connection, const char *where, uint32_t asn,
			 const char *name)
{
	struct ixf_connection c = {.ixf = ixf,
				   .feed = ixf->feed,
				   .json = connection,
				   .where = where,
				   .asn = asn,
				   .name = name};

	if (!ixf_is_ours(ixf, connection, where) || is_seen(&c) || !read_state(&c))
		return;
	read_entries(&c);
	if (c.n_entries && ixf_bind_port(&c)) {
		read_interfaces(&c);
		for (size_t i = 0; i < c.n_entries; i++)
			apply_entry(&c, &c.entries[i]);
	}
	free(c.entries);
}
