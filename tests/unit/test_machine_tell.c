// SPDX-License-Identifier: BSD-3-Clause
// What the configuration, operators and states of before a restart say about addresses.
#include "control/sponge/machine.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "tests/support/machine_seen.h"

enum { MEMBERS = 100, SECOND = 1000 };

static const uint64_t start = 1000 * SECOND;

static struct machine *make(void)
{
	const struct config_sponge settings = seen_settings(SPONGE_FAST);

	return seen_start(&settings, MEMBERS, start);
}

static void add(struct machine *machine, uint32_t n, bool assigned, bool protected)
{
	const struct ip ip = seen_ip(n);

	machine_add(machine, &ip, assigned, protected, start);
}

static int set(struct machine *machine, uint32_t n, enum machine_state state)
{
	const struct ip ip = seen_ip(n);

	return machine_set(machine, &ip, state, start);
}

static int restore(struct machine *machine, uint32_t n, enum machine_state state)
{
	const struct ip ip = seen_ip(n);

	return machine_restore(machine, &ip, state, MAC(2, 0, 0, 0, 0, n), (uint16_t)n, start);
}

// ---- Which addresses are whose

TEST_BOTH(machine_tell, row_76_route_servers_are_never_sponged)
{
	struct machine *machine = make();
	uint64_t now = start;

	machine_begin(machine);
	for (uint32_t n = 1; n <= MEMBERS; n++)
		add(machine, n, true, n == 3);
	machine_end(machine);
	for (uint32_t i = 0; i < 10000; i++) {
		seen_ask(machine, 3, 4 + i % 50, start + i * 50);
		if (i % 20 == 0)
			seen_second(machine, now = start + i * 50);
	}
	cr_expect_eq(seen_state(machine, 3), MACHINE_ALIVE);
	cr_expect_eq(seen.queries, 0);
	cr_expect_eq(seen.changes, 0);
	cr_expect_eq(seen_info(machine, 3).questions, 10000);
	cr_expect(seen_info(machine, 3).protected);

	// Not even if an operator asks whether it is there, or clears it.
	set(machine, 3, MACHINE_PENDING);
	seen_seconds(machine, 4, now);
	cr_expect_eq(seen_state(machine, 3), MACHINE_NONE);
	seen_ask(machine, 3, 1, now);
	cr_expect_eq(seen_state(machine, 3), MACHINE_NONE);
	const struct ip ip = seen_ip(3);

	machine_clear(machine, &ip, now);
	cr_expect_eq(seen_state(machine, 3), MACHINE_ALIVE);
	// But operators have the last word.
	set(machine, 3, MACHINE_DEAD);
	cr_expect(seen.sponged);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, protection_begins_at_the_start_and_at_once)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.init = SPONGE_INIT_DEAD;
	struct machine *machine = seen_start(&settings, 1, start);

	machine_begin(machine);
	add(machine, 1, true, true);
	add(machine, 2, true, true);
	add(machine, 3, false, true);
	add(machine, 4, true, false);
	machine_end(machine);
	for (uint32_t n = 1; n <= 3; n++)
		cr_expect_eq(seen_state(machine, n), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 4), MACHINE_DEAD);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, row_79_what_nobody_has_is_static_at_once)
{
	struct machine *machine = make();

	machine_begin(machine);
	for (uint32_t n = 1; n <= MEMBERS; n++)
		add(machine, n, true, false);
	add(machine, 200, false, false);
	cr_expect(seen.sponged, "before anybody asks");
	machine_end(machine);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATIC);
	seen_ask(machine, 200, 1, start);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATIC);
	cr_expect_eq(seen.queries, 0);
	cr_expect_eq(seen.announced, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, what_nobody_has_is_asked_for_by_no_sweep_and_no_probe)
{
	struct config_sponge settings = seen_settings(SPONGE_ARPSPONGE);
	const struct ip ip = seen_ip(200);

	settings.sweep_at_start = true;
	struct machine *machine = seen_start(&settings, 0, start);

	machine_begin(machine);
	add(machine, 200, false, false);
	machine_end(machine);
	machine_probe(machine, &ip, start);
	seen_seconds(machine, 20, start);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATIC);
	cr_expect_eq(seen.queries, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, addresses_come_and_go)
{
	struct machine *machine = make();

	machine_begin(machine);
	add(machine, 1, true, false);
	add(machine, 2, false, false); // returned
	add(machine, 200, false, false);
	add(machine, 201, true, false);
	machine_end(machine);
	seen_live(machine, 200, start); // somebody is there who should not be
	cr_expect_eq(seen.warnings, 1);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 2), MACHINE_STATIC);
	cr_expect_eq(seen.changed.why, MACHINE_ASSIGNED);
	cr_expect_eq(seen_state(machine, 3), MACHINE_STATES);
	cr_expect_eq(seen_state(machine, 201), MACHINE_ALIVE);

	machine_begin(machine);
	add(machine, 1, true, false);
	add(machine, 2, false, false);
	add(machine, 200, true, false); // given to somebody
	machine_end(machine);
	cr_expect_eq(seen_state(machine, 200), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 201), MACHINE_STATES);
	cr_expect_eq(seen.revived, 0, "nobody knows yet where it is");
	cr_expect_eq(seen_info(machine, 200).mac, 0);
	seen_live(machine, 200, start);
	cr_expect_eq(seen.revived, 1);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, states_survive_a_configuration)
{
	struct machine *machine = make();

	set(machine, 5, MACHINE_STATIC);
	set(machine, 6, MACHINE_DEAD);
	seen_pending(machine, 7, start);
	for (uint32_t i = 0; i < 3; i++) {
		machine_begin(machine);
		for (uint32_t n = 1; n <= MEMBERS; n++)
			add(machine, n, true, false);
		machine_end(machine);
	}
	cr_expect_eq(seen_state(machine, 5), MACHINE_STATIC);
	cr_expect_eq(seen_state(machine, 6), MACHINE_DEAD);
	cr_expect_eq(seen_state(machine, 7), MACHINE_PENDING);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, what_goes_leaves_the_dataplane)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine *machine = seen_start(&settings, 1, start);

	set(machine, 1, MACHINE_STATIC);
	cr_expect(seen.sponged);
	machine_begin(machine);
	machine_end(machine);
	cr_expect(!seen.sponged);
	cr_expect(!seen.watched);
	cr_expect_eq(seen.verdicts, 2);

	// Who was not known to the dataplane is not told.
	machine_begin(machine);
	add(machine, 1, true, false);
	machine_end(machine);
	seen_live(machine, 1, start);
	seen.verdicts = 0;
	machine_begin(machine);
	machine_end(machine);
	cr_expect_eq(seen.verdicts, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, what_was_tracked_may_be_assigned)
{
	struct machine *machine = make();
	struct machine_count count;

	seen_pending(machine, 200, start);
	machine_count(machine, &count);
	cr_expect_eq(count.tracked, 1);
	machine_begin(machine);
	add(machine, 200, true, false);
	machine_end(machine);
	machine_count(machine, &count);
	cr_expect_eq(count.tracked, 0);
	cr_expect_eq(seen_state(machine, 200), MACHINE_PENDING);
	cr_expect(seen_info(machine, 200).assigned);
	seen_seconds(machine, 4, start + 2 * SECOND);
	cr_expect_eq(seen_state(machine, 200), MACHINE_DEAD);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, addresses_of_no_family_are_none)
{
	struct machine *machine = make();
	const struct ip none = {0}, other = {.family = 7};
	const struct machine_question question = {.target = none};

	machine_begin(machine);
	machine_add(machine, &none, true, false, start);
	machine_add(machine, &other, true, false, start);
	machine_end(machine);
	machine_question(machine, &question, start);
	machine_probe(machine, &other, start);
	machine_life(machine, &none, 1, 1, start);
	cr_expect_eq(machine_set(machine, &other, MACHINE_DEAD, start), -ENOSPC);
	cr_expect_eq(machine_query(machine, &none), -ENOSPC);
	cr_expect_eq(machine_clear(machine, &none, start), -ENOENT);
	struct machine_info info;

	cr_expect(!machine_find(machine, &none, &info));
	machine_destroy(machine);
	machine_destroy(NULL);
}

