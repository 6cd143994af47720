// SPDX-License-Identifier: BSD-3-Clause
// What makes one state out of another, with both presets, second by second.
#include "control/sponge/machine.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "tests/support/machine_seen.h"

enum { MEMBERS = 100, SECOND = 1000 };

static const uint64_t start = 1000 * SECOND;

static struct machine *fast(void)
{
	const struct config_sponge settings = seen_settings(SPONGE_FAST);

	return seen_start(&settings, MEMBERS, start);
}

// Make it PENDING: as the preset "fast" has it, with the fifth question.
static uint64_t make_pending(struct machine *machine, uint32_t n, uint64_t now)
{
	for (uint32_t i = 0; i < 5; i++)
		seen_ask(machine, n, 90, now + i * SECOND / 2);
	cr_assert_eq(seen_state(machine, n), MACHINE_PENDING);
	return now + 2 * SECOND;
}

// Queries with the next three ticks, DEAD with the fourth.
static uint64_t make_dead(struct machine *machine, uint32_t n, uint64_t now)
{
	now = make_pending(machine, n, now);
	for (uint32_t i = 1; i <= 3; i++) {
		uint32_t queries = seen.queries;

		seen_second(machine, now += SECOND, 0);
		cr_assert_eq(seen.queries, queries + 1);
		cr_assert(seen.query_ip.octets[3] == n);
		cr_assert_eq(seen_state(machine, n), MACHINE_PENDING);
	}
	seen_second(machine, now += SECOND, 0);
	cr_assert_eq(seen_state(machine, n), MACHINE_DEAD);
	return now;
}

Test(machine, goes_from_alive_to_dead_and_back)
{
	struct machine *machine = fast();
	uint64_t now = make_dead(machine, 77, start);

	cr_expect_eq(seen.changes, 2);
	cr_expect(seen.sponged);
	cr_expect(seen.watched);
	seen_live(machine, 77, now + 10);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 1);
	cr_expect(!seen.sponged);
	cr_expect(!seen.watched);
	cr_expect_eq(seen.changes, 3);
	machine_destroy(machine);
}
