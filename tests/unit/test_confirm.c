// SPDX-License-Identifier: BSD-3-Clause
// Configurations that are in force until somebody confirms them: what comes back, whoever dies
// meanwhile, and levels of undoing.
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/deadline.h"
#include "control/events/events.h"
#include "control/events/history.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/rpc/code.h"
#include "control/startup.h"
#include "tests/support/change_world.h"
#include "tests/support/loop_until.h"

enum { LONG_S = 1000 };

TestSuite(confirm, .init = change_world_init, .fini = world_fini, .timeout = 60);

static struct change_return back;

static int undo(uint64_t levels)
{
	back = (struct change_return){.levels = levels, .by = "bob"};
	done = 0;
	change_undo(control.changes, &back, on_done, NULL);
	cr_assert(loop_until(control.base, is_done));
	config_changes_free(&back.changes);
	return last_code;
}

static int confirm(void)
{
	done = 0;
	change_confirm(control.changes, "bob", on_done, NULL);
	cr_assert(loop_until(control.base, is_done));
	return last_code;
}

static bool waits(void)
{
	return control.running.applied.wait.deadline > 0;
}

static bool is_back(void)
{
	return !waits() && is_in_force();
}

static bool is_attached(void)
{
	return fabric_is_attached(control.fabric);
}

static bool is_detached(void)
{
	return !is_attached();
}

// How a generation ended, by the history.
struct search {
	uint64_t generation;
	enum state_ending ending;
	char by[64];
	char message[64];
	size_t n;
};

static void look_at(void *argument, const struct state_past *past)
{
	struct search *search = argument;

	search->n++;
	if (past->generation != search->generation)
		return;
	search->ending = past->ending;
	snprintf(search->by, sizeof(search->by), "%s", past->ended_by);
	snprintf(search->message, sizeof(search->message), "%s", past->message);
}

static struct search ending_of(uint64_t generation)
{
	struct search search = {.generation = generation};

	cr_expect_eq(state_tell_history(control.state, look_at, &search), 0);
	return search;
}

// The deadline of what waits is over, as far as the state knows.
static void let_time_run_out(void)
{
	struct state_wait wait = control.running.applied.wait;

	wait.deadline = change_now() - 1;
	cr_assert_eq(state_set_wait(control.state, &wait), 0);
}

static bool add_told(void *argument, const struct incident *incident)
{
	size_t *n = argument;

	++*n;
	cr_expect_str_eq(incident->port, "");
	cr_expect_eq(incident->level, LOG_LEVEL_WARN);
	cr_expect_eq(incident->count, 1);
	cr_expect_str_eq(incident->detail, "Generation 2 is undone, generation 1 is back.");
	return true;
}

static size_t count_told(void)
{
	static const struct history_filter filter = {.reason = "config_not_confirmed"};
	size_t n = 0;

	history_search(events_history(control.events), &filter, add_told, &n);
	return n;
}

Test(confirm, what_is_confirmed_in_time_stays)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0, "%s", last_text);
	cr_expect_str_eq(ports_there(), "ABCD", "it is in force at once");
	cr_expect(waits());
	cr_expect_eq(control.running.applied.wait.back_to, 1);
	cr_expect_float_eq(control.running.applied.wait.deadline, change_now() + LONG_S, 30);
	cr_expect_eq(confirm(), 0, "%s", last_text);
	cr_expect(!waits());
	expect_running(2, "abcd");
	struct search two = ending_of(2);
	cr_expect_eq(two.ending, ENDING_CONFIRMED);
	cr_expect_str_eq(two.by, "bob");
	cr_expect_str_eq(two.message, "try it");
	cr_expect_eq(confirm(), RPC_REFUSED);
	cr_expect(strstr(last_text, "nothing waits"), "%s", last_text);
	cr_expect_eq(count_told(), 0);

	// Restarts make no difference.
	end_control();
	write_file(describe("abcd"));
	start_control();
	wait_in_force();
	cr_expect(!waits());
	expect_running(2, "abcd");
}

Test(confirm, what_nobody_confirms_goes_by_itself)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", 0.3), 0, "%s", last_text);
	cr_assert(loop_until(control.base, is_back));
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect_eq(ending_of(2).ending, ENDING_TIMEOUT);
	cr_expect_eq(count_told(), 1);
	cr_expect_eq(fake.shared->commits, 3);
	cr_expect_eq(confirm(), RPC_REFUSED);

	// The next one has a number of its own.
	cr_expect_eq(apply("abcd", false), 0);
	expect_running(3, "abcd");
}

