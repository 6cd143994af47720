// SPDX-License-Identifier: BSD-3-Clause
// show.lags, and what show.ports tells of LAGs and links.
#include "control/config/links.h"
#include "control/config/schema_lag.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/lag_link.h"
#include "control/port_state.h"
#include "control/rpc/rpc.h"
#include "lib/lacp.h"
#include "lib/stats.h"

static json_t *describe_flags(uint8_t state)
{
	json_t *flags = json_array();

	for (unsigned int bit = 0; bit < 8; bit++) {
		if (state >> bit & 1)
			json_array_append_new(flags, json_string(lag_link_flag(bit)));
	}
	return flags;
}

static json_t *describe_partner(const struct link_info *lacp)
{
	if (!lacp->partner_system)
		return json_null();
	return json_pack("{s:o, s:i, s:i, s:i, s:o}", "system", rpc_mac(lacp->partner_system),
			 "priority", (int)lacp->partner_priority, "key", (int)lacp->partner_key,
			 "port", (int)lacp->partner_port, "flags",
			 describe_flags(lacp->partner_state));
}

// What LACP says of a link; all null where nobody speaks it.
static json_t *describe_lacp(const struct link_info *lacp, bool spoken)
{
	if (!spoken)
		return json_pack("{s:n, s:n, s:n, s:n, s:n}", "flags", "partner", "received",
				 "sent", "malformed");
	return json_pack("{s:o, s:o, s:I, s:I, s:I}", "flags", describe_flags(lacp->actor_state),
			 "partner", describe_partner(lacp), "received", (json_int_t)lacp->received,
			 "sent", (json_int_t)lacp->sent, "malformed", (json_int_t)lacp->malformed);
}

// "info" is NULL if the dataplane does not have the link.
static json_t *describe_link(const struct config_port *lag, const struct port_info *info)
{
	if (!info)
		return json_pack("{s:b, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "in_use", 0, "reason",
				 "text", "flags", "partner", "received", "sent", "malformed");
	uint8_t reason = info->lacp.reason < LACP_REASONS ? info->lacp.reason : LACP_DOWN;
	json_t *link = json_pack("{s:b, s:s, s:s}", "in_use", (int)(info->n_active != 0), "reason",
				 lag_link_reason(reason), "text", lacp_reasons[reason]);
	json_t *lacp = describe_lacp(&info->lacp, lag && lag->lacp.mode != LAG_MODE_OFF);

	json_object_update(link, lacp);
	json_decref(lacp);
	return link;
}

// What the dataplane knows of port number "port"; returns false if it does not have it.
static bool read_info(const struct control *control, size_t port, struct port_info *info)
{
	uint16_t slot = running_slot(&control->running, port);

	return slot != PLAN_NO_SLOT && stats_port_info(fabric_stats(control->fabric), slot, info);
}

static json_t *describe_links(const struct control *control, const struct config_port *lag)
{
	const struct config *config = control->running.config;
	const struct plan_wish wish = running_wish(&control->running);
	json_t *links = json_array();

	for (size_t i = 0; i < config->n_ports; i++) {
		struct port_info info;

		if (config_lag_of(config, &config->ports[i]) != lag)
			continue;
		bool known = read_info(control, i, &info);
		enum port_state state = port_state_of(&wish, i, known ? &info : NULL);
		json_t *link = describe_link(lag, known ? &info : NULL);
		json_object_set_new(link, "link", rpc_string(config->ports[i].name));
		json_object_set_new(link, "state", json_string(port_state_name(state)));
		json_array_append_new(links, link);
	}
	return links;
}

static json_t *describe_settings(const struct config_port *lag, const struct port_info *info)
{
	return json_pack("{s:s, s:s, s:i, s:i}", "mode", config_lag_mode_name(lag->lacp.mode),
			 "rate", lag->lacp.fast ? "fast" : "slow", "min_links",
			 (int)lag->lacp.min_links, "in_use", info ? (int)info->n_active : 0);
}

void rpc_add_lag(json_t *object, const struct control *control, size_t i,
		 const struct port_info *info)
{
	const struct config *config = control->running.config;
	const struct config_port *port = &config->ports[i];
	const struct config_port *lag = config_lag_of(config, port);
	bool is_lag = config_is_lag(port);

	json_object_set_new(object, "kind", json_string(lag ? "link" : is_lag ? "lag" : "port"));
	json_object_set_new(object, "lag", rpc_string(lag ? lag->name : NULL));
	json_object_set_new(object, "links", is_lag ? describe_links(control, port) : json_null());
	json_object_set_new(object, "lacp",
			    lag	     ? describe_link(lag, info)
			    : is_lag ? describe_settings(port, info)
				     : json_null());
}

static json_t *describe_lag(const struct control *control, size_t i)
{
	const struct config_port *port = &control->running.config->ports[i];
	const struct plan_wish wish = running_wish(&control->running);
	struct port_info info;
	bool known = read_info(control, i, &info);
	enum port_state state = port_state_of(&wish, i, known ? &info : NULL);
	json_t *lag = describe_settings(port, known ? &info : NULL);

	json_object_set_new(lag, "lag", rpc_string(port->name));
	json_object_set_new(lag, "state", json_string(port_state_name(state)));
	json_object_set_new(lag, "asn", rpc_known(port->asn));
	json_object_set_new(lag, "member", rpc_string(port->member_name));
	json_object_set_new(lag, "links", describe_links(control, port));
	return lag;
}

void rpc_show_lags(struct rpc_call *call)
{
	const struct config *config = call->control->running.config;
	json_t *lags;

	if (!rpc_params(call, "{}") || !rpc_needs_dataplane(call))
		return;
	lags = json_array();
	for (size_t i = 0; config && i < config->n_ports; i++) {
		if (config_is_lag(&config->ports[i]))
			json_array_append_new(lags, describe_lag(call->control, i));
	}
	rpc_result(call, json_pack("{s:o}", "lags", lags));
}
