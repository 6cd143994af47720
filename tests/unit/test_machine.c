// SPDX-License-Identifier: BSD-3-Clause
// What makes one state out of another, second by second, with the settings of both modes.
#include "control/sponge/machine.h"

#include <criterion/criterion.h>

#include "tests/support/machine_seen.h"

enum { MEMBERS = 100, SECOND = 1000 };

static const uint64_t start = 1000 * SECOND;

static struct machine *make(enum sponge_mode mode)
{
	const struct config_sponge settings = seen_settings(mode);

	return seen_start(&settings, MEMBERS, start);
}

// Queries with the next "n" ticks, and DEAD with the one behind.
static uint64_t expect_to_die(struct machine *machine, uint32_t address, uint32_t n, uint64_t now)
{
	for (uint32_t i = 1; i <= n; i++) {
		uint32_t queries = seen.queries;
		const struct ip ip = seen_ip(address);

		seen_second(machine, now += SECOND);
		cr_expect_eq(seen.queries, queries + 1, "tick %u", i);
		cr_expect(ip_equal(&seen.query_ip, &ip));
		cr_expect_eq(seen_state(machine, address), MACHINE_PENDING, "tick %u", i);
		cr_expect_eq(seen_info(machine, address).pending, i);
	}
	uint32_t queries = seen.queries;

	seen_second(machine, now += SECOND);
	cr_expect_eq(seen.queries, queries);
	cr_expect_eq(seen_state(machine, address), MACHINE_DEAD);
	cr_expect(seen.sponged);
	cr_expect_eq(seen.changed.why, MACHINE_UNANSWERED);
	return now;
}

// A minute and more of questions as arpsponge needs them: a thousand, faster than 50 a minute.
static uint64_t make_pending_slowly(struct machine *machine, uint32_t address, uint64_t now)
{
	for (uint32_t i = 0; i < 1000; i++) {
		cr_assert_eq(seen_state(machine, address), MACHINE_ALIVE);
		seen_ask(machine, address, 90, now += SECOND);
	}
	cr_assert_eq(seen_state(machine, address), MACHINE_PENDING);
	return now;
}

TEST_BOTH(machine, row_56_a_few_questions_are_nothing)
{
	struct machine *machine = make(SPONGE_FAST);

	for (uint32_t i = 0; i < 4; i++)
		seen_ask(machine, 77, 1, start + i * SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen_info(machine, 77).queued, 4);
	seen_seconds(machine, 10, start + 4 * SECOND);
	cr_expect_eq(seen.queries, 0);
	cr_expect_eq(seen.changes, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine, questions_have_to_be_faster_than_the_rate)
{
	struct machine *machine = make(SPONGE_FAST);

	// Thirty a minute, and a bit slower than that; a bit faster is too fast.
	for (uint32_t i = 0; i < 100; i++)
		seen_ask(machine, 77, 1, start + i * 2 * SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_float_eq(seen_info(machine, 77).rate, 30, 1e-9);
	for (uint32_t i = 0; i < 100; i++)
		seen_ask(machine, 78, 1, start + i * 2001);
	cr_expect_eq(seen_state(machine, 78), MACHINE_ALIVE);
	for (uint32_t i = 0; i < 5; i++)
		seen_ask(machine, 79, 1, start + i * 1999);
	cr_expect_eq(seen_state(machine, 79), MACHINE_PENDING);
	cr_expect_eq(seen.changed.why, MACHINE_QUESTIONS);
	machine_destroy(machine);
}

static void ask_answered(struct machine *machine, uint32_t address, uint64_t now)
{
	machine_question(machine,
			 &(struct machine_question){.target = seen_ip(address),
						    .asker = seen_ip(1),
						    .answered = true},
			 now);
}

TEST_BOTH(machine, an_owner_who_is_answered_for_is_asked_now_and_then)
{
	struct machine *machine = make(SPONGE_FAST);

	seen_live(machine, 77, start);
	ask_answered(machine, 77, start + MACHINE_TRUST_MS - 1);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	ask_answered(machine, 77, start + MACHINE_TRUST_MS);
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING);
	expect_to_die(machine, 77, 3, start + MACHINE_TRUST_MS);
	machine_destroy(machine);
}

TEST_BOTH(machine, an_owner_is_not_given_up_where_nobody_asks)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.passive = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	ask_answered(machine, 77, start + MACHINE_TRUST_MS);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	machine_destroy(machine);
}

