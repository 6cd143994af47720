// SPDX-License-Identifier: BSD-3-Clause
// Which links of LAGs are missed, and what is said of them.
#include "control/events/lag_watch.h"

#include <criterion/criterion.h>
#include <string.h>

#include "control/events/incident.h"
#include "lib/lacp.h"
#include "lib/stats.h"

static struct lag_watch watch;
static struct port_info info = {.kind = PORT_LINK,
				.admin_up = 1,
				.incarnation = 1,
				.lacp = {.reason = LACP_SILENT}};

static bool look(uint8_t n_active)
{
	info.n_active = n_active;
	return lag_watch_is_missed(&watch, &info);
}

Test(lag_watch, who_leaves_is_missed_at_once)
{
	cr_expect_not(look(1));
	cr_expect(look(0));
	cr_expect(look(0));
	cr_expect_not(look(1));
	cr_expect(look(0));
}

Test(lag_watch, who_never_came_has_time)
{
	for (int second = 1; second < LAG_WATCH_PATIENCE; second++)
		cr_expect_not(look(0), "%d", second);
	cr_expect(look(0));
	cr_expect_not(look(1));
}

Test(lag_watch, who_is_switched_off_is_not_missed)
{
	cr_expect_not(look(1));
	info.admin_up = 0;
	cr_expect_not(look(0));
	info.admin_up = 1;
	cr_expect_not(look(0), "it begins anew");
}

Test(lag_watch, another_port_begins_anew)
{
	cr_expect_not(look(1));
	info.incarnation++;
	cr_expect_not(look(0));
}

Test(lag_watch, only_links_are_missed)
{
	info.kind = PORT_LAG;
	cr_expect_not(look(2));
	for (int second = 0; second <= LAG_WATCH_PATIENCE; second++)
		cr_expect_not(look(0));
	info.kind = PORT_PLAIN;
	cr_expect_not(look(0));
}

Test(lag_watch, says_what_to_look_at)
{
	struct port_info lag = {.kind = PORT_LAG, .n_links = 2, .n_active = 1, .min_links = 1};
	char detail[LAG_WATCH_DETAIL_SIZE];

	cr_expect_str_eq(lag_watch_describe(&info, "bond3", &lag, detail),
			 "LAG bond3 uses 1 of 2 links. No LACPDU from the partner: is LACP "
			 "configured at the other end?");
	lag.min_links = 2;
	info.lacp.reason = LACP_NOT_IN_SYNC;
	cr_expect_str_eq(lag_watch_describe(&info, "bond3", &lag, detail),
			 "LAG bond3 uses 1 of 2 links, too few to be up. The partner does not want "
			 "it, or not yet: what does the other end say of it?");
}

Test(lag_watch, whatever_it_says_fits)
{
	const struct port_info lag = {.n_links = 8, .n_active = 7, .min_links = 8};
	static const char longest[] = "a-port-with-the-longest-name-31";
	char detail[LAG_WATCH_DETAIL_SIZE];

	cr_assert_eq(strlen(longest), NAME_SIZE - 1);
	cr_assert_leq((int)LAG_WATCH_DETAIL_SIZE, (int)INCIDENT_DETAIL_SIZE);
	for (uint8_t reason = 0; reason <= LACP_REASONS; reason++) {
		info.lacp.reason = reason;
		lag_watch_describe(&info, longest, &lag, detail);
		cr_expect_lt(strlen(detail), LAG_WATCH_DETAIL_SIZE - 1, "%s", detail);
	}
}
