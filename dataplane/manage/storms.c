// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/storms.h"

#include "dataplane/manage/disable.h"
#include "dataplane/manage/manager.h"
#include "lib/clock.h"

bool storm_watch(struct storm_watch *watch, uint64_t drops, uint32_t limit)
{
	watch->seconds = drops > watch->drops ? watch->seconds + 1 : 0;
	watch->drops = drops;
	if (!limit || watch->seconds < limit)
		return false;
	watch->seconds = 0;
	return true;
}

static void look(struct manager *manager, uint16_t port, uint64_t now_ns)
{
	uint16_t limit = manager->limits[port].storm_seconds;
	struct event_port event = {.port = port,
				   .why = DISABLE_STORM,
				   .other = FDB_ANY,
				   .count = limit};
	struct port_counters sum;

	stats_sum_port(&manager->fabric->stats, port, &sum);
	uint64_t drops = sum.drops[DROP_STORM_BROADCAST] + sum.drops[DROP_STORM_MULTICAST] +
			 sum.drops[DROP_STORM_UNKNOWN_UNICAST];

	if (storm_watch(&manager->conduct[port].storm, drops, limit))
		disable_port(manager, &event, now_ns);
}

void storms_tick(struct manager *manager, uint64_t now_ns)
{
	if (now_ns - manager->last_storms_ns < CLOCK_SECOND)
		return;
	manager->last_storms_ns = now_ns;
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (manager->fabric->stats.ports[p].used)
			look(manager, p, now_ns);
	}
}
