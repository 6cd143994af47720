// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/idle.h"

#include <time.h>

#include <rte_branch_prediction.h>
#include <rte_common.h>
#include <rte_pause.h>
#include <rte_rcu_qsbr.h>

#include "dataplane/ports/memif_wake.h"
#include "dataplane/worker.h"

enum {
	SPIN_US = 30,
	SLEEP_FIRST_US = 10,
	SLEEP_LAST_US = 100,
};

void idle_init(struct idle *idle, uint64_t hz)
{
	*idle = (struct idle){
		.spin_cycles = hz / 1000000 * SPIN_US,
		.settle_cycles = hz / 1000000 * MEMIF_WAKE_SETTLE_US,
		.sleep_us = SLEEP_FIRST_US,
	};
}

static const struct policy_worker *mine(const struct worker *worker)
{
	return &worker->policy->workers[worker->id];
}

// ---- Descriptors

static void take_fds(struct worker *worker, struct idle *idle)
{
	const struct policy_worker *own = mine(worker);

	idle->generation = worker->policy->generation;
	idle->n = own->n_queues <= MAX_PORTS ? own->n_queues : 0;
	for (uint32_t q = 0; q < idle->n; q++) {
		const struct policy_queue *queue = &own->queues[q];

		idle->fds[q] = (struct pollfd){.fd = queue->wait_fd, .events = POLLIN};
		if (!queue->wait_fd && !queue->is_memif)
			idle->n = 0;
	}
}

// Ask memif peers to tell of frames. Returns whether one was not asked before.
static bool arm(struct worker *worker, struct idle *idle)
{
	const struct policy_worker *own = mine(worker);
	bool newly = false;

	for (uint32_t q = 0; q < idle->n; q++) {
		const struct policy_queue *queue = &own->queues[q];

		if (queue->is_memif)
			idle->fds[q].fd = memif_wake_arm(queue->ethdev, queue->queue, &newly);
	}
	return newly;
}

static void disarm(struct worker *worker)
{
	const struct policy_worker *own = mine(worker);

	for (uint32_t q = 0; q < own->n_queues; q++) {
		const struct policy_queue *queue = &own->queues[q];

		if (queue->is_memif)
			memif_wake_disarm(queue->ethdev, queue->queue);
	}
}

// One that was closed or whose interface went down is always ready: it must not keep us awake.
static void leave_out_broken(struct idle *idle)
{
	for (uint32_t i = 0; i < idle->n; i++) {
		if (idle->fds[i].revents & (POLLERR | POLLHUP | POLLNVAL))
			idle->fds[i].fd = -1;
	}
}

// ---- Sleep

static void sleep_for(uint32_t us)
{
	struct timespec time = {.tv_nsec = us * 1000};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static void sleep_now(struct worker *worker, struct idle *idle)
{
	struct rte_rcu_qsbr *quiescent = worker->fabric->quiescent;
	uint64_t *sleeps = &worker->stats->sleeps;

	// Nobody needs to wait for a sleeper: it holds nothing.
	rte_rcu_qsbr_thread_offline(quiescent, worker->id);
	if (idle->n) {
		if (poll(idle->fds, idle->n, IDLE_WAIT_MS) > 0)
			leave_out_broken(idle);
	} else {
		sleep_for(idle->sleep_us);
		idle->sleep_us = RTE_MIN(2 * idle->sleep_us, (uint32_t)SLEEP_LAST_US);
	}
	rte_rcu_qsbr_thread_online(quiescent, worker->id);
	__atomic_store_n(sleeps, *sleeps + 1, __ATOMIC_RELAXED);
}

void idle_busy(struct worker *worker, struct idle *idle, uint64_t now)
{
	idle->last_frame = now;
	idle->sleep_us = SLEEP_FIRST_US;
	if (unlikely(idle->armed_at)) {
		disarm(worker);
		idle->armed_at = 0;
	}
}

// Whether peers were asked so long ago that none can have overheard it.
static bool is_settled(struct worker *worker, struct idle *idle, uint64_t now)
{
	if (!worker->policy)
		return true;
	if (worker->policy->generation != idle->generation)
		take_fds(worker, idle);
	if (arm(worker, idle))
		idle->armed_at = now;
	return now - idle->armed_at >= idle->settle_cycles;
}

void idle_wait(struct worker *worker, struct idle *idle, uint64_t now)
{
	if (!worker->fabric->adaptive || now - idle->last_frame < idle->spin_cycles ||
	    !is_settled(worker, idle, now))
		rte_pause();
	else
		sleep_now(worker, idle);
}
