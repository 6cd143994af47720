// SPDX-License-Identifier: BSD-3-Clause
// show.macs, show.lans and clear.macs: the address tables.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/dump.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan_lans.h"
#include "control/rpc/rpc.h"
#include "lib/mac.h"

enum { MACS_MAX = 100000 }; // in one answer

// The parameters that select addresses.
struct selection {
	uint16_t lan;  // or FDB_ANY
	uint16_t port; // slot, or FDB_ANY
	uint64_t mac;  // 0: any
};

// Read lan, port and mac. Returns false after it has ended the call.
static bool read_selection(struct rpc_call *call, struct selection *selection)
{
	const char *lan = NULL;
	const char *port = NULL;
	const char *mac = NULL;

	*selection = (struct selection){.lan = FDB_ANY, .port = FDB_ANY};
	if (!rpc_params(call, "{s?s, s?s, s?s}", "lan", &lan, "port", &port, "mac", &mac) ||
	    !rpc_needs_dataplane(call) || (lan && !rpc_needs_lan(call, lan, &selection->lan)) ||
	    (port && !rpc_needs_slot(call, port, &selection->port)) ||
	    !rpc_needs_no_link(call, port))
		return false;
	if (mac && (mac_parse(mac, &selection->mac) || selection->mac == 0)) {
		rpc_error(call, RPC_BAD_PARAMS, NULL, "\"%.32s\" is no MAC address", mac);
		return false;
	}
	return true;
}

// show.macs

struct row {
	uint16_t lan;
	struct fdb_entry entry;
};

struct show_macs {
	struct rpc_call *call;
	uint64_t mac; // 0: any
	struct row *rows;
	size_t n;
	bool truncated;
};

static void add_row(void *argument, uint16_t lan, const struct fdb_entry *entry)
{
	struct show_macs *show = argument;

	if (show->mac && entry->mac != show->mac)
		return;
	show->truncated = show->n == MACS_MAX;
	if (show->truncated)
		return;
	if ((show->n & (show->n - 1)) == 0)
		show->rows =
			alloc_array(show->rows, show->n ? 2 * show->n : 1, sizeof(*show->rows));
	show->rows[show->n++] = (struct row){.lan = lan, .entry = *entry};
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;
	uint64_t mac_x = mac_order(x->entry.mac);
	uint64_t mac_y = mac_order(y->entry.mac);

	if (x->lan != y->lan)
		return x->lan < y->lan ? -1 : 1;
	return mac_x < mac_y ? -1 : mac_x > mac_y;
}

static const char *state_of(const struct fdb_entry *entry)
{
	static const char *const kinds[] = {
		[MAC_REGISTERED] = "static",
		[MAC_STICKY] = "sticky",
		[MAC_RESERVED] = "reserved",
		[MAC_HELD] = "held",
	};

	return entry->is_static ? kinds[entry->kind % 4] : "learned";
}

// The entry of an address that an operator added for a time; NULL if it is none.
static const struct manual_mac *find_temporary(const struct running *running, const struct row *row)
{
	size_t lan = plan_lan_of(running->config, row->lan, NULL);
	const struct manual_mac *mac;

	if (lan == SIZE_MAX || !row->entry.is_static || row->entry.kind != MAC_REGISTERED)
		return NULL;
	mac = manual_find_mac(&running->manual, running->config->lans[lan].name, row->entry.mac);
	return mac && !mac->sticky ? mac : NULL;
}

static json_t *describe_row(const struct running *running, const struct row *row)
{
	const struct config_port *port = running_port_at(running, row->entry.port);
	const struct manual_mac *temporary = find_temporary(running, row);
	size_t lan = plan_lan_of(running->config, row->lan, NULL);
	char name[NAME_SIZE];

	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "mac", rpc_mac(row->entry.mac),
			 "lan", rpc_string(plan_lan_name(running->config, row->lan, name)), "vlan",
			 rpc_known(lan != SIZE_MAX ? running->config->lans[lan].vlan : 0), "ifname",
			 rpc_string(port ? port->name : NULL), "state",
			 temporary ? "temporary" : state_of(&row->entry), "age",
			 row->entry.is_static ? json_null() : json_integer(row->entry.age), "left",
			 temporary ? rpc_left(temporary->until, change_now()) : json_null());
}

static void answer_macs(struct show_macs *show)
{
	const struct running *running = &show->call->control->running;
	json_t *macs = json_array();

	qsort(show->rows, show->n, sizeof(*show->rows), compare_rows);
	for (size_t i = 0; i < show->n; i++)
		json_array_append_new(macs, describe_row(running, &show->rows[i]));
	rpc_result(show->call,
		   json_pack("{s:o, s:b}", "macs", macs, "truncated", (int)show->truncated));
}

static void end_macs(void *argument, int code, const char *text)
{
	struct show_macs *show = argument;

	if (code)
		rpc_error(show->call, code, NULL, "%s", text);
	else
		answer_macs(show);
	free(show->rows);
	free(show);
}

