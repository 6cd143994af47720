// SPDX-License-Identifier: BSD-3-Clause
// show.neighbours: who owns which address, by the configuration or as it was learned.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/dump.h"
#include "control/fabric/plan_lans.h"
#include "control/rpc/rpc.h"
#include "control/sponge/sponge.h"
#include "lib/ip.h"

struct row {
	uint16_t lan;
	struct neigh_info info;
	bool learned; // else assigned
	bool duplicate;
	bool doubted;
	uint64_t heard_ms; // if learned
};

struct show {
	struct rpc_call *call;
	struct dump_wish wish;
	uint16_t lan; // whose learned owners are being added
	struct row *rows;
	size_t n;
};

static void append(struct show *show, const struct row *row)
{
	if ((show->n & (show->n - 1)) == 0)
		show->rows =
			alloc_array(show->rows, show->n ? 2 * show->n : 1, sizeof(*show->rows));
	show->rows[show->n++] = *row;
}

static void add_row(void *argument, uint16_t lan, const struct neigh_info *info)
{
	append(argument, &(struct row){.lan = lan, .info = *info});
}

static void add_learned(void *argument, const struct binding *binding)
{
	struct show *show = argument;
	struct row row = {.lan = show->lan,
			  .info = {.mac = binding->mac,
				   .port = binding->port,
				   .family = binding->ip.family},
			  .learned = true,
			  .duplicate = binding->duplicate,
			  .doubted = binding->doubted,
			  .heard_ms = binding->heard_ms};

	memcpy(row.info.address, binding->ip.octets, sizeof(row.info.address));
	append(show, &row);
}

// LANs of the configuration come before their quarantines, where nothing is learned.
static void add_all_learned(struct show *show)
{
	const struct control *control = show->call->control;
	size_t end = (size_t)show->wish.first_lan + show->wish.n_lans;

	for (size_t lan = show->wish.first_lan; lan < end && lan < control->running.config->n_lans;
	     lan++) {
		struct bindings *bindings = sponges_bindings(control->sponges, lan);

		show->lan = (uint16_t)lan;
		if (bindings)
			bindings_each(bindings, add_learned, show);
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	if (x->lan != y->lan)
		return x->lan < y->lan ? -1 : 1;
	if (x->info.family != y->info.family)
		return x->info.family < y->info.family ? -1 : 1;
	return memcmp(x->info.address, y->info.address, sizeof(x->info.address));
}

// What the sponge thinks of it; NULL: nothing.
static const char *state_of(const struct control *control, const struct row *row,
			    const struct ip *ip)
{
	const struct machine *machine = sponges_machine(control->sponges, row->lan);
	struct machine_info info;

	return machine && machine_find(machine, ip, &info) ? machine_state_name(info.state) : NULL;
}

static json_t *describe_row(const struct control *control, const struct row *row)
{
	const struct running *running = &control->running;
	const struct config_port *port = running_port_at(running, row->info.port);
	struct ip ip = {.family = row->info.family};
	char lan[NAME_SIZE], text[IP_TEXT_SIZE];

	memcpy(ip.octets, row->info.address, sizeof(row->info.address));
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:b, s:o}", "address",
			 ip_format(&ip, text), "ifname", rpc_string(port ? port->name : NULL),
			 "asn", rpc_known(port ? port->asn : 0), "member",
			 rpc_string(port ? port->member_name : NULL), "mac",
			 row->info.mac ? rpc_mac(row->info.mac) : json_null(), "lan",
			 rpc_string(plan_lan_name(running->config, row->lan, lan)), "source",
			 row->learned ? "learned" : "assigned", "state",
			 rpc_string(state_of(control, row, &ip)), "duplicate", (int)row->duplicate,
			 "doubted", (int)row->doubted, "heard",
			 row->learned ? rpc_time(sponges_time(row->heard_ms)) : json_null());
}

static void end(void *argument, int code, const char *text)
{
	struct show *show = argument;
	json_t *neighbours = json_array();

	if (!code && show->wish.n_lans)
		add_all_learned(show);
	if (show->n)
		qsort(show->rows, show->n, sizeof(*show->rows), compare_rows);
	for (size_t i = 0; !code && i < show->n; i++)
		json_array_append_new(neighbours,
				      describe_row(show->call->control, &show->rows[i]));
	if (code) {
		json_decref(neighbours);
		rpc_error(show->call, code, NULL, "%s", text);
	} else {
		rpc_result(show->call, json_pack("{s:o}", "neighbours", neighbours));
	}
	free(show->rows);
	free(show);
}

void rpc_show_neighbours(struct rpc_call *call)
{
	static const struct dump_listener listener = {.neighbour = add_row, .done = end};
	const struct running *running = &call->control->running;
	struct dump_wish wish = {.port = FDB_ANY, .n_lans = 1};
	const char *lan = NULL;

	if (!rpc_params(call, "{s?s}", "lan", &lan) || !rpc_needs_dataplane(call) ||
	    (lan && !rpc_needs_lan(call, lan, &wish.first_lan)))
		return;
	struct show *show = alloc_zero(sizeof(*show));
	show->call = call;
	if (!lan)
		wish.n_lans = running->config && running->slots
				      ? (uint16_t)plan_count_lans(running->config)
				      : 0;
	show->wish = wish;
	if (wish.n_lans == 0)
		end(show, 0, NULL);
	else if (dump_start(call->control, &wish, &listener, show))
		end(show, RPC_NOT_ATTACHED, "the dataplane went away");
}