// ---- Operators

TEST_BOTH(machine_tell, operators_set_any_state)
{
	struct machine *machine = make();

	for (enum machine_state state = MACHINE_ALIVE; state < MACHINE_STATES; state++) {
		cr_expect_eq(set(machine, 5, state), 0);
		cr_expect_eq(seen_state(machine, 5), state);
		cr_expect_eq(seen_info(machine, 5).why,
			     state == MACHINE_ALIVE ? MACHINE_INIT + 2 : MACHINE_OPERATOR);
		cr_expect_eq(seen.sponged, state == MACHINE_DEAD || state == MACHINE_STATIC);
	}
	cr_expect_eq(set(machine, 5, MACHINE_NONE), 0);
	cr_expect_eq(seen_state(machine, 5), MACHINE_NONE);
	cr_expect_eq(set(machine, 5, MACHINE_STATES), -EINVAL);
	cr_expect_eq(set(machine, 5, (enum machine_state) - 1), -EINVAL);
	cr_expect_eq(set(machine, 200, MACHINE_NONE), -ENOENT);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, who_was_deceived_is_told_after_an_operator_too)
{
	struct machine *machine = make();

	set(machine, 5, MACHINE_DEAD);
	set(machine, 5, MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 0);
	cr_expect(seen.watched);
	seen_live(machine, 5, start);
	cr_expect_eq(seen.revived, 1);
	cr_expect(!seen.watched);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, clear_forgets_all)
{
	struct machine *machine = make();
	const struct ip ip = seen_ip(5), unused = seen_ip(200);

	seen_live(machine, 5, start);
	seen_pending(machine, 5, start);
	seen_seconds(machine, 2, start + 2 * SECOND);
	cr_expect_eq(machine_clear(machine, &ip, start), 0);
	struct machine_info info = seen_info(machine, 5);

	cr_expect_eq(info.state, MACHINE_NONE);
	cr_expect_eq(info.mac, 0);
	cr_expect_eq(info.port, MACHINE_NO_PORT);
	cr_expect_eq(info.queued + info.questions + info.queries + info.warned, 0);
	cr_expect_eq(info.asked_ms + info.alive_ms + info.queried_ms, 0);
	seen_ask(machine, 5, 1, start + 10 * SECOND);
	cr_expect_eq(seen_state(machine, 5), MACHINE_PENDING, "the next question is enough");

	cr_expect_eq(machine_clear(machine, &unused, start), -ENOENT);
	machine_begin(machine);
	add(machine, 200, false, false);
	machine_end(machine);
	set(machine, 200, MACHINE_ALIVE);
	cr_expect_eq(machine_clear(machine, &unused, start), 0);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATIC);
	machine_destroy(machine);
}

