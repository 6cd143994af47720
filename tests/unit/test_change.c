// SPDX-License-Identifier: BSD-3-Clause
// Control without operators' socket, against a dataplane that can be made to misbehave: what is in
// force after each change, and after what can go wrong with it.
#include "control/change.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/manual/drain.h"
#include "control/manual/sticky.h"
#include "control/rpc/code.h"
#include "control/startup.h"
#include "lib/message.h"
#include "tests/support/change_world.h"
#include "tests/support/good_config.h"
#include "tests/support/loop_until.h"

TestSuite(change, .init = change_world_init, .fini = world_fini, .timeout = 60);

Test(change, the_file_is_applied_at_the_start)
{
	start_with("abc");
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect_str_eq(control.running.applied.by, "start");
	cr_expect_null(control.running.problem);
}

Test(change, a_restart_changes_nothing_that_is_right)
{
	start_with("abc");
	end_control();
	start_control();
	wait_in_force();
	cr_expect_eq(fake.shared->commits, 1);
	cr_expect_eq(fake.shared->attachments, 2);
	expect_running(1, "abc");
}

Test(change, a_new_dataplane_is_programmed_without_an_operator)
{
	start_with("abc");
	fake_kill(&fake);
	start_dataplane();
	cr_expect_str_eq(ports_there(), "");
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
	cr_expect_eq(fake.shared->commits, 2);
	expect_running(1, "abc");
}

Test(change, an_apply_changes_the_rest_and_keeps_the_slots)
{
	start_with("abc");
	cr_expect_eq(apply("zcb", false), 0, "%s", last_text);
	cr_expect_str_eq(ports_there(), "BCZ");
	expect_running(2, "zcb");
	cr_expect_str_eq(control.running.applied.by, "alice");
	cr_expect_eq(control.running.slots[0], 3);
	cr_expect_eq(control.running.slots[1], 2);
	cr_expect_eq(control.running.slots[2], 1);
}

Test(change, the_same_again_is_no_new_generation)
{
	start_with("abc");
	cr_expect_eq(apply("ab", false), 0);
	cr_expect_eq(apply("ab", false), 0);
	expect_running(2, "ab");
	cr_expect_eq(fake.shared->commits, 2);
}

Test(change, what_the_dataplane_refuses_changes_nothing)
{
	start_with("abc");
	strcpy(fake.shared->refuse_device, "iface:d0");
	cr_expect_eq(apply("abcd", false), RPC_REFUSED);
	cr_expect_str_eq(last_text, "port d: there is no device iface:d0");
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");

	// Nor after a restart.
	end_control();
	start_control();
	wait_in_force();
	expect_running(1, "abc");
	cr_expect_eq(fake.shared->commits, 1);
}

Test(change, removing_most_ports_wants_force)
{
	start_with("abcd");
	cr_expect_eq(apply("a", false), RPC_NEEDS_FORCE);
	cr_expect(strstr(last_text, "3 of 4 ports"), "%s", last_text);
	cr_expect_str_eq(ports_there(), "ABCD");
	expect_running(1, "abcd");
	cr_expect_eq(apply("a", true), 0);
	cr_expect_str_eq(ports_there(), "A");
}

Test(change, a_dataplane_that_dies_during_an_apply_gets_the_old_configuration)
{
	start_with("abc");
	atomic_store(&fake.shared->mischief, FAKE_DIES_AT_COMMIT);
	cr_expect_eq(apply("abcd", false), RPC_NOT_ATTACHED);
	fake_kill(&fake);
	start_dataplane();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
}

Test(change, an_answer_that_does_not_come_is_a_failure_and_is_undone)
{
	commit_patience_ms = 1000;
	start_with("abc");
	atomic_store(&fake.shared->mischief, FAKE_MUTE_AT_COMMIT);
	cr_expect_eq(apply("abcd", false), RPC_NOT_ATTACHED);
	cr_expect_str_eq(ports_there(), "ABCD", "it was committed all the same");
	atomic_store(&fake.shared->mischief, FAKE_GOOD);
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
}

