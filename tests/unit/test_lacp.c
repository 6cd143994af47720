// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lacp.h"

#include <criterion/criterion.h>

#include "lib/clock.h"
#include "tests/support/lacp_wires.h"

enum { A, B, C, LINKS = 3 };

TestSuite(lacp, .init = wires_start);

// So many links between A and B, with time to agree.
static void connect(unsigned int n)
{
	for (unsigned int w = 0; w < n; w++)
		wires_plug(w, A, B);
	wires_pass(5000);
}

static void expect_count(uint32_t n, const char *when)
{
	cr_expect_eq(wires_count(A), n, "%u of A: %s", wires_count(A), when);
	cr_expect_eq(wires_count(B), n, "%u of B: %s", wires_count(B), when);
}

#define EXPECT_REASON(system, link, reason)                                                  \
	cr_expect_eq(lacp_reason(&systems[system], link), reason, "link %u of %c: %s", link, \
		     'A' + (system), lacp_reasons[lacp_reason(&systems[system], link)])

// ---- Coming up

Test(lacp, both_are_active)
{
	connect(LINKS);
	expect_count(LINKS, "after 5 s");
	for (unsigned int i = 0; i < LINKS; i++) {
		const struct lacp_info *partner = &systems[A].links[i].partner;

		EXPECT_REASON(A, i, LACP_CARRIES);
		cr_expect_eq(lacp_state(&systems[A], i), 0x3f);
		cr_expect_eq(partner->system, systems[B].conf.system);
		cr_expect_eq(partner->system_priority, 32768);
		cr_expect_eq(partner->key, 20);
		cr_expect_eq(partner->port, i + 1);
		cr_expect_eq(partner->state, 0x3f);
	}
}

Test(lacp, a_link_joins_within_three_seconds)
{
	wires_plug(0, A, B);
	wires_pass(1900);
	expect_count(0, "it waits for others");
	EXPECT_REASON(A, 0, LACP_WAITING);
	wires_pass(1000);
	expect_count(1, "nobody came");
}

Test(lacp, links_that_come_up_together_join_together)
{
	wires_plug(0, A, B);
	wires_pass(1500);
	wires_plug(1, A, B);
	wires_pass(1500);
	expect_count(0, "the first waits for the second");
	wires_pass(1000);
	expect_count(2, "none is left to wait for");
}

Test(lacp, one_of_them_is_passive)
{
	wires_set_mode(A, false, true);
	connect(LINKS);
	expect_count(LINKS, "after 5 s");
	cr_expect_eq(lacp_state(&systems[A], 0), 0x3e);
}

Test(lacp, both_are_passive)
{
	wires_set_mode(A, false, true);
	wires_set_mode(B, false, false);
	connect(LINKS);
	wires_pass(100000);
	expect_count(0, "nobody speaks first");
	EXPECT_REASON(A, 0, LACP_SILENT);
	cr_expect_eq(systems[A].links[0].sent, 0);
	cr_expect_eq(systems[B].links[0].sent, 0);
	wires_set_mode(B, true, false);
	wires_pass(5000);
	expect_count(LINKS, "B does");
}

Test(lacp, a_partner_without_lacp_gets_no_frames)
{
	wires_plug(0, A, B);
	wires_set_silent(0, true);
	wires_pass(60000);
	cr_expect_eq(wires_count(A), 0);
	EXPECT_REASON(A, 0, LACP_SILENT);
	cr_expect_eq(lacp_state(&systems[A], 0),
		     LACP_ACTIVE | LACP_SHORT | LACP_AGGREGATION | LACP_DEFAULTED);
	cr_expect_geq(systems[A].links[0].sent, 60, "once a second, or who comes late would wait");
	cr_expect_leq(systems[A].links[0].sent, 62);
	wires_set_silent(0, false);
	wires_pass(4000);
	expect_count(1, "it has learned LACP");
}

static void expect_sent_in_90_s(uint64_t by_a, uint64_t by_b)
{
	uint64_t a = systems[A].links[0].sent, b = systems[B].links[0].sent;

	wires_pass(90000);
	cr_expect_eq(systems[A].links[0].sent - a, by_a, "A: %lu", systems[A].links[0].sent - a);
	cr_expect_eq(systems[B].links[0].sent - b, by_b, "B: %lu", systems[B].links[0].sent - b);
}