TEST_BOTH(machine, row_58_three_queries_of_the_mode_fast)
{
	struct machine *machine = make(SPONGE_FAST);
	uint64_t now = seen_pending(machine, 77, start);

	expect_to_die(machine, 77, 3, now);
	cr_expect_eq(seen.changes, 2);
	cr_expect(seen.watched, "we wait for a sign of life");
	machine_destroy(machine);
}

TEST_BOTH(machine, row_58_six_queries_of_arpsponge)
{
	struct machine *machine = make(SPONGE_ARPSPONGE);
	uint64_t now = make_pending_slowly(machine, 77, start);

	expect_to_die(machine, 77, 6, now);
	cr_expect_eq(seen.changed.queued, 1000, "the rate is told with it");
	cr_expect_gt(seen.changed.rate, 59);
	cr_expect_eq(seen_info(machine, 77).queued, 0, "and forgotten");
	machine_destroy(machine);
}

TEST_BOTH(machine, row_58_pending_2_with_and_without_one_more)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.pending = 2;
	struct machine *exact = seen_start(&settings, MEMBERS, start);
	settings.one_more = true;
	struct machine *one_more = seen_start(&settings, MEMBERS, start);

	expect_to_die(exact, 77, 2, seen_pending(exact, 77, start));
	expect_to_die(one_more, 77, 3, seen_pending(one_more, 77, start));
	machine_destroy(exact);
	machine_destroy(one_more);
}

TEST_BOTH(machine, row_59_the_dead_are_answered_for)
{
	struct machine *machine = make(SPONGE_FAST);
	uint64_t now = expect_to_die(machine, 77, 3, seen_pending(machine, 77, start));
	uint32_t verdicts = seen.verdicts;

	// Questions that the workers tell all the same change nothing.
	for (uint32_t i = 0; i < 100; i++)
		seen_ask(machine, 77, 1, now + i);
	cr_expect_eq(seen_state(machine, 77), MACHINE_DEAD);
	cr_expect_eq(seen_info(machine, 77).queued, 0);
	cr_expect_eq(seen_info(machine, 77).questions, 105);
	cr_expect_eq(seen.verdicts, verdicts);
	machine_destroy(machine);
}

TEST_BOTH(machine, row_61_a_sign_of_life_revives)
{
	struct machine *machine = make(SPONGE_FAST);
	uint64_t now = expect_to_die(machine, 77, 3, seen_pending(machine, 77, start));

	seen_live(machine, 77, now + 10);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen.changed.why, MACHINE_LIFE);
	cr_expect_eq(seen.from, MACHINE_DEAD);
	cr_expect_eq(seen.revived, 1);
	cr_expect(!seen.sponged);
	cr_expect(!seen.watched);
	cr_expect_eq(seen_info(machine, 77).queued, 0);
	cr_expect_eq(seen_info(machine, 77).mac, MAC(2, 0, 0, 0, 0, 77));
	cr_expect_eq(seen_info(machine, 77).port, 77);

	// Once: nobody was told otherwise since.
	seen_live(machine, 77, now + 20);
	seen_pending(machine, 77, now + SECOND);
	seen_live(machine, 77, now + 5 * SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 1);
	machine_destroy(machine);
}