Test(change, a_control_killed_during_an_apply_finds_out_that_it_succeeded)
{
	write_file(describe("abc"));
	start_dataplane();
	kill_control_during_apply("abcd", 0);
	atomic_store(&fake.shared->release, 1);
	while (atomic_load(&fake.shared->commits) < 2)
		usleep(1000);

	write_file("nonsense");
	start_control();
	expect_running(1, "abc");
	wait_in_force();
	expect_running(2, "abcd");
	cr_expect_str_eq(ports_there(), "ABCD");
	cr_expect_eq(fake.shared->commits, 2, "nothing had to be changed");
}

Test(change, a_control_killed_during_an_apply_finds_out_that_it_failed)
{
	write_file(describe("abc"));
	start_dataplane();
	kill_control_during_apply("abcd", 0);
	fake_kill(&fake);
	start_dataplane();
	start_control();
	wait_in_force();
	expect_running(1, "abc");
	cr_expect_str_eq(ports_there(), "ABC");
}

Test(change, a_wrong_file_does_not_stop_what_was_applied_last)
{
	start_with("abc");
	end_control();
	fake_kill(&fake);
	write_file("version: 1\nlans: {peering: {mtu: -1, vlan: x}}\nports: {}\n");
	start_dataplane();
	start_control();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect(strstr(control.running.problem, "wrong; going on with generation 1"), "%s",
		  control.running.problem);

	// SIGHUP, once it is right, takes the complaint away.
	write_file(describe("abcx"));
	startup_reload(&control);
	while (control.running.applied.generation == 1)
		event_base_loop(control.base, EVLOOP_ONCE);
	cr_expect_str_eq(ports_there(), "ABCX");
	cr_expect_null(control.running.problem);
}

Test(change, without_any_configuration_control_waits_for_one)
{
	start_dataplane();
	start_control();
	cr_expect_null(control.running.config);
	cr_expect(strstr(control.running.problem, "waiting for"));
	cr_expect_eq(apply("ab", false), RPC_NOT_ATTACHED, "the loop has not turned yet");
	while (!fabric_is_attached(control.fabric))
		event_base_loop(control.base, EVLOOP_ONCE);
	cr_expect_eq(apply("ab", false), 0, "%s", last_text);
	cr_expect_str_eq(ports_there(), "AB");
	expect_running(1, "ab");
}

Test(change, a_file_that_removes_most_ports_is_not_applied_at_the_start)
{
	start_with("abcd");
	end_control();
	write_file(describe("a"));
	start_control();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "ABCD");
	cr_expect(strstr(control.running.problem, "--force"), "%s", control.running.problem);
}

Test(change, a_port_that_a_new_dataplane_refuses_is_left_out)
{
	start_with("abcd");
	fake_kill(&fake);
	strcpy(fake.shared->refuse_device, "iface:b0");
	strcpy(fake.shared->also_refuse_device, "iface:d0");
	start_dataplane();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "AC");
	cr_expect_eq(running_slot(&control.running, 1), PLAN_NO_SLOT);
	cr_expect_str_eq(running_port_problem(&control.running, 1),
			 "port b: there is no device iface:b0");
	cr_expect_null(running_port_problem(&control.running, 0));

	// It hinders nobody else, and stays out.
	cr_expect_eq(apply("abcde", false), 0, "%s", last_text);
	cr_expect_str_eq(ports_there(), "ACE");
	cr_expect_eq(set_admin("a", false), 0);
	cr_expect_str_eq(ports_there(), "aCE");

	// Once its device is there, the next attempt takes it in.
	fake.shared->refuse_device[0] = 0;
	fake.shared->also_refuse_device[0] = 0;
	change_reconcile(control.changes);
	while (control.running.problems)
		event_base_loop(control.base, EVLOOP_ONCE);
	cr_expect_str_eq(ports_there(), "aCEBD");
}

#define LANS "lans: {peering: {}}}\n"