Test(lacp, each_hears_as_often_as_it_wants)
{
	wires_set_mode(A, true, false);
	connect(1);
	expect_count(1, "after 5 s");
	expect_sent_in_90_s(90, 3);
	wires_set_mode(B, true, false);
	wires_pass(2000);
	expect_sent_in_90_s(3, 3);
	wires_set_mode(A, true, true);
	wires_pass(2000);
	expect_sent_in_90_s(3, 90);
	expect_count(1, "all the time");
}

static uint32_t carried; // ticks at which A and B had all links

static void count_ticks(void)
{
	carried += wires_count(A) == LINKS && wires_count(B) == LINKS;
}

Test(lacp, mode_and_rate_change_without_a_link_lost)
{
	static const struct {
		bool active, fast;
	} modes[] = {{true, false}, {false, false}, {false, true},
		     {true, true},  {false, false}, {true, true}};
	enum { EACH_MS = 100000, MODES = sizeof(modes) / sizeof(modes[0]) };

	connect(LINKS);
	wires_check = count_ticks;
	for (int m = 0; m < MODES; m++) {
		wires_set_mode(B, modes[m].active, modes[m].fast);
		wires_pass(EACH_MS);
	}
	cr_expect_eq(carried, MODES * EACH_MS / WIRES_TICK_MS);
}

Test(lacp, both_become_passive)
{
	connect(1);
	wires_set_mode(A, false, true);
	wires_set_mode(B, false, true);
	wires_pass(10000);
	expect_count(0, "nobody keeps it up");
	EXPECT_REASON(A, 0, LACP_SILENT);
}

// ---- Links that fail

Test(lacp, a_link_dies_silently)
{
	wires_set_mode(A, true, false);
	connect(LINKS);
	wires_pass(60000);
	wires_set_silent(1, true);
	wires_pass(2000);
	cr_expect(lacp_is_distributing(&systems[B], 1), "one may be lost");
	wires_pass(1200);
	cr_expect_not(lacp_is_collecting(&systems[B], 1));
	EXPECT_REASON(B, 1, LACP_STOPPED);
	cr_expect(lacp_is_distributing(&systems[A], 1), "A has patience");
	wires_pass(3000);
	EXPECT_REASON(B, 1, LACP_SILENT);
	wires_pass(53000);
	cr_expect(lacp_is_distributing(&systems[A], 1));
	wires_pass(31000);
	expect_count(LINKS - 1, "after 90 s");
	wires_set_silent(1, false);
	wires_pass(4000);
	expect_count(LINKS, "it is back");
}

Test(lacp, silence_of_less_than_the_timeout_costs_no_wait)
{
	connect(1);
	wires_set_silent(0, true);
	wires_pass(4500);
	expect_count(0, "it has expired");
	EXPECT_REASON(A, 0, LACP_STOPPED);
	cr_expect_eq(lacp_state(&systems[A], 0),
		     LACP_ACTIVE | LACP_SHORT | LACP_AGGREGATION | LACP_SYNC | LACP_EXPIRED);
	wires_set_silent(0, false);
	wires_pass(1500);
	expect_count(1, "and was not yet given up");
}

Test(lacp, a_link_loses_its_carrier)
{
	connect(LINKS);
	wires_set_up(1, false);
	expect_count(LINKS - 1, "at once");
	EXPECT_REASON(A, 1, LACP_DOWN);
	cr_expect_eq(systems[A].links[1].partner.system, systems[B].conf.system,
		     "it is known whose it was");
	wires_pass(10000);
	expect_count(LINKS - 1, "later");
	wires_set_up(1, true);
	wires_pass(3000);
	expect_count(LINKS, "it is back");
}

Test(lacp, one_end_loses_its_carrier)
{
	connect(LINKS);
	lacp_link_set_up(&systems[A], 1, false);
	wires_pass(3200);
	expect_count(LINKS - 1, "B has missed it");
}

