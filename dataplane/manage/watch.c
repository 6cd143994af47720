// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/watch.h"

#include <rte_mempool.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/meters.h"
#include "dataplane/manage/port_info.h"
#include "dataplane/manage/violations.h"
#include "lib/log.h"

// An interface that was removed and made again, as when a container restarts. Control sees that the
// digest is no more what it was, and commits the same policy once more.
static void want_anew(struct manager *manager, uint16_t port)
{
	struct device *device = manager->devices[port];

	if (device->stale)
		return;
	device->stale = true;
	atomic_store(&manager->fabric->stats.header->digest, 0);
	log_notice("port %s: its interface was removed and made again: opening it anew",
		   manager->ports[port].name);
}

void watch_link(struct manager *manager, uint16_t port, bool up, uint32_t speed, uint64_t now_ns)
{
	const struct port_info *info = &manager->fabric->stats.ports[port];
	uint32_t changes = info->link_changes, old_speed = info->speed;

	if (port_info_link(manager, port, up, speed))
		manager_forget_port(manager, port);
	if (info->speed != old_speed) {
		meters_set(manager, port);
		manager->guards.is_stale = true;
	}
	violations_link(manager, port, info->link_changes - changes, now_ns);
}

void watch_links(struct manager *manager, uint64_t now_ns)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (!manager->devices[p])
			continue;
		struct device_link link = device_link(manager->devices[p]);

		if (link.back)
			want_anew(manager, p);
		watch_link(manager, p, link.up, link.speed, now_ns);
	}
}

static void count_entries(struct lan_counts *counts, const struct fdb *fdb)
{
	atomic_store(&counts->learned, fdb ? fdb_count(fdb) : 0);
	atomic_store(&counts->statics, fdb ? fdb_count_static(fdb) : 0);
	atomic_store(&counts->held, fdb ? fdb_count_held(fdb) : 0);
}

void watch_ageing(struct manager *manager, uint64_t now_ns)
{
	if (now_ns - manager->last_age_ns < 1000000000)
		return;
	manager->last_age_ns = now_ns;
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		if (manager->lans[l].fdb)
			fdb_age(manager->lans[l].fdb, now_ns);
		count_entries(&manager->fabric->stats.header->lans[l], manager->lans[l].fdb);
	}
}

void watch_memory(struct manager *manager)
{
	struct fabric *fabric = manager->fabric;

	atomic_store(&fabric->stats.header->mbufs_free, rte_mempool_avail_count(fabric->pool));
}
