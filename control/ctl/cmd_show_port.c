// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show port NAME`: all of one port on one page.
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/port_state.h"
#include "control/ctl/show_lags.h"
#include "control/ctl/show_rules.h"

static char *port_queues(const json_t *port)
{
	const json_t *workers = json_object_get(port, "queue_workers");

	if (json_array_size(workers) == 0)
		return cell_format("-");
	char *list = cell_text(workers, CELL_TEXT);
	char *text = cell_format("%zu, polled by worker %s", json_array_size(workers), list);
	free(list);
	return text;
}

static char *port_fallback(const json_t *port)
{
	return cell_format("%s", json_is_true(json_object_get(port, "fallback"))
					 ? "AF_PACKET, because AF_XDP did not work here"
					 : "-");
}

static char *port_guard(const json_t *port)
{
	const char *guard = json_string_value(json_object_get(port, "guard"));

	if (!guard)
		return cell_format("-");
	return cell_format("%s", strcmp(guard, "native") == 0
					 ? "drops in the interface's driver"
					 : "drops in the kernel, since the driver knows no XDP");
}

static char *port_sharing(const json_t *port)
{
	return cell_format("%s", json_is_true(json_object_get(port, "tx_shared"))
					 ? "workers take turns: fewer transmit queues than workers"
					 : "-");
}

static char *port_link(const json_t *port)
{
	json_int_t changes = out_integer(port, "link_changes");
	char *link = cell_text(json_object_get(port, "link"), CELL_STATE);

	if (changes == 0)
		return link;
	char *changed = cell_text(json_object_get(port, "changed"), CELL_TIME);
	char *text = cell_format("%s since %s, %d change%s", link, changed, (int)changes,
				 changes == 1 ? "" : "s");
	free(link);
	free(changed);
	return text;
}

// How often it was disabled, and what its last violation was.
static char *port_disables(const json_t *port)
{
	json_int_t disables = out_integer(port, "disables");
	const char *reason = out_string(port, "last_reason");

	if (disables == 0 && !*reason)
		return cell_format("-");
	if (!*reason)
		return cell_format("%d time%s", (int)disables, disables == 1 ? "" : "s");
	return cell_clean(cell_format("%d time%s, last violation %s", (int)disables,
				      disables == 1 ? "" : "s", reason));
}

static char *port_quarantine(const json_t *port)
{
	return cell_format("%s", json_is_true(json_object_get(port, "quarantine"))
					 ? "reaches only the monitor, until it is promoted"
					 : "-");
}

static bool is_kind(const json_t *port, const char *kind)
{
	return strcmp(out_string(port, "kind"), kind) == 0;
}

// Of a LAG: how it agrees with its partner, and how many links it needs.
static char *port_lacp(const json_t *port)
{
	const char *mode = out_string(port, "lacp.mode");
	int least = (int)out_integer(port, "lacp.min_links");
	bool spoken = strcmp(mode, "off") != 0;

	if (!is_kind(port, "lag"))
		return cell_format("-");
	return cell_clean(cell_format("%s%s%s, up with %d link%s in use", mode, spoken ? ", " : "",
				      spoken ? out_string(port, "lacp.rate") : "", least,
				      least == 1 ? "" : "s"));
}

// Of a link: whether its LAG uses it.
static char *port_in_use(const json_t *port)
{
	const json_t *lacp = json_object_get(port, "lacp");
	const char *text = out_string(lacp, "text");

	if (!is_kind(port, "link"))
		return cell_format("-");
	if (json_is_true(json_object_get(lacp, "in_use")))
		return cell_format("yes");
	return cell_clean(cell_format("no%s%s", *text ? ": " : "", text));
}

static char *port_partner(const json_t *port)
{
	return is_kind(port, "link") ? lag_link_partner(json_object_get(port, "lacp"))
				     : cell_format("-");
}

static char *port_lacpdus(const json_t *port)
{
	const json_t *lacp = json_object_get(port, "lacp");

	if (!json_is_integer(json_object_get(lacp, "received")))
		return cell_format("-");
	return cell_format("%d received, %d sent, %d malformed", (int)out_integer(lacp, "received"),
			   (int)out_integer(lacp, "sent"), (int)out_integer(lacp, "malformed"));
}

static char *lan_tag(const json_t *lan)
{
	if (!json_is_true(json_object_get(lan, "tagged")))
		return cell_format("untagged");
	return cell_format("%d", (int)out_integer(lan, "vid"));
}

static void print_lans(struct out *out, const json_t *port)
{
	static const struct column columns[] = {
		{"LAN", "lan", CELL_TEXT},
		{"TAG", NULL, CELL_TEXT, lan_tag},
		{"MACS", "macs", CELL_TEXT},
		{"IPS", "ips", CELL_TEXT},
	};

	fputc('\n', out->file);
	out_rows(out, json_object_get(port, "lans"), columns, N_COLUMNS(columns));
}

