// SPDX-License-Identifier: BSD-3-Clause
#include "control/manual/sticky.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/plan_lans.h"
#include "control/loop.h"
#include "lib/message.h"

struct sticky {
	struct control *control;
	struct event *timer;
	struct manual_mac *macs; // since the last change
	size_t n;
};

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct sticky *sticky = argument;

	(void)fd, (void)what;
	change_sticky(sticky->control->changes, sticky->macs, sticky->n);
	sticky->macs = NULL;
	sticky->n = 0;
}

struct sticky *sticky_create(struct control *control)
{
	struct sticky *sticky = alloc_zero(sizeof(*sticky));

	sticky->control = control;
	sticky->timer = loop_timer(control->base, on_timer, sticky);
	if (sticky->timer)
		return sticky;
	free(sticky);
	errno = ENOMEM;
	return NULL;
}

void sticky_destroy(struct sticky *sticky)
{
	if (!sticky)
		return;
	loop_forget(&sticky->timer);
	free(sticky->macs);
	free(sticky);
}

static void gather(struct sticky *sticky, const struct manual_mac *mac)
{
	if (sticky->n == 0)
		loop_timer_set(sticky->timer, STICKY_GATHER_MS);
	sticky->macs = alloc_array(sticky->macs, sticky->n + 1, sizeof(*sticky->macs));
	sticky->macs[sticky->n++] = *mac;
}

void sticky_take(struct control *control, const struct message *event)
{
	const struct running *running = &control->running;
	const struct config_port *port = running_port_at(running, event->mac.port);
	// A port in quarantine learns for the LAN that it will be in.
	size_t lan = port ? plan_lan_of(running->config, event->mac.lan, NULL) : SIZE_MAX;
	struct manual_mac mac = {.mac = event->mac.mac & MAC_MASK,
				 .sticky = true,
				 .since = change_now()};

	if (lan == SIZE_MAX || !control->sticky)
		return;
	memcpy(mac.port, port->name, sizeof(mac.port));
	memcpy(mac.lan, running->config->lans[lan].name, sizeof(mac.lan));
	gather(control->sticky, &mac);
}
