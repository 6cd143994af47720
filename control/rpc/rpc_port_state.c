// SPDX-License-Identifier: BSD-3-Clause
// What state a port is in, for show.ports; and port.enable.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/manual/drain.h"
#include "control/port_state.h"
#include "control/rpc/rpc.h"
#include "lib/message.h"
#include "lib/stats.h"

static json_t *describe_disabled(const struct running *running, const struct port_info *info)
{
	const struct config_port *other = running_port_at(running, info->loop_other);
	double until = (double)info->until_ns / 1e9;

	if (info->disabled == DISABLE_NONE)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "why", port_disable_name(info->disabled),
			 "since", rpc_time_ns(info->disabled_ns), "until",
			 rpc_time_ns(info->until_ns), "left", rpc_left(until, change_now()),
			 "other",
			 rpc_string(info->disabled == DISABLE_LOOP && other ? other->name : NULL),
			 "reason", rpc_reason(info->last_reason));
}

static json_t *describe_drained(const struct control *control, uint16_t slot,
				const struct plan_override *override)
{
	uint64_t rate;
	bool known = drains_rate(control->drains, slot, &rate);

	if (!override || !override->drained)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "since",
			 rpc_time(override->drained_since), "until",
			 rpc_time(override->drained_until), "left",
			 rpc_left(override->drained_until, change_now()), "rate",
			 known ? json_integer((json_int_t)rate) : json_null(), "rate_before",
			 rpc_known(override->drained_rate), "near_zero",
			 (int)(known && drain_is_near_zero(rate, override->drained_rate)));
}

json_t *rpc_port_state(const struct control *control, size_t port, const struct port_info *info)
{
	const struct running *running = &control->running;
	const struct plan_wish wish = running_wish(running);
	const struct plan_override *override =
		manual_find(&running->manual, running->config->ports[port].name);

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "state",
			 port_state_name(port_state_of(&wish, port, info)), "disabled",
			 info ? describe_disabled(running, info) : json_null(), "disables",
			 info ? json_integer(info->disables) : json_null(), "last_reason",
			 info ? rpc_reason(info->last_reason) : json_null(), "drained",
			 describe_drained(control, running_slot(running, port), override),
			 "quarantine", (int)plan_is_quarantined(&wish, port));
}

// port.enable

struct port_enable_call {
	struct rpc_call *call;
	json_t *disabled; // what it was disabled for
	char port[NAME_SIZE];
};

static void on_enabled(void *argument, const struct message *reply, int err)
{
	struct port_enable_call *open = argument;

	if (!err && !fabric_is_last(reply))
		return;
	if (err)
		rpc_error(open->call, RPC_NOT_ATTACHED, NULL, "the dataplane went away: %s",
			  strerror(-err));
	else if (reply->header.type == REPLY_ERROR)
		rpc_error(open->call, RPC_REFUSED, NULL, "%s", reply->error.text);
	else
		rpc_result(open->call,
			   json_pack("{s:s, s:b, s:O}", "port", open->port, "was_disabled",
				     (int)(reply->done.value != 0), "disabled", open->disabled));
	json_decref(open->disabled);
	free(open);
}

void rpc_port_enable(struct rpc_call *call)
{
	struct control *control = call->control;
	struct port_info info = {0};
	struct message command;
	const char *name;
	uint16_t slot;

	if (!rpc_params(call, "{s:s}", "port", &name) || !rpc_needs_dataplane(call) ||
	    !rpc_needs_slot(call, name, &slot) || !rpc_needs_no_link(call, name))
		return;
	stats_port_info(fabric_stats(control->fabric), slot, &info);
	struct port_enable_call *open = alloc_zero(sizeof(*open));
	open->call = call;
	open->disabled = describe_disabled(&control->running, &info);
	strcpy(open->port, name); // a name of the configuration fits
	message_init(&command, COMMAND_PORT_ENABLE, 0);
	command.port_enable.port = slot;
	int err = fabric_send(control->fabric, &command, on_enabled, open);
	if (err)
		on_enabled(open, NULL, err);
}
