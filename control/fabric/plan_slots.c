// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan_slots.h"

#include <errno.h>
#include <string.h>

#include "control/config/links.h"
#include "control/fabric/plan.h"
#include "lib/stats.h"

void plan_read_slots(const struct stats *stats, struct plan_slot *slots)
{
	struct port_info info = {0};

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		slots[p].used = stats_port_info(stats, p, &info);
		slots[p].lives = info.incarnation;
		memcpy(slots[p].name, info.name, sizeof(slots[p].name));
	}
}

static uint16_t find_slot(const struct plan_slot *slots, const char *name)
{
	for (uint16_t s = 0; s < MAX_PORTS; s++) {
		if (slots[s].used && strcmp(slots[s].name, name) == 0)
			return s;
	}
	return PLAN_NO_SLOT;
}

static uint16_t find_free_slot(const struct plan_slot *slots, const bool *taken)
{
	uint16_t best = PLAN_NO_SLOT;

	for (uint16_t s = 0; s < PORT_FABRIC; s++) {
		if (slots[s].used || taken[s])
			continue;
		if (best == PLAN_NO_SLOT || slots[s].lives < slots[best].lives)
			best = s;
	}
	return best;
}

static bool is_left_out(const struct plan_wish *wish, size_t port)
{
	const struct config *config = wish->config;

	if (!wish->left_out)
		return false;
	const struct config_port *lag = config_lag_of(config, &config->ports[port]);
	return wish->left_out[port] || (lag && wish->left_out[lag - config->ports]);
}

int plan_assign_slots(const struct plan_wish *wish, const struct plan_slot *slots,
		      uint16_t *assigned)
{
	const struct config *config = wish->config;
	bool taken[MAX_PORTS] = {0};

	// First those that have a slot, so that no new port takes it.
	for (size_t i = 0; i < config->n_ports; i++) {
		assigned[i] = PLAN_NO_SLOT;
		if (is_left_out(wish, i))
			continue;
		assigned[i] = find_slot(slots, config->ports[i].name);
		if (assigned[i] != PLAN_NO_SLOT)
			taken[assigned[i]] = true;
	}
	for (size_t i = 0; i < config->n_ports; i++) {
		if (assigned[i] != PLAN_NO_SLOT || is_left_out(wish, i))
			continue;
		assigned[i] = find_free_slot(slots, taken);
		if (assigned[i] == PLAN_NO_SLOT)
			return -ENOSPC;
		taken[assigned[i]] = true;
	}
	return 0;
}
