// SPDX-License-Identifier: BSD-3-Clause
// When the machine itself asks: ticks, pace, sweep, operators.
#include "control/sponge/machine.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "tests/support/machine_seen.h"

enum { MEMBERS = 254, SECOND = 1000 };

static const uint64_t start = 1000 * SECOND;

static void set(struct machine *machine, uint32_t n, enum machine_state state, uint64_t now)
{
	const struct ip ip = seen_ip(n);

	cr_assert_eq(machine_set(machine, &ip, state, now), 0);
}

TEST_BOTH(machine_ask, row_71_passive_asks_nothing)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	const struct ip ip = seen_ip(5);

	settings.passive = true;
	settings.sweep_period = 10;
	settings.sweep_age = 20;
	settings.sweep_at_start = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	uint64_t now = seen_pending(machine, 77, start);

	for (uint32_t i = 1; i <= 3; i++) {
		now = seen_seconds(machine, 1, now);
		cr_expect_eq(seen_info(machine, 77).pending, i);
	}
	now = seen_seconds(machine, 1, now);
	cr_expect_eq(seen_state(machine, 77), MACHINE_DEAD);
	cr_expect_eq(machine_query(machine, &ip), -EPERM);
	seen_seconds(machine, 100, now);
	cr_expect_eq(seen.queries, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, what_is_due_is_dropped_by_becoming_passive)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	const struct ip alive = seen_ip(5);

	settings.sweep_at_start = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	set(machine, 77, MACHINE_PENDING, start);
	machine_query(machine, &alive);
	machine_tick(machine, start + SECOND);
	settings.passive = true;
	machine_configure(machine, &settings, start + SECOND);
	cr_expect_eq(machine_pace(machine, start + SECOND), 0);
	settings.passive = false;
	machine_configure(machine, &settings, start + SECOND);
	cr_expect_eq(machine_pace(machine, start + SECOND), 0);
	cr_expect_eq(seen.queries, 0);
	cr_expect_eq(seen_info(machine, 77).pending, 1);
	seen_seconds(machine, 3, start + SECOND);
	cr_expect_eq(seen.queries, 2, "but it goes on from there");
	cr_expect_eq(seen_state(machine, 77), MACHINE_DEAD);
	machine_destroy(machine);
}

// ---- Pace

// The most queries in any second of "seconds" seconds, with a tick in each.
static uint32_t most_in_a_second(struct machine *machine, uint32_t seconds)
{
	static uint64_t when[100000];
	uint32_t n = 0, most = 0;

	for (uint64_t ms = 0; ms < seconds * SECOND; ms++) {
		if (ms % SECOND == 0)
			machine_tick(machine, start + ms);
		machine_pace(machine, start + ms);
		for (; n < seen.queries && n < 100000; n++)
			when[n] = ms;
	}
	for (uint32_t i = 0, first = 0; i < n; i++) {
		while (when[i] - when[first] >= SECOND)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

TEST_BOTH(machine_ask, row_74_never_faster_than_the_probe_rate)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.init = SPONGE_INIT_PENDING;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	cr_expect_eq(most_in_a_second(machine, 20), 100);
	cr_expect_eq(seen.queries, 3 * MEMBERS);
	for (uint32_t n = 1; n <= MEMBERS; n++) {
		cr_expect_eq(seen_state(machine, n), MACHINE_DEAD);
		cr_expect_eq(seen_info(machine, n).queries, 3);
	}
	machine_destroy(machine);
}

Test(machine_ask, more_than_one_query_in_a_millisecond)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.init = SPONGE_INIT_PENDING;
	settings.probe_rate = 5000;
	settings.pending = 3;
	struct machine *machine = seen_start(&settings, 20000, start);

	cr_expect_leq(most_in_a_second(machine, 20), 5005);
	cr_expect_geq(seen.queries, 3 * 20000);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, pace_says_when_to_come_again)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.probe_rate = 10;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	uint64_t now = start + SECOND;

	cr_expect_eq(machine_pace(machine, now), 0);
	for (uint32_t n = 1; n <= 3; n++)
		set(machine, n, MACHINE_PENDING, start);
	machine_tick(machine, now);
	cr_expect_eq(machine_pace(machine, now), 100);
	cr_expect_eq(seen.queries, 1);
	cr_expect_eq(machine_pace(machine, now + 60), 40);
	cr_expect_eq(seen.queries, 1);
	cr_expect_eq(machine_pace(machine, now + 100), 100);
	cr_expect_eq(machine_pace(machine, now + 250), 0);
	cr_expect_eq(seen.queries, 3);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, who_waits_for_a_query_does_not_die_meanwhile)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.probe_rate = 1;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	for (uint32_t n = 1; n <= 4; n++)
		set(machine, n, MACHINE_PENDING, start);
	seen_seconds(machine, 12, start);
	cr_expect_eq(seen.queries, 12);
	// Each in turn; the fourth was asked last.
	for (uint32_t n = 1; n <= 4; n++) {
		cr_expect_eq(seen_info(machine, n).queries, 3);
		cr_expect_eq(seen_state(machine, n), n < 4 ? MACHINE_DEAD : MACHINE_PENDING);
	}
	machine_destroy(machine);
}