TEST_BOTH(machine, a_sign_of_life_empties_the_queue)
{
	struct machine *machine = make(SPONGE_FAST);

	seen_live(machine, 77, start);
	for (uint32_t i = 1; i <= 1000; i++) {
		seen_ask(machine, 77, 1, start + i * 100);
		if (i % 4)
			continue;
		cr_assert(seen.watched, "or the sign of life is not told");
		seen_live(machine, 77, start + i * 100);
		cr_assert_eq(seen_info(machine, 77).queued, 0);
	}
	cr_expect_eq(seen.changes, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine, after_a_sign_of_life_the_dataplane_may_forget_the_host)
{
	struct machine *machine = make(SPONGE_FAST);

	seen_live(machine, 77, start);
	cr_expect_eq(seen.verdicts, 1);
	cr_expect(!seen.sponged);
	cr_expect(!seen.watched);
	seen_live(machine, 77, start + SECOND);
	cr_expect_eq(seen.verdicts, 1, "once is enough");
	seen_ask(machine, 77, 1, start + 2 * SECOND);
	cr_expect_eq(seen.verdicts, 2);
	cr_expect(seen.watched);
	machine_destroy(machine);
}

TEST_BOTH(machine, row_64_a_probe_makes_the_dead_pending)
{
	struct machine *machine = make(SPONGE_FAST);
	uint64_t now = expect_to_die(machine, 77, 3, seen_pending(machine, 77, start));
	const struct ip ip = seen_ip(77);

	machine_probe(machine, &ip, now + 100);
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING);
	cr_expect_eq(seen.changed.why, MACHINE_PROBED);
	cr_expect(!seen.sponged, "or the host would see a conflict");
	now = expect_to_die(machine, 77, 3, now);

	// As long as somebody probes, it is not DEAD again.
	machine_probe(machine, &ip, now);
	for (uint32_t i = 0; i < 10; i++) {
		now = seen_seconds(machine, 3, now);
		cr_expect_eq(seen_info(machine, 77).pending, 3);
		machine_probe(machine, &ip, now);
	}
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING);

	// And who took it is not surprised.
	seen_live(machine, 77, now);
	cr_expect_eq(seen.revived, 1, "there are some who still believe the sponge");
	machine_destroy(machine);
}

TEST_BOTH(machine, probes_of_what_is_not_down_are_nothing)
{
	struct machine *machine = make(SPONGE_FAST);
	const struct ip alive = seen_ip(77), unknown = seen_ip(200);

	machine_probe(machine, &alive, start);
	machine_probe(machine, &unknown, start);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen_state(machine, 200), MACHINE_STATES);
	machine_clear(machine, &alive, start);
	machine_probe(machine, &alive, start);
	cr_expect_eq(seen_state(machine, 77), MACHINE_NONE);
	machine_destroy(machine);
}

static void probe_static(enum sponge_mode mode, enum machine_state expected)
{
	struct machine *machine = make(mode);
	const struct ip ip = seen_ip(77);

	machine_set(machine, &ip, MACHINE_STATIC, start);
	machine_probe(machine, &ip, start + SECOND);
	cr_expect_eq(seen_state(machine, 77), expected);
	machine_destroy(machine);
}

TEST_BOTH(machine, a_probe_undoes_static_only_as_arpsponge_does)
{
	probe_static(SPONGE_FAST, MACHINE_STATIC);
	probe_static(SPONGE_ARPSPONGE, MACHINE_PENDING);
}

TEST_BOTH(machine, row_65_static_stays_whatever_lives_there)
{
	struct machine *machine = make(SPONGE_FAST);
	const struct ip ip = seen_ip(88);

	machine_set(machine, &ip, MACHINE_STATIC, start);
	cr_expect(seen.sponged);
	seen_live(machine, 88, start + SECOND);
	cr_expect_eq(seen_state(machine, 88), MACHINE_STATIC);
	cr_expect_eq(seen.warnings, 1);
	cr_expect_eq(seen.warning_times, 1);
	for (uint32_t i = 1; i < 15; i++)
		seen_live(machine, 88, start + SECOND + i * SECOND);
	cr_expect_eq(seen.warnings, 1, "at most once in 15 s");
	seen_live(machine, 88, start + 16 * SECOND);
	cr_expect_eq(seen.warnings, 2);
	cr_expect_eq(seen.warning_times, 15);
	cr_expect_eq(seen_info(machine, 88).warned, 16);
	cr_expect_eq(seen_info(machine, 88).mac, MAC(2, 0, 0, 0, 0, 88));
	cr_expect_eq(seen_state(machine, 88), MACHINE_STATIC);
	cr_expect_eq(seen.revived, 0);
	cr_expect(seen.sponged);
	machine_destroy(machine);
}

