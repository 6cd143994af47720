// SPDX-License-Identifier: BSD-3-Clause
#include "control/lag_link.h"

#include "lib/lacp.h"
#include "lib/stats.h"

const char *lag_link_reason(uint8_t reason)
{
	static const char *const names[LACP_REASONS] = {
		[LACP_CARRIES] = "carries",
		[LACP_DOWN] = "down",
		[LACP_SILENT] = "silent",
		[LACP_STOPPED] = "stopped",
		[LACP_OWN_SYSTEM] = "own_system",
		[LACP_INDIVIDUAL] = "individual",
		[LACP_OTHER_SYSTEM] = "other_system",
		[LACP_OTHER_KEY] = "other_key",
		[LACP_WAITING] = "waiting",
		[LACP_UNHEARD] = "unheard",
		[LACP_NOT_IN_SYNC] = "not_in_sync",
		[LACP_NOT_COLLECTING] = "not_collecting",
	};

	return reason < LACP_REASONS ? names[reason] : "unknown";
}

const char *lag_link_flag(unsigned int bit)
{
	static const char *const names[] = {
		"active",     "short_timeout", "aggregating", "in_sync",
		"collecting", "distributing",  "defaulted",   "expired",
	};

	return names[bit];
}

void lag_link_counters(struct port_counters *counters)
{
	counters->rx_frames = counters->link_rx_frames;
	counters->rx_octets = counters->link_rx_octets;
	counters->tx_frames = counters->link_tx_frames;
	counters->tx_octets = counters->link_tx_octets;
}
