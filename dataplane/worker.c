// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/worker.h"

#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "dataplane/path/pipeline.h"

// An idle worker first goes on polling, then sleeps for a time that doubles from the first to the
// last of these. The last bounds how late it notices a frame.
enum {
	IDLE_SPIN_US = 30,
	IDLE_SLEEP_FIRST_US = 10,
	IDLE_SLEEP_LAST_US = 100,
};

void worker_init(struct worker *worker, struct fabric *fabric, uint32_t id)
{
	worker->id = id;
	worker->fabric = fabric;
	worker->counters = stats_port(&fabric->stats, id, 0);
	worker->pairs = stats_pairs(&fabric->stats, id, 0);
	worker->stats = &fabric->stats.workers[id];
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

static unsigned int burst_bucket(unsigned int n)
{
	return n ? 32 - (unsigned int)__builtin_clz(n) : 0;
}

uint32_t worker_round(struct worker *worker)
{
	struct fabric *fabric = worker->fabric;
	struct batch *b = &worker->batch;
	uint32_t frames = 0;

	worker->policy = atomic_load_explicit(&fabric->policy, memory_order_acquire);
	if (!worker->policy)
		return 0;
	const struct policy_worker *mine = &worker->policy->workers[worker->id];
	for (uint32_t i = 0; i < mine->n_queues; i++) {
		const struct policy_queue *q = &mine->queues[i];

		b->n = rte_eth_rx_burst(q->ethdev, q->queue, b->frames, BATCH_MAX);
		if (b->n == 0)
			continue;
		b->port = q->port;
		frames += b->n;
		count(&worker->stats->bursts[burst_bucket(b->n)], 1);
		pipeline_run(worker, b);
	}
	tx_flush(worker);
	return frames;
}

static void nap(struct worker *worker, uint32_t us)
{
	struct rte_rcu_qsbr *quiescent = worker->fabric->quiescent;
	struct timespec time = {.tv_nsec = us * 1000};

	// Nobody needs to wait for a sleeper: it holds nothing.
	rte_rcu_qsbr_thread_offline(quiescent, worker->id);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
	rte_rcu_qsbr_thread_online(quiescent, worker->id);
	count(&worker->stats->sleeps, 1);
}

// Called after each round without frames. "since" is how long there were none.
static void idle(struct worker *worker, uint64_t since, uint64_t hz, uint32_t *sleep_us)
{
	if (!worker->fabric->adaptive || since < hz / 1000000 * IDLE_SPIN_US) {
		rte_pause();
		return;
	}
	nap(worker, *sleep_us);
	if (*sleep_us < IDLE_SLEEP_LAST_US)
		*sleep_us = RTE_MIN(2 * *sleep_us, (uint32_t)IDLE_SLEEP_LAST_US);
}

int worker_run(void *argument)
{
	struct worker *worker = argument;
	struct fabric *fabric = worker->fabric;
	uint64_t hz = rte_get_tsc_hz();
	uint64_t last = rte_rdtsc();
	uint64_t last_frame = last;
	uint32_t sleep_us = IDLE_SLEEP_FIRST_US;

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
		if (frames) {
			last_frame = now;
			sleep_us = IDLE_SLEEP_FIRST_US;
		} else {
			idle(worker, now - last_frame, hz, &sleep_us);
		}
	}
	rte_rcu_qsbr_thread_offline(fabric->quiescent, worker->id);
	rte_rcu_qsbr_thread_unregister(fabric->quiescent, worker->id);
	return 0;
}

void worker_event(struct worker *worker, const struct message *event)
{
	struct ring *events = atomic_load_explicit(&worker->events, memory_order_acquire);

	if (!events || !ring_push(events, event))
		count(&worker->stats->events_lost, 1);
}

bool worker_notice(struct worker *worker, const struct message *notice)
{
	return worker->notices.memory && ring_push(&worker->notices, notice);
}