Test(change, links_are_left_out_with_their_lag)
{
	write_file("version: 1\nlans: {peering: {profile: open}}\nports:\n"
		   "  a: {device: 'iface:a0', lag: x}\n"
		   "  x: {device: lag, " LANS "  b: {device: 'iface:b0', lag: x}\n"
		   "  c: {device: 'iface:c0', " LANS);
	start_dataplane();
	start_control();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "AXBC");

	fake_kill(&fake);
	strcpy(fake.shared->refuse_device, "lag");
	start_dataplane();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "C");
	cr_expect_str_eq(running_port_problem(&control.running, 0), "its LAG x is left out");
	cr_expect_str_eq(running_port_problem(&control.running, 1),
			 "port x: there is no device lag");
	cr_expect_str_eq(running_port_problem(&control.running, 2), "its LAG x is left out");
	cr_expect_null(running_port_problem(&control.running, 3));

	fake.shared->refuse_device[0] = 0;
	strcpy(fake.shared->also_refuse_device, "iface:b0");
	change_reconcile(control.changes);
	while (running_count_problems(&control.running) != 1)
		event_base_loop(control.base, EVLOOP_ONCE);
	cr_expect_str_eq(ports_there(), "CAX", "without one of its links");
	cr_expect_eq(fake.stats.ports[running_slot(&control.running, 1)].n_links, 1);
}

Test(change, what_is_set_by_hand_stands_until_it_is_set_back)
{
	start_with("abc");
	cr_expect_eq(set_admin("b", false), 0);
	cr_expect_str_eq(ports_there(), "AbC");
	cr_expect_eq(apply("abcd", false), 0);
	cr_expect_str_eq(ports_there(), "AbCD");
	end_control();
	fake_kill(&fake);
	start_dataplane();
	write_file(describe("abcd"));
	start_control();
	wait_in_force();
	cr_expect_str_eq(ports_there(), "AbCD", "over restarts of both, too");
	cr_expect_eq(set_admin("b", true), 0);
	cr_expect_str_eq(ports_there(), "ABCD");
	cr_expect_eq(control.running.manual.n_overrides, 0);
	cr_expect_eq(set_admin("x", true), RPC_NOT_FOUND);
}

Test(change, a_port_that_leaves_takes_with_it_what_was_set_by_hand)
{
	start_with("abc");
	cr_expect_eq(set_admin("b", false), 0);
	cr_expect_eq(apply("ac", false), 0);
	cr_expect_eq(apply("abc", false), 0);
	cr_expect_str_eq(ports_there(), "ACB");
}

Test(change, a_full_disk_refuses_an_apply_and_the_fabric_goes_on)
{
	static char text[30000];

	mount_state();
	start_with("abc");
	fill_disk();
	int n = sprintf(text, "%s", describe("abcd"));
	memset(text + n, '#', sizeof(text) - 1 - (size_t)n);
	submit(text, false);
	cr_assert(loop_until(control.base, is_done));
	cr_expect_eq(last_code, RPC_STATE);
	cr_expect(strstr(last_text, "disk is full"), "%s", last_text);
	cr_expect_str_eq(ports_there(), "ABC");
	expect_running(1, "abc");
	cr_expect_eq(fake.shared->commits, 1);
}

Test(change, too_many_ports_at_once_are_refused)
{
	struct port_info *info;

	start_with("ab");
	for (uint16_t s = 0; s < MAX_PORTS; s++) {
		info = &fake.stats.ports[s];
		info->incarnation = 1;
		info->used = 1;
	}
	cr_expect_eq(apply("abc", false), RPC_REFUSED);
	cr_expect(strstr(last_text, "1023 ports"), "%s", last_text);
	expect_running(1, "ab");
}

// Ports that learn for good, and one that does not.
static void start_learning(void)
{
	write_file("version: 1\n"
		   "lans: {peering: {port-security: {mode: learn, limit: 3}}}\n"
		   "ports:\n"
		   "  a: {device: \"iface:a0\", lans: {peering: {}}}\n"
		   "  b: {device: \"iface:b0\", lans: {peering: {}}}\n"
		   "  c: {device: \"iface:c0\", lans: {peering: {port-security: {mode: "
		   "registered}, macs: [\"02:00:00:00:65:03\"]}}}\n");
	start_dataplane();
	start_control();
	wait_in_force();
}