// Dump the LANs that are selected, or tell the listener at once that there are none.
static void dump_selected(struct control *control, const struct selection *selection,
			  const struct dump_listener *listener, void *argument)
{
	const struct config *config = control->running.config;
	size_t n_lans = config && control->running.slots ? plan_count_lans(config) : 0;
	struct dump_wish wish = {.port = selection->port};

	wish.first_lan = selection->lan == FDB_ANY ? 0 : selection->lan;
	wish.n_lans = selection->lan == FDB_ANY ? (uint16_t)n_lans : n_lans != 0;
	if (wish.n_lans == 0)
		listener->done(argument, 0, NULL);
	else if (dump_start(control, &wish, listener, argument))
		listener->done(argument, RPC_NOT_ATTACHED, "the dataplane went away");
}

void rpc_show_macs(struct rpc_call *call)
{
	static const struct dump_listener listener = {.entry = add_row, .done = end_macs};
	struct selection selection;

	if (!read_selection(call, &selection))
		return;
	struct show_macs *show = alloc_zero(sizeof(*show));
	show->call = call;
	show->mac = selection.mac;
	dump_selected(call->control, &selection, &listener, show);
}

// show.lans

struct show_lans {
	struct rpc_call *call;
	struct {
		uint64_t learned;
		uint64_t statics;
	} counts[MAX_LANS];
};

static void count_entry(void *argument, uint16_t lan, const struct fdb_entry *entry)
{
	struct show_lans *show = argument;

	if (lan >= MAX_LANS)
		return;
	show->counts[lan].statics += entry->is_static != 0;
	show->counts[lan].learned += entry->is_static == 0;
}

static json_t *describe_prefixes(const struct config_lan *lan)
{
	json_t *prefixes = json_array();
	char text[IP_PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < lan->n_prefixes; i++)
		json_array_append_new(prefixes,
				      json_string(ip_prefix_format(&lan->prefixes[i], text)));
	return prefixes;
}

static json_t *list_members(const struct running *running, uint16_t lan)
{
	const struct config *config = running->config;
	const struct plan_wish wish = running_wish(running);
	json_t *ports = json_array();

	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		for (size_t m = 0; m < port->n_members; m++) {
			if (plan_member_lan(&wish, i, &port->members[m]) == lan)
				json_array_append_new(ports, rpc_string(port->name));
		}
	}
	return ports;
}

static json_t *describe_lan(const struct show_lans *show, uint16_t i)
{
	const struct running *running = &show->call->control->running;
	const struct config_lan *lan =
		&running->config->lans[plan_lan_of(running->config, i, NULL)];
	char name[NAME_SIZE];

	json_t *object =
		json_pack("{s:o, s:s, s:o, s:i, s:o, s:i, s:b, s:b, s:b, s:o, s:I, s:I, s:I, s:I}",
			  "name", rpc_string(plan_lan_name(running->config, i, name)), "profile",
			  lan->profile == PROFILE_OPEN ? "open" : "exchange", "vlan",
			  rpc_known(lan->vlan), "mtu", (int)lan->mtu, "prefixes",
			  describe_prefixes(lan), "ageing", (int)lan->ageing,
			  "flood_unknown_unicast", (int)lan->flood_unknown_unicast, "drop_hijack",
			  (int)lan->drop_hijack, "pass_tagged", (int)lan->pass_tagged, "ports",
			  list_members(running, i), "learned", (json_int_t)show->counts[i].learned,
			  "static", (json_int_t)show->counts[i].statics, "fdb_size",
			  (json_int_t)lan->fdb_size, "learn_limit", (json_int_t)lan->learn_limit);
	rpc_add_lan_rules(object, lan);
	return object;
}

static void end_lans(void *argument, int code, const char *text)
{
	struct show_lans *show = argument;
	const struct config *config = show->call->control->running.config;
	json_t *lans = json_array();

	for (uint16_t i = 0; config && i < plan_count_lans(config); i++)
		json_array_append_new(lans, describe_lan(show, i));
	if (code) {
		json_decref(lans);
		rpc_error(show->call, code, NULL, "%s", text);
	} else {
		rpc_result(show->call, json_pack("{s:o}", "lans", lans));
	}
	free(show);
}

void rpc_show_lans(struct rpc_call *call)
{
	static const struct dump_listener listener = {.entry = count_entry, .done = end_lans};
	const struct selection all = {.lan = FDB_ANY, .port = FDB_ANY};

	if (!rpc_params(call, "{}") || !rpc_needs_dataplane(call))
		return;
	struct show_lans *show = alloc_zero(sizeof(*show));
	show->call = call;
	dump_selected(call->control, &all, &listener, show);
}

// clear.macs

static void on_flushed(void *argument, const struct message *reply, int err)
{
	struct rpc_call *call = argument;

	if (!err && !fabric_is_last(reply))
		return;
	if (err)
		rpc_error(call, RPC_NOT_ATTACHED, NULL, "the dataplane went away: %s",
			  strerror(-err));
	else if (reply->header.type == REPLY_ERROR)
		rpc_error(call, RPC_REFUSED, NULL, "%s", reply->error.text);
	else
		rpc_result(call, json_pack("{s:I}", "removed", (json_int_t)reply->done.value));
}

void rpc_clear_macs(struct rpc_call *call)
{
	struct selection selection;
	struct message command;

	if (!read_selection(call, &selection))
		return;
	message_init(&command, COMMAND_FDB_FLUSH, 0);
	command.fdb_flush.lan = selection.lan;
	command.fdb_flush.port = selection.port;
	command.fdb_flush.mac = selection.mac;
	int err = fabric_send(call->control->fabric, &command, on_flushed, call);
	if (err)
		on_flushed(call, NULL, err);
}
