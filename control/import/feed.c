// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/import/field.h"
#include "control/import/model.h"
#include "control/import/target.h"

static bool is_known(const char *key, const char *const *known)
{
	for (; *known; known++) {
		if (strcmp(*known, key) == 0)
			return true;
	}
	return false;
}

void feed_note_unknown(struct feed *feed, const json_t *object, const char *where,
		       const char *const *known)
{
	enum { UNKNOWN_MAX = 100 };

	for (void *at = json_object_iter((json_t *)object); at;
	     at = json_object_iter_next((json_t *)object, at)) {
		const char *key = json_object_iter_key(at);

		if (is_known(key, known) || json_object_get(feed->unknown, key) ||
		    json_object_size(feed->unknown) >= UNKNOWN_MAX)
			continue;
		json_object_set_new(feed->unknown, key, json_true());
		feed_warn(feed, where, "%s is a field that this release does not know; ignored",
			  quoted(key).text);
	}
}

static void read_mac(struct feed *feed, const json_t *value, const char *where,
		     struct import_lan *lan)
{
	const char *text = json_string_value(value);
	mac_t mac;

	if (!text || !*text) {
		if (!json_is_null(value) && !text)
			feed_warn(feed, where, "no MAC address, left out");
	} else if (mac_parse(text, &mac)) {
		feed_warn(feed, where, "%s is no MAC address, left out", quoted(text).text);
	} else if (!mac || mac_is_group(mac)) {
		feed_warn(feed, where, "%s is no address of a station, left out",
			  quoted(text).text);
	} else if (!import_add_mac(lan, mac)) {
		feed_wrong(feed, where, "more than %d MAC addresses", IMPORT_MACS_MAX);
	}
}

void feed_read_macs(struct feed *feed, const json_t *value, const char *where,
		    struct import_lan *lan)
{
	size_t n = json_array_size(value);

	if (!value)
		return;
	if (!json_is_array(value)) {
		read_mac(feed, value, where, lan);
		return;
	}
	for (size_t i = 0; i < n && i <= IMPORT_MACS_MAX; i++)
		read_mac(feed, json_array_get(value, i), path("%s[%zu]", where, i).text, lan);
}

bool feed_read_ip(struct feed *feed, const json_t *object, const char *key, const char *where,
		  int family, struct ip *ip)
{
	const char *text = field_text(feed->complaints, object, key, where);
	char address[IP_TEXT_SIZE];

	if (!text)
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)strcspn(text, "/"), text);
	if (strcspn(text, "/") < sizeof(address) && ip_parse(address, ip) == 0 &&
	    ip->family == family)
		return true;
	feed_wrong(feed, path("%s.%s", where, key).text, "%s is no IPv%d address",
		   quoted(text).text, family);
	return false;
}

void feed_add_ip(struct feed *feed, const struct ip *ip, const char *where, struct import_lan *lan)
{
	const char *fault = import_ip_fault(feed->target, lan->name, ip);
	char text[IP_TEXT_SIZE];

	if (fault)
		feed_wrong(feed, where, "%s, to be in LAN \"%s\", %s", ip_format(ip, text),
			   lan->name, fault);
	else if (!import_add_ip(lan, ip))
		feed_wrong(feed, where, "more than %d addresses", IMPORT_IPS_MAX);
}

struct import_port *feed_add_port(struct feed *feed, const char *name, const char *where)
{
	if (feed->import->n_ports == FEED_PORTS_MAX) {
		feed_wrong(feed, where, "more than %d ports; no fabric has so many",
			   FEED_PORTS_MAX);
		return NULL;
	}
	struct import_port *port = import_add_port(feed->import, name);

	snprintf(port->where, sizeof(port->where), "%s", where);
	return port;
}
