// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show sflow`: who is told of samples, and of how many.
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static char *collector_address(const json_t *collector)
{
	const char *address = out_string(collector, "address");
	int port = (int)out_integer(collector, "port");
	bool is_ipv6 = strchr(address, ':');

	return cell_clean(cell_format(is_ipv6 ? "[%s]:%d" : "%s:%d", address, port));
}

static char *collector_state(const json_t *collector)
{
	return cell_format("%s",
			   json_is_true(json_object_get(collector, "failing")) ? "failing" : "ok");
}

void view_sflow(struct out *out, const json_t *result)
{
	static const struct column agent[] = {
		{"Agent", "agent", CELL_TEXT},
		{"Counters every", "polling", CELL_SECONDS},
		{"Datagrams", "datagrams", CELL_COUNT},
		{"Samples ignored", "ignored", CELL_COUNT},
	};
	static const struct column collectors[] = {
		{"COLLECTOR", "name", CELL_TEXT},
		{"ADDRESS", NULL, CELL_TEXT, collector_address},
		{"STATE", NULL, CELL_TEXT, collector_state},
		{"DATAGRAMS", "datagrams", CELL_COUNT},
		{"ERRORS", "errors", CELL_COUNT},
		{"LAST-ERROR", "last_error", CELL_TEXT},
	};
	static const struct column ports[] = {
		{"PORT", "port", CELL_TEXT},	    {"IFINDEX", "ifindex", CELL_COUNT},
		{"ONE-OF", "sampling", CELL_COUNT}, {"SAMPLES", "samples", CELL_COUNT},
		{"LOST", "lost", CELL_COUNT},	    {"POOL", "pool", CELL_COUNT},
	};
	const json_t *list = json_object_get(result, "collectors");

	if (json_array_size(list) == 0) {
		out_line(out, "There are no collectors.");
		return;
	}
	out_fields(out, result, agent, N_COLUMNS(agent));
	fputc('\n', out->file);
	out_rows(out, list, collectors, N_COLUMNS(collectors));
	fputc('\n', out->file);
	out_rows(out, json_object_get(result, "ports"), ports, N_COLUMNS(ports));
}