// ---- Sweeps

TEST_BOTH(machine_ask, row_73_the_sweep_finds_who_came_back_silently)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.sweep_period = 10;
	settings.sweep_age = 20;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	for (uint32_t n = 1; n <= MEMBERS; n++)
		seen_live(machine, n, start);
	set(machine, 90, MACHINE_DEAD, start + 5 * SECOND);
	uint64_t now = seen_seconds(machine, 29, start);

	cr_expect_eq(seen.queries, 0, "not at 10 s or 20 s: it is younger than 20 s");
	now = seen_seconds(machine, 10, now);
	cr_expect_eq(seen.queries, 1);
	cr_expect_eq(seen_info(machine, 90).queries, 1);
	now = seen_seconds(machine, 20, now);
	cr_expect_eq(seen.queries, 2, "once in 20 s");
	seen_live(machine, 90, now);
	cr_expect_eq(seen_state(machine, 90), MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 1);
	seen_seconds(machine, 100, now);
	cr_expect_eq(seen.queries, 2, "those that are alive are skipped");
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, the_sweep_asks_for_the_living_too_if_so_wished)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.sweep_period = 10;
	settings.sweep_age = 60;
	settings.sweep_skip_alive = false;
	struct machine *machine = seen_start(&settings, 2, start);

	seen_live(machine, 1, start + 5 * SECOND);
	uint64_t now = seen_seconds(machine, 10, start);

	cr_expect_eq(seen.queries, 1, "of whom nothing was heard yet");
	cr_expect_eq(seen_info(machine, 2).queries, 1);
	now = seen_seconds(machine, 59, now);
	cr_expect_eq(seen.queries, 1);
	seen_seconds(machine, 1, now);
	cr_expect_eq(seen_info(machine, 1).queries, 1);
	cr_expect_eq(seen_info(machine, 2).queries, 2);
	cr_expect(seen.watched, "the answer matters");
	seen_live(machine, 2, start + 71 * SECOND);
	cr_expect_eq(seen.changes, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, a_sweep_at_the_start_asks_for_all)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.sweep_at_start = true;
	settings.learning = 5;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	seen_live(machine, 7, start + SECOND);
	uint64_t now = seen_seconds(machine, 5, start);

	cr_expect_eq(seen.queries, 0, "not while learning");
	now = seen_seconds(machine, 2, now);
	cr_expect_eq(seen.queries, 200, "at the probe rate");
	now = seen_seconds(machine, 1, now);
	cr_expect_eq(seen.queries, MEMBERS - 1);
	cr_expect_eq(seen_info(machine, 7).queries, 0);
	// Nothing waits for a sweep.
	seen_seconds(machine, 850, now);
	cr_expect_eq(seen.queries, MEMBERS - 1);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, pending_addresses_come_before_a_sweep)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.sweep_at_start = true;
	settings.probe_rate = 10;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	seen_seconds(machine, 1, start);
	cr_expect_eq(seen.queries, 10);
	set(machine, 200, MACHINE_PENDING, start + SECOND);
	seen_seconds(machine, 4, start + SECOND);
	cr_expect_eq(seen_state(machine, 200), MACHINE_DEAD);
	cr_expect_eq(seen_info(machine, 200).queries, 3);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, a_sweep_without_period_is_the_only_one)
{
	struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);

	settings.sweep_at_start = true;
	struct machine *machine = seen_start(&settings, 10, start);

	seen_seconds(machine, 1000, start);
	cr_expect_eq(seen.queries, 10);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, sweeps_begin_and_end_with_the_settings)
{
	struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);
	struct machine *machine = seen_start(&settings, 10, start);
	uint64_t now = seen_seconds(machine, 100, start);

	cr_expect_eq(seen.queries, 0);
	settings.sweep_period = 30;
	settings.sweep_age = 30;
	machine_configure(machine, &settings, now);
	now = seen_seconds(machine, 29, now);
	cr_expect_eq(seen.queries, 0);
	now = seen_seconds(machine, 1, now);
	cr_expect_eq(seen.queries, 10);
	settings.sweep_period = 0;
	machine_configure(machine, &settings, now);
	seen_seconds(machine, 100, now);
	cr_expect_eq(seen.queries, 10);
	machine_destroy(machine);
}