static void restart_both(void)
{
	end_control();
	fake_kill(&fake);
	start_dataplane();
	start_control();
	wait_in_force();
}

static void learn(uint16_t slot, mac_t mac)
{
	struct message event;

	message_init(&event, EVENT_MAC_STICKY, 0);
	event.mac = (struct event_mac){.mac = mac, .lan = 0, .port = slot};
	sticky_take(&control, &event);
}

static bool has_two_sticky(void)
{
	return atomic_load(&fake.shared->sticky) == 2 && control.running.manual.n_macs == 2;
}

Test(change, what_ports_learn_for_good_outlives_everybody)
{
	start_learning();
	uint32_t commits = fake.shared->commits;
	learn(0, MAC(2, 0, 0, 0, 0x65, 1));
	learn(0, MAC(2, 0, 0, 0, 0x65, 1)); // again
	learn(1, MAC(2, 0, 0, 0, 0x65, 1)); // on another port
	learn(1, MAC(2, 0, 0, 0, 0x65, 2));
	learn(1, MAC(2, 0, 0, 0, 0x65, 3)); // registered elsewhere
	learn(2, MAC(2, 0, 0, 0, 0x65, 4)); // nothing is learned there
	learn(9, MAC(2, 0, 0, 0, 0x65, 5)); // no port of ours
	cr_assert(loop_until(control.base, has_two_sticky));
	cr_expect_eq(fake.shared->commits, commits + 1, "all in one");
	cr_expect_str_eq(control.running.manual.macs[0].port, "a");
	cr_expect_str_eq(control.running.manual.macs[1].port, "b");

	restart_both();
	cr_expect(has_two_sticky());

	// An operator makes one port forget.
	struct edit clear = {.kind = EDIT_MAC_CLEAR};
	cr_expect_eq(make_edit(&clear, "a"), 0);
	cr_expect_eq(clear.n_macs, 1);
	cr_expect_eq(fake.shared->sticky, 1);
	restart_both();
	cr_expect_eq(fake.shared->sticky, 1);
}

static bool has_one_mac(void)
{
	return atomic_load(&fake.shared->macs) == 1;
}

Test(change, an_address_for_a_time_ends_by_itself)
{
	struct edit add = {.kind = EDIT_MAC_ADD, .mac = MAC(2, 0, 0, 0, 0x65, 9)};

	start_learning();
	cr_expect_eq(fake.shared->macs, 1);
	add.now = change_now();
	add.until = add.now + 0.3;
	cr_expect_eq(make_edit(&add, "a"), 0, "%s", last_text);
	cr_expect_str_eq(add.lan, "peering");
	cr_assert(loop_until(control.base, has_one_mac));
	cr_expect_eq(control.running.manual.n_macs, 0);
}

Test(change, what_ended_while_control_was_away_is_gone_at_its_start)
{
	struct edit add = {.kind = EDIT_MAC_ADD, .mac = MAC(2, 0, 0, 0, 0x65, 9)};
	struct edit drain = {.kind = EDIT_DRAIN};
	struct manual past;

	start_learning();
	add.until = drain.until = change_now() + 1000;
	cr_expect_eq(make_edit(&add, "a"), 0, "%s", last_text);
	cr_expect_eq(make_edit(&drain, "b"), 0, "%s", last_text);
	cr_expect_eq(fake.shared->macs, 2);
	cr_expect_eq(fake.shared->drained, 1);
	restart_both();
	cr_expect_eq(fake.shared->macs, 2);
	cr_expect_eq(fake.shared->drained, 1);

	manual_copy(&past, &control.running.manual);
	past.macs[0].until = past.overrides[0].drained_until = 1;
	cr_expect_eq(state_save_manual(control.state, &past), 0);
	manual_fini(&past);
	restart_both();
	cr_expect_eq(fake.shared->macs, 1);
	cr_expect_eq(fake.shared->drained, 0);
	cr_expect_eq(control.running.manual.n_overrides, 0);
}

