// SPDX-License-Identifier: BSD-3-Clause
// A LAG whose partner says what a test wants it to say.
#include <criterion/criterion.h>

#include "dataplane/manage/lacp.h"
#include "lib/clock.h"

enum {
	TENTH = 100000000,
	OUT = LACP_ACTIVE | LACP_SHORT | LACP_AGGREGATION,
	SYNC = OUT | LACP_SYNC,
	COLLECTING = SYNC | LACP_COLLECTING,
};

static struct lacp lacp;
static struct lacp_conf conf;
static uint64_t now_ns;
static struct lacp_info partner;
static uint8_t frame[LACP_FRAME]; // the last one that was sent

static void start(void)
{
	conf = (struct lacp_conf){.active = true,
				  .fast = true,
				  .system = MAC(2, 0, 0, 0, 0, 1),
				  .system_priority = 32768,
				  .key = 10};
	partner = (struct lacp_info){.system_priority = 1,
				     .system = MAC(2, 0, 0, 0, 0, 0x99),
				     .key = 5,
				     .port_priority = 128,
				     .port = 9};
	now_ns = 1000 * CLOCK_SECOND;
	lacp_init(&lacp, &conf);
	for (unsigned int i = 0; i < 2; i++)
		lacp_link_add(&lacp, i, (uint16_t)(7 + i), MAC(2, 0, 0, 0, 0, 7 + i));
	lacp_link_set_up(&lacp, 0, true);
}

TestSuite(lacp_partner, .init = start);

static void run(uint64_t ns)
{
	now_ns += ns;
	lacp_run(&lacp, now_ns);
}

// How many frames the first link has to send now.
static uint32_t send(void)
{
	uint32_t n = 0;

	while (lacp_transmit(&lacp, 0, frame, now_ns))
		n++;
	return n;
}

// What is right of our end of a link.
static struct lacp_info self(unsigned int link)
{
	return (struct lacp_info){.system_priority = lacp.conf.system_priority,
				  .system = lacp.conf.system,
				  .key = lacp.conf.key,
				  .port_priority = LACP_PORT_PRIORITY,
				  .port = lacp.links[link].number,
				  .state = lacp_state(&lacp, link)};
}

static void say_of(unsigned int link, uint8_t state, const struct lacp_info *us)
{
	struct lacpdu pdu = {.actor = partner, .partner = *us};
	uint8_t octets[LACP_FRAME];

	pdu.actor.state = state;
	lacpdu_encode(&pdu, partner.system, octets);
	cr_assert(lacp_receive(&lacp, link, octets, LACP_FRAME, now_ns));
	lacp_run(&lacp, now_ns);
}

// A tenth of a second passes, and the partner speaks, which knows our end.
static void say(uint8_t state)
{
	const struct lacp_info us = self(0);

	now_ns += TENTH;
	say_of(0, state, &us);
}

static void say_for(uint32_t tenths, uint8_t state)
{
	while (tenths--)
		say(state);
}

#define EXPECT_REASON(reason) \
	cr_expect_eq(lacp_reason(&lacp, 0), reason, "%s", lacp_reasons[lacp_reason(&lacp, 0)])

Test(lacp_partner, each_step_is_the_partners_to_allow)
{
	say_for(30, OUT);
	EXPECT_REASON(LACP_NOT_IN_SYNC);
	cr_expect_not(lacp_is_collecting(&lacp, 0));
	say(SYNC);
	EXPECT_REASON(LACP_NOT_COLLECTING);
	cr_expect(lacp_is_collecting(&lacp, 0));
	cr_expect_not(lacp_is_distributing(&lacp, 0));
	say(COLLECTING);
	EXPECT_REASON(LACP_CARRIES);
	cr_expect(lacp_is_distributing(&lacp, 0));
	say(SYNC);
	cr_expect(lacp_is_collecting(&lacp, 0));
	cr_expect_not(lacp_is_distributing(&lacp, 0));
	say(OUT | LACP_COLLECTING);
	cr_expect_not(lacp_is_collecting(&lacp, 0));
	say(COLLECTING);
	cr_expect(lacp_is_distributing(&lacp, 0), "without waiting again");
}

Test(lacp_partner, it_would_have_the_link_alone)
{
	enum { ALONE = COLLECTING & ~LACP_AGGREGATION };

	say_for(50, ALONE);
	EXPECT_REASON(LACP_INDIVIDUAL);
	cr_expect_not(lacp_is_collecting(&lacp, 0));
	say_for(30, COLLECTING);
	cr_expect(lacp_is_distributing(&lacp, 0));
	say(ALONE);
	EXPECT_REASON(LACP_INDIVIDUAL);
	cr_expect_not(lacp_is_collecting(&lacp, 0));
}

