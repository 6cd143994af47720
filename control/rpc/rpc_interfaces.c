// SPDX-License-Identifier: BSD-3-Clause
// show.interfaces: every port in the words of IF-MIB, whatever operators clear and with or without
// a dataplane, as those want it who ask every few minutes.
#include <string.h>

#include "control/config/links.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/interface.h"
#include "control/rpc/rpc.h"
#include "lib/device_string.h"
#include "lib/stats.h"

// Whether a cable can be plugged in: other devices end in another program of this machine.
static bool has_connector(const struct config_port *port)
{
	struct device_string device;
	char error[256];

	return device_string_parse(port->device, &device, error, sizeof(error)) == 0 &&
	       (device.kind == DEVICE_PCI || device.kind == DEVICE_IFACE);
}

// What it is, and of a link whose.
static json_t *describe_lag(const struct control *control, const struct config_port *port)
{
	const struct config_port *lag = config_lag_of(control->running.config, port);
	const char *kind = lag ? "link" : config_is_lag(port) ? "lag" : "port";

	return json_pack("{s:s, s:o, s:o, s:n}", "kind", kind, "lag",
			 rpc_string(lag ? lag->name : NULL), "lag_ifindex",
			 rpc_known(lag ? state_ifindex(control->state, lag->name) : 0), "in_use");
}

static json_t *describe_port(const struct control *control, size_t i)
{
	const struct running *running = &control->running;
	const struct config_port *port = &running->config->ports[i];
	const struct plan_wish wish = running_wish(running);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:b, s:n, s:n, s:n, s:n, s:n}",
			 "name", rpc_string(port->name), "ifindex",
			 rpc_known(state_ifindex(control->state, port->name)), "asn",
			 rpc_known(port->asn), "member", rpc_string(port->member_name),
			 "description", rpc_string(port->description), "admin",
			 plan_admin_up(&wish, i) ? "up" : "down", "mtu", (int)port->mtu,
			 "connector", (int)has_connector(port), "oper", "speed", "mac", "changed",
			 "counters");
}

static json_t *describe_counters(const struct interface_counters *counters)
{
	const struct {
		const char *name;
		uint64_t value;
	} fields[] = {
		{"in_octets", counters->in_octets},
		{"in_unicast", counters->in_unicast},
		{"in_multicast", counters->in_multicast},
		{"in_broadcast", counters->in_broadcast},
		{"in_discards", counters->in_discards},
		{"in_errors", counters->in_errors},
		{"out_octets", counters->out_octets},
		{"out_unicast", counters->out_unicast},
		{"out_multicast", counters->out_multicast},
		{"out_broadcast", counters->out_broadcast},
		{"out_discards", counters->out_discards},
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set_new(object, fields[i].name,
				    json_integer((json_int_t)fields[i].value));
	return object;
}

// When the port came up or went down last, whatever for.
static uint64_t changed_ns(const struct port_info *info)
{
	return info->disabled && info->disabled_ns > info->changed_ns ? info->disabled_ns
								      : info->changed_ns;
}

// Add what only the dataplane knows; it is null if that does not have the port.
static void add_facts(struct control *control, uint16_t slot, json_t *port)
{
	const struct stats *stats = fabric_stats(control->fabric);
	struct interface_counters told;
	struct port_counters counters;
	struct port_info info;

	if (!stats || slot == PLAN_NO_SLOT || !stats_port_info(stats, slot, &info))
		return;
	stats_sum_port(stats, slot, &counters);
	interface_read(&control->interfaces[slot], &info, &counters, &told);
	json_object_set_new(port, "oper", json_string(told.oper_up ? "up" : "down"));
	json_object_set_new(port, "speed", rpc_known(info.speed));
	json_object_set_new(port, "mtu", json_integer(info.mtu));
	json_object_set_new(port, "mac", info.mac ? rpc_mac(info.mac) : json_null());
	json_object_set_new(port, "changed", rpc_time_ns(changed_ns(&info)));
	json_object_set_new(port, "counters", describe_counters(&told));
	if (info.kind == PORT_LINK)
		json_object_set_new(port, "in_use", json_boolean(info.n_active));
}

void rpc_show_interfaces(struct rpc_call *call)
{
	const struct running *running = &call->control->running;

	if (!rpc_params(call, "{}"))
		return;
	json_t *ports = json_array();
	for (size_t i = 0; running->config && i < running->config->n_ports; i++) {
		json_t *port = describe_port(call->control, i);
		json_t *lag = describe_lag(call->control, &running->config->ports[i]);

		json_object_update(port, lag);
		json_decref(lag);
		add_facts(call->control, running_slot(running, i), port);
		json_array_append_new(ports, port);
	}
	rpc_result(call, json_pack("{s:o}", "interfaces", ports));
}
