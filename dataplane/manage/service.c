// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/service.h"

#include <stdio.h>

#include "dataplane/manage/manager.h"
#include "lib/log.h"
#include "lib/notify.h"

static uint32_t cpu_of(const struct manager *manager, uint32_t worker)
{
	return manager->fabric->stats.workers[worker].cpu;
}

// Say once that a worker stands still, and once that it moves again.
static void tell_standing(struct manager *manager, uint32_t worker, uint64_t now_ns)
{
	struct service *service = &manager->service;
	bool stands =
		watchdog_stands_ns(&service->watchdog, worker, now_ns) >= WATCHDOG_PATIENCE_NS;

	if (stands == service->is_told[worker])
		return;
	service->is_told[worker] = stands;
	if (stands)
		log_err("worker %u (CPU %u) stands still: its ports forward nothing", worker,
			cpu_of(manager, worker));
	else
		log_notice("worker %u (CPU %u) moves again", worker, cpu_of(manager, worker));
}

// Whatever else there is to say, a worker that hangs is said first.
static void describe_workers(const struct manager *manager, uint64_t now_ns, char *text,
			     size_t size)
{
	const struct service *service = &manager->service;

	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		uint64_t ns = watchdog_stands_ns(&service->watchdog, w, now_ns);

		if (service->is_told[w])
			snprintf(text, size, "worker %u (CPU %u) has stood still for %lu s; ", w,
				 cpu_of(manager, w), (unsigned long)(ns / CLOCK_SECOND));
	}
}

static void tell_status(struct manager *manager, uint64_t now_ns)
{
	struct stats_ports ports = stats_count_ports(&manager->fabric->stats);
	bool attached = manager->session.control_fd >= 0;
	char workers[128] = "";

	describe_workers(manager, now_ns, workers, sizeof(workers));
	if (!manager->policy)
		notify_status("%s%s", workers,
			      attached ? "control is attached, and has sent no policy yet"
				       : "empty: waiting for control");
	else
		notify_status("%s%s, policy %lu, %u of %u ports up", workers,
			      attached ? "control is attached" : "no control is attached",
			      (unsigned long)manager->policy->generation, ports.up, ports.wanted);
}

void service_start(struct manager *manager, uint64_t now_ns)
{
	watchdog_init(&manager->service.watchdog, notify_watchdog_ns(), now_ns);
	tell_status(manager, now_ns);
	notify_ready();
}

void service_tick(struct manager *manager, uint64_t now_ns)
{
	struct service *service = &manager->service;
	uint32_t n = manager->fabric->n_workers;
	uint64_t rounds[MAX_WORKERS] = {0};

	for (uint32_t w = 0; w < n; w++)
		rounds[w] = atomic_load_explicit(&manager->fabric->stats.workers[w].rounds,
						 memory_order_relaxed);
	if (watchdog_look(&service->watchdog, rounds, n, now_ns))
		notify_alive();
	for (uint32_t w = 0; w < n; w++)
		tell_standing(manager, w, now_ns);
	if (now_ns - service->looked_ns < CLOCK_SECOND)
		return;
	service->looked_ns = now_ns;
	tell_status(manager, now_ns);
}