static void print_links(struct out *out, const json_t *port)
{
	fputc('\n', out->file);
	show_lag_links(out, json_object_get(port, "links"));
}

// Of a link only what comes and goes: the rest is counted at its LAG.
static void print_directions(struct out *out, const json_t *counters, bool is_link)
{
	enum { OF_LINK = 2 };
	static const struct {
		const char *title, *in, *out;
	} rows[] = {
		{"Frames", "rx_frames", "tx_frames"},
		{"Octets", "rx_octets", "tx_octets"},
		{"Multicast", "rx_multicast", "tx_multicast"},
		{"Broadcast", "rx_broadcast", "tx_broadcast"},
		{"Dropped", "drops_in", "drops_out"},
		{"By the fabric itself", "consumed", "injected"},
	};
	struct table *table = table_create();

	table_column(table, "TRAFFIC", false);
	table_column(table, "RECEIVED", true);
	table_column(table, "SENT", true);
	for (size_t i = 0; i < (is_link ? OF_LINK : N_COLUMNS(rows)); i++) {
		table_cell(table, cell_format("%s", rows[i].title), TINT_NONE);
		table_cell(table, cell_text(json_object_get(counters, rows[i].in), CELL_COUNT),
			   TINT_NONE);
		table_cell(table, cell_text(json_object_get(counters, rows[i].out), CELL_COUNT),
			   TINT_NONE);
	}
	table_print(table, out);
	table_destroy(table);
}

static void print_traffic(struct out *out, const json_t *port)
{
	static const struct column fields[] = {
		{"Copies made", "counters.copies", CELL_COUNT},
		{"Addresses learned", "counters.learned", CELL_COUNT},
		{"Addresses moved here", "counters.moved", CELL_COUNT},
		{"Addresses refused", "counters.learn_refused", CELL_COUNT},
		{"Questions answered", "counters.answered", CELL_COUNT},
		{"Questions sponged", "counters.sponged", CELL_COUNT},
		{"Counted since", "counters.cleared", CELL_TIME},
	};
	bool is_link = is_kind(port, "link");
	size_t skipped = is_link ? N_COLUMNS(fields) - 1 : 0;

	fputc('\n', out->file);
	print_directions(out, json_object_get(port, "counters"), is_link);
	fputc('\n', out->file);
	out_fields(out, port, fields + skipped, N_COLUMNS(fields) - skipped);
}

void view_port(struct out *out, const json_t *result)
{
	static const struct column fields[] = {
		{"Port", "name", CELL_TEXT},
		{"ASN", "asn", CELL_TEXT},
		{"Member", "member", CELL_TEXT},
		{"Problem", "problem", CELL_TEXT},
		{"Description", "description", CELL_TEXT},
		{"State", NULL, CELL_STATE, port_state_text},
		{"Disabled", NULL, CELL_TEXT, port_disables},
		{"Drained", NULL, CELL_TEXT, port_drained_text},
		{"Quarantine", NULL, CELL_TEXT, port_quarantine},
		{"Admin", "admin", CELL_STATE},
		{"Link", NULL, CELL_TEXT, port_link},
		{"Link of", "lag", CELL_TEXT},
		{"In use", NULL, CELL_TEXT, port_in_use},
		{"LACP", NULL, CELL_TEXT, port_lacp},
		{"Our flags", "lacp.flags", CELL_TEXT},
		{"Partner", NULL, CELL_TEXT, port_partner},
		{"Its flags", "lacp.partner.flags", CELL_TEXT},
		{"LACPDUs", NULL, CELL_TEXT, port_lacpdus},
		{"Speed", "speed", CELL_SPEED},
		{"MTU", "mtu", CELL_COUNT},
		{"MAC", "mac", CELL_TEXT},
		{"Device", "device", CELL_TEXT},
		{"Driver", "driver", CELL_TEXT},
		{"Fallback", NULL, CELL_TEXT, port_fallback},
		{"XDP guard", NULL, CELL_TEXT, port_guard},
		{"Queues", NULL, CELL_TEXT, port_queues},
		{"Transmission", NULL, CELL_TEXT, port_sharing},
		{"Interface index", "ifindex", CELL_TEXT},
	};
	const json_t *port = json_array_get(json_object_get(result, "ports"), 0);

	out_fields(out, port, fields, N_COLUMNS(fields));
	if (is_kind(port, "lag"))
		print_links(out, port);
	if (!is_kind(port, "link")) {
		print_lans(out, port);
		show_rules(out, port);
	}
	print_traffic(out, port);
}
