// SPDX-License-Identifier: BSD-3-Clause
// port.set, port.drain, port.undrain, port.promote, port.quarantine and port.mac.*: what stands
// above the configuration.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/manual/drain.h"
#include "control/manual/edit.h"
#include "control/rpc/rpc.h"
#include "control/when.h"

enum { MAC_TIME_S = 86400, YEAR_S = 366 * 86400 };

// The params of all these methods; those that a method does not have are NULL or 0.
struct wish {
	const char *port;
	const char *lan;
	const char *mac;
	double until;
};

typedef json_t *describe_fn(const struct edit *edit);

struct open_edit {
	struct rpc_call *call;
	describe_fn *describe;
	struct edit edit;
};

static void on_edited(void *argument, int code, const char *text)
{
	struct open_edit *open = argument;

	if (code)
		rpc_error(open->call, code, NULL, "%s", text);
	else
		rpc_result(open->call, open->describe(&open->edit));
	free(open);
}

static bool check_wish(struct rpc_call *call, const struct wish *wish, struct edit *edit)
{
	uint16_t lan;

	if (!rpc_needs_dataplane(call) || !rpc_needs_port(call, wish->port) ||
	    (wish->lan && !rpc_needs_lan(call, wish->lan, &lan)))
		return false;
	if (wish->mac && mac_parse(wish->mac, &edit->mac)) {
		rpc_error(call, RPC_BAD_PARAMS, NULL, "\"%.32s\" is no MAC address", wish->mac);
		return false;
	}
	if (wish->until == 0 ||
	    (wish->until > edit->now && wish->until <= edit->now + (double)WHEN_YEARS * YEAR_S))
		return true;
	rpc_error(call, RPC_BAD_PARAMS, NULL, "until must be in the future, and within %d years",
		  WHEN_YEARS);
	return false;
}

// Make the edit and answer with what "describe" says of it. "like" has what is not in the wish.
static void run_edit(struct rpc_call *call, const struct wish *wish, const struct edit *like,
		     describe_fn *describe)
{
	struct edit edit = *like;

	edit.now = change_now();
	edit.until = wish->until;
	if (!check_wish(call, wish, &edit))
		return;
	struct open_edit *open = alloc_zero(sizeof(*open));
	char *by = rpc_peer(call);
	open->call = call;
	open->describe = describe;
	open->edit = edit;
	strcpy(open->edit.port, wish->port); // names of the configuration fit
	strcpy(open->edit.lan, wish->lan ? wish->lan : "");
	snprintf(open->edit.by, sizeof(open->edit.by), "%s", by);
	free(by);
	change_edit(call->control->changes, &open->edit, on_edited, open);
}

static json_t *describe_admin(const struct edit *edit)
{
	return json_pack("{s:s, s:s, s:o}", "port", edit->port, "admin",
			 edit->admin_up ? "up" : "down", "until", rpc_time(edit->until));
}

void rpc_port_set(struct rpc_call *call)
{
	struct edit edit = {.kind = EDIT_ADMIN};
	struct wish wish = {0};
	const char *admin;

	if (!rpc_params(call, "{s:s, s:s, s?F}", "port", &wish.port, "admin", &admin, "until",
			&wish.until))
		return;
	edit.admin_up = strcmp(admin, "up") == 0;
	if (!edit.admin_up && strcmp(admin, "down") != 0)
		rpc_error(call, RPC_BAD_PARAMS, NULL, "admin is \"up\" or \"down\"");
	else
		run_edit(call, &wish, &edit, describe_admin);
}

static json_t *describe_drain(const struct edit *edit)
{
	return json_pack("{s:s, s:b, s:o}", "port", edit->port, "drained", edit->kind == EDIT_DRAIN,
			 "until", rpc_time(edit->until));
}

void rpc_port_drain(struct rpc_call *call)
{
	struct edit edit = {.kind = EDIT_DRAIN};
	struct wish wish = {0};
	uint16_t slot;

	if (!rpc_params(call, "{s:s, s?F}", "port", &wish.port, "until", &wish.until) ||
	    !rpc_needs_dataplane(call) || !rpc_needs_slot(call, wish.port, &slot))
		return;
	drains_rate(call->control->drains, slot, &edit.rate);
	run_edit(call, &wish, &edit, describe_drain);
}

static void run_plain(struct rpc_call *call, enum edit_kind kind, describe_fn *describe)
{
	const struct edit edit = {.kind = kind};
	struct wish wish = {0};

	if (rpc_params(call, "{s:s}", "port", &wish.port))
		run_edit(call, &wish, &edit, describe);
}