Test(lacp, one_direction_dies)
{
	connect(LINKS);
	wires[1].ends[0].loss = 100;
	wires_pass(4000);
	cr_expect_not(lacp_is_collecting(&systems[B], 1));
	cr_expect_not(lacp_is_distributing(&systems[A], 1), "A hears that B takes no more");
	wires_pass(4000);
	expect_count(LINKS - 1, "and that B has given up");
	EXPECT_REASON(A, 1, LACP_UNHEARD);
	EXPECT_REASON(B, 1, LACP_SILENT);
}

Test(lacp, a_link_is_taken_out_and_put_back)
{
	connect(LINKS);
	lacp_link_remove(&systems[A], 1);
	cr_expect_eq(wires_count(A), LINKS - 1);
	wires_pass(4000);
	expect_count(LINKS - 1, "B has missed it");
	EXPECT_REASON(A, 1, LACP_DOWN);
	wires_plug(1, A, B);
	wires_pass(4000);
	expect_count(LINKS, "it is back");
}

Test(lacp, what_comes_by_a_link_that_is_down_changes_nothing)
{
	uint8_t frame[LACP_FRAME];

	connect(1);
	wires_pass(1000);
	cr_expect_not(lacp_transmit(&systems[A], 0, frame, wires_now_ns), "none is due");
	wires_set_mode(B, true, true);
	cr_assert(lacp_transmit(&systems[B], 0, frame, wires_now_ns));
	lacp_link_set_up(&systems[A], 0, false);
	cr_expect(lacp_receive(&systems[A], 0, frame, LACP_FRAME, wires_now_ns));
	lacp_run(&systems[A], wires_now_ns);
	cr_expect_eq(wires_count(A), 0);
	cr_expect_not(lacp_transmit(&systems[A], 0, frame, wires_now_ns));
	cr_expect_not(lacp_receive(&systems[A], 1, frame, LACP_FRAME, wires_now_ns), "no link");
}

Test(lacp, what_is_no_lacpdu_is_counted)
{
	uint8_t frame[LACP_FRAME] = {0};
	uint64_t received;

	connect(1);
	received = systems[A].links[0].received;
	cr_expect_gt(received, 0);
	cr_expect_not(lacp_receive(&systems[A], 0, frame, LACP_FRAME, wires_now_ns));
	cr_expect_not(lacp_receive(&systems[A], 0, frame, 0, wires_now_ns));
	cr_expect_eq(systems[A].links[0].malformed, 2);
	cr_expect_eq(systems[A].links[0].received, received);
	expect_count(1, "it does no harm");
}

// ---- Partners

Test(lacp, what_was_said_of_another_lag_does_not_count)
{
	wires_set_mode(A, true, false);
	connect(1);
	wires_set_silent(0, true);
	wires_set_key(A, 77);
	wires_pass(10000);
	cr_expect_not(lacp_is_collecting(&systems[A], 0));
	EXPECT_REASON(A, 0, LACP_UNHEARD);
}

Test(lacp, links_to_two_systems)
{
	wires_plug(0, A, B);
	wires_pass(100);
	wires_plug(1, A, C);
	wires_plug(2, A, B);
	wires_pass(5000);
	cr_expect_eq(wires_count(A), 2, "the first one's partner is that of the LAG");
	cr_expect_eq(wires_count(B), 2);
	cr_expect_eq(wires_count(C), 0);
	EXPECT_REASON(A, 1, LACP_OTHER_SYSTEM);
	EXPECT_REASON(C, 1, LACP_NOT_IN_SYNC);
	wires_pass(100000);
	cr_expect_eq(wires_count(A), 2);
	wires_set_up(0, false);
	wires_pass(5000);
	cr_expect_eq(wires_count(A), 1, "there is still one of it");
	cr_expect_eq(wires_count(C), 0);
	wires_set_up(2, false);
	wires_pass(5000);
	cr_expect_eq(wires_count(A), 1, "now it is the other's turn");
	cr_expect_eq(wires_count(C), 1);
	wires_set_up(0, true);
	wires_set_up(2, true);
	wires_pass(5000);
	EXPECT_REASON(A, 0, LACP_OTHER_SYSTEM);
	cr_expect_eq(wires_count(C), 1, "whoever is in stays in");
}

Test(lacp, a_link_in_another_lag_of_the_partner)
{
	connect(2);
	wires_set_system(C, systems[B].conf.system);
	wires_plug(2, A, C);
	wires_pass(5000);
	EXPECT_REASON(A, 2, LACP_OTHER_KEY);
	cr_expect_eq(wires_count(A), 2);
	cr_expect_eq(wires_count(C), 0);
}

