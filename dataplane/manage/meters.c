// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/meters.h"

#include "dataplane/manage/manager.h"

void meters_set(struct manager *manager, uint16_t port)
{
	struct fabric *fabric = manager->fabric;
	const struct policy_limits_conf *limits = &manager->limits[port];
	uint32_t speed = fabric->stats.ports[port].speed;

	for (int m = 0; m < METERS; m++)
		meter_set(&fabric->meters[port].of[m], &limits->meters[m], speed,
			  fabric->stats.header->tsc_hz);
}

void meters_set_all(struct manager *manager)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++)
		meters_set(manager, p);
}
