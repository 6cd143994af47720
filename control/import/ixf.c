// SPDX-License-Identifier: BSD-3-Clause
#include "control/import/ixf.h"

#include <stdio.h>
#include <string.h>

#include "control/import/field.h"
#include "control/import/import.h"
#include "control/import/model.h"
#include "control/import/target.h"

static void read_member(struct ixf *ixf, const json_t *member, size_t index)
{
	struct path where = path("member_list[%zu]", index);
	uint64_t asn = 0;

	if (!json_is_object(member)) {
		feed_wrong(ixf->feed, where.text, "must be an object with keys");
		return;
	}
	if (field_number(ixf->feed->complaints, member, "asnum", where.text, UINT32_MAX - 1,
			 &asn) == FIELD_WRONG)
		return;
	if (asn == 0) {
		feed_warn(ixf->feed, where.text, "left out: it has no AS number");
		return;
	}
	const char *name = field_text(ixf->feed->complaints, member, "name", where.text);
	const json_t *list =
		field_list(ixf->feed->complaints, member, "connection_list", where.text);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *connection = json_array_get(list, i);
		struct path inner = path("member_list[%zu].connection_list[%zu]", index, i);

		if (json_is_object(connection))
			ixf_read_connection(ixf, connection, inner.text, (uint32_t)asn, name);
		else
			feed_wrong(ixf->feed, inner.text, "must be an object with keys");
	}
}

// The feed does not say what is tagged; a port in several LANs can only have them tagged.
static void settle_tags(struct feed *feed, struct import_port *port)
{
	if (port->n_lans < 2)
		return;
	for (size_t i = 0; i < port->n_lans; i++) {
		port->lans[i].vid = import_lan_vlan(feed->target, port->lans[i].name);
		if (!port->lans[i].vid)
			feed_wrong(feed, port->where,
				   "%s is in several LANs, and LAN \"%s\" has no vlan: to tag it",
				   import_who(port).text, port->lans[i].name);
	}
	feed_warn(feed, port->where,
		  "%s is in several LANs: all are written as tagged, which the feed does not say",
		  import_who(port).text);
}

static void settle_port(struct feed *feed, struct import_port *port)
{
	settle_tags(feed, port);
	for (size_t i = 0; i < port->n_lans && !port->down && !port->left_out; i++) {
		if (!port->lans[i].n_macs)
			feed_warn(feed, port->where,
				  "%s has no MAC address in \"%s\": it can send nothing there",
				  import_who(port).text, port->lans[i].name);
	}
}

static void read_members(struct feed *feed, const json_t *document)
{
	const json_t *list = field_list(feed->complaints, document, "member_list", "");
	struct ixf ixf = {.feed = feed,
			  .choices = json_object(),
			  .owners = json_object(),
			  .seen = json_object()};

	if (ixf_choose(&ixf, document)) {
		for (size_t i = 0; i < json_array_size(list); i++)
			read_member(&ixf, json_array_get(list, i), i);
	}
	for (size_t i = 0; i < feed->import->n_ports; i++)
		settle_port(feed, &feed->import->ports[i]);
	json_decref(ixf.choices);
	json_decref(ixf.owners);
	json_decref(ixf.seen);
}

void import_ixf(struct import *import, const json_t *document, const struct import_target *target,
		struct complaints *complaints)
{
	struct feed feed = {.target = target, .complaints = complaints, .import = import};

	import->source = "ixf";
	if (json_object_get(document, "member_list"))
		read_members(&feed, document);
	else if (json_object_get(document, "layer2interfaces"))
		feed_wrong(&feed, "", "this is IXP Manager's; read it with import ixp-manager");
	else
		feed_wrong(&feed, "member_list",
			   "missing; this must be an IX-F member export, 0.4 to 1.0");
	import_finish(import, complaints);
}
