// SPDX-License-Identifier: BSD-3-Clause
// Which port a connection is.
#include <stdio.h>
#include <string.h>

#include "control/import/field.h"
#include "control/import/ixf_connection.h"
#include "control/import/model.h"
#include "control/import/target.h"

// The port that one of the addresses is mapped to. Returns false, with a complaint, if several are.
static bool find_by_address(struct ixf_connection *c, const char **found)
{
	char text[IP_TEXT_SIZE];

	*found = NULL;
	for (size_t e = 0; e < c->n_entries; e++) {
		for (size_t i = 0; i < c->entries[e].n_ips; i++) {
			const char *port =
				import_map(c->feed->target, ip_format(&c->entries[e].ips[i], text));

			if (port && *found && strcmp(port, *found) != 0) {
				feed_wrong(c->feed, c->where,
					   "its addresses are mapped to two ports, %s and %s",
					   *found, port);
				return false;
			}
			if (port)
				*found = port;
		}
	}
	return true;
}

static void warn_unmapped(struct ixf_connection *c)
{
	char text[IP_TEXT_SIZE];

	if (c->entries[0].n_ips)
		feed_warn(c->feed, c->where, "left out: the port map has neither AS%u nor %s",
			  c->asn, ip_format(&c->entries[0].ips[0], text));
	else
		feed_warn(c->feed, c->where, "left out: the port map does not have AS%u", c->asn);
}

// A port that is there already must be the same member's.
static bool share_port(struct ixf_connection *c)
{
	if (c->port->asn != c->asn) {
		feed_wrong(c->feed, c->where, "port %s is mapped to AS%u, and has AS%u already",
			   c->port->name, c->asn, c->port->asn);
		return false;
	}
	c->port->down &= c->inactive;
	return true;
}

bool ixf_bind_port(struct ixf_connection *c)
{
	const char *name;
	char asn[16];

	if (!find_by_address(c, &name))
		return false;
	bool by_address = name;
	snprintf(asn, sizeof(asn), "%u", c->asn);
	if (!name)
		name = import_map(c->feed->target, asn);
	if (!name) {
		warn_unmapped(c);
		return false;
	}
	c->port = import_find_port(c->feed->import, name);
	c->by_asn = c->port && !by_address;
	if (c->port)
		return share_port(c);
	c->port = feed_add_port(c->feed, name, c->where);
	if (!c->port)
		return false;
	c->port->asn = c->asn;
	c->port->member = c->name ? field_clean(c->name, IMPORT_TEXT_MAX) : NULL;
	c->port->down = c->inactive;
	import_settle_port(c->feed->target, c->port, c->feed->complaints);
	return true;
}