// ---- Restarts

TEST_BOTH(machine_tell, row_77_states_of_before_a_restart)
{
	struct machine *machine = make();
	const struct machine_info *info = &seen.changed;

	cr_expect_eq(restore(machine, 1, MACHINE_ALIVE), 0);
	cr_expect_eq(seen_info(machine, 1).mac, MAC(2, 0, 0, 0, 0, 1));
	cr_expect_eq(seen_info(machine, 1).port, 1);
	cr_expect(!seen.watched);
	restore(machine, 2, MACHINE_STATIC);
	cr_expect_eq(info->why, MACHINE_RESTORED);
	restore(machine, 3, MACHINE_DEAD);
	restore(machine, 4, MACHINE_PENDING);
	restore(machine, 5, MACHINE_NONE);
	restore(machine, 6, MACHINE_STATES);
	restore(machine, 300, MACHINE_STATIC);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 2), MACHINE_STATIC);
	cr_expect_eq(seen_state(machine, 3), MACHINE_NONE, "to be found out again");
	cr_expect_eq(seen_state(machine, 4), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 5), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 6), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 300), MACHINE_STATIC);

	seen_ask(machine, 3, 1, start + SECOND);
	seen_seconds(machine, 4, start + SECOND);
	cr_expect_eq(seen_state(machine, 3), MACHINE_DEAD);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, who_was_dead_before_a_restart_may_have_deceived)
{
	struct machine *machine = make();

	restore(machine, 3, MACHINE_DEAD);
	seen_live(machine, 3, start + SECOND);
	cr_expect_eq(seen_state(machine, 3), MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 1);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, the_dead_stay_so_in_static_mode)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.is_static = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	restore(machine, 3, MACHINE_DEAD);
	cr_expect_eq(seen_state(machine, 3), MACHINE_DEAD);
	machine_destroy(machine);
}

TEST_BOTH(machine_tell, assignments_and_protection_win_over_old_states)
{
	struct machine *machine = make();

	machine_begin(machine);
	add(machine, 1, true, true);
	add(machine, 2, false, false);
	machine_end(machine);
	restore(machine, 1, MACHINE_DEAD);
	restore(machine, 2, MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 1), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 2), MACHINE_STATIC);
	machine_destroy(machine);
}

// ---- A new dataplane, and looking

TEST_BOTH(machine_tell, a_new_dataplane_is_told_what_it_needs)
{
	struct machine *machine = make();

	for (uint32_t n = 1; n <= MEMBERS; n++)
		seen_live(machine, n, start);
	set(machine, 5, MACHINE_DEAD);
	set(machine, 6, MACHINE_PENDING);
	seen_ask(machine, 7, 1, start);
	seen.verdicts = 0;
	machine_tell_all(machine);
	cr_expect_eq(seen.verdicts, 3);
	cr_expect_eq(seen.revived, 0);
	machine_destroy(machine);
}

static struct machine_info listed[MEMBERS];
static uint32_t n_listed;

static void list(void *argument, const struct machine_info *info)
{
	(void)argument;
	cr_assert_lt(n_listed, MEMBERS);
	listed[n_listed++] = *info;
}

TEST_BOTH(machine_tell, each_is_in_order_and_leaves_out_what_is_as_at_the_start)
{
	struct machine *machine = make();
	static const uint32_t expected[] = {5, 6, 7, 8, 300};

	set(machine, 300, MACHINE_STATIC);
	seen_live(machine, 8, start);
	set(machine, 6, MACHINE_ALIVE);
	set(machine, 5, MACHINE_DEAD);
	seen_ask(machine, 7, 1, start);
	machine_each(machine, list, NULL);
	cr_assert_eq(n_listed, 5);
	for (uint32_t i = 0; i < 5; i++) {
		const struct ip ip = seen_ip(expected[i]);

		cr_expect(ip_equal(&listed[i].ip, &ip), "%u", i);
	}
	machine_destroy(machine);
}

Test(machine_tell, states_have_names)
{
	for (enum machine_state state = 0; state < MACHINE_STATES; state++)
		cr_expect_eq(machine_state_parse(machine_state_name(state)), (int)state);
	cr_expect_eq(machine_state_parse("asleep"), -1);
	cr_expect_eq(machine_state_parse(""), -1);
}
