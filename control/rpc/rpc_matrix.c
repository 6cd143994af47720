// SPDX-License-Identifier: BSD-3-Clause
// show.matrix: who sends how much to whom.
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "lib/stats.h"

static bool has_received(const struct stats *stats, uint16_t slot)
{
	struct port_counters counters;

	stats_sum_port(stats, slot, &counters);
	return counters.rx_frames != 0;
}

static json_t *describe_kind(const struct pair_counters *pair, enum pair_kind kind)
{
	return json_pack("{s:I, s:I}", "frames", (json_int_t)pair->frames[kind], "octets",
			 (json_int_t)pair->octets[kind]);
}

static void add_pair(json_t *rows, const char *from, const char *to,
		     const struct pair_counters *pair)
{
	if (pair->frames[PAIR_IPV4] + pair->frames[PAIR_IPV6] + pair->frames[PAIR_OTHER] == 0)
		return;
	json_array_append_new(rows,
			      json_pack("{s:o, s:o, s:o, s:o, s:o}", "from", rpc_string(from), "to",
					rpc_string(to), "ipv4", describe_kind(pair, PAIR_IPV4),
					"ipv6", describe_kind(pair, PAIR_IPV6), "other",
					describe_kind(pair, PAIR_OTHER)));
}

static void add_row(const struct control *control, size_t from, json_t *rows)
{
	const struct running *running = &control->running;
	const struct config_port *ports = running->config->ports;
	const struct stats *stats = fabric_stats(control->fabric);
	struct pair_counters pair;

	// A row that holds nothing is not touched: it would cost memory in the shared file.
	if (running->slots[from] == PLAN_NO_SLOT || !has_received(stats, running->slots[from]))
		return;
	for (size_t to = 0; to < running->config->n_ports; to++) {
		if (running->slots[to] == PLAN_NO_SLOT)
			continue;
		stats_sum_pair(stats, running->slots[from], running->slots[to], &pair);
		add_pair(rows, ports[from].name, ports[to].name, &pair);
	}
}

void rpc_show_matrix(struct rpc_call *call)
{
	const struct running *running = &call->control->running;

	if (!rpc_params(call, "{}") || !rpc_needs_dataplane(call))
		return;
	json_t *rows = json_array();
	for (size_t from = 0; running->slots && from < running->config->n_ports; from++)
		add_row(call->control, from, rows);
	rpc_result(call, json_pack("{s:o}", "matrix", rows));
}
