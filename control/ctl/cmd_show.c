// SPDX-License-Identifier: BSD-3-Clause
// The tables of `ixfab show`: each is a list of columns over the daemon's result
// (control/rpc/PROTOCOL.md).
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/port_state.h"

static char *port_lans(const json_t *port)
{
	const json_t *lans = json_object_get(port, "lans");
	const char *lag = out_string(port, "lag");

	if (*lag)
		return cell_clean(cell_format("link of %s", lag));
	char *all = cell_format("%s", json_array_size(lans) ? "" : "-");

	for (size_t i = 0; i < json_array_size(lans); i++) {
		const json_t *lan = json_array_get(lans, i);
		char *longer;

		if (json_is_true(json_object_get(lan, "tagged")))
			longer = cell_format("%s%s%s:%d", all, i ? ", " : "",
					     out_string(lan, "lan"), (int)out_integer(lan, "vid"));
		else
			longer = cell_format("%s%s%s", all, i ? ", " : "", out_string(lan, "lan"));
		free(all);
		all = longer;
	}
	return cell_clean(all);
}

// The short form of a device that could not be used as it was asked for.
static char *port_device(const json_t *port)
{
	bool fallback = json_is_true(json_object_get(port, "fallback"));

	return cell_clean(
		cell_format("%s%s", out_string(port, "device"), fallback ? " (fallback)" : ""));
}

static char *port_drops(const json_t *port)
{
	return cell_format("%" JSON_INTEGER_FORMAT,
			   out_integer(port, "counters.drops_in") +
				   out_integer(port, "counters.drops_out"));
}

static void print_problem(struct out *out, const json_t *port)
{
	const char *problem = out_string(port, "problem");

	if (*problem)
		out_tinted(out, TINT_BAD, "%s: %s", out_string(port, "name"), problem);
}

void view_ports(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"PORT", "name", CELL_TEXT},
		{"STATE", NULL, CELL_STATE, port_state_text},
		{"SPEED", "speed", CELL_SPEED},
		{"MTU", "mtu", CELL_COUNT},
		{"LANS", NULL, CELL_TEXT, port_lans},
		{"RX", "counters.rx_octets", CELL_OCTETS},
		{"TX", "counters.tx_octets", CELL_OCTETS},
		{"DROPS", NULL, CELL_COUNT, port_drops},
		{"DEVICE", NULL, CELL_TEXT, port_device},
		{"MEMBER", NULL, CELL_TEXT, port_member},
	};

	const json_t *ports = json_object_get(result, "ports");

	out_rows(out, ports, columns, N_COLUMNS(columns));
	for (size_t i = 0; i < json_array_size(ports); i++)
		print_problem(out, json_array_get(ports, i));
}

void view_macs(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"MAC", "mac", CELL_TEXT},	{"LAN", "lan", CELL_TEXT},
		{"VLAN", "vlan", CELL_COUNT},	{"PORT", "ifname", CELL_TEXT},
		{"STATE", "state", CELL_TEXT},	{"AGE", "age", CELL_SECONDS},
		{"LEFT", "left", CELL_SECONDS},
	};

	out_rows(out, json_object_get(result, "macs"), columns, N_COLUMNS(columns));
	if (json_is_true(json_object_get(result, "truncated")))
		out_line(out, "There are more: ask for one LAN, one port or one address.");
}

static char *neighbour_state(const json_t *neighbour)
{
	if (json_is_true(json_object_get(neighbour, "duplicate")))
		return cell_format("duplicate");
	if (json_is_true(json_object_get(neighbour, "doubted")))
		return cell_format("moved");
	return cell_text(json_object_get(neighbour, "state"), CELL_TEXT);
}

void view_neighbours(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"ADDRESS", "address", CELL_TEXT},
		{"PORT", "ifname", CELL_TEXT},
		{"MEMBER", NULL, CELL_TEXT, port_member},
		{"MAC", "mac", CELL_TEXT},
		{"LAN", "lan", CELL_TEXT},
		{"SOURCE", "source", CELL_TEXT},
		{"STATE", NULL, CELL_TEXT, neighbour_state},
		{"HEARD", "heard", CELL_TIME},
	};

	out_rows(out, json_object_get(result, "neighbours"), columns, N_COLUMNS(columns));
}

static char *lan_ageing(const json_t *lan)
{
	if (out_integer(lan, "ageing") == 0)
		return cell_format("never");
	return cell_text(json_object_get(lan, "ageing"), CELL_SECONDS);
}

static char *lan_ports(const json_t *lan)
{
	const json_t *ports = json_object_get(lan, "ports");

	return json_is_array(ports) ? cell_format("%zu", json_array_size(ports))
				    : cell_text(ports, CELL_COUNT);
}

void view_lans(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"LAN", "name", CELL_TEXT},
		{"PROFILE", "profile", CELL_TEXT},
		{"VLAN", "vlan", CELL_COUNT},
		{"MTU", "mtu", CELL_COUNT},
		{"PORTS", NULL, CELL_COUNT, lan_ports},
		{"LEARNED", "learned", CELL_COUNT},
		{"STATIC", "static", CELL_COUNT},
		{"SIZE", "fdb_size", CELL_COUNT},
		{"AGEING", NULL, CELL_SECONDS, lan_ageing},
		{"FLOODS-UNKNOWN", "flood_unknown_unicast", CELL_TEXT},
		{"DROPS-HIJACK", "drop_hijack", CELL_TEXT},
		{"PASSES-TAGGED", "pass_tagged", CELL_TEXT},
		{"SECURITY", "port_security.mode", CELL_TEXT},
		{"ETHERTYPES", "admission.ethertypes", CELL_TEXT},
		{"PREFIXES", "prefixes", CELL_TEXT},
	};

	out_rows(out, json_object_get(result, "lans"), columns, N_COLUMNS(columns));
}

void view_drops(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"PORT", "port", CELL_TEXT},	  {"SIDE", "direction", CELL_TEXT},
		{"FRAMES", "frames", CELL_COUNT}, {"REASON", "reason", CELL_TEXT},
		{"MEANING", "text", CELL_TEXT},
	};

	out_rows(out, json_object_get(result, "drops"), columns, N_COLUMNS(columns));
}

static char *dataplane_release(const json_t *version)
{
	if (!json_is_true(cell_find(version, "dataplane.attached")))
		return cell_format("not attached");
	return cell_text(cell_find(version, "dataplane.release"), CELL_TEXT);
}

static char *config_generation(const json_t *version)
{
	json_int_t generation = out_integer(version, "config.generation");

	if (generation == 0)
		return cell_format("none");
	return cell_format("generation %" JSON_INTEGER_FORMAT, generation);
}

void view_version(struct out *out, const json_t *result)
{
	static const struct column fields[] = {
		{"Control", "control", CELL_TEXT},
		{"Dataplane", NULL, CELL_TEXT, dataplane_release},
		{"  problem", "dataplane.problem", CELL_TEXT},
		{"  process", "dataplane.pid", CELL_TEXT},
		{"  started", "dataplane.started", CELL_TIME},
		{"  workers", "dataplane.workers", CELL_TEXT},
		{"Configuration", NULL, CELL_TEXT, config_generation},
		{"  file", "config.file", CELL_TEXT},
		{"  applied", "config.applied", CELL_TIME},
		{"  by", "config.by", CELL_TEXT},
		{"  problem", "config.problem", CELL_TEXT},
	};

	out_line(out, "ixfab %s", IXFAB_VERSION);
	out_fields(out, result, fields, N_COLUMNS(fields));
	out_wait(out, cell_find(result, "config.confirm"));
}
