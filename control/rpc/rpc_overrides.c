// SPDX-License-Identifier: BSD-3-Clause
// show.overrides: what stands above the configuration.
#include "control/change.h"
#include "control/control.h"
#include "control/manual/manual.h"
#include "control/rpc/rpc.h"

// One of them. "what" is its kind, and "value" what it is set to.
static json_t *describe(const char *port, const char *what, json_t *value, const char *lan)
{
	return json_pack("{s:o, s:s, s:o, s:o}", "port", rpc_string(port), "what", what, "value",
			 value, "lan", rpc_string(lan));
}

static void add(json_t *list, json_t *object, double since, double until, const char *by)
{
	json_object_set_new(object, "since", rpc_time(since));
	json_object_set_new(object, "until", rpc_time(until));
	json_object_set_new(object, "left", rpc_left(until, change_now()));
	json_object_set_new(object, "by", rpc_string(*by ? by : NULL));
	json_array_append_new(list, object);
}

static void add_override(json_t *list, const struct plan_override *override)
{
	const char *port = override->port;

	if (override->has_admin)
		add(list,
		    describe(port, "admin", json_string(override->admin_up ? "up" : "down"), NULL),
		    override->admin_since, override->admin_until, override->admin_by);
	if (override->drained)
		add(list, describe(port, "drain", json_null(), NULL), override->drained_since,
		    override->drained_until, override->drained_by);
	if (override->promoted)
		add(list, describe(port, "promote", json_null(), NULL), override->promoted_since, 0,
		    override->promoted_by);
}

static void add_mac(json_t *list, const struct manual_mac *mac)
{
	add(list, describe(mac->port, mac->sticky ? "sticky" : "mac", rpc_mac(mac->mac), mac->lan),
	    mac->since, mac->until, mac->by);
}

void rpc_add_overrides(json_t *list, const struct manual *manual, const char *effect, bool sticky)
{
	size_t first = json_array_size(list);

	for (size_t i = 0; i < manual->n_overrides; i++)
		add_override(list, &manual->overrides[i]);
	for (size_t i = 0; i < manual->n_macs; i++) {
		if (sticky || !manual->macs[i].sticky)
			add_mac(list, &manual->macs[i]);
	}
	for (size_t i = first; effect && i < json_array_size(list); i++)
		json_object_set_new(json_array_get(list, i), "effect", json_string(effect));
}

void rpc_show_overrides(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	json_t *above = json_array(), *aside = json_array();

	if (!rpc_params(call, "{}")) {
		json_decref(above);
		json_decref(aside);
		return;
	}
	rpc_add_overrides(above, &running->manual, NULL, true);
	rpc_add_overrides(aside, &running->aside, NULL, true);
	rpc_result(call, json_pack("{s:o, s:o}", "overrides", above, "aside", aside));
}
