// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/port_info.h"

#include <string.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/violations.h"
#include "lib/clock.h"
#include "lib/log.h"

static void start_life(struct manager *manager, uint32_t p, const struct device *device)
{
	struct port_info *info = &manager->fabric->stats.ports[p];
	struct device_link link = device ? device_link(device) : (struct device_link){0};

	stats_clear_port(&manager->fabric->stats, p);
	violations_forget(manager, (uint16_t)p);
	info->incarnation++;
	info->link_changes = 0;
	info->changed_ns = clock_wall_ns();
	info->last_reason = DROP_NONE;
	info->disables = 0;
	info->link = link.up ? LINK_UP : LINK_DOWN;
	info->speed = link.speed;
	atomic_store(&manager->fabric->link[p], info->link);
}

static void describe_lag(struct port_info *info, const struct policy_lag_conf *lag, uint16_t mtu)
{
	info->kind = PORT_LAG;
	info->lag_flags = (uint8_t)lag->flags;
	info->min_links = lag->min_links;
	info->mtu = mtu;
	info->n_queues = 0;
	info->is_fallback = false;
	info->guard = GUARD_NONE;
	info->tx_shared = false;
	info->mac = 0;
	memset(info->driver, 0, sizeof(info->driver));
}

static void describe_device(const struct manager *manager, struct port_info *info,
			    const struct policy *policy, const struct device *device)
{
	info->n_queues = (uint8_t)device->n_rx;
	info->is_fallback = device->is_fallback;
	info->guard = device->guard_mode;
	info->tx_shared = device->n_tx < manager->fabric->n_workers;
	info->mtu = device->mtu;
	info->mac = device->mac;
	memcpy(info->driver, device->driver, sizeof(info->driver));
	for (uint16_t q = 0; q < device->n_rx && q < MAX_QUEUES; q++)
		info->queue_worker[q] = (uint8_t)policy_queue_worker(policy, device->ethdev, q);
}

static void describe(const struct manager *manager, uint32_t p, const struct policy *policy,
		     const struct device *device)
{
	const struct policy_port_conf *conf = &manager->draft.ports[p];
	struct port_info *info = &manager->fabric->stats.ports[p];

	info->used = 1;
	info->admin_up = policy->ports[p].admin_up;
	info->kind = policy->ports[p].owner == p ? PORT_PLAIN : PORT_LINK;
	info->lag = policy->ports[p].owner;
	memcpy(info->name, conf->name, sizeof(info->name));
	memcpy(info->device, conf->device, sizeof(info->device));
	if (device)
		describe_device(manager, info, policy, device);
	else
		describe_lag(info, &manager->draft.lags[p], conf->mtu);
}

void port_info_prepare(struct manager *manager, const struct policy *next,
		       struct device *const *devices)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		struct port_info *info = &manager->fabric->stats.ports[p];

		if (!next->ports[p].used)
			continue;
		stats_port_info_begin(info);
		if (!info->used)
			start_life(manager, p, devices[p]);
		describe(manager, p, next, devices[p]);
		stats_port_info_end(info);
	}
}

void port_info_retire(struct manager *manager, const struct policy *old)
{
	for (uint32_t p = 0; old && p < MAX_PORTS; p++) {
		struct port_info *info = &manager->fabric->stats.ports[p];

		if (!old->ports[p].used || manager->policy->ports[p].used)
			continue;
		stats_port_info_begin(info);
		info->used = 0;
		stats_port_info_end(info);
		atomic_store(&manager->fabric->link[p], LINK_DOWN);
	}
}

bool port_info_link(struct manager *manager, uint32_t port, bool up, uint32_t speed)
{
	struct port_info *info = &manager->fabric->stats.ports[port];
	uint8_t link = up ? LINK_UP : LINK_DOWN;
	bool changed = info->link != link;

	if (!changed && info->speed == speed)
		return false;
	stats_port_info_begin(info);
	info->link = link;
	info->speed = speed;
	if (changed) {
		info->link_changes++;
		info->changed_ns = clock_wall_ns();
	}
	stats_port_info_end(info);
	atomic_store(&manager->fabric->link[port], link);
	if (changed)
		log_notice("port %s: link is %s", info->name, up ? "up" : "down");
	return changed && !up;
}

void port_info_disabled(struct manager *manager, const struct event_port *event)
{
	struct port_info *info = &manager->fabric->stats.ports[event->port];

	stats_port_info_begin(info);
	info->disabled = (uint8_t)event->why;
	info->disabled_ns = clock_wall_ns();
	info->until_ns = event->until_ns;
	info->loop_other = event->other;
	info->disables++;
	stats_port_info_end(info);
}

void port_info_enabled(struct manager *manager, uint16_t port)
{
	struct port_info *info = &manager->fabric->stats.ports[port];

	stats_port_info_begin(info);
	info->disabled = DISABLE_NONE;
	info->disabled_ns = 0;
	info->until_ns = 0;
	stats_port_info_end(info);
}

void port_info_violation(struct manager *manager, uint16_t port, uint16_t reason)
{
	struct port_info *info = &manager->fabric->stats.ports[port];

	if (info->last_reason == reason)
		return;
	stats_port_info_begin(info);
	info->last_reason = reason;
	stats_port_info_end(info);
}