// ---- Operators

TEST_BOTH(machine_ask, operators_may_ask_for_anything)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip dead = seen_ip(7), unknown = seen_ip(300);

	set(machine, 7, MACHINE_DEAD, start);
	cr_expect_eq(machine_query(machine, &dead), 0);
	cr_expect_eq(machine_query(machine, &dead), 0, "once is enough");
	cr_expect_eq(machine_query(machine, &unknown), 0);
	machine_pace(machine, start);
	machine_pace(machine, start + 10);
	cr_expect_eq(machine_pace(machine, start + 20), 0);
	cr_expect_eq(seen.queries, 2);
	cr_expect_eq(seen_info(machine, 7).queries, 1);
	cr_expect_eq(seen_info(machine, 300).queries, 1);
	cr_expect_eq(seen_state(machine, 7), MACHINE_DEAD);
	seen_live(machine, 7, start + 30);
	cr_expect_eq(seen_state(machine, 7), MACHINE_ALIVE);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, operators_come_first_and_do_not_speed_up_a_death)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip pending = seen_ip(7), other = seen_ip(8);

	set(machine, 6, MACHINE_PENDING, start);
	set(machine, 7, MACHINE_PENDING, start);
	machine_query(machine, &other);
	machine_query(machine, &pending);
	machine_pace(machine, start);
	cr_expect_eq(seen_info(machine, 7).queries, 1);
	seen_seconds(machine, 3, start);
	cr_expect_eq(seen_info(machine, 8).queries, 1);
	cr_expect_eq(seen_info(machine, 6).queries, 3);
	cr_expect_eq(seen_info(machine, 7).pending, 3);
	cr_expect_eq(seen_info(machine, 7).queries, 4);
	machine_destroy(machine);
}

TEST_BOTH(machine_ask, what_goes_is_not_asked_for)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip ip = seen_ip(7);

	set(machine, 8, MACHINE_PENDING, start);
	machine_query(machine, &ip);
	machine_tick(machine, start + SECOND);
	machine_begin(machine);
	machine_end(machine);
	cr_expect_eq(machine_pace(machine, start + SECOND), 0);
	seen_seconds(machine, 10, start + SECOND);
	cr_expect_eq(seen.queries, 0);
	machine_destroy(machine);
}
