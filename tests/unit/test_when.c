// SPDX-License-Identifier: BSD-3-Clause
#include "control/when.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

enum { NOW = 1767225600 }; // 2026-01-01 00:00:00 UTC

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static const struct {
	const char *text;
	int err;
	time_t when; // from NOW on
} moments[] = {
	{"90s", 0, 90},
	{"15m", 0, 900},
	{"2h", 0, 7200},
	{"3d", 0, 3 * 86400},
	{"1h30m", 0, 5400},
	{"1d2h3m4s", 0, 86400 + 7200 + 180 + 4},
	{"3660d", 0, 3660 * 86400},
	{"2026-12-01T12:00", 0, 334 * 86400 + 43200},
	{"2026-12-01T12:00:07", 0, 334 * 86400 + 43207},
	{"2026-01-02", 0, 86400},
	{"2028-02-29", 0, 789 * 86400},
	{"", -EINVAL, 0},
	{"2", -EINVAL, 0},
	{"h", -EINVAL, 0},
	{"2 h", -EINVAL, 0},
	{"+2h", -EINVAL, 0},
	{"2hours", -EINVAL, 0},
	{"30m1h", -EINVAL, 0},
	{"1h1h", -EINVAL, 0},
	{"1.5h", -EINVAL, 0},
	{"0s", -EINVAL, 0},
	{"tomorrow", -EINVAL, 0},
	{"2026-12-01 12:00", -EINVAL, 0},
	{"2026-12-01T12", -EINVAL, 0},
	{"2026-12-01T24:00", -EINVAL, 0},
	{"2026-12-01T12:60", -EINVAL, 0},
	{"2026-13-01", -EINVAL, 0},
	{"2026-02-31", -EINVAL, 0},
	{"2027-02-29", -EINVAL, 0},
	{"2026-00-10", -EINVAL, 0},
	{"-5m", -EINVAL, 0},
	{"3661d", -ERANGE, 0},
	{"99999999999999999999d", -ERANGE, 0},
	{"3660d1s", -ERANGE, 0},
	{"2026-01-01", -ERANGE, 0},
	{"2025-12-31T23:59:59", -ERANGE, 0},
	{"2099-01-01", -ERANGE, 0},
};

Test(when, spans_and_moments_are_read)
{
	use_zone("UTC");
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
		time_t when = 77;

		cr_expect_eq(when_parse(moments[i].text, NOW, &when), moments[i].err, "%s",
			     moments[i].text);
		cr_expect_eq(when, moments[i].err ? 77 : NOW + moments[i].when, "%s: %ld",
			     moments[i].text, (long)(when - NOW));
	}
}

// Summer begins on 29 March 2026 at 01:00 UTC in both.
Test(when, moments_are_local)
{
	time_t when;

	use_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	cr_expect_eq(when_parse("2026-02-01T12:00", NOW, &when), 0);
	cr_expect_eq(when, NOW + 31 * 86400 + 11 * 3600);
	cr_expect_eq(when_parse("2026-07-01T12:00", NOW, &when), 0);
	cr_expect_eq(when, NOW + 181 * 86400 + 10 * 3600);
	cr_expect_eq(when_parse("2026-03-29T12:00", NOW, &when), 0);
	cr_expect_eq(when, NOW + 87 * 86400 + 10 * 3600);
}

Test(when, spans_alone)
{
	time_t span;

	cr_expect_eq(when_parse_span("2h", &span), 0);
	cr_expect_eq(span, 7200);
	cr_expect_eq(when_parse_span("2026-12-01", &span), -EINVAL);
	cr_expect_eq(when_parse_span("", &span), -EINVAL);
	cr_expect_eq(when_parse_span("4000d", &span), -ERANGE);
}

Test(when, ends_are_written)
{
	char text[WHEN_TEXT_SIZE];

	use_zone("UTC");
	cr_expect_str_eq(when_format(NOW + 0.75, text), "until 2026-01-01 00:00:00");
	cr_expect_str_eq(when_format(0, text), "without end");
}
