// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/idle.h"

#include <time.h>

#include <rte_common.h>
#include <rte_pause.h>
#include <rte_rcu_qsbr.h>

#include "dataplane/worker.h"

enum {
	SPIN_US = 30,
	SLEEP_FIRST_US = 10,
	SLEEP_LAST_US = 100,
};

void idle_init(struct idle *idle, uint64_t hz)
{
	idle->spin_cycles = hz / 1000000 * SPIN_US;
	idle->generation = 0;
	idle->n = 0;
	idle_busy(idle, 0);
}

void idle_busy(struct idle *idle, uint64_t now)
{
	idle->last_frame = now;
	idle->sleep_us = SLEEP_FIRST_US;
}

// Take the descriptors of all queues, or none.
static void take_fds(struct idle *idle, const struct policy *policy, uint32_t worker)
{
	const struct policy_worker *mine = &policy->workers[worker];

	idle->generation = policy->generation;
	idle->n = 0;
	for (uint32_t q = 0; q < mine->n_queues; q++) {
		if (!mine->queues[q].wait_fd || idle->n == MAX_PORTS) {
			idle->n = 0;
			return;
		}
		idle->fds[idle->n++] =
			(struct pollfd){.fd = mine->queues[q].wait_fd, .events = POLLIN};
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

static void sleep_for(uint32_t us)
{
	struct timespec time = {.tv_nsec = us * 1000};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static void sleep_now(struct worker *worker, struct idle *idle)
{
	struct rte_rcu_qsbr *quiescent = worker->fabric->quiescent;
	uint64_t *sleeps = &worker->stats->sleeps;

	if (worker->policy && worker->policy->generation != idle->generation)
		take_fds(idle, worker->policy, worker->id);
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

void idle_wait(struct worker *worker, struct idle *idle, uint64_t now)
{
	if (!worker->fabric->adaptive || now - idle->last_frame < idle->spin_cycles)
		rte_pause();
	else
		sleep_now(worker, idle);
}
