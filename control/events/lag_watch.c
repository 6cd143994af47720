// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/lag_watch.h"

#include <stdio.h>

#include "lib/lacp.h"
#include "lib/stats.h"

bool lag_watch_is_missed(struct lag_watch *watch, const struct port_info *info)
{
	if (watch->incarnation != info->incarnation)
		*watch = (struct lag_watch){.incarnation = info->incarnation};
	if (info->kind != PORT_LINK || !info->admin_up || info->n_active) {
		watch->waited = 0;
		watch->was_in_use = info->kind == PORT_LINK && info->n_active;
		return false;
	}
	watch->waited++;
	return watch->was_in_use || watch->waited >= LAG_WATCH_PATIENCE;
}

static const char *advice(uint8_t reason)
{
	static const char *const advices[LACP_REASONS] = {
		[LACP_DOWN] = "look at the cable and at the other end",
		[LACP_SILENT] = "is LACP configured at the other end?",
		[LACP_STOPPED] = "is the other end still there?",
		[LACP_OWN_SYSTEM] = "take that cable out",
		[LACP_INDIVIDUAL] = "is the other end's port part of its LAG?",
		[LACP_OTHER_SYSTEM] = "cables are mixed up",
		[LACP_OTHER_KEY] = "are its ports in one LAG?",
		[LACP_UNHEARD] = "do frames get lost on the way there?",
	};

	return reason < LACP_REASONS && advices[reason] ? advices[reason]
							: "what does the other end say of it?";
}

const char *lag_watch_describe(const struct port_info *link, const char *lag,
			       const struct port_info *lag_info, char *detail)
{
	uint8_t reason = link->lacp.reason < LACP_REASONS ? link->lacp.reason : LACP_DOWN;

	snprintf(detail, LAG_WATCH_DETAIL_SIZE, "LAG %s uses %u of %u links%s. %c%s: %s", lag,
		 lag_info->n_active, lag_info->n_links,
		 lag_info->n_active < lag_info->min_links ? ", too few to be up" : "",
		 lacp_reasons[reason][0] & ~0x20, lacp_reasons[reason] + 1, advice(reason));
	return detail;
}