void rpc_port_undrain(struct rpc_call *call)
{
	run_plain(call, EDIT_UNDRAIN, describe_drain);
}

static json_t *describe_quarantine(const struct edit *edit)
{
	return json_pack("{s:s, s:b}", "port", edit->port, "quarantine",
			 edit->kind == EDIT_QUARANTINE);
}

void rpc_port_promote(struct rpc_call *call)
{
	run_plain(call, EDIT_PROMOTE, describe_quarantine);
}

void rpc_port_quarantine(struct rpc_call *call)
{
	run_plain(call, EDIT_QUARANTINE, describe_quarantine);
}

// Addresses

static json_t *describe_added(const struct edit *edit)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:b}", "port", edit->port, "lan", edit->lan,
			 "mac", rpc_mac(edit->mac), "until", rpc_time(edit->until), "left",
			 rpc_left(edit->until, edit->now), "usual", 0);
}

static json_t *describe_usual(const struct edit *edit)
{
	json_t *result = describe_added(edit);

	json_object_set_new(result, "usual", json_true());
	return result;
}

void rpc_port_mac_add(struct rpc_call *call)
{
	const struct edit edit = {.kind = EDIT_MAC_ADD};
	struct wish wish = {0};

	if (!rpc_params(call, "{s:s, s:s, s?s, s?F}", "port", &wish.port, "mac", &wish.mac, "lan",
			&wish.lan, "until", &wish.until))
		return;
	bool usual = wish.until == 0;
	if (usual)
		wish.until = change_now() + MAC_TIME_S;
	run_edit(call, &wish, &edit, usual ? describe_usual : describe_added);
}

static json_t *describe_removed(const struct edit *edit)
{
	return json_pack("{s:s, s:o, s:I}", "port", edit->port, "mac",
			 edit->mac ? rpc_mac(edit->mac) : json_null(), "removed",
			 (json_int_t)edit->n_macs);
}

void rpc_port_mac_del(struct rpc_call *call)
{
	const struct edit edit = {.kind = EDIT_MAC_DEL};
	struct wish wish = {0};

	if (rpc_params(call, "{s:s, s:s, s?s}", "port", &wish.port, "mac", &wish.mac, "lan",
		       &wish.lan))
		run_edit(call, &wish, &edit, describe_removed);
}

void rpc_port_mac_clear(struct rpc_call *call)
{
	const struct edit edit = {.kind = EDIT_MAC_CLEAR};
	struct wish wish = {0};

	if (rpc_params(call, "{s:s, s?s}", "port", &wish.port, "lan", &wish.lan))
		run_edit(call, &wish, &edit, describe_removed);
}

static void list_registered(json_t *macs, const char *lan, const struct config_member *member)
{
	for (size_t i = 0; i < member->n_macs; i++)
		json_array_append_new(macs, json_pack("{s:o, s:o, s:s, s:n, s:n, s:n, s:n}", "mac",
						      rpc_mac(member->macs[i]), "lan",
						      rpc_string(lan), "type", "registered",
						      "since", "until", "left", "by"));
}

static void list_manual(json_t *macs, const struct manual_mac *mac, double now)
{
	json_array_append_new(macs, json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "mac",
					      rpc_mac(mac->mac), "lan", rpc_string(mac->lan),
					      "type", mac->sticky ? "sticky" : "temporary", "since",
					      rpc_time(mac->since), "until", rpc_time(mac->until),
					      "left", rpc_left(mac->until, now), "by",
					      rpc_string(*mac->by ? mac->by : NULL)));
}

void rpc_port_mac_list(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	json_t *macs = json_array();
	const char *name;

	if (!rpc_params(call, "{s:s}", "port", &name) || !rpc_needs_port(call, name) ||
	    !rpc_needs_no_link(call, name)) {
		json_decref(macs);
		return;
	}
	const struct config_port *port = config_find_port(running->config, name);
	for (size_t i = 0; i < port->n_members; i++)
		list_registered(macs, running->config->lans[port->members[i].lan].name,
				&port->members[i]);
	for (size_t i = 0; i < running->manual.n_macs; i++) {
		if (strcmp(running->manual.macs[i].port, name) == 0)
			list_manual(macs, &running->manual.macs[i], change_now());
	}
	rpc_result(call, json_pack("{s:s, s:o}", "port", name, "macs", macs));
}