Test(confirm, an_undo_ends_the_wait_at_once)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	cr_expect_eq(undo(1), 0, "%s", last_text);
	cr_expect(back.waited);
	cr_expect_eq(back.from, 2);
	cr_expect_eq(back.to, 1);
	cr_expect(!waits());
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect_eq(ending_of(2).ending, ENDING_UNDONE);
	cr_expect_str_eq(ending_of(2).by, "bob");
	cr_expect_eq(count_told(), 0, "somebody did it");
}

Test(confirm, the_first_configuration_has_nothing_to_go_back_to)
{
	start_dataplane();
	start_control();
	cr_assert(loop_until(control.base, is_attached));
	cr_expect_eq(try_out("ab", LONG_S), RPC_REFUSED);
	cr_expect(strstr(last_text, "without --confirm"), "%s", last_text);
	cr_expect_eq(apply("ab", false), 0);
	cr_expect_eq(undo(1), RPC_REFUSED);
	cr_expect(strstr(last_text, "nothing to undo"), "%s", last_text);
}

Test(confirm, a_control_that_starts_before_the_deadline_goes_on_waiting)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	double deadline = control.running.applied.wait.deadline;
	end_control();
	start_control(); // the file is still of "abc"
	wait_in_force();
	cr_expect_eq(control.running.applied.wait.deadline, deadline);
	expect_running(2, "abcd");
	cr_expect_eq(fake.shared->commits, 2, "nothing had to be changed");
	end_control();
	write_file(describe("abcd")); // nor does the file confirm it
	start_control();
	wait_in_force();
	cr_expect_eq(control.running.applied.wait.deadline, deadline);
	cr_expect_eq(confirm(), 0);
	expect_running(2, "abcd");
}

Test(confirm, a_control_that_starts_after_the_deadline_goes_back_at_once)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	let_time_run_out();
	end_control();
	write_file(describe("abcd"));
	for (int i = 0; i < 2; i++) { // the second time, the file is still that of what was undone
		start_control();
		expect_running(1, "abc");
		cr_expect_eq(count_told(), 1);
		cr_expect(!waits());
		wait_in_force();
		cr_expect_str_eq(ports_there(), "ABC");
		cr_expect_eq(ending_of(2).ending, ENDING_TIMEOUT);
		cr_expect(strstr(control.running.problem, "generation 2, which was undone"), "%s",
			  control.running.problem);
		end_control();
	}
	// A file that says something else is somebody's will.
	write_file(describe("abce"));
	start_control();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABCE");
	expect_running(3, "abce");
}

static uint64_t awaited; // generation

static bool has_come(void)
{
	return is_in_force() && control.running.applied.generation == awaited;
}

Test(confirm, sighup_is_somebodys_will)
{
	start_with("abc");
	write_file(describe("abcd"));
	cr_expect_eq(try_out("abce", LONG_S), 0);
	startup_reload(&control);
	awaited = 3;
	cr_assert(loop_until(control.base, has_come));
	cr_expect(!waits(), "it is for good");
	expect_running(3, "abcd");
	cr_expect_eq(ending_of(2).ending, ENDING_REPLACED);

	cr_expect_eq(undo(1), 0);
	expect_running(1, "abc");
	startup_reload(&control); // though that was undone
	awaited = 4;
	cr_assert(loop_until(control.base, has_come));
	expect_running(4, "abcd");
}

Test(confirm, a_dataplane_that_is_away_at_the_deadline_gets_the_old_one)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", 0.5), 0);
	fake_kill(&fake);
	cr_assert(loop_until(control.base, is_detached));
	cr_expect(waits());
	while (waits())
		event_base_loop(control.base, EVLOOP_ONCE);
	expect_running(1, "abc");
	start_dataplane();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
	cr_expect_eq(fake.shared->commits, 3, "one by this dataplane, and no other");
}

Test(confirm, a_dataplane_that_comes_back_before_the_deadline_gets_the_new_one)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	fake_kill(&fake);
	start_dataplane();
	cr_assert(loop_until(control.base, is_detached));
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABCD");
	cr_expect(waits());
	fake_kill(&fake);
	cr_assert(loop_until(control.base, is_detached));
	cr_expect_eq(undo(1), 0, "it needs no dataplane: %s", last_text);
	expect_running(1, "abc");
	end_control();
	start_dataplane();
	start_control();
	expect_running(1, "abc");
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
}

