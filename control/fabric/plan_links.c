// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/plan_links.h"

#include "control/config/config.h"
#include "lib/message.h"

static uint16_t lag_flags(const struct config_lacp *lacp)
{
	if (lacp->mode == LAG_MODE_OFF)
		return 0;
	return (uint16_t)(LAG_LACP | (lacp->mode == LAG_MODE_ACTIVE ? LAG_ACTIVE : 0) |
			  (lacp->fast ? LAG_FAST : 0));
}

void plan_lag(const struct config_port *lag, uint16_t slot, struct policy_lag_conf *conf)
{
	conf->port = slot;
	conf->flags = lag_flags(&lag->lacp);
	conf->min_links = lag->lacp.min_links;
}
