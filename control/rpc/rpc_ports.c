// SPDX-License-Identifier: BSD-3-Clause
// show.ports
#include <string.h>

#include "control/config/links.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "lib/stats.h"

static json_t *describe_macs(const struct config_member *member)
{
	json_t *macs = json_array();

	for (size_t i = 0; i < member->n_macs; i++)
		json_array_append_new(macs, rpc_mac(member->macs[i]));
	return macs;
}

static json_t *describe_ips(const struct config_member *member)
{
	json_t *ips = json_array();
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < member->n_ips; i++)
		json_array_append_new(ips, json_string(ip_format(&member->ips[i], text)));
	return ips;
}

static json_t *describe_members(const struct config *config, const struct config_port *port)
{
	json_t *lans = json_array();

	for (size_t i = 0; i < port->n_members; i++) {
		const struct config_member *member = &port->members[i];
		json_t *lan = json_pack("{s:o, s:b, s:o, s:o, s:o}", "lan",
					rpc_string(config->lans[member->lan].name), "tagged",
					(int)member->tagged, "vid",
					rpc_known(member->tagged ? member->vid : 0), "macs",
					describe_macs(member), "ips", describe_ips(member));

		rpc_add_member_rules(lan, member);
		json_array_append_new(lans, lan);
	}
	return lans;
}

static json_t *describe_queue_workers(const struct port_info *info)
{
	json_t *workers = json_array();

	for (int q = 0; q < info->n_queues && q < MAX_QUEUES; q++)
		json_array_append_new(workers, json_integer(info->queue_worker[q]));
	return workers;
}

// What only the dataplane knows; all null if "info" is NULL.
static json_t *describe_info(const struct port_info *info)
{
	if (!info)
		return json_pack("{s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "driver",
				 "link", "speed", "mac", "queues", "queue_workers", "fallback",
				 "tx_shared", "link_changes", "changed");
	return json_pack("{s:o, s:s, s:o, s:o, s:i, s:o, s:b, s:b, s:I, s:o}", "driver",
			 rpc_string(*info->driver ? info->driver : NULL), "link",
			 info->link == LINK_UP ? "up" : "down", "speed", rpc_known(info->speed),
			 "mac", info->mac ? rpc_mac(info->mac) : json_null(), "queues",
			 (int)info->n_queues, "queue_workers", describe_queue_workers(info),
			 "fallback", info->is_fallback != 0, "tx_shared", info->tx_shared != 0,
			 "link_changes", (json_int_t)info->link_changes, "changed",
			 rpc_time_ns(info->changed_ns));
}

// What the configuration and the operators say.
static json_t *describe_config(const struct control *control, size_t i)
{
	const struct running *running = &control->running;
	const struct config_port *port = &running->config->ports[i];
	const struct plan_wish wish = running_wish(running);

	return json_pack("{s:o, s:o, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
			 rpc_string(port->name), "device", rpc_string(port->device), "admin",
			 plan_admin_up(&wish, i) ? "up" : "down", "mtu", (int)port->mtu, "ifindex",
			 rpc_known(state_ifindex(control->state, port->name)), "asn",
			 rpc_known(port->asn), "member", rpc_string(port->member_name),
			 "description", rpc_string(port->description), "problem",
			 rpc_string(running_port_problem(running, i)), "lans",
			 describe_members(running->config, port));
}

static json_t *describe_counters(const struct control *control, uint16_t slot)
{
	struct port_counters counters;
	double cleared;

	rpc_read_counters(control, slot, &counters, &cleared);
	return rpc_counters(&counters);
}

static json_t *describe_guard(const struct port_info *info)
{
	switch (info->guard) {
	case GUARD_NATIVE:
		return json_string("native");
	case GUARD_GENERIC:
		return json_string("generic");
	default:
		return json_null();
	}
}

static json_t *describe_port(const struct control *control, size_t i)
{
	uint16_t slot = running_slot(&control->running, i);
	json_t *port = describe_config(control, i);
	struct port_info info;
	bool known =
		slot != PLAN_NO_SLOT && stats_port_info(fabric_stats(control->fabric), slot, &info);
	json_t *facts = describe_info(known ? &info : NULL);
	json_t *state = rpc_port_state(control, i, known ? &info : NULL);

	json_object_update(port, facts);
	json_object_update(port, state);
	rpc_add_lag(port, control, i, known ? &info : NULL);
	if (!config_is_link(&control->running.config->ports[i]))
		rpc_add_port_rules(port, &control->running.config->ports[i]);
	json_decref(facts);
	json_decref(state);
	if (known)
		json_object_set_new(port, "mtu", json_integer(info.mtu));
	json_object_set_new(port, "guard", known ? describe_guard(&info) : json_null());
	json_object_set_new(port, "counters",
			    known ? describe_counters(control, slot) : json_null());
	return port;
}

void rpc_show_ports(struct rpc_call *call)
{
	const struct config *config = call->control->running.config;
	const char *name = NULL;

	if (!rpc_params(call, "{s?s}", "port", &name) || !rpc_needs_dataplane(call) ||
	    !rpc_needs_port(call, name))
		return;
	json_t *ports = json_array();
	for (size_t i = 0; config && i < config->n_ports; i++) {
		if (!name || strcmp(config->ports[i].name, name) == 0)
			json_array_append_new(ports, describe_port(call->control, i));
	}
	rpc_result(call, json_pack("{s:o}", "ports", ports));
}