Test(lacp, the_partner_changes_its_key)
{
	connect(LINKS);
	wires_set_key(B, 77);
	lacp_run(&systems[B], wires_now_ns);
	cr_expect_eq(wires_count(B), 0, "before anybody hears of it");
	wires_pass(500);
	expect_count(0, "they join anew");
	wires_pass(4000);
	expect_count(LINKS, "with the new one");
	cr_expect_eq(systems[A].links[0].partner.key, 77);
}

Test(lacp, the_partner_is_replaced_and_carrier_is_lost)
{
	connect(LINKS);
	for (unsigned int w = 0; w < LINKS; w++)
		wires_set_up(w, false);
	wires_pass(60000);
	wires_plug(1, A, C);
	wires_pass(4000);
	cr_expect_eq(wires_count(A), 1, "those that are down have no say");
	wires_plug(0, A, C);
	wires_plug(2, A, C);
	wires_pass(4000);
	cr_expect_eq(wires_count(A), LINKS);
	cr_expect_eq(wires_count(C), LINKS);
	cr_expect_eq(systems[A].links[0].partner.system, systems[C].conf.system);
}

Test(lacp, the_partner_is_replaced_behind_our_back)
{
	connect(LINKS);
	wires_plug(0, A, C);
	wires_pass(2000);
	EXPECT_REASON(A, 0, LACP_OTHER_SYSTEM);
	cr_expect_eq(wires_count(A), LINKS - 1);
	wires_plug(1, A, C);
	wires_pass(100);
	wires_plug(2, A, C);
	wires_pass(5000);
	cr_expect_eq(wires_count(A), LINKS);
	cr_expect_eq(wires_count(C), LINKS);
}

Test(lacp, the_partner_dies_and_one_link_goes_to_another)
{
	wires_set_mode(A, true, false);
	connect(LINKS);
	wires_set_silent(1, true);
	wires_set_silent(2, true);
	wires_plug(0, A, C);
	wires_pass(80000);
	EXPECT_REASON(A, 0, LACP_OTHER_SYSTEM);
	wires_pass(20000);
	EXPECT_REASON(A, 0, LACP_CARRIES);
	cr_expect_eq(wires_count(A), 1, "the old ones have expired");
}

Test(lacp, the_cable_moves_to_another_port_of_the_partner)
{
	connect(1);
	wires_plug_at(0, A, 0, B, 1);
	wires_pass(500);
	cr_expect_not(lacp_is_collecting(&systems[A], 0), "it joins anew");
	wires_pass(5000);
	cr_expect(lacp_is_distributing(&systems[A], 0));
	cr_expect(lacp_is_distributing(&systems[B], 1));
	cr_expect_eq(systems[A].links[0].partner.port, 2);
}

Test(lacp, our_own_frame_comes_back)
{
	wires_plug(0, A, B);
	wires_plug_at(1, A, 1, A, 1);
	wires_plug_at(2, A, 2, A, 3);
	wires_pass(10000);
	cr_expect_eq(wires_count(A), 1);
	for (unsigned int i = 1; i < 4; i++)
		EXPECT_REASON(A, i, LACP_OWN_SYSTEM);
}

Test(lacp, two_lags_of_ours_are_connected)
{
	wires_set_system(B, systems[A].conf.system);
	connect(LINKS);
	expect_count(0, "it would be a loop");
	EXPECT_REASON(A, 0, LACP_OWN_SYSTEM);
	EXPECT_REASON(B, 2, LACP_OWN_SYSTEM);
}

Test(lacp, we_become_another_system)
{
	connect(LINKS);
	wires_set_system(A, MAC(2, 0, 0, 0, 0, 0x77));
	lacp_run(&systems[A], wires_now_ns);
	cr_expect_eq(wires_count(A), 0);
	wires_pass(5000);
	expect_count(LINKS, "as such");
	cr_expect_eq(systems[B].links[0].partner.system, MAC(2, 0, 0, 0, 0, 0x77));
	wires_set_system(A, systems[B].conf.system);
	wires_pass(5000);
	expect_count(0, "as the partner itself");
}