Test(confirm, who_undoes_without_a_dataplane_has_the_last_word)
{
	start_with("abc");
	cr_expect_eq(apply("abcd", false), 0);
	fake_kill(&fake);
	cr_assert(loop_until(control.base, is_detached));
	write_file(describe("abce"));
	startup_reload(&control);
	cr_expect_eq(undo(1), 0, "%s", last_text);
	start_dataplane();
	wait_in_force();
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC");
}

Test(confirm, a_dataplane_that_dies_while_it_goes_back_gets_the_old_one)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	atomic_store(&fake.shared->mischief, FAKE_DIES_AT_COMMIT);
	control.running.applied.wait.deadline = change_now();
	deadline_watch(control.deadline);
	cr_assert(loop_until(control.base, is_detached));
	fake_kill(&fake);
	start_dataplane();
	cr_assert(loop_until(control.base, is_back));
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect_eq(fake.shared->commits, 3, "it never had the other one");
}

Test(confirm, a_port_whose_device_is_gone_is_left_out_when_it_comes_back)
{
	start_with("abc");
	cr_expect_eq(try_out("ab", 0.3), 0);
	strcpy(fake.shared->refuse_device, "iface:c0");
	cr_assert(loop_until(control.base, is_back));
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "AB");
	cr_expect_str_eq(running_port_problem(&control.running, 2),
			 "port c: there is no device iface:c0");
}

Test(confirm, a_control_killed_while_it_applies_keeps_the_deadline)
{
	write_file(describe("abc"));
	start_dataplane();
	kill_control_during_apply("abcd", LONG_S);
	atomic_store(&fake.shared->release, 1);
	while (atomic_load(&fake.shared->commits) < 2)
		usleep(1000);
	start_control();
	expect_running(1, "abc");
	wait_in_force();
	expect_running(2, "abcd");
	cr_expect(waits());
	cr_expect_str_eq(ports_there(), "ABCD");
}

Test(confirm, a_control_killed_while_it_applies_goes_back_after_the_deadline)
{
	write_file(describe("abc"));
	start_dataplane();
	kill_control_during_apply("abcd", 0.001);
	atomic_store(&fake.shared->release, 1);
	while (atomic_load(&fake.shared->commits) < 2)
		usleep(1000);
	write_file(describe("abcd"));
	start_control();
	cr_assert(loop_until(control.base, is_back));
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC");
	cr_expect_eq(ending_of(2).ending, ENDING_TIMEOUT);
}

Test(confirm, what_is_applied_next_ends_the_wait_and_stands)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	cr_expect_eq(apply("abce", false), 0);
	cr_expect(!waits());
	expect_running(3, "abce");
	cr_expect_eq(ending_of(2).ending, ENDING_REPLACED);
	cr_expect_eq(undo(1), 0);
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC", "what was never confirmed is not come back to");
}

Test(confirm, what_is_tried_next_goes_back_to_what_was_confirmed)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	cr_expect_eq(try_out("abce", 0.3), 0);
	cr_expect_eq(control.running.applied.wait.back_to, 1);
	cr_assert(loop_until(control.base, is_back));
	expect_running(1, "abc");
}

Test(confirm, the_same_once_more_is_for_good_or_for_longer)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	cr_expect_eq(try_out("abcd", 2 * LONG_S), 0);
	expect_running(2, "abcd");
	cr_expect_float_eq(control.running.applied.wait.deadline, change_now() + 2 * LONG_S, 30);
	cr_expect_eq(control.running.applied.wait.back_to, 1);
	cr_expect_eq(apply("abcd", false), 0);
	cr_expect(!waits());
	expect_running(2, "abcd");
	cr_expect_eq(ending_of(2).ending, ENDING_CONFIRMED);
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	cr_expect(!waits(), "what is confirmed does not wait again");
	cr_expect_eq(fake.shared->commits, 2);
}

Test(confirm, what_is_refused_leaves_the_wait_as_it_is)
{
	start_with("abc");
	cr_expect_eq(try_out("abcd", LONG_S), 0);
	struct state_wait wait = control.running.applied.wait;
	strcpy(fake.shared->refuse_device, "iface:e0");
	cr_expect_eq(apply("abce", false), RPC_REFUSED);
	cr_expect_eq(control.running.applied.wait.deadline, wait.deadline);
	end_control();
	start_control();
	cr_expect_eq(control.running.applied.wait.deadline, wait.deadline);
	cr_expect_eq(control.running.applied.wait.back_to, 1);
	expect_running(2, "abcd");
}

