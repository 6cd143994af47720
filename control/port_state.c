// SPDX-License-Identifier: BSD-3-Clause
#include "control/port_state.h"

#include "control/fabric/plan.h"
#include "lib/message.h"
#include "lib/stats.h"

enum port_state port_state_of(const struct plan_wish *wish, size_t port,
			      const struct port_info *info)
{
	if (!plan_admin_up(wish, port))
		return PORT_STATE_ADMIN_DOWN;
	if (!info)
		return PORT_STATE_LEFT_OUT;
	if (info->disabled != DISABLE_NONE)
		return PORT_STATE_DISABLED;
	if (info->link != LINK_UP)
		return PORT_STATE_DOWN;
	if (info->kind == PORT_LINK && !info->n_active)
		return PORT_STATE_UNUSED;
	if (plan_is_drained(wish, port))
		return PORT_STATE_DRAINED;
	return plan_is_quarantined(wish, port) ? PORT_STATE_QUARANTINE : PORT_STATE_UP;
}

const char *port_state_name(enum port_state state)
{
	static const char *const names[PORT_STATES] = {
		"admin down", "left out", "disabled",	"down",
		"not in use", "drained",  "quarantine", "up",
	};

	return names[state];
}
