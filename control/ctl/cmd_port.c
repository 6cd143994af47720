// SPDX-License-Identifier: BSD-3-Clause
// `ixfab port PORT ...`
#include <stdlib.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/port_state.h"

void view_port_set(struct out *out, const json_t *result)
{
	char *until = cell_text(json_object_get(result, "until"), CELL_TIME);
	bool ends = json_is_number(json_object_get(result, "until"));

	out_line(out, "Port %s is administratively %s%s%s.", out_string(result, "port"),
		 out_string(result, "admin"), ends ? " until " : "", ends ? until : "");
	free(until);
}

void view_port_enable(struct out *out, const json_t *result)
{
	const char *port = out_string(result, "port");
	char *why = port_disabled_text(json_object_get(result, "disabled"));
	char *since = cell_text(cell_find(result, "disabled.since"), CELL_TIME);

	if (!json_is_true(json_object_get(result, "was_disabled")))
		out_line(out, "Port %s was not disabled.", port);
	else if (json_is_object(json_object_get(result, "disabled")))
		out_line(out, "Port %s is enabled. It had been disabled since %s: %s.", port, since,
			 why);
	else
		out_line(out, "Port %s is enabled.", port);
	free(why);
	free(since);
}

void view_port_drain(struct out *out, const json_t *result)
{
	const char *port = out_string(result, "port");
	char *until = cell_text(json_object_get(result, "until"), CELL_TIME);

	if (!json_is_true(json_object_get(result, "drained"))) {
		out_line(out, "Port %s is no longer drained.", port);
	} else {
		if (json_is_number(json_object_get(result, "until")))
			out_line(out, "Port %s is drained until %s.", port, until);
		else
			out_line(out, "Port %s is drained until it is undrained.", port);
		out_line(out,
			 "BGP between members does not pass it. Before maintenance wait until its "
			 "traffic is near zero: ixfab show port %s",
			 port);
	}
	free(until);
}

void view_port_quarantine(struct out *out, const json_t *result)
{
	out_line(out,
		 json_is_true(json_object_get(result, "quarantine"))
			 ? "Port %s is in quarantine."
			 : "Port %s has left quarantine, and is in production.",
		 out_string(result, "port"));
}

void view_mac_add(struct out *out, const json_t *result)
{
	char *until = cell_text(json_object_get(result, "until"), CELL_TIME);
	char *left = cell_text(json_object_get(result, "left"), CELL_SECONDS);
	bool usual = json_is_true(json_object_get(result, "usual"));

	out_line(out, "Port %s may use %s in %s until %s (%s%s).", out_string(result, "port"),
		 out_string(result, "mac"), out_string(result, "lan"), until, left,
		 usual ? ", as no --until was given" : "");
	free(until);
	free(left);
}

void view_mac_del(struct out *out, const json_t *result)
{
	out_line(out, "Port %s may use %s no longer.", out_string(result, "port"),
		 out_string(result, "mac"));
}

void view_mac_clear(struct out *out, const json_t *result)
{
	json_int_t removed = out_integer(result, "removed");

	out_line(out, "%" JSON_INTEGER_FORMAT " address%s that port %s had learned for good %s.",
		 removed, removed == 1 ? "" : "es", out_string(result, "port"),
		 removed == 1 ? "is forgotten" : "are forgotten");
}

void view_mac_list(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"MAC", "mac", CELL_TEXT},     {"LAN", "lan", CELL_TEXT},
		{"TYPE", "type", CELL_TEXT},   {"SINCE", "since", CELL_TIME},
		{"UNTIL", "until", CELL_TIME}, {"LEFT", "left", CELL_SECONDS},
		{"BY", "by", CELL_TEXT},
	};

	out_rows(out, json_object_get(result, "macs"), columns, N_COLUMNS(columns));
}
