// SPDX-License-Identifier: BSD-3-Clause
#include "control/manual/drain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "lib/limits.h"
#include "lib/log.h"
#include "lib/stats.h"

struct traffic {
	uint32_t incarnation; // of the port; 0: never looked at
	bool known;	      // the rate is
	bool near_zero;	      // that was said
	uint64_t octets;
	uint64_t rate; // bits/s
};

struct drains {
	struct control *control;
	struct event *timer;
	uint64_t instance; // of the dataplane
	uint64_t looked_ms;
	struct traffic ports[MAX_PORTS];
};

bool drain_is_near_zero(uint64_t rate, uint64_t before)
{
	return rate < DRAIN_RATE || rate < before / DRAIN_PART;
}

static uint64_t read_octets(const struct stats *stats, uint32_t slot)
{
	uint64_t octets = 0;

	for (uint32_t w = 0; w < stats->n_workers; w++) {
		const struct port_counters *counters = stats_port(stats, w, slot);

		octets += counters->rx_octets + counters->tx_octets;
	}
	return octets;
}

static void look_at(struct traffic *traffic, const struct stats *stats, uint32_t slot, uint64_t ms)
{
	uint32_t incarnation = stats->ports[slot].incarnation;
	uint64_t octets = incarnation ? read_octets(stats, slot) : 0;
	bool same = incarnation && incarnation == traffic->incarnation;

	if (!same)
		*traffic = (struct traffic){.incarnation = incarnation};
	traffic->known = same && ms;
	if (traffic->known)
		traffic->rate = (octets - traffic->octets) * 8 * 1000 / ms;
	traffic->octets = octets;
}

static void tell(const struct control *control, const struct plan_override *override, uint16_t slot,
		 uint64_t rate)
{
	char *detail = alloc_format("It carries %lu kb/s, and carried %lu kb/s before.",
				    (unsigned long)rate / 1000,
				    (unsigned long) override->drained_rate / 1000);

	log_notice("port %s is drained, and its traffic is near zero: maintenance may begin. %s",
		   override->port, detail);
	events_near_zero(control->events, slot, detail);
	free(detail);
}

static void judge(struct drains *drains, uint16_t slot, const struct plan_override *override)
{
	struct traffic *traffic = &drains->ports[slot];
	bool near_zero = drain_is_near_zero(traffic->rate, override->drained_rate);

	if (near_zero && !traffic->near_zero)
		tell(drains->control, override, slot, traffic->rate);
	traffic->near_zero = near_zero;
}

// A port that was drained before its rate was known: members take minutes to leave, so the first
// rate will do.
static void remember_rate(struct control *control, const struct plan_override *found, uint64_t rate)
{
	struct manual *manual = &control->running.manual;

	if (found->drained_rate || rate == 0)
		return;
	manual->overrides[found - manual->overrides].drained_rate = rate;
	if (state_save_manual(control->state, manual))
		log_warn("%s", state_problem(control->state));
}

static void judge_all(struct drains *drains)
{
	const struct running *running = &drains->control->running;

	for (size_t i = 0; running->config && i < running->config->n_ports; i++) {
		const char *name = running->config->ports[i].name;
		const struct plan_override *found = manual_find(&running->manual, name);
		uint16_t slot = running_slot(running, i);

		if (slot == PLAN_NO_SLOT)
			continue;
		struct traffic *traffic = &drains->ports[slot];
		if (!found || !found->drained) {
			traffic->near_zero = false;
		} else if (traffic->known) {
			remember_rate(drains->control, found, traffic->rate);
			judge(drains, slot, found);
		}
	}
}

void drains_look(struct drains *drains, uint64_t now_ms)
{
	const struct stats *stats = fabric_stats(drains->control->fabric);

	if (!stats || stats->header->instance != drains->instance)
		memset(drains->ports, 0, sizeof(drains->ports));
	drains->instance = stats ? stats->header->instance : 0;
	for (uint32_t slot = 0; stats && slot < MAX_PORTS; slot++)
		look_at(&drains->ports[slot], stats, slot, now_ms - drains->looked_ms);
	drains->looked_ms = now_ms;
	judge_all(drains);
}

bool drains_rate(const struct drains *drains, uint16_t slot, uint64_t *rate)
{
	if (!drains || slot >= MAX_PORTS || !drains->ports[slot].known)
		return false;
	*rate = drains->ports[slot].rate;
	return true;
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct drains *drains = argument;

	(void)fd, (void)what;
	drains_look(drains, loop_now_ms());
	loop_timer_set(drains->timer, DRAIN_EVERY_S * 1000);
}

struct drains *drains_create(struct control *control)
{
	struct drains *drains = alloc_zero(sizeof(*drains));

	drains->control = control;
	drains->timer = loop_timer(control->base, on_timer, drains);
	if (!drains->timer) {
		free(drains);
		errno = ENOMEM;
		return NULL;
	}
	loop_timer_set(drains->timer, DRAIN_EVERY_S * 1000);
	return drains;
}

void drains_destroy(struct drains *drains)
{
	if (!drains)
		return;
	loop_forget(&drains->timer);
	free(drains);
}
