// SPDX-License-Identifier: BSD-3-Clause
// Ports that are disabled, and why: disable.c and violations.c on a manager that consists of its
// data only.
#include "dataplane/manage/apply_guard.h"
#include "dataplane/manage/disable.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataplane/manage/manager.h"
#include "dataplane/manage/port_info.h"
#include "dataplane/manage/violations.h"
#include "lib/clock.h"

enum { PORT = 7, OTHER = 8, N_WORKERS = 2, EVENTS = 64 };

static struct fabric fabric;
static struct manager manager = {.fabric = &fabric};
static struct policy *policy;
static uint64_t now_ns = 5000 * CLOCK_SECOND;
static struct message events[EVENTS], last_reply;
static uint32_t n_events, n_forgotten;

void apply_guard_disabled(struct manager *m, uint16_t port)
{
	(void)m, (void)port;
}

bool manager_event(struct manager *m, const struct message *event)
{
	(void)m;
	cr_assert_lt(n_events, EVENTS);
	events[n_events++] = *event;
	return true;
}

void manager_reply(struct manager *m, const struct message *reply)
{
	(void)m;
	last_reply = *reply;
}

void manager_forget_port(struct manager *m, uint16_t port)
{
	(void)m, (void)port;
	n_forgotten++;
}

struct device_link device_link(const struct device *device)
{
	(void)device;
	return (struct device_link){.up = true};
}

int policy_queue_worker(const struct policy *p, uint16_t ethdev, uint16_t queue)
{
	(void)p, (void)ethdev, (void)queue;
	return 0;
}

static struct port_info *info_of(uint16_t port)
{
	return &fabric.stats.ports[port];
}

static void make_port(uint16_t port)
{
	info_of(port)->used = info_of(port)->admin_up = 1;
	policy->ports[port].used = policy->ports[port].admin_up = true;
}

static void start(void)
{
	int fd;

	cr_assert_eq(stats_create(&fabric.stats, N_WORKERS, &fd), 0);
	close(fd);
	fabric.n_workers = N_WORKERS;
	manager.conduct = calloc(MAX_PORTS, sizeof(*manager.conduct));
	manager.limits = calloc(MAX_PORTS, sizeof(*manager.limits));
	policy = aligned_alloc(64, (sizeof(*policy) + 63) / 64 * 64);
	memset(policy, 0, sizeof(*policy));
	manager.policy = policy;
	make_port(PORT);
	make_port(OTHER);
	manager.limits[PORT] = (struct policy_limits_conf){.violations = 5,
							   .violation_window = 10,
							   .violation_recovery = 300,
							   .loop_recovery = 60,
							   .storm_recovery = 70,
							   .flaps = 3,
							   .flap_window = 5,
							   .flap_recovery = 10};
	violations_tick(&manager, now_ns);
}

static void finish(void)
{
	stats_detach(&fabric.stats);
	free(manager.conduct);
	free(manager.limits);
	free(policy);
}

TestSuite(disable, .init = start, .fini = finish);

static void tick(uint64_t ns)
{
	now_ns += ns;
	violations_tick(&manager, now_ns);
	disable_tick(&manager, now_ns);
}

static void violate(uint32_t worker, enum drop_reason reason, uint64_t n)
{
	stats_port(&fabric.stats, worker, PORT)->drops[reason] += n;
}

static void expect(uint16_t port, enum port_disable why)
{
	cr_expect_eq(atomic_load(&fabric.disabled[port]), why);
	cr_expect_eq(info_of(port)->disabled, why);
}

static void disable(uint16_t why)
{
	struct event_port event = {.port = PORT, .why = why, .other = OTHER};

	disable_port(&manager, &event, now_ns);
}

Test(disable, ends_when_its_time_has_come)
{
	uint64_t wall_ns = clock_wall_ns();

	disable(DISABLE_LOOP);
	expect(PORT, DISABLE_LOOP);
	cr_expect_eq(n_forgotten, 1);
	cr_assert_eq(n_events, 1);
	cr_expect_eq(events[0].header.type, EVENT_PORT_DISABLED);
	cr_expect_eq(events[0].event_port.other, OTHER);
	cr_expect_geq(events[0].event_port.until_ns, wall_ns + 60 * CLOCK_SECOND);
	cr_expect_eq(info_of(PORT)->until_ns, events[0].event_port.until_ns);
	cr_expect_eq(info_of(PORT)->loop_other, OTHER);
	cr_expect_eq(info_of(PORT)->disables, 1);
	cr_expect_geq(info_of(PORT)->disabled_ns, wall_ns);

	tick(59 * CLOCK_SECOND);
	expect(PORT, DISABLE_LOOP);
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
	cr_assert_eq(n_events, 2);
	cr_expect_eq(events[1].header.type, EVENT_PORT_ENABLED);
	cr_expect_eq(events[1].event_port.why, DISABLE_LOOP);
	cr_expect_eq(info_of(PORT)->until_ns, 0);
	cr_expect_eq(info_of(PORT)->disables, 1);
}

