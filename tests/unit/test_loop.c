// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/loop.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataplane/manage/disable.h"
#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/inject.h"
#include "dataplane/manage/manager.h"
#include "lib/clock.h"

Test(loop_choose, the_later_one)
{
	const struct loop_end old = {.port = 9, .looks_for_loops = true, .up_ns = 100};
	const struct loop_end young = {.port = 2, .looks_for_loops = true, .up_ns = 101};
	const struct loop_end twin = {.port = 3, .looks_for_loops = true, .up_ns = 101};
	const struct loop_end exempt = {.port = 4, .up_ns = 200};

	cr_expect_eq(loop_choose(&old, &young), 2);
	cr_expect_eq(loop_choose(&young, &old), 2);
	cr_expect_eq(loop_choose(&young, &twin), 3, "somebody has to");
	cr_expect_eq(loop_choose(&twin, &young), 3);
	cr_expect_eq(loop_choose(&old, &exempt), 9, "who does not look for loops stays");
	cr_expect_eq(loop_choose(&exempt, &old), 9);
	cr_expect_eq(loop_choose(&young, &young), 2);
}

static struct loop_port receives(uint64_t first, uint64_t second, uint64_t third)
{
	struct loop_port port = {0};

	loop_sample(&port, first);
	loop_sample(&port, first + second);
	loop_sample(&port, first + second + third);
	return port;
}

Test(loop_mirrored, much_and_the_same_for_three_seconds)
{
	const struct loop_port a = receives(1000, 2000, 100);
	const struct loop_port same = receives(950, 2200, 109);
	const struct loop_port once_less = receives(950, 1799, 109);
	const struct loop_port quiet = receives(50, 50, 50);
	const struct loop_port barely = receives(51, 51, 51);

	cr_expect(loop_mirrored(&a, &a));
	cr_expect(loop_mirrored(&a, &same));
	cr_expect(loop_mirrored(&same, &a));
	cr_expect_not(loop_mirrored(&a, &once_less));
	cr_expect_not(loop_mirrored(&once_less, &a));
	cr_expect_not(loop_mirrored(&quiet, &quiet), "too little to be sure");
	cr_expect(loop_mirrored(&barely, &barely));
}

Test(loop_mirrored, counters_that_start_anew)
{
	struct loop_port port = receives(1000, 1000, 1000);

	loop_sample(&port, 10);
	cr_expect_eq(port.rates[0], 0);
	loop_sample(&port, 110);
	cr_expect_eq(port.rates[0], 100);
}

// ---- In the manager

enum { A = 5, B = 6, TRUNK = 7, INTERVAL = 5, INSTANCE = 77 };

static struct fabric fabric;
static struct worker worker, *workers[] = {&worker};
static struct manager manager = {.fabric = &fabric, .workers = workers};
static struct policy *policy;
static struct event_port disabled;
static uint32_t n_disabled;
static uint64_t now_ns = 9000 * CLOCK_SECOND;
static uint32_t moves = 17;

void disable_port(struct manager *m, const struct event_port *event, uint64_t ns)
{
	cr_expect_eq(ns, now_ns);
	m->fabric->stats.ports[event->port].disabled = (uint8_t)event->why;
	disabled = *event;
	n_disabled++;
}

uint32_t moves_between(struct manager *m, uint16_t a, uint16_t b, uint64_t ns)
{
	cr_expect_eq(m, &manager);
	cr_expect_eq(ns, now_ns);
	return (a == A && b == B) || (a == B && b == A) ? moves : 0;
}

static struct port_info *info_of(uint16_t port)
{
	return &fabric.stats.ports[port];
}

static void make_port(uint16_t port, uint64_t up_ns)
{
	struct port_info *info = info_of(port);

	info->used = info->admin_up = 1;
	info->link = LINK_UP;
	info->changed_ns = up_ns;
	policy->ports[port].used = true;
	policy_port_in_no_lan(&policy->ports[port]);
	policy->ports[port].lans[0].vid = 0;
	manager.limits[port].probe_interval = INTERVAL;
}

static void start(void)
{
	int fd;

	cr_assert_eq(stats_create(&fabric.stats, 1, &fd), 0);
	close(fd);
	fabric.stats.header->instance = INSTANCE;
	manager.limits = calloc(MAX_PORTS, sizeof(*manager.limits));
	policy = aligned_alloc(64, (sizeof(*policy) + 63) / 64 * 64);
	memset(policy, 0, sizeof(*policy));
	cr_assert_eq(inject_init(&manager), 0);
	cr_assert_eq(loop_init(&manager), 0);
	loop_tick(&manager, now_ns); // before there is a policy
	manager.policy = policy;
}

