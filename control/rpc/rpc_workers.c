// SPDX-License-Identifier: BSD-3-Clause
// show.workers: what the threads that forward are busy with.
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/rpc.h"
#include "lib/stats.h"

static void add_queues(json_t *queues, uint32_t worker, const char *port,
		       const struct port_info *info)
{
	for (int q = 0; q < info->n_queues && q < MAX_QUEUES; q++) {
		if (info->queue_worker[q] == worker)
			json_array_append_new(queues, json_pack("{s:o, s:i}", "port",
								rpc_string(port), "queue", q));
	}
}

static json_t *list_queues(const struct control *control, uint32_t worker)
{
	const struct running *running = &control->running;
	json_t *queues = json_array();
	struct port_info info;

	for (size_t i = 0; running->slots && i < running->config->n_ports; i++) {
		if (running->slots[i] != PLAN_NO_SLOT &&
		    stats_port_info(fabric_stats(control->fabric), running->slots[i], &info))
			add_queues(queues, worker, running->config->ports[i].name, &info);
	}
	return queues;
}

static json_t *list_bursts(const struct worker_stats *stats)
{
	json_t *bursts = json_array();

	for (int i = 0; i < BURST_BUCKETS; i++)
		json_array_append_new(bursts, json_integer((json_int_t)stats->bursts[i]));
	return bursts;
}

static json_t *describe_worker(const struct control *control, uint32_t worker)
{
	const struct worker_stats *stats = &fabric_stats(control->fabric)->workers[worker];
	double busy = (double)stats->busy_cycles;
	double all = busy + (double)stats->idle_cycles;

	return json_pack("{s:i, s:i, s:o, s:f, s:I, s:I, s:I, s:I, s:o}", "worker", (int)worker,
			 "cpu", (int)stats->cpu, "queues", list_queues(control, worker), "busy",
			 all > 0 ? busy / all : 0.0, "busy_cycles", (json_int_t)stats->busy_cycles,
			 "idle_cycles", (json_int_t)stats->idle_cycles, "sleeps",
			 (json_int_t)stats->sleeps, "events_lost", (json_int_t)stats->events_lost,
			 "bursts", list_bursts(stats));
}

void rpc_show_workers(struct rpc_call *call)
{
	if (!rpc_params(call, "{}") || !rpc_needs_dataplane(call))
		return;
	const struct stats *stats = fabric_stats(call->control->fabric);
	json_t *workers = json_array();

	for (uint32_t w = 0; w < stats->n_workers; w++)
		json_array_append_new(workers, describe_worker(call->control, w));
	json_t *memory =
		json_pack("{s:I, s:b, s:I, s:I}", "octets",
			  (json_int_t)stats->header->memory_octets, "hugepages",
			  stats->header->hugepages != 0, "mbufs", (json_int_t)stats->header->mbufs,
			  "mbufs_free", (json_int_t)atomic_load(&stats->header->mbufs_free));
	rpc_result(call, json_pack("{s:o, s:o}", "workers", workers, "memory", memory));
}