Test(disable, each_reason_has_its_recovery)
{
	static const struct {
		uint16_t why;
		uint32_t seconds;
	} rows[] = {{DISABLE_SECURITY, 300},
		    {DISABLE_STORM, 70},
		    {DISABLE_LOOP, 60},
		    {DISABLE_FLAP, 10}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		disable(rows[i].why);
		tick(rows[i].seconds * CLOCK_SECOND - 1);
		expect(PORT, rows[i].why);
		tick(1);
		expect(PORT, DISABLE_NONE);
	}
}

Test(disable, without_recovery_an_operator_ends_it)
{
	manager.limits[PORT].loop_recovery = 0;
	disable(DISABLE_LOOP);
	cr_expect_eq(events[0].event_port.until_ns, 0);
	tick(1000000 * CLOCK_SECOND);
	expect(PORT, DISABLE_LOOP);
	cr_expect(disable_end(&manager, PORT));
	expect(PORT, DISABLE_NONE);
	cr_expect_not(disable_end(&manager, PORT));
	cr_expect_eq(n_events, 2);
}

Test(disable, the_first_reason_stays)
{
	disable(DISABLE_FLAP);
	disable(DISABLE_STORM);
	expect(PORT, DISABLE_FLAP);
	cr_expect_eq(n_events, 1);
	cr_expect_eq(info_of(PORT)->disables, 1);
}

Test(disable, a_port_that_is_gone_or_shut_is_left_alone)
{
	info_of(PORT)->admin_up = 0;
	disable(DISABLE_LOOP);
	expect(PORT, DISABLE_NONE);
	info_of(PORT)->used = 0;
	disable(DISABLE_LOOP);
	expect(PORT, DISABLE_NONE);
	cr_expect_eq(n_events, 0);
}

Test(disable, a_commit_keeps_it_unless_the_port_is_shut)
{
	disable(DISABLE_LOOP);
	manager.limits[PORT].loop_recovery = 1;
	disable_commit(&manager);
	tick(10 * CLOCK_SECOND);
	expect(PORT, DISABLE_LOOP);

	policy->ports[PORT].admin_up = false;
	disable_commit(&manager);
	expect(PORT, DISABLE_NONE);
	cr_expect_eq(events[n_events - 1].header.type, EVENT_PORT_ENABLED);
}

Test(disable, a_commit_enables_ports_that_are_gone)
{
	disable(DISABLE_LOOP);
	policy->ports[PORT].used = false;
	disable_commit(&manager);
	expect(PORT, DISABLE_NONE);
}

Test(disable, command_answers_whether_it_was)
{
	struct message command;

	message_init(&command, COMMAND_PORT_ENABLE, 42);
	command.port_enable.port = PORT;
	disable_run_enable(&manager, &command);
	cr_expect_eq(last_reply.header.type, REPLY_DONE);
	cr_expect_eq(last_reply.header.sequence, 42);
	cr_expect_eq(last_reply.done.value, 0);
	disable(DISABLE_STORM);
	disable_run_enable(&manager, &command);
	cr_expect_eq(last_reply.done.value, 1);
	expect(PORT, DISABLE_NONE);

	command.port_enable.port = 99;
	disable_run_enable(&manager, &command);
	cr_expect_eq(last_reply.header.type, REPLY_ERROR);
	command.port_enable.port = UINT16_MAX;
	disable_run_enable(&manager, &command);
	cr_expect_eq(last_reply.header.type, REPLY_ERROR);
}

// ---- Violations

Test(disable, so_many_violations_within_so_long)
{
	violate(0, DROP_MAC_NOT_REGISTERED, 2);
	tick(CLOCK_SECOND);
	violate(1, DROP_MAC_HIJACK, 2);
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
	cr_expect_eq(info_of(PORT)->last_reason, DROP_MAC_HIJACK);
	violate(N_WORKERS, DROP_MAC_NOT_REGISTERED, 1); // died in the XDP guard
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_SECURITY);
	cr_expect_eq(events[0].event_port.count, 5);
	cr_expect_eq(events[0].event_port.reason, DROP_MAC_NOT_REGISTERED);
	expect(OTHER, DISABLE_NONE);
}

