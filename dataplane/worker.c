// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include <rte_branch_prediction.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>

#include "dataplane/idle.h"
#include "dataplane/path/capture.h"
#include "dataplane/path/pipeline.h"
#include "lib/clock.h"

void worker_init(struct worker *worker, struct fabric *fabric, uint32_t id)
{
	worker->id = id;
	worker->fabric = fabric;
	worker->counters = stats_port(&fabric->stats, id, 0);
	worker->pairs = stats_pairs(&fabric->stats, id, 0);
	worker->stats = &fabric->stats.workers[id];
	worker->hz = rte_get_tsc_hz();
	tx_init(worker);
}

// Add to a counter that only this thread writes and others read: a plain store, never torn.
static void count(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static void count_round(struct worker_stats *stats)
{
	uint64_t rounds = atomic_load_explicit(&stats->rounds, memory_order_relaxed);

	atomic_store_explicit(&stats->rounds, rounds + 1, memory_order_relaxed);
}

static void count_burst(struct worker_stats *stats, unsigned int n)
{
	unsigned int bucket = 32 - (unsigned int)__builtin_clz(n);

	count(&stats->bursts[RTE_MIN(bucket, (unsigned int)BURST_BUCKETS - 1)], 1);
}

// Poll one queue, and take what came through the stages. Returns how many frames came.
static uint16_t poll_queue(struct worker *worker, const struct policy_queue *q)
{
	struct batch *b = &worker->batch;
	uint16_t n = rte_eth_rx_burst(q->ethdev, q->queue, worker->received, RX_MAX);

	if (n == 0)
		return 0;
	count_burst(worker->stats, n);
	for (uint16_t done = 0; done < n; done += b->n) {
		b->n = RTE_MIN(n - done, BATCH_MAX);
		b->port = q->port;
		b->link = q->link;
		memcpy(b->frames, &worker->received[done], b->n * sizeof(*b->frames));
		if (unlikely(worker->captures))
			capture_run(worker, b);
		else
			pipeline_run(worker, b);
	}
	// A frame that came alone is sent at once: there is time, or more had come with it.
	tx_flush(worker, n == 1 ? 1 : BATCH_MAX);
	return n;
}

uint32_t worker_round(struct worker *worker)
{
	struct fabric *fabric = worker->fabric;
	uint32_t frames = 0;

	worker->policy = atomic_load_explicit(&fabric->policy, memory_order_acquire);
	if (!worker->policy)
		return 0;
	worker->captures = atomic_load_explicit(&fabric->captures, memory_order_acquire);
	const struct policy_worker *mine = &worker->policy->workers[worker->id];
	for (uint32_t i = 0; i < mine->n_queues; i++)
		frames += poll_queue(worker, &mine->queues[i]);
	if (worker->injects.memory)
		frames += inject(worker);
	tx_flush(worker, 1);
	if (unlikely(worker->sunk.n))
		sunk_flush(worker);
	return frames;
}

int worker_run(void *argument)
{
	struct worker *worker = argument;
	struct fabric *fabric = worker->fabric;
	uint64_t last = rte_rdtsc();
	struct idle idle;

	idle_init(&idle, rte_get_tsc_hz());
	prctl(PR_SET_TIMERSLACK, 1UL);
	worker->stats->cpu = (uint32_t)rte_lcore_to_cpu_id((int)rte_lcore_id());
	rte_rcu_qsbr_thread_register(fabric->quiescent, worker->id);
	rte_rcu_qsbr_thread_online(fabric->quiescent, worker->id);
	while (!atomic_load_explicit(&fabric->stop, memory_order_relaxed)) {
		uint32_t frames = worker_round(worker);
		uint64_t now = rte_rdtsc();

		rte_rcu_qsbr_quiescent(fabric->quiescent, worker->id);
		count_round(worker->stats);
		count(frames ? &worker->stats->busy_cycles : &worker->stats->idle_cycles,
		      now - last);
		last = now;
		if (frames)
			idle_busy(worker, &idle, now);
		else
			idle_wait(worker, &idle, now);
	}
	rte_rcu_qsbr_thread_offline(fabric->quiescent, worker->id);
	rte_rcu_qsbr_thread_unregister(fabric->quiescent, worker->id);
	return 0;
}

uint64_t worker_cycles(void)
{
	return rte_rdtsc();
}

uint64_t worker_wall_ns(void)
{
	return clock_wall_ns();
}

bool worker_event(struct worker *worker, const struct message *event)
{
	struct ring *events = atomic_load_explicit(&worker->events, memory_order_acquire);

	if (events && ring_push(events, event))
		return true;
	count(&worker->stats->events_lost, 1);
	return false;
}

bool worker_has_room(struct worker *worker)
{
	struct ring *events = atomic_load_explicit(&worker->events, memory_order_acquire);

	return events && ring_room(events) > events->mask / 2;
}

bool worker_notice(struct worker *worker, const struct message *notice)
{
	return worker->notices.memory && ring_push(&worker->notices, notice);
}