Test(lacp_partner, its_link_is_another_now)
{
	for (int i = 0; i < 5; i++) {
		say_for(30, COLLECTING);
		cr_assert(lacp_is_distributing(&lacp, 0));
		partner.port += i == 0;
		partner.port_priority += i == 1;
		partner.key += i == 2;
		partner.system_priority += i == 3;
		partner.system ^= i == 4 ? MAC(0, 0, 1, 0, 0, 0) : 0;
		say(COLLECTING);
		cr_expect_not(lacp_is_collecting(&lacp, 0), "%d", i);
		EXPECT_REASON(LACP_WAITING);
	}
}

// Whether the partner is in sync that knows this of us.
static bool is_in_sync_with(struct lacp_info us)
{
	now_ns += TENTH;
	say_of(0, COLLECTING, &us);
	return lacp_is_distributing(&lacp, 0);
}

Test(lacp_partner, it_has_another_end_in_mind)
{
	struct lacp_info us;

	say_for(30, COLLECTING);
	cr_expect(is_in_sync_with(self(0)));
	us = self(0);
	us.port++;
	cr_expect_not(is_in_sync_with(us));
	EXPECT_REASON(LACP_UNHEARD);
	us = self(0);
	us.key++;
	cr_expect_not(is_in_sync_with(us));
	us = self(0);
	us.system++;
	cr_expect_not(is_in_sync_with(us));
	cr_expect(is_in_sync_with(self(0)));
}

Test(lacp_partner, nobody_would_go_on_to_say_that_it_is_in_sync)
{
	enum { PASSIVE = COLLECTING & ~LACP_ACTIVE };
	struct lacp_info us;

	conf.active = false;
	lacp_set_conf(&lacp, &conf);
	say_for(50, PASSIVE);
	cr_expect_not(lacp_is_collecting(&lacp, 0));
	us = self(0);
	us.state |= LACP_ACTIVE;
	say_of(0, PASSIVE, &us);
	cr_expect_not(lacp_is_collecting(&lacp, 0), "we were, once");
	conf.active = true;
	lacp_set_conf(&lacp, &conf);
	us.state = self(0).state & (uint8_t)~LACP_ACTIVE;
	say_of(0, PASSIVE, &us);
	cr_expect_not(lacp_is_collecting(&lacp, 0), "it does not know that we are");
	say(PASSIVE);
	cr_expect(lacp_is_distributing(&lacp, 0));
}

Test(lacp_partner, two_of_its_lags_or_two_of_its_priorities)
{
	struct lacp_info us = self(1);

	lacp_link_set_up(&lacp, 1, true);
	say_for(30, COLLECTING);
	partner.key++;
	say_of(1, COLLECTING, &us);
	cr_expect_eq(lacp_reason(&lacp, 1), LACP_OTHER_KEY);
	partner.key--;
	partner.system_priority++;
	say_of(1, COLLECTING, &us);
	cr_expect_eq(lacp_reason(&lacp, 1), LACP_OTHER_SYSTEM);
	lacp_link_remove(&lacp, 0);
	lacp_run(&lacp, now_ns);
	cr_expect_eq(lacp_reason(&lacp, 1), LACP_WAITING);
}

Test(lacp_partner, another_identity_of_ours_is_another_lag)
{
	for (int i = 0; i < 3; i++) {
		say_for(30, COLLECTING);
		cr_assert(lacp_is_distributing(&lacp, 0));
		conf.key += i == 0;
		conf.system_priority += i == 1;
		conf.system ^= i == 2 ? MAC(0, 0, 1, 0, 0, 0) : 0;
		lacp_set_conf(&lacp, &conf);
		run(0);
		cr_expect_not(lacp_is_collecting(&lacp, 0), "%d", i);
	}
}

Test(lacp_partner, what_waits_after_a_pause_is_in_time)
{
	const struct lacp_info us = self(0);

	say_for(30, COLLECTING);
	now_ns += 60 * CLOCK_SECOND;
	say_of(0, COLLECTING, &us);
	cr_expect(lacp_is_collecting(&lacp, 0), "nobody has looked meanwhile");
}

// ---- What is sent, and when

Test(lacp_partner, the_first_frame_says_that_we_know_nothing)
{
	struct lacpdu pdu;

	cr_expect_eq(send(), 0);
	run(0);
	cr_expect_eq(send(), 1);
	cr_assert(lacpdu_decode(&pdu, frame, LACP_FRAME));
	cr_expect_eq(pdu.actor.state, OUT | LACP_DEFAULTED | LACP_EXPIRED);
	cr_expect_eq(pdu.actor.port, 7);
	cr_expect_eq(pdu.partner.system, 0);
	cr_expect_eq(mac_load(frame + 6), lacp.links[0].mac);
}

