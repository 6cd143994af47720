// SPDX-License-Identifier: BSD-3-Clause
// How much a machine keeps in mind, whatever members ask for.
#include "control/sponge/machine.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "control/sponge/queue.h"
#include "tests/support/machine_seen.h"

enum { SECOND = 1000, MIB = 1 << 20 };

static const uint64_t start = 1000 * SECOND;

static struct machine *make(uint32_t members, uint32_t targets)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.targets = targets;
	return seen_start(&settings, members, start);
}

static struct machine_count count_of(const struct machine *machine)
{
	struct machine_count count;

	machine_count(machine, &count);
	return count;
}

static int set(struct machine *machine, uint32_t n, enum machine_state state)
{
	const struct ip ip = seen_ip(n);

	return machine_set(machine, &ip, state, start);
}

Test(machine_bounds, row_80_a_sweep_of_a_million_targets)
{
	struct machine *machine = make(100, 1000);
	size_t octets = 0;

	seen_ipv6 = true;
	for (uint32_t i = 0; i < 1 << 20; i++) {
		seen_ask(machine, 1000 + i, 1, start + i / 100);
		if (i == 5000)
			octets = count_of(machine).octets;
	}
	cr_expect_eq(count_of(machine).tracked, 1000);
	cr_expect_eq(count_of(machine).forgotten, (1 << 20) - 1000);
	cr_expect_leq(count_of(machine).octets, octets + QUEUES_OCTETS);
	cr_expect_eq(seen_state(machine, 1000 + (1 << 20) - 1), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 1000), MACHINE_STATES);
	machine_destroy(machine);
}

Test(machine_bounds, a_large_lan_takes_less_than_12_mib)
{
	struct machine *machine = make(0, 100000);

	machine_begin(machine);
	for (uint32_t n = 1; n <= 4094; n++) {
		const struct ip ip = seen_ip(n);

		machine_add(machine, &ip, true, false, start);
	}
	machine_end(machine);
	for (uint32_t n = 1; n <= 4094; n++)
		set(machine, n, MACHINE_DEAD);
	seen_ipv6 = true;
	for (uint32_t n = 1; n <= 200000; n++)
		seen_ask(machine, n, 1, start + n / 100);
	struct machine_count count = count_of(machine);

	cr_expect_eq(count.tracked, 100000);
	cr_expect_eq(count.states[MACHINE_DEAD], 4094);
	cr_expect_eq(count.states[MACHINE_ALIVE], 100000);
	cr_expect_lt(count.octets, 12 * MIB, "%zu octets", count.octets);
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, the_one_asked_for_longest_ago_makes_room)
{
	struct machine *machine = make(0, 3);

	for (uint32_t n = 1; n <= 3; n++)
		seen_ask(machine, n, 90, start + n);
	seen_ask(machine, 1, 90, start + 10);
	seen_ask(machine, 4, 90, start + 11);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 2), MACHINE_STATES);
	cr_expect_eq(seen_state(machine, 3), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 4), MACHINE_ALIVE);
	cr_expect_eq(count_of(machine).forgotten, 1);
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, who_makes_room_is_sponged_no_more)
{
	struct machine *machine = make(0, 1);

	set(machine, 1, MACHINE_DEAD);
	cr_expect(seen.sponged);
	uint32_t verdicts = seen.verdicts;
	const struct ip ip = seen_ip(1);

	seen_ask(machine, 2, 90, start);
	cr_expect_eq(seen.verdicts, verdicts + 2);
	cr_expect(!ip_equal(&seen.verdict_ip, &ip), "first the old one, then the new");
	machine_begin(machine);
	machine_add(machine, &ip, true, false, start);
	machine_end(machine);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE, "as if it was never known");
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, static_addresses_do_not_make_room)
{
	struct machine *machine = make(0, 3);

	for (uint32_t n = 1; n <= 3; n++)
		cr_expect_eq(set(machine, n, MACHINE_STATIC), 0);
	cr_expect_eq(set(machine, 4, MACHINE_STATIC), -ENOSPC);
	seen_ask(machine, 4, 90, start);
	cr_expect_eq(seen_state(machine, 4), MACHINE_STATES);
	const struct ip ip = seen_ip(4);

	cr_expect_eq(machine_query(machine, &ip), -ENOSPC);
	cr_expect_eq(machine_restore(machine, &ip, MACHINE_ALIVE, 2, 1, start), -ENOSPC);
	set(machine, 2, MACHINE_ALIVE);
	cr_expect_eq(set(machine, 4, MACHINE_STATIC), 0);
	cr_expect_eq(seen_state(machine, 2), MACHINE_STATES);
	cr_expect_eq(count_of(machine).tracked, 3);
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, nothing_is_tracked_without_targets)
{
	struct machine *machine = make(1, 0);

	seen_ask(machine, 200, 90, start);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATES);
	cr_expect_eq(set(machine, 200, MACHINE_DEAD), -ENOSPC);
	cr_expect_eq(set(machine, 1, MACHINE_DEAD), 0, "what was told is always known");
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, fewer_targets_take_effect_at_once)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine *machine = seen_start(&settings, 10, start);

	for (uint32_t n = 100; n < 200; n++)
		seen_ask(machine, n, 90, start + n);
	settings.targets = 5;
	machine_configure(machine, &settings, start + SECOND);
	cr_expect_eq(count_of(machine).tracked, 5);
	cr_expect_eq(seen_state(machine, 195), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 194), MACHINE_STATES);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE);
	machine_destroy(machine);
}

