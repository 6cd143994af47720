// SPDX-License-Identifier: BSD-3-Clause
#include "control/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "lib/notify.h"
#include "lib/stats.h"

enum { EVERY_MS = 1000 };

struct service {
	const struct control *control;
	struct event *timer;
};

// What somebody has to mend comes first; the rest of the line is cut off if need be.
static const char *describe_problem(const struct running *running)
{
	if (running->failure)
		return "the dataplane does not take the configuration; ";
	return running->problem ? "the configuration file is not in force; " : "";
}

void service_describe(const struct control *control, char *text, size_t size)
{
	const struct running *running = &control->running;
	const struct stats *stats = fabric_stats(control->fabric);
	int n = snprintf(text, size, "%s", describe_problem(running));

	if (!stats) {
		snprintf(text + n, size - (size_t)n, "not attached: %s",
			 fabric_problem(control->fabric));
		return;
	}
	struct stats_ports ports = stats_count_ports(stats);
	n += snprintf(text + n, size - (size_t)n, "attached, generation %lu, %u of %u ports up",
		      (unsigned long)running->applied.generation, ports.up, ports.wanted);
	size_t left_out = running_count_problems(running);
	if (left_out)
		snprintf(text + n, size - (size_t)n, ", %zu could not be opened", left_out);
}

static void tell(evutil_socket_t fd, short what, void *argument)
{
	struct service *service = argument;
	char text[NOTIFY_STATUS_SIZE];

	(void)fd, (void)what;
	service_describe(service->control, text, sizeof(text));
	notify_status("%s", text);
	if (notify_watchdog_ns())
		notify_alive();
	loop_timer_set(service->timer, EVERY_MS);
}

struct service *service_start(struct control *control)
{
	struct service *service = alloc_zero(sizeof(*service));

	service->control = control;
	service->timer = loop_timer(control->base, tell, service);
	if (!service->timer) {
		free(service);
		errno = ENOMEM;
		return NULL;
	}
	tell(-1, 0, service);
	notify_ready();
	return service;
}

void service_stop(struct service *service)
{
	if (!service)
		return;
	loop_forget(&service->timer);
	free(service);
}
