// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/storms.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "dataplane/manage/disable.h"
#include "dataplane/manage/manager.h"
#include "lib/clock.h"

Test(storm_watch, so_long_on_end)
{
	struct storm_watch watch = {0};

	cr_expect_not(storm_watch(&watch, 0, 3));
	cr_expect_not(storm_watch(&watch, 5, 3));
	cr_expect_not(storm_watch(&watch, 6, 3));
	cr_expect(storm_watch(&watch, 7, 3), "the third second");
	cr_expect_not(storm_watch(&watch, 8, 3), "from the start");
	cr_expect_not(storm_watch(&watch, 9, 3));
	cr_expect(storm_watch(&watch, 10, 3));
}

Test(storm_watch, a_quiet_second_ends_it)
{
	struct storm_watch watch = {0};

	cr_expect_not(storm_watch(&watch, 5, 3));
	cr_expect_not(storm_watch(&watch, 6, 3));
	cr_expect_not(storm_watch(&watch, 6, 3));
	cr_expect_not(storm_watch(&watch, 7, 3));
	cr_expect_not(storm_watch(&watch, 8, 3));
	cr_expect(storm_watch(&watch, 9, 3));
}

Test(storm_watch, at_once_and_never)
{
	struct storm_watch watch = {0};

	for (uint64_t drops = 1; drops < 100; drops++)
		cr_expect_not(storm_watch(&watch, drops, 0));
	watch = (struct storm_watch){0};
	cr_expect(storm_watch(&watch, 1, 1));
	cr_expect_not(storm_watch(&watch, 1, 1));
}

Test(storm_watch, counters_that_start_anew)
{
	struct storm_watch watch = {0};

	cr_expect_not(storm_watch(&watch, 1000, 2));
	cr_expect_not(storm_watch(&watch, 3, 2), "another port in the same slot");
	cr_expect_not(storm_watch(&watch, 4, 2));
	cr_expect(storm_watch(&watch, 5, 2));
}

// ---- In the manager

enum { PORT = 3, SECONDS = 2 };

static struct fabric fabric;
static struct manager manager = {.fabric = &fabric};
static struct event_port disabled;
static uint32_t n_disabled;
static uint64_t now_ns = 9000 * CLOCK_SECOND;

void disable_port(struct manager *m, const struct event_port *event, uint64_t ns)
{
	cr_expect_eq(m, &manager);
	cr_expect_eq(ns, now_ns);
	disabled = *event;
	n_disabled++;
}

static void start(void)
{
	int fd;

	cr_assert_eq(stats_create(&fabric.stats, 2, &fd), 0);
	close(fd);
	manager.conduct = calloc(MAX_PORTS, sizeof(*manager.conduct));
	manager.limits = calloc(MAX_PORTS, sizeof(*manager.limits));
	manager.limits[PORT].storm_seconds = SECONDS;
	fabric.stats.ports[PORT].used = 1;
}

static void finish(void)
{
	stats_detach(&fabric.stats);
	free(manager.conduct);
	free(manager.limits);
}

TestSuite(storms, .init = start, .fini = finish);

// A second of ten ticks in each of which "worker" drops a frame.
static void second(uint32_t worker, enum drop_reason reason)
{
	for (int i = 0; i < 10; i++) {
		stats_port(&fabric.stats, worker, PORT)->drops[reason]++;
		now_ns += CLOCK_SECOND / 10;
		storms_tick(&manager, now_ns);
	}
}

Test(storms, whatever_class_and_worker)
{
	second(0, DROP_STORM_BROADCAST);
	cr_expect_eq(n_disabled, 0);
	second(1, DROP_STORM_UNKNOWN_UNICAST);
	cr_expect_eq(n_disabled, 1);
	cr_expect_eq(disabled.port, PORT);
	cr_expect_eq(disabled.why, DISABLE_STORM);
	cr_expect_eq(disabled.count, SECONDS);
	cr_expect_eq(disabled.other, FDB_ANY);
	second(2, DROP_STORM_MULTICAST); // the XDP guard's
	second(0, DROP_STORM_BROADCAST);
	cr_expect_eq(n_disabled, 2);
}

Test(storms, not_for_what_others_do)
{
	second(0, DROP_EGRESS_STORM);
	second(0, DROP_MAC_NOT_REGISTERED);
	second(0, DROP_EGRESS_STORM);
	cr_expect_eq(n_disabled, 0);
}

Test(storms, not_where_frames_are_only_dropped)
{
	manager.limits[PORT].storm_seconds = 0;
	for (int i = 0; i < 10; i++)
		second(0, DROP_STORM_BROADCAST);
	cr_expect_eq(n_disabled, 0);
}