TEST_BOTH(machine_bounds, another_queue_depth_takes_effect_at_once)
{
	struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);
	struct machine *machine = seen_start(&settings, 10, start);

	for (uint32_t i = 0; i < 500; i++)
		seen_ask(machine, 7, 90, start + i * SECOND);
	cr_expect_eq(seen_info(machine, 7).queued, 500);
	settings.queue_depth = 20;
	machine_configure(machine, &settings, start + 500 * SECOND);
	cr_expect_eq(seen_info(machine, 7).queued, 20);
	cr_expect_eq(seen_state(machine, 7), MACHINE_ALIVE);
	seen_ask(machine, 7, 90, start + 500 * SECOND);
	cr_expect_eq(seen_state(machine, 7), MACHINE_PENDING);
	settings.queue_depth = 0;
	machine_configure(machine, &settings, start + 500 * SECOND);
	seen_ask(machine, 7, 90, start + 501 * SECOND);
	cr_expect_eq(seen_info(machine, 7).queued, 1, "one at least");
	machine_destroy(machine);
}

// Members who ask for ever new addresses take the memory for questions; what was told gets it back.
Test(machine_bounds, questions_for_what_nobody_has_do_not_hide_the_dead)
{
	struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);

	settings.targets = 100000;
	seen_ipv6 = true;
	struct machine *machine = seen_start(&settings, 100, start);
	uint64_t now = start;

	for (uint32_t i = 0; i < 1000; i++) {
		now += SECOND;
		for (uint32_t k = 0; k < 100; k++)
			seen_ask(machine, 1000 + i * 100 + k, 1, now + k);
		seen_ask(machine, 77, 90, now + 500);
	}
	cr_expect_eq(count_of(machine).tracked, 100000);
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING);
	cr_expect_lt(count_of(machine).octets, 12 * MIB);
	machine_destroy(machine);
}

// As many full queues as there is room for: those that are full go on, and make room for the rest.
Test(machine_bounds, many_dead_addresses_are_all_found_out)
{
	const struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);
	struct machine *machine = seen_start(&settings, 400, start);
	uint64_t now = start;

	for (uint32_t second = 0; second < 6000; second++) {
		now += SECOND;
		for (uint32_t n = 1; n <= 400; n++)
			seen_ask(machine, n, 1000, now);
		seen_second(machine, now);
	}
	cr_expect_eq(count_of(machine).states[MACHINE_DEAD], 400);
	machine_destroy(machine);
}