TEST_BOTH(machine, what_static_sends_is_told_once_a_second)
{
	struct machine *machine = make(SPONGE_FAST);
	const struct ip ip = seen_ip(88);

	machine_set(machine, &ip, MACHINE_STATIC, start);
	cr_expect(seen.watched);
	uint32_t verdicts = seen.verdicts;

	seen_live(machine, 88, start + SECOND);
	cr_expect_eq(seen.verdicts, verdicts, "the dataplane is left alone");
	seen_second(machine, start + 2 * SECOND);
	cr_expect_eq(seen.verdicts, verdicts + 1);
	cr_expect(seen.watched);
	cr_expect(seen.sponged);
	machine_destroy(machine);
}

TEST_BOTH(machine, row_67_many_patient_askers_are_believed)
{
	struct machine *machine = make(SPONGE_ARPSPONGE);
	uint64_t now = start;

	for (uint32_t i = 0; i < 1000; i++) {
		cr_assert_eq(seen_state(machine, 77), MACHINE_ALIVE);
		seen_ask(machine, 77, 1 + i % 40, now += 250);
	}
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING);
	machine_destroy(machine);
}

TEST_BOTH(machine, one_impatient_asker_is_not_believed)
{
	struct machine *machine = make(SPONGE_FAST);

	for (uint32_t i = 0; i < 10000; i++)
		seen_ask(machine, 77, 1, start + i * 10);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_lt(seen_info(machine, 77).queued, 5);

	// But for one who asks three times a second it may be down.
	for (uint32_t i = 0; i < 5; i++)
		seen_ask(machine, 78, 1, start + i * 334);
	cr_expect_eq(seen_state(machine, 78), MACHINE_PENDING);
	for (uint32_t i = 0; i < 100; i++)
		seen_ask(machine, 79, 1, start + i * 333);
	cr_expect_eq(seen_state(machine, 79), MACHINE_ALIVE);
	machine_destroy(machine);
}

TEST_BOTH(machine, everybody_is_believed_without_flood_protection)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.flood_protection = 0;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	for (uint32_t i = 0; i < 5; i++)
		seen_ask(machine, 77, 1, start);
	cr_expect_eq(seen_state(machine, 77), MACHINE_PENDING, "all at once: as of a second");
	machine_destroy(machine);
}

TEST_BOTH(machine, row_68_while_learning_only_life_counts)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);
	struct machine_count count;

	settings.learning = 5;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip ip = seen_ip(88);
	uint64_t now = start;

	machine_set(machine, &ip, MACHINE_STATIC, now);
	for (uint32_t second = 0; second < 5; second++) {
		for (uint32_t i = 0; i < 2000; i++)
			seen_ask(machine, 77 + i % 2 * 200, 1, now + i / 4);
		machine_count(machine, &count);
		cr_expect(count.learning);
		cr_expect(!seen.sponged);
		seen_live(machine, 1, now + 500);
		seen_second(machine, now += SECOND);
	}
	cr_expect_eq(seen.queries, 0);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen_info(machine, 77).queued, 0);
	cr_expect_eq(seen_state(machine, 277), MACHINE_STATES, "what nobody told is not tracked");
	cr_expect_eq(seen_info(machine, 1).mac, MAC(2, 0, 0, 0, 0, 1));
	cr_expect(seen.sponged, "now the STATIC one is");
	machine_count(machine, &count);
	cr_expect(!count.learning);
	cr_expect_eq(count.tracked, 0);
	seen_pending(machine, 77, now);
	machine_destroy(machine);
}

