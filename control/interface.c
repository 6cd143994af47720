// SPDX-License-Identifier: BSD-3-Clause
#include "control/interface.h"

#include "control/lag_link.h"
#include "lib/drops.h"
#include "lib/stats.h"

enum { FCS = 4 };

static bool is_error(int reason)
{
	return reason == DROP_PKT_TOO_SMALL || reason == DROP_RUNT || reason == DROP_PKT_TOO_BIG;
}

// What is left when groups are taken off. The counters were not read at the same instant, so that
// may be less than it was.
static uint64_t read_unicast(uint64_t *told, uint64_t all, uint64_t multicast, uint64_t broadcast)
{
	uint64_t groups = multicast + broadcast;

	if (all > groups && all - groups > *told)
		*told = all - groups;
	return *told;
}

static void read_drops(const struct port_counters *counters, struct interface_counters *to)
{
	for (int reason = DROP_NONE + 1; reason < DROP_COUNT; reason++) {
		uint64_t frames = counters->drops[reason];

		if (drop_infos[reason].side == DROP_SIDE_OUT)
			to->out_discards += frames;
		else if (is_error(reason))
			to->in_errors += frames;
		else
			to->in_discards += frames;
	}
}

void interface_read(struct interface *interface, const struct port_info *info,
		    const struct port_counters *all, struct interface_counters *to)
{
	struct port_counters own = *all;
	const struct port_counters *counters = &own;

	if (info->kind == PORT_LINK)
		lag_link_counters(&own);
	if (interface->incarnation != info->incarnation)
		*interface = (struct interface){.incarnation = info->incarnation};
	to->speed = (uint64_t)info->speed * 1000000;
	to->is_lag = info->kind == PORT_LAG;
	to->admin_up = info->admin_up;
	to->oper_up = info->admin_up && info->link == LINK_UP && !info->disabled;
	to->in_octets = counters->rx_octets + FCS * counters->rx_frames;
	to->in_unicast = read_unicast(&interface->in_unicast, counters->rx_frames,
				      counters->rx_multicast, counters->rx_broadcast);
	to->in_multicast = counters->rx_multicast;
	to->in_broadcast = counters->rx_broadcast;
	to->out_octets = counters->tx_octets + FCS * counters->tx_frames;
	to->out_unicast = read_unicast(&interface->out_unicast, counters->tx_frames,
				       counters->tx_multicast, counters->tx_broadcast);
	to->out_multicast = counters->tx_multicast;
	to->out_broadcast = counters->tx_broadcast;
	to->in_discards = to->in_errors = to->out_discards = 0;
	read_drops(counters, to);
}