Test(disable, violations_too_far_apart_do_not_matter)
{
	for (int i = 0; i < 100; i++) {
		violate(0, DROP_MAC_LIMIT, 1);
		tick(3 * CLOCK_SECOND);
	}
	expect(PORT, DISABLE_NONE);
}

Test(disable, other_deaths_are_no_violations)
{
	violate(0, DROP_IPV6_ROUTER_ADVERTISEMENT, 1000);
	violate(0, DROP_PORT_DISABLED, 1000);
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
	cr_expect_eq(info_of(PORT)->last_reason, DROP_NONE);
}

Test(disable, no_number_of_violations_is_never)
{
	manager.limits[PORT].violations = 0;
	violate(0, DROP_MAC_HIJACK, UINT32_MAX);
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
}

Test(disable, what_came_before_does_not_count_afterwards)
{
	violate(0, DROP_MAC_LIMIT, 5);
	tick(0);
	expect(PORT, DISABLE_SECURITY);
	violate(0, DROP_MAC_LIMIT, 50); // bursts that were on their way
	tick(0);
	disable_end(&manager, PORT);
	violate(0, DROP_MAC_LIMIT, 4);
	tick(0);
	expect(PORT, DISABLE_NONE);
	violate(0, DROP_MAC_LIMIT, 1);
	tick(0);
	expect(PORT, DISABLE_SECURITY);
	cr_expect_eq(info_of(PORT)->disables, 2);
}

Test(disable, a_life_begins_without_a_past)
{
	violate(0, DROP_MAC_LIMIT, 4);
	tick(0);
	stats_clear_port(&fabric.stats, PORT);
	violations_forget(&manager, PORT);
	violate(0, DROP_MAC_LIMIT, 4);
	tick(0);
	expect(PORT, DISABLE_NONE);
}

static void notice(enum drop_reason reason)
{
	struct message m;

	message_init(&m, NOTICE_VIOLATION, 0);
	m.mac = (struct event_mac){.mac = 0x020000000001, .port = PORT, .reason = (uint16_t)reason};
	violations_notice(&manager, &m, now_ns);
}

Test(disable, a_worker_has_done_it)
{
	manager.limits[PORT].violations = 1;
	atomic_store(&fabric.disabled[PORT], DISABLE_SECURITY);
	notice(DROP_MAC_HIJACK);
	expect(PORT, DISABLE_SECURITY);
	cr_expect_eq(events[0].event_port.reason, DROP_MAC_HIJACK);
	cr_expect_eq(events[0].event_port.count, 1);
	notice(DROP_MAC_HIJACK);
	cr_expect_eq(n_events, 1);
	tick(300 * CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
	notice(DROP_MAC_HIJACK); // late
	expect(PORT, DISABLE_NONE);
}

Test(disable, a_worker_has_done_it_and_could_not_say)
{
	atomic_store(&fabric.disabled[PORT], DISABLE_SECURITY);
	violate(0, DROP_MAC_LIMIT, 1);
	tick(0);
	expect(PORT, DISABLE_SECURITY);
	cr_expect_eq(events[0].event_port.reason, DROP_MAC_LIMIT);
}

// ---- Links

Test(disable, four_flaps_in_five_seconds)
{
	for (int i = 0; i < 4; i++) {
		expect(PORT, DISABLE_NONE);
		violations_link(&manager, PORT, 1, now_ns);
		tick(CLOCK_SECOND);
	}
	expect(PORT, DISABLE_FLAP);
	cr_expect_eq(events[0].event_port.count, 4);
	tick(8 * CLOCK_SECOND);
	expect(PORT, DISABLE_FLAP);
	tick(CLOCK_SECOND);
	expect(PORT, DISABLE_NONE);
}

Test(disable, three_flaps_are_none)
{
	for (int i = 0; i < 3; i++)
		violations_link(&manager, PORT, 1, now_ns);
	expect(PORT, DISABLE_NONE);
	tick(6 * CLOCK_SECOND);
	violations_link(&manager, PORT, 1, now_ns);
	expect(PORT, DISABLE_NONE);
	manager.limits[PORT].flaps = 0;
	violations_link(&manager, PORT, 100, now_ns);
	expect(PORT, DISABLE_NONE);
}