Test(confirm, many_levels_are_undone)
{
	start_with("a");
	cr_expect_eq(apply("ab", false), 0);
	cr_expect_eq(apply("abc", false), 0);
	cr_expect_eq(apply("abcd", false), 0);
	cr_expect_eq(undo(9), RPC_REFUSED);
	cr_expect(strstr(last_text, "only 3 levels"), "%s", last_text);
	cr_expect_eq(undo(2), 0, "%s", last_text);
	expect_running(2, "ab");
	cr_expect_str_eq(ports_there(), "AB");
	cr_expect_eq(ending_of(4).ending, ENDING_UNDONE);
	cr_expect_eq(ending_of(3).ending, ENDING_UNDONE);
	cr_expect_eq(ending_of(2).ending, ENDING_NONE);
	cr_expect_eq(undo(1), 0);
	expect_running(1, "a");
	cr_expect_eq(undo(1), RPC_REFUSED);

	// From there on it goes another way.
	cr_expect_eq(apply("ax", false), 0);
	expect_running(5, "ax");
	cr_expect_eq(undo(1), 0);
	expect_running(1, "a");
	cr_expect_eq(ending_of(1).n, 5);
}

// Port b is down and c is drained, as they were set by hand.
static void expect_set_by_hand(void)
{
	const struct plan_override *c = manual_find(&control.running.manual, "c");

	cr_expect(strchr(ports_there(), 'b') && strchr(ports_there(), 'C'), "%s", ports_there());
	cr_expect_eq(control.running.manual.n_overrides, 2);
	cr_assert_not_null(c);
	cr_expect(c->drained);
	cr_expect_str_eq(c->drained_by, "carol");
	cr_expect_eq(fake.shared->drained, 1);
	cr_expect_eq(control.running.aside.n_overrides, 0);
}

static void try_without_b_and_c(double seconds)
{
	cr_assert_eq(try_out("adefx", seconds), 0, "%s", last_text);
	cr_expect_eq(control.running.manual.n_overrides, 0);
	cr_expect_eq(control.running.aside.n_overrides, 2);
}

Test(confirm, what_was_set_by_hand_comes_back_with_its_configuration)
{
	struct edit drain = {.kind = EDIT_DRAIN, .by = "carol"};

	start_with("abcdef");
	cr_expect_eq(set_admin("b", false), 0);
	cr_expect_eq(make_edit(&drain, "c"), 0);
	expect_set_by_hand();

	try_without_b_and_c(0.3);
	cr_assert(loop_until(control.base, is_back));
	expect_set_by_hand();

	try_without_b_and_c(LONG_S);
	cr_expect_eq(undo(1), 0);
	expect_set_by_hand();

	try_without_b_and_c(LONG_S);
	let_time_run_out();
	end_control();
	start_control();
	cr_assert(loop_until(control.base, is_back));
	expect_set_by_hand();

	// What is confirmed has done away with it.
	try_without_b_and_c(LONG_S);
	cr_expect_eq(confirm(), 0);
	cr_expect_eq(control.running.aside.n_overrides, 0);
	cr_expect_eq(undo(1), 0);
	cr_expect(strchr(ports_there(), 'B') && strchr(ports_there(), 'C'), "%s", ports_there());
	cr_expect_eq(control.running.manual.n_overrides, 0);
}

Test(confirm, a_full_disk_keeps_nothing_from_coming_back)
{
	mount_state();
	start_with("abc");
	cr_expect_eq(try_out("abcd", 0.5), 0, "%s", last_text);
	fill_disk();
	cr_assert(loop_until(control.base, is_back));
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC");
	end_control();
	write_file(describe("abcd"));
	start_control();
	expect_running(1, "abc");
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC", "nor does the file bring the other back");
}

Test(confirm, a_full_disk_refuses_what_is_to_be_tried)
{
	static char text[30000];
	const struct change_request request = {.file = "file", .by = "alice", .confirm = LONG_S};

	mount_state();
	start_with("abc");
	fill_disk();
	int n = sprintf(text, "%s", describe("abcd"));
	memset(text + n, '#', sizeof(text) - 1 - (size_t)n);
	submit_request(text, &request);
	cr_assert(loop_until(control.base, is_done));
	cr_expect_eq(last_code, RPC_STATE);
	cr_expect(!waits());
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC");
}