static void finish(void)
{
	stats_detach(&fabric.stats);
	loop_fini(&manager);
	inject_fini(&manager);
	free(manager.limits);
	free(policy);
}

TestSuite(loop, .init = start, .fini = finish);

static void tick(uint64_t ns)
{
	now_ns += ns;
	loop_tick(&manager, now_ns);
}

// The next probe that worker 0 has to send.
static bool next_probe(struct inject *in, struct probe *probe)
{
	struct message m;

	if (!ring_pop(&worker.injects, &m))
		return false;
	cr_expect_eq(message_check(&m), 0);
	*in = m.inject;
	cr_expect_eq(in->length, FRAME_MIN);
	cr_expect_eq(mac_load(in->octets), PROBE_DST);
	cr_expect_eq(mac_load(in->octets + 6), PROBE_SRC);
	cr_expect_eq(in->octets[12] << 8 | in->octets[13], PROBE_TYPE);
	cr_expect(probe_decode(probe, fabric.probes.key, in->octets + FRAME_OVERHEAD,
			       FRAME_MIN - FRAME_OVERHEAD));
	cr_expect_eq(probe->instance, INSTANCE);
	cr_expect_eq(probe->sender, in->port);
	cr_expect_eq(probe->lan, in->lan);
	return true;
}

static uint32_t count_probes(void)
{
	struct inject in;
	struct probe probe;
	uint32_t n = 0;

	while (next_probe(&in, &probe))
		n++;
	return n;
}

Test(loop, a_port_sends_when_it_is_up_and_every_interval)
{
	struct inject in;
	struct probe probe;

	make_port(A, 1);
	for (uint64_t n = 1; n < 4; n++) {
		tick(n == 1 ? 0 : INTERVAL * CLOCK_SECOND);
		cr_assert(next_probe(&in, &probe));
		cr_expect_eq(in.port, A);
		cr_expect_eq(probe.lan, 0);
		cr_expect_eq(probe.sequence, n);
		cr_expect_eq(atomic_load(&fabric.probes.sequences[A]), n, "the workers know");
		cr_expect_eq(count_probes(), 0);
	}
	tick(INTERVAL * CLOCK_SECOND - 1);
	cr_expect_eq(count_probes(), 0);
}

Test(loop, a_trunk_sends_in_each_lan)
{
	struct inject in;
	struct probe probe;

	make_port(TRUNK, 1);
	policy->ports[TRUNK].lans[4].vid = 100;
	tick(0);
	cr_assert(next_probe(&in, &probe));
	cr_expect_eq(in.lan, 0);
	cr_assert(next_probe(&in, &probe));
	cr_expect_eq(in.lan, 4);
	cr_expect_eq(probe.sequence, 1);
	cr_expect_eq(count_probes(), 0);
}

Test(loop, a_port_that_does_not_work_sends_none)
{
	make_port(A, 1);
	info_of(A)->link = LINK_DOWN;
	tick(CLOCK_SECOND);
	info_of(A)->link = LINK_UP;
	info_of(A)->disabled = DISABLE_LOOP;
	tick(CLOCK_SECOND);
	info_of(A)->disabled = DISABLE_NONE;
	info_of(A)->admin_up = 0;
	tick(CLOCK_SECOND);
	info_of(A)->admin_up = 1;
	manager.limits[A].probe_interval = 0;
	tick(CLOCK_SECOND);
	cr_expect_eq(count_probes(), 0);
	manager.limits[A].probe_interval = INTERVAL;
	tick(CLOCK_SECOND);
	cr_expect_eq(count_probes(), 1);
	info_of(A)->disabled = DISABLE_LOOP;
	tick(CLOCK_SECOND / 10);
	info_of(A)->disabled = DISABLE_NONE;
	tick(CLOCK_SECOND / 10);
	cr_expect_eq(count_probes(), 1, "at once when it works again");
}

Test(loop, a_shorter_interval_counts_at_once)
{
	make_port(A, 1);
	manager.limits[A].probe_interval = 3600;
	tick(0);
	cr_expect_eq(count_probes(), 1);
	manager.limits[A].probe_interval = 1;
	tick(0);
	cr_expect_eq(count_probes(), 1);
}