Test(change, an_edit_that_the_dataplane_does_not_take_is_taken_back)
{
	struct edit drain = {.kind = EDIT_DRAIN};

	start_learning();
	strcpy(fake.shared->refuse_device, "iface:a0");
	cr_expect_eq(make_edit(&drain, "b"), RPC_REFUSED);
	cr_expect_eq(control.running.manual.n_overrides, 0);
	fake.shared->refuse_device[0] = 0;
	restart_both();
	cr_expect_eq(fake.shared->drained, 0);
	cr_expect_eq(make_edit(&drain, "x"), RPC_NOT_FOUND);
	cr_expect_eq(make_edit(&drain, "b"), 0);
	cr_expect_eq(fake.shared->drained, 1);
	struct edit undrain = {.kind = EDIT_UNDRAIN};
	cr_expect_eq(make_edit(&undrain, "b"), 0);
	cr_expect_eq(fake.shared->drained, 0);
}

Test(change, an_apply_wins_over_what_was_set_by_hand)
{
	start_learning();
	learn(0, MAC(2, 0, 0, 0, 0x65, 1));
	learn(1, MAC(2, 0, 0, 0, 0x65, 2));
	cr_assert(loop_until(control.base, has_two_sticky));
	submit("version: 1\n"
	       "lans: {peering: {port-security: {mode: learn, limit: 3}}}\n"
	       "ports:\n"
	       "  a: {device: \"iface:a0\", lans: {peering: {}}}\n"
	       "  b: {device: \"iface:b0\", lans: {peering: {macs: [\"02:00:00:00:65:01\"]}}}\n"
	       "  c: {device: \"iface:c0\", lans: {peering: {}}}\n",
	       false);
	cr_assert(loop_until(control.base, is_done));
	cr_expect_eq(last_code, 0, "%s", last_text);
	cr_assert_eq(control.running.manual.n_macs, 1);
	cr_expect_str_eq(control.running.manual.macs[0].port, "b");
	cr_expect_eq(fake.shared->macs, 2);
	cr_expect_eq(fake.shared->sticky, 1);
}

Test(change, traffic_of_a_drained_port_is_watched)
{
	struct edit drain = {.kind = EDIT_DRAIN};
	const uint64_t second = 1000;
	uint64_t rate;

	start_with("abc");
	struct port_counters *b = stats_port(&fake.stats, 0, 1);
	control.drains = drains_create(&control);
	drains_look(control.drains, 10 * second);
	cr_expect(!drains_rate(control.drains, 1, &rate), "one look is no rate");
	b->rx_octets += 10000000;
	b->tx_octets += 2500000;
	drains_look(control.drains, 20 * second);
	cr_assert(drains_rate(control.drains, 1, &rate));
	cr_expect_eq(rate, 10000000);
	cr_expect(drains_rate(control.drains, 0, &rate));
	cr_expect_eq(rate, 0);

	// Drained without a rate: the first one counts.
	cr_expect_eq(make_edit(&drain, "b"), 0);
	b->rx_octets += 12500000;
	drains_look(control.drains, 30 * second);
	cr_expect_eq(manual_find(&control.running.manual, "b")->drained_rate, 10000000);
	b->rx_octets += 1250;
	drains_look(control.drains, 40 * second);
	cr_assert(drains_rate(control.drains, 1, &rate));
	cr_expect_eq(rate, 1000);
	cr_expect_eq(manual_find(&control.running.manual, "b")->drained_rate, 10000000);

	// Another life of the port is another start.
	fake.stats.ports[1].incarnation++;
	drains_look(control.drains, 50 * second);
	cr_expect(!drains_rate(control.drains, 1, &rate));
	cr_expect(!drains_rate(NULL, 1, &rate));
}

Test(change, near_zero_is_little_or_next_to_nothing_of_what_it_was)
{
	cr_expect(drain_is_near_zero(0, 0));
	cr_expect(drain_is_near_zero(DRAIN_RATE - 1, 0));
	cr_expect(!drain_is_near_zero(DRAIN_RATE, 0));
	cr_expect(drain_is_near_zero(9999999, 1000000000));
	cr_expect(!drain_is_near_zero(10000000, 1000000000));
}
