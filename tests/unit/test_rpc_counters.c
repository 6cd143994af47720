// SPDX-License-Identifier: BSD-3-Clause
// Counters, from where they were cleared.
#include <criterion/criterion.h>

#include "lib/stats.h"
#include "tests/support/served.h"

TestSuite(rpc_counters, .init = served_start, .fini = served_end, .timeout = 120);

Test(rpc_counters, counters_count_from_where_they_were_cleared)
{
	int fd = dial_in_force();

	stats_port(&fake.stats, 0, 0)->rx_frames = 100;
	stats_port(&fake.stats, 0, 1)->tx_frames = 90;
	stats_port(&fake.stats, 0, 0)->drops[DROP_PKT_TOO_BIG] = 10;
	stats_pairs(&fake.stats, 0, 0)[1].frames[PAIR_IPV4] = 90;
	cr_expect_not_null(ask(fd, "clear.counters", "{\"port\":\"swp1\"}"));
	stats_port(&fake.stats, 0, 0)->rx_frames += 5;
	stats_port(&fake.stats, 0, 1)->tx_frames += 5;

	const json_t *result = ask(fd, "show.counters", "{}");
	const json_t *rows = json_object_get(result, "counters");
	const json_t *first = json_array_get(rows, 0);
	const json_t *second = json_array_get(rows, 1);
	const json_t *total = json_object_get(result, "total");
	cr_expect_eq(json_integer_value(json_object_get(first, "rx_frames")), 5);
	cr_expect_eq(json_integer_value(json_object_get(first, "drops_in")), 0);
	cr_expect(json_is_real(json_object_get(first, "cleared")));
	cr_expect_eq(json_integer_value(json_object_get(second, "tx_frames")), 95);
	cr_expect(json_is_null(json_object_get(second, "cleared")));
	cr_expect_eq(json_integer_value(json_object_get(total, "rx_frames")), 5);
	cr_expect_eq(json_integer_value(json_object_get(total, "balance")), 0);
	cr_expect(json_is_true(json_object_get(result, "settled")));
	cr_expect_eq(count(ask(fd, "show.drops", "{}"), "drops"), 0);
	cr_expect_eq(count(ask(fd, "show.drops", "{\"port\":\"swp2\"}"), "drops"), 0);

	result = ask(fd, "show.matrix", "{}");
	cr_assert_eq(count(result, "matrix"), 1);
	const json_t *pair = json_array_get(json_object_get(result, "matrix"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(pair, "to")), "swp2");
}

Test(rpc_counters, frames_inside_the_fabric_are_told)
{
	int fd = dial_in_force();

	stats_port(&fake.stats, 0, 0)->rx_frames = 3;
	const json_t *result = ask(fd, "show.counters", "{}");
	cr_expect_eq(json_integer_value(
			     json_object_get(json_object_get(result, "total"), "balance")),
		     3);
}
