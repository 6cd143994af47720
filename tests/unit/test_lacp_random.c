// SPDX-License-Identifier: BSD-3-Clause
// Anything may happen to two systems and three wires between them, by chance. Whatever it is, what
// one end sends the other takes, all links of a LAG go to one LAG of one partner, and when it is
// over all of them carry frames.
#include <criterion/criterion.h>

#include "lib/clock.h"
#include "tests/support/lacp_wires.h"

enum { A, B, LINKS = 3, EVENTS = 60, MS = 1000000 };

static uint64_t seed;
static uint64_t bound_ns; // how long an end may not know that the other has stopped to collect
static uint64_t collected_ns[2][LINKS];

static void check_partners(unsigned int s)
{
	const struct lacp_info *first = NULL;

	for (unsigned int i = 0; i < LINKS; i++) {
		const struct lacp_link *link = &systems[s].links[i];

		if (!lacp_is_collecting(&systems[s], i))
			continue;
		if (!first)
			first = &link->partner;
		cr_assert_eq(link->partner.system, first->system, "seed %lu", seed);
		cr_assert_eq(link->partner.key, first->key, "seed %lu", seed);
		cr_assert(link->up, "seed %lu", seed);
	}
}

static void check(void)
{
	for (unsigned int s = 0; s < 2; s++) {
		for (unsigned int i = 0; i < LINKS; i++) {
			if (lacp_is_collecting(&systems[s], i))
				collected_ns[s][i] = wires_now_ns;
			else
				cr_assert_not(lacp_is_distributing(&systems[s], i), "seed %lu",
					      seed);
		}
		check_partners(s);
	}
	for (unsigned int i = 0; i < LINKS; i++) {
		for (unsigned int s = 0; s < 2; s++) {
			uint64_t ago_ns = wires_now_ns - collected_ns[!s][i];

			cr_assert(!lacp_is_distributing(&systems[s], i) || ago_ns <= bound_ns,
				  "seed %lu: link %u of %c distributes, and for %lu ms nobody has "
				  "collected",
				  seed, i, 'A' + s, ago_ns / MS);
		}
	}
}

static void start(uint64_t with_seed)
{
	wires_start();
	seed = wires_seed = with_seed;
	memset(collected_ns, 0, sizeof(collected_ns));
	for (unsigned int w = 0; w < LINKS; w++)
		wires_plug(w, A, B);
	wires_check = check;
}

static void expect_all(void)
{
	for (unsigned int w = 0; w < LINKS; w++) {
		wires_set_silent(w, false);
		wires_set_up(w, true);
	}
	wires_set_mode(A, true, true);
	wires_pass(10000);
	cr_assert_eq(wires_count(A), LINKS, "seed %lu", seed);
	cr_assert_eq(wires_count(B), LINKS, "seed %lu", seed);
}

// What both ends notice, or can tell each other.
static void change_openly(void)
{
	switch (wires_pick(4)) {
	case 0:
		wires_set_up(wires_pick(LINKS), wires_pick(2));
		break;
	case 1:
		wires_set_key(wires_pick(2), (uint16_t)(1 + wires_pick(3)));
		break;
	case 2:
		wires_set_mode(B, wires_pick(2), wires_pick(2));
		break;
	default:
		wires_set_system(wires_pick(2), MAC(2, 0, 0, 1, 0, wires_pick(3)));
		break;
	}
	// Each is another system, or they would be connected to themselves.
	if (systems[A].conf.system == systems[B].conf.system)
		wires_set_system(A, MAC(2, 0, 0, 1, 1, 0));
}

static void change_anything(void)
{
	unsigned int w = wires_pick(LINKS);

	switch (wires_pick(4)) {
	case 0:
		wires[w].ends[wires_pick(2)].loss = wires_pick(101);
		break;
	case 1:
		lacp_link_set_up(&systems[wires_pick(2)], w, wires_pick(2));
		break;
	case 2:
		wires_set_mode(wires_pick(2), wires_pick(2), wires_pick(2));
		break;
	default:
		change_openly();
		break;
	}
}

// At most three frames a second: the news may have to wait for one, then for a run at either end.
Test(lacp_random, what_one_end_sends_the_other_takes)
{
	bound_ns = CLOCK_SECOND + (WIRES_DELAY_MS + 2 * WIRES_RUN_MS) * (uint64_t)MS;
	for (uint64_t s = 1; s <= 40; s++) {
		start(s);
		for (int e = 0; e < EVENTS; e++) {
			change_openly();
			wires_pass(wires_pick(3) ? wires_pick(1000) : wires_pick(6000));
		}
		expect_all();
	}
}

// If nothing can be told, the longer timeout tells.
Test(lacp_random, what_is_lost_is_missed)
{
	bound_ns = 90 * CLOCK_SECOND + (WIRES_DELAY_MS + 2 * WIRES_RUN_MS) * (uint64_t)MS;
	for (uint64_t s = 101; s <= 120; s++) {
		start(s);
		for (int e = 0; e < EVENTS; e++) {
			change_anything();
			wires_pass(wires_pick(10) ? wires_pick(3000) : wires_pick(40000));
		}
		expect_all();
	}
}
