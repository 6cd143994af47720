// SPDX-License-Identifier: BSD-3-Clause
// version: what runs, and by whose will.
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "lib/channel.h"
#include "lib/stats.h"

static json_t *describe_dataplane(const struct fabric *fabric)
{
	const struct channel_welcome *peer = fabric_peer(fabric);
	const struct stats *stats = fabric_stats(fabric);
	char instance[17];

	if (!peer)
		return json_pack("{s:b, s:o, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:I}", "attached",
				 0, "problem", rpc_string(fabric_problem(fabric)), "release", "pid",
				 "instance", "started", "workers", "generation", "bad_commands",
				 "bad_replies", (json_int_t)fabric_bad_replies(fabric));
	snprintf(instance, sizeof(instance), "%016lx", (unsigned long)peer->instance);
	return json_pack("{s:b, s:n, s:o, s:i, s:s, s:o, s:i, s:I, s:I, s:I}", "attached", 1,
			 "problem", "release", rpc_string(peer->release), "pid", (int)peer->pid,
			 "instance", instance, "started", rpc_time_ns(stats->header->started_ns),
			 "workers", (int)peer->n_workers, "generation",
			 (json_int_t)atomic_load(&stats->header->generation), "bad_commands",
			 (json_int_t)atomic_load(&stats->header->bad_commands), "bad_replies",
			 (json_int_t)fabric_bad_replies(fabric));
}

static json_t *describe_problem(const struct running *running)
{
	if (running->failure)
		return rpc_string(running->failure);
	if (running->problems)
		return rpc_string("some ports are left out: \"ixfab show ports\" says which, "
				  "\"ixfab show port\" why");
	return rpc_string(running->problem);
}

void rpc_version(struct rpc_call *call)
{
	const struct running *running = &call->control->running;

	if (!rpc_params(call, "{}"))
		return;
	json_t *config =
		json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "generation",
			  (json_int_t)running->applied.generation, "applied",
			  rpc_time(running->applied.applied), "by", rpc_string(running->applied.by),
			  "file", rpc_string(running->applied.file), "problem",
			  describe_problem(running), "confirm", rpc_wait(call->control));
	rpc_result(call, json_pack("{s:s, s:o, s:o}", "control", IXFAB_VERSION, "dataplane",
				   describe_dataplane(call->control->fabric), "config", config));
}
