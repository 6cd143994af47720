// SPDX-License-Identifier: BSD-3-Clause
// show.counters, show.drops and clear.counters.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/alloc.h"
#include "control/config/links.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/fabric/snapshot.h"
#include "control/lag_link.h"
#include "control/rpc/rpc.h"
#include "control/state/baselines.h"
#include "lib/channel.h"

json_t *rpc_counters(const struct port_counters *c)
{
	const struct {
		const char *name;
		uint64_t value;
	} fields[] = {
		{"rx_frames", c->rx_frames},
		{"rx_octets", c->rx_octets},
		{"rx_multicast", c->rx_multicast},
		{"rx_broadcast", c->rx_broadcast},
		{"tx_frames", c->tx_frames},
		{"tx_octets", c->tx_octets},
		{"tx_multicast", c->tx_multicast},
		{"tx_broadcast", c->tx_broadcast},
		{"copies", c->copies},
		{"injected", c->injected},
		{"consumed", c->consumed},
		{"answered", c->answered},
		{"sponged", c->sponged},
		{"drops_in", snapshot_drops(c, DROP_SIDE_IN)},
		{"drops_out", snapshot_drops(c, DROP_SIDE_OUT)},
		{"learned", c->learned},
		{"moved", c->moved},
		{"learn_refused", c->learn_refused},
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set_new(object, fields[i].name,
				    json_integer((json_int_t)fields[i].value));
	return object;
}

// Take the baseline of the port in "slot" off its counters, of which those of a link are to be its
// own. Returns when it was cleared, or 0.
static double subtract(const struct control *control, uint16_t slot, struct port_counters *counters)
{
	struct port_info info;

	if (!stats_port_info(fabric_stats(control->fabric), slot, &info))
		return 0;
	double cleared =
		baselines_subtract(control->baselines, info.name, info.incarnation, counters);
	if (info.kind == PORT_LINK)
		lag_link_counters(counters);
	return cleared;
}

void rpc_read_counters(const struct control *control, uint16_t slot, struct port_counters *counters,
		       double *cleared)
{
	stats_sum_port(fabric_stats(control->fabric), slot, counters);
	*cleared = subtract(control, slot, counters);
}

// show.counters

struct show_counters {
	struct rpc_call *call;
	char port[NAME_SIZE]; // "": all
};

static void add_counters(struct port_counters *sum, const struct port_counters *more)
{
	uint64_t *to = (uint64_t *)sum;
	const uint64_t *from = (const uint64_t *)more;

	for (size_t i = 0; i < COUNTER_WORDS; i++)
		to[i] += from[i];
}

// Describe the ports asked for, and add them up. What a link has counted, its LAG has counted, too.
static json_t *describe_rows(const struct show_counters *show, const struct snapshot *snapshot,
			     struct port_counters *total)
{
	const struct control *control = show->call->control;
	const struct running *running = &control->running;
	json_t *rows = json_array();

	for (size_t i = 0; running->slots && i < running->config->n_ports; i++) {
		const struct port_counters *found = snapshot_find(snapshot, running->slots[i]);
		const struct config_port *port = &running->config->ports[i];
		const char *name = port->name;

		if (!found || (*show->port && strcmp(show->port, name) != 0))
			continue;
		struct port_counters counters = *found;
		double cleared = subtract(control, running->slots[i], &counters);
		json_t *row = rpc_counters(&counters);

		json_object_set_new(row, "port", rpc_string(name));
		json_object_set_new(row, "lag", rpc_string(*port->lag ? port->lag : NULL));
		json_object_set_new(row, "cleared", rpc_time(cleared));
		json_array_append_new(rows, row);
		if (!config_is_link(port))
			add_counters(total, &counters);
	}
	return rows;
}

static void on_settled(void *argument, const struct snapshot *snapshot)
{
	struct show_counters *show = argument;
	struct port_counters total = {0};

	if (snapshot && rpc_needs_dataplane(show->call)) {
		json_t *rows = describe_rows(show, snapshot, &total);
		json_t *sum = rpc_counters(&total);

		json_object_set_new(sum, "balance", json_integer(snapshot_balance(snapshot)));
		rpc_result(show->call, json_pack("{s:o, s:o, s:b}", "counters", rows, "total", sum,
						 "settled", (int)snapshot->settled));
	} else if (!snapshot) {
		rpc_error(show->call, RPC_NOT_ATTACHED, NULL, "the dataplane went away");
	}
	free(show);
}

void rpc_show_counters(struct rpc_call *call)
{
	const char *port = NULL;

	if (!rpc_params(call, "{s?s}", "port", &port) || !rpc_needs_dataplane(call) ||
	    !rpc_needs_port(call, port))
		return;
	struct show_counters *show = alloc_zero(sizeof(*show));
	show->call = call;
	strcpy(show->port, port ? port : ""); // a name of the configuration fits
	if (snapshot_settle(call->control->base, call->control->fabric, on_settled, show))
		on_settled(show, NULL);
}

// show.drops

static void describe_drops(const struct control *control, const char *port, uint16_t slot,
			   json_t *rows)
{
	struct port_counters counters;
	double cleared;

	rpc_read_counters(control, slot, &counters, &cleared);
	for (int reason = 1; reason < DROP_COUNT; reason++) {
		const struct drop_info *info = &drop_infos[reason];

		if (counters.drops[reason])
			json_array_append_new(
				rows,
				json_pack("{s:o, s:s, s:s, s:I, s:s}", "port", rpc_string(port),
					  "reason", info->name, "direction",
					  info->side == DROP_SIDE_IN ? "in" : "out", "frames",
					  (json_int_t)counters.drops[reason], "text", info->text));
	}
}

void rpc_show_drops(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	const char *port = NULL;

	if (!rpc_params(call, "{s?s}", "port", &port) || !rpc_needs_dataplane(call) ||
	    !rpc_needs_port(call, port))
		return;
	json_t *rows = json_array();
	for (size_t i = 0; running->slots && i < running->config->n_ports; i++) {
		const char *name = running->config->ports[i].name;

		if (running->slots[i] != PLAN_NO_SLOT && (!port || strcmp(port, name) == 0))
			describe_drops(call->control, name, running->slots[i], rows);
	}
	rpc_result(call, json_pack("{s:o}", "drops", rows));
}

// clear.counters

static bool fill_baseline(const struct control *control, uint16_t slot,
			  struct state_baseline *baseline)
{
	const struct stats *stats = fabric_stats(control->fabric);
	struct port_counters counters;
	struct port_info info;
	struct timespec now;

	if (slot == PLAN_NO_SLOT || !stats_port_info(stats, slot, &info))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	stats_sum_port(stats, slot, &counters);
	memcpy(baseline->port, info.name, sizeof(baseline->port));
	memcpy(baseline->counters, &counters, sizeof(baseline->counters));
	baseline->instance = fabric_peer(control->fabric)->instance;
	baseline->incarnation = info.incarnation;
	baseline->cleared = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	return true;
}

void rpc_clear_counters(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	struct state_baseline *baselines;
	const char *port = NULL;
	size_t n = 0;

	if (!rpc_params(call, "{s?s}", "port", &port) || !rpc_needs_dataplane(call) ||
	    !rpc_needs_port(call, port))
		return;
	size_t n_ports = running->slots ? running->config->n_ports : 0;
	baselines = alloc_array(NULL, n_ports + 1, sizeof(*baselines));
	for (size_t i = 0; i < n_ports; i++) {
		if (!port || strcmp(port, running->config->ports[i].name) == 0)
			n += fill_baseline(call->control, running->slots[i], &baselines[n]);
	}
	if (baselines_set(call->control->baselines, baselines, n))
		rpc_error(call, RPC_STATE, NULL, "%s", state_problem(call->control->state));
	else
		rpc_result(call, json_object());
	free(baselines);
}