// Let it be up for long, and nothing be due.
static void settle(uint8_t state)
{
	say_for(50, state);
	send();
	now_ns += CLOCK_SECOND;
	say_of(0, state, &(const struct lacp_info){0});
	send();
	now_ns += CLOCK_SECOND;
	say(state);
	send();
	run(0);
	cr_assert_eq(send(), 0);
}

Test(lacp_partner, it_is_told_what_it_has_wrong)
{
	enum { SLOW = COLLECTING & ~LACP_SHORT };
	struct lacp_info us;

	settle(SLOW);
	for (int bit = 0; bit < 8; bit++) {
		us = self(0);
		us.state ^= (uint8_t)(1 << bit);
		now_ns += CLOCK_SECOND / 2;
		say_of(0, SLOW, &us);
		cr_expect_eq(send(), bit < 4, "bit %d", bit);
	}
	us = self(0);
	us.port_priority++;
	now_ns += CLOCK_SECOND;
	say_of(0, SLOW, &us);
	cr_expect_eq(send(), 1);
}

Test(lacp_partner, it_wants_to_hear_more_often)
{
	enum { SLOW = COLLECTING & ~LACP_SHORT };

	settle(SLOW);
	say_for(10, SLOW);
	cr_expect_eq(send(), 0);
	say(COLLECTING);
	cr_expect_eq(send(), 1, "at once");
	say(SLOW);
	cr_expect_eq(send(), 0);
	say(COLLECTING);
	cr_expect_eq(send(), 1);
}

Test(lacp_partner, it_has_stopped_and_hears_us_more_often)
{
	enum { SLOW = COLLECTING & ~LACP_SHORT };
	uint32_t n = 0;

	settle(SLOW);
	run(3 * CLOCK_SECOND);
	EXPECT_REASON(LACP_STOPPED);
	for (int i = 0; i < 20; i++) {
		n += send();
		run(TENTH);
	}
	cr_expect_eq(n, 2);
}

Test(lacp_partner, who_runs_late_sends_as_often)
{
	uint32_t n = 0;

	run(0);
	send();
	for (int i = 0; i < 300; i++) {
		run(230000000);
		n += send();
	}
	cr_expect_eq(n, 69, "%u in 69 s", n);
}

Test(lacp_partner, a_pause_is_not_made_up_for)
{
	run(0);
	send();
	run(20 * CLOCK_SECOND + TENTH);
	cr_expect_eq(send(), 1);
	for (int i = 0; i < 9; i++) {
		run(TENTH);
		cr_expect_eq(send(), 0);
	}
	run(TENTH);
	cr_expect_eq(send(), 1);
}

Test(lacp_partner, a_link_that_is_down_sends_nothing)
{
	settle(COLLECTING);
	now_ns += CLOCK_SECOND;
	lacp_set_conf(&lacp, &conf);
	lacp_link_set_up(&lacp, 0, false);
	cr_expect_eq(send(), 0);
	run(0);
	cr_expect_eq(send(), 0);
}

Test(lacp_partner, never_more_than_three_frames_a_second)
{
	uint64_t sent = 0;

	for (int i = 0; i < 1000; i++) {
		conf.key++;
		lacp_set_conf(&lacp, &conf);
		partner.key = (uint16_t)(i / 3);
		partner.port = (uint16_t)(i / 7);
		if (i % 10 == 0) {
			lacp_link_set_up(&lacp, 0, false);
			lacp_link_set_up(&lacp, 0, true);
		}
		say(i % 2 ? LACP_ACTIVE : OUT);
		sent += send();
	}
	cr_expect_eq(sent, 300, "%lu in 100 s", sent);
}

Test(lacp_partner, what_is_delayed_is_not_lost)
{
	struct lacpdu pdu;

	settle(COLLECTING);
	for (int i = 0; i < 20; i++) {
		conf.key = (uint16_t)(100 + i);
		lacp_set_conf(&lacp, &conf);
		run(0);
		send();
	}
	now_ns += CLOCK_SECOND;
	cr_assert_eq(send(), 1);
	cr_assert(lacpdu_decode(&pdu, frame, LACP_FRAME));
	cr_expect_eq(pdu.actor.key, 119, "and tells how things are now");
}

Test(lacp_partner, every_reason_has_words)
{
	for (int i = 0; i < LACP_REASONS; i++)
		cr_expect(lacp_reasons[i] && lacp_reasons[i][0]);
}
