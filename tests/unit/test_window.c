// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/window.h"

#include <criterion/criterion.h>

#include "lib/clock.h"

enum { TENTH = 100000000 };

Test(window, counts_what_is_within)
{
	struct window window = {0};
	uint64_t start = 1000 * CLOCK_SECOND;

	cr_expect_eq(window_add(&window, 1, 5, start), 1);
	cr_expect_eq(window_add(&window, 2, 5, start + CLOCK_SECOND), 3);
	cr_expect_eq(window_add(&window, 0, 5, start + 5 * CLOCK_SECOND), 3, "5 s ago is within");
	cr_expect_eq(window_add(&window, 0, 5, start + 51 * (uint64_t)TENTH), 2);
	cr_expect_eq(window_add(&window, 1, 5, start + 62 * (uint64_t)TENTH), 1);
}

Test(window, forgets_after_its_length_wherever_it_starts)
{
	for (uint64_t start = 0; start < CLOCK_SECOND; start += 7654321) {
		struct window window = {0};

		window_add(&window, 1, 180, start);
		cr_assert_eq(window_add(&window, 0, 180, start + 180 * CLOCK_SECOND), 1);
		cr_assert_eq(window_add(&window, 0, 180, start + 183 * CLOCK_SECOND), 0);
	}
}

Test(window, survives_long_silence)
{
	struct window window = {0};

	window_add(&window, 9, 2, CLOCK_SECOND);
	cr_expect_eq(window_add(&window, 1, 2, 1000000 * CLOCK_SECOND), 1);
}

Test(window, stays_full_when_there_is_too_much)
{
	struct window window = {0};

	cr_expect_eq(window_add(&window, UINT32_MAX, 10, 0), UINT16_MAX);
	cr_expect_eq(window_add(&window, UINT32_MAX, 10, TENTH), UINT16_MAX);
	cr_expect_eq(window_add(&window, 5, 10, CLOCK_SECOND), UINT16_MAX + 5);
}

Test(window, starts_anew_with_another_length)
{
	struct window window = {0};

	window_add(&window, 3, 5, CLOCK_SECOND);
	cr_expect_eq(window_add(&window, 1, 6, CLOCK_SECOND), 1);
	window_clear(&window);
	cr_expect_eq(window_add(&window, 1, 6, CLOCK_SECOND), 1);
}

Test(window, takes_no_seconds_for_one)
{
	struct window window = {0};

	cr_expect_eq(window_add(&window, 1, 0, CLOCK_SECOND), 1);
	cr_expect_eq(window_add(&window, 1, 0, CLOCK_SECOND + TENTH), 2);
	cr_expect_eq(window_add(&window, 1, 0, 3 * CLOCK_SECOND), 1);
}