Test(loop, no_room_is_no_reason_to_give_up)
{
	make_port(A, 1);
	for (uint32_t i = 0; i < INJECTS; i++)
		cr_expect_eq(inject_frame(&manager, A, 0, (uint8_t[FRAME_MIN]){0}, FRAME_MIN), 0);
	cr_expect_eq(inject_frame(&manager, A, 0, (uint8_t[FRAME_MIN]){0}, FRAME_MIN), -EAGAIN);
	tick(0);
	struct message m;
	while (ring_pop(&worker.injects, &m))
		;
	tick(CLOCK_SECOND / 10);
	cr_expect_eq(count_probes(), 1);
	tick(CLOCK_SECOND / 10);
	cr_expect_eq(count_probes(), 0);
}

Test(loop, what_cannot_be_injected)
{
	const uint8_t octets[INJECT_OCTETS + 1] = {0};

	make_port(A, 1);
	cr_expect_eq(inject_frame(&manager, B, 0, octets, FRAME_MIN), -ENODEV);
	cr_expect_eq(inject_frame(&manager, MAX_PORTS, 0, octets, FRAME_MIN), -ENODEV);
	cr_expect_eq(inject_frame(&manager, A, MAX_LANS, octets, FRAME_MIN), -EINVAL);
	cr_expect_eq(inject_frame(&manager, A, 0, octets, FRAME_OVERHEAD - 1), -EINVAL);
	cr_expect_eq(inject_frame(&manager, A, 0, octets, INJECT_OCTETS + 1), -EINVAL);
	cr_expect_eq(inject_frame(&manager, A, FDB_ANY, octets, FRAME_OVERHEAD), 0);
	cr_expect_eq(inject_frame(&manager, A, MAX_LANS - 1, octets, INJECT_OCTETS), 0);
}

static void come_back(uint16_t port, uint16_t sender)
{
	struct message notice;

	message_init(&notice, NOTICE_PROBE, 0);
	notice.probe = (struct notice_probe){.port = port, .sender = sender, .sequence = 1};
	loop_notice(&manager, &notice, now_ns);
}

Test(loop, the_later_port_is_disabled)
{
	make_port(A, 200);
	make_port(B, 100);
	come_back(B, A);
	cr_expect_eq(n_disabled, 1);
	cr_expect_eq(disabled.port, A);
	cr_expect_eq(disabled.other, B);
	cr_expect_eq(disabled.moves, 17);
	cr_expect_eq(disabled.why, DISABLE_LOOP);
	come_back(A, B);
	come_back(B, A);
	cr_expect_eq(n_disabled, 1, "the loop is broken");
	info_of(A)->disabled = DISABLE_NONE;
	come_back(A, B);
	cr_expect_eq(n_disabled, 2, "it is not");
	cr_expect_eq(disabled.port, A);
}

Test(loop, a_port_that_hears_itself)
{
	make_port(A, 1);
	come_back(A, A);
	cr_expect_eq(n_disabled, 1);
	cr_expect_eq(disabled.port, A);
	cr_expect_eq(disabled.other, FDB_ANY);
}

Test(loop, a_port_that_is_gone_or_down_loops_no_more)
{
	make_port(A, 1);
	come_back(A, B);
	make_port(B, 2);
	info_of(B)->link = LINK_DOWN;
	come_back(A, B);
	cr_expect_eq(n_disabled, 0);
}

static void second_of_broadcasts(uint64_t by_a, uint64_t by_b)
{
	stats_port(&fabric.stats, 0, A)->rx_broadcast += by_a;
	stats_port(&fabric.stats, 0, B)->rx_broadcast += by_b;
	tick(CLOCK_SECOND);
}

Test(loop, mirrors_between_which_addresses_move)
{
	make_port(A, 1);
	make_port(B, 2);
	moves = LOOP_MOVES - 1;
	for (int i = 0; i < 5; i++)
		second_of_broadcasts(1000, 1001);
	cr_expect_eq(n_disabled, 0, "two who say the same are no loop");
	moves = LOOP_MOVES;
	second_of_broadcasts(1000, 500);
	cr_expect_eq(n_disabled, 0);
	second_of_broadcasts(1000, 1001);
	second_of_broadcasts(1000, 1001);
	cr_expect_eq(n_disabled, 0);
	second_of_broadcasts(1000, 1001);
	cr_expect_eq(n_disabled, 1);
	cr_expect_eq(disabled.port, B);
	cr_expect_eq(disabled.other, A);
	cr_expect_eq(disabled.moves, LOOP_MOVES);
}

Test(loop, nobody_looks_for_mirrors_where_loops_are_allowed)
{
	make_port(A, 1);
	make_port(B, 2);
	manager.limits[A].probe_interval = manager.limits[B].probe_interval = 0;
	moves = LOOP_MOVES;
	for (int i = 0; i < 5; i++)
		second_of_broadcasts(1000, 1000);
	cr_expect_eq(n_disabled, 0);
}