TEST_BOTH(machine, row_70_dummies_tell_nobody)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.dummy = settings.gratuitous = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	uint64_t now = expect_to_die(machine, 77, 3, seen_pending(machine, 77, start));

	cr_expect(seen.sponged, "so that the dataplane can count");
	cr_expect_eq(seen.announced, 0);
	seen_live(machine, 77, now + 10);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen.revived, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine, sponged_addresses_are_announced_if_so_wished)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.gratuitous = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip ip = seen_ip(78);

	expect_to_die(machine, 77, 3, seen_pending(machine, 77, start));
	cr_expect_eq(seen.announced, 1);
	machine_set(machine, &ip, MACHINE_STATIC, start);
	cr_expect_eq(seen.announced, 2);
	machine_destroy(machine);
}

TEST_BOTH(machine, static_mode_suspects_nothing_and_revives_nothing)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.is_static = true;
	struct machine *machine = seen_start(&settings, MEMBERS, start);
	const struct ip dead = seen_ip(77), none = seen_ip(78), pending = seen_ip(79);

	for (uint32_t i = 0; i < 20; i++)
		seen_ask(machine, 76, 1, start + i * SECOND);
	cr_expect_eq(seen_state(machine, 76), MACHINE_ALIVE);

	machine_set(machine, &dead, MACHINE_DEAD, start);
	seen_live(machine, 77, start + SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_DEAD);
	cr_expect_eq(seen.warnings, 1);
	machine_probe(machine, &dead, start + SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_DEAD);

	machine_clear(machine, &none, start);
	seen_ask(machine, 78, 1, start + SECOND);
	cr_expect_eq(seen_state(machine, 78), MACHINE_NONE);
	seen_live(machine, 78, start + SECOND);
	cr_expect_eq(seen_state(machine, 78), MACHINE_ALIVE);

	// What was set by hand goes its way.
	machine_set(machine, &pending, MACHINE_PENDING, start);
	expect_to_die(machine, 79, 3, start);
	machine_destroy(machine);
}

TEST_BOTH(machine, nothing_known_is_suspect_at_once)
{
	struct config_sponge settings = seen_settings(SPONGE_FAST);

	settings.init = SPONGE_INIT_NONE;
	struct machine *machine = seen_start(&settings, MEMBERS, start);

	cr_expect_eq(seen_state(machine, 77), MACHINE_NONE);
	seen_ask(machine, 77, 1, start);
	expect_to_die(machine, 77, 3, start);
	seen_live(machine, 78, start);
	cr_expect_eq(seen_state(machine, 78), MACHINE_ALIVE);
	machine_destroy(machine);
}

TEST_BOTH(machine, announcements_are_no_questions)
{
	struct machine *machine = make(SPONGE_FAST);

	for (uint32_t i = 0; i < 10; i++)
		seen_ask(machine, 77, 77, start + i * SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	cr_expect_eq(seen_info(machine, 77).questions, 0);
	machine_destroy(machine);
}

TEST_BOTH(machine, goes_on_after_a_very_long_time)
{
	struct machine *machine = make(SPONGE_FAST);
	uint64_t later = start + 500ULL * 365 * 86400 * SECOND;

	seen_ask(machine, 77, 1, start);
	seen_second(machine, later);
	for (uint32_t i = 0; i < 3; i++)
		seen_ask(machine, 77, 1, later + i * SECOND);
	cr_expect_eq(seen_state(machine, 77), MACHINE_ALIVE);
	expect_to_die(machine, 77, 3, seen_pending(machine, 77, later + 60 * SECOND));
	cr_expect_gt(seen_info(machine, 77).since_ms, later);
	machine_destroy(machine);
}
