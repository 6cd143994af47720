// SPDX-License-Identifier: BSD-3-Clause
// The history on disk: kept over restarts, bounded, and never in anybody's way.
#include "control/events/history.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"

static char directory[] = "/tmp/ixfab-history-XXXXXX";
static const struct history_limits usual;
static struct history *history;

static void start(void)
{
	cr_assert_not_null(mkdtemp(directory));
	log_init("history", LOG_LEVEL_CRIT);
	history = history_open(directory, &usual);
}

static void end(void)
{
	char command[64];

	history_close(history);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

TestSuite(history, .init = start, .fini = end);

static void reopen(const struct history_limits *limits)
{
	history_close(history);
	history = history_open(directory, limits);
}

static struct incident make(uint64_t id)
{
	struct incident incident = {.id = id,
				    .port = "swp1",
				    .member = "Example Net",
				    .asn = 64501,
				    .lan = "peering",
				    .reason = "mac_limit",
				    .level = LOG_LEVEL_WARN,
				    .open = true,
				    .first = 1000 + (double)id,
				    .last = 1000 + (double)id,
				    .count = 5,
				    .n_macs = 2,
				    .macs = {MAC(2, 0, 0, 0, 0, 1), MAC(2, 0, 0, 0, 0, 2)},
				    .more_macs = true,
				    .length = 1514,
				    .n_octets = EVENT_OCTETS,
				    .detail = "and more"};

	memset(incident.octets, 0xa5, sizeof(incident.octets));
	return incident;
}

static void put(uint64_t id)
{
	struct incident incident = make(id);

	history_put(history, &incident);
}

struct found {
	uint64_t ids[64];
	size_t n;
	size_t limit;
};

static bool add(void *argument, const struct incident *incident)
{
	struct found *found = argument;

	found->ids[found->n++] = incident->id;
	return found->n < found->limit;
}

static struct found search(const struct history_filter *filter, size_t limit)
{
	struct found found = {.limit = limit};

	history_search(history, filter, add, &found);
	return found;
}

static const struct history_filter all;

Test(history, what_was_put_comes_back_the_same_after_a_restart)
{
	struct incident wanted = make(1), got;

	wanted.open = false;
	put(1);
	reopen(&usual);
	cr_assert(history_find(history, 1, &got));
	cr_expect_eq(got.id, wanted.id);
	cr_expect_str_eq(got.port, wanted.port);
	cr_expect_str_eq(got.member, wanted.member);
	cr_expect_eq(got.asn, wanted.asn);
	cr_expect_str_eq(got.lan, wanted.lan);
	cr_expect_str_eq(got.reason, wanted.reason);
	cr_expect_eq(got.level, wanted.level);
	cr_expect_eq(got.open, false, "control ended, and so did it");
	cr_expect_eq(got.first, wanted.first);
	cr_expect_eq(got.last, wanted.last);
	cr_expect_eq(got.count, wanted.count);
	cr_expect_eq(got.n_macs, 2);
	cr_expect_arr_eq(got.macs, wanted.macs, sizeof(got.macs));
	cr_expect(got.more_macs);
	cr_expect_eq(got.length, 1514);
	cr_expect_eq(got.n_octets, EVENT_OCTETS);
	cr_expect_arr_eq(got.octets, wanted.octets, EVENT_OCTETS);
	cr_expect_str_eq(got.detail, wanted.detail);
	cr_expect_eq(history_next_id(history), 2);
}

Test(history, what_waits_is_found_as_it_is_now)
{
	struct incident incident = make(2), got;

	put(1);
	put(2);
	history_flush(history);
	incident.count = 7;
	history_put(history, &incident);
	put(3);
	cr_assert(history_find(history, 2, &got));
	cr_expect_eq(got.count, 7);
	struct found found = search(&all, 10);
	cr_assert_eq(found.n, 3, "none twice");
	cr_expect_eq(found.ids[0], 3);
	cr_expect_eq(found.ids[1], 2);
	cr_expect_eq(found.ids[2], 1);
}

Test(history, filters_and_limits_hold)
{
	struct incident other = make(3);

	put(1);
	put(2);
	strcpy(other.port, "swp2");
	strcpy(other.reason, "runt");
	history_put(history, &other);
	for (int written = 0; written < 2; written++) {
		cr_expect_eq(search(&(struct history_filter){.port = "swp1"}, 10).n, 2);
		cr_expect_eq(search(&(struct history_filter){.reason = "runt"}, 10).n, 1);
		cr_expect_eq(
			search(&(struct history_filter){.port = "swp1", .reason = "runt"}, 10).n,
			0);
		cr_expect_eq(search(&(struct history_filter){.since = 1002}, 10).n, 2);
		cr_expect_eq(search(&all, 1).ids[0], 3);
		cr_expect_eq(search(&all, 1).n, 1);
		history_flush(history);
	}
	struct incident got;
	cr_expect_not(history_find(history, 4, &got));
}

Test(history, the_oldest_go_when_there_are_too_many)
{
	static const struct history_limits few = {.rows = 10};

	reopen(&few);
	for (uint64_t id = 1; id <= 25; id++) {
		put(id);
		history_flush(history);
	}
	struct found found = search(&all, 64);
	cr_assert_eq(found.n, 10);
	cr_expect_eq(found.ids[0], 25);
	cr_expect_eq(found.ids[9], 16);
}

Test(history, the_oldest_go_when_the_file_is_too_large)
{
	static const struct history_limits small = {.octets = 256 << 10};
	char path[64];
	struct stat status;
	struct incident got;

	reopen(&small);
	for (uint64_t id = 1; id <= 5000; id++) {
		put(id);
		if (id % 16 == 0)
			history_flush(history);
	}
	history_flush(history);
	cr_expect(history_find(history, 5000, &got));
	cr_expect_not(history_find(history, 1, &got));
	reopen(&small);
	snprintf(path, sizeof(path), "%s/events.sqlite", directory);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_leq(status.st_size, 256 << 10);
	cr_expect_gt(status.st_size, 128 << 10, "and not more than that");
	cr_expect_eq(status.st_mode & 0777, 0600);
}

// A file system of our own, which goes away with us.
static void mount_small(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", directory, "tmpfs", 0, "size=256k") < 0)
		cr_skip_test("it takes root to mount a file system");
}

static void fill_disk(const char *path)
{
	static const char block[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	cr_assert_eq(errno, ENOSPC);
	close(fd);
}

static void put_many(uint64_t from, uint64_t to)
{
	while (from < to)
		put(from++);
	history_flush(history);
}

Test(history, a_full_disk_loses_events_and_nothing_else)
{
	char path[64];
	struct incident got;

	mount_small();
	reopen(&usual);
	put_many(1, 10);
	snprintf(path, sizeof(path), "%s/filler", directory);
	fill_disk(path);
	put_many(10, 1000);
	put_many(1000, 2000);
	cr_expect_not(history_find(history, 1999, &got));
	cr_expect(history_find(history, 5, &got), "what was there stays");
	cr_expect_eq(unlink(path), 0);
	put_many(2000, 2010);
	cr_expect(history_find(history, 2009, &got), "and it goes on when there is room");
	reopen(&usual);
	cr_expect_eq(search(&all, 64).n, 19);
	cr_expect_eq(history_next_id(history), 2010);
	history_close(history);
	umount(directory);
	history = history_open(directory, &usual);
}

Test(history, a_damaged_file_is_set_aside)
{
	char path[64], damaged[64];
	struct incident got;

	history_close(history);
	snprintf(path, sizeof(path), "%s/events.sqlite", directory);
	snprintf(damaged, sizeof(damaged), "%s/events.sqlite.damaged", directory);
	FILE *file = fopen(path, "w");
	cr_assert(file && fputs("this is no database, but long enough to be one, is it not? "
				"SQLite looks at the first hundred octets of a file.....",
				file) > 0);
	fclose(file);
	history = history_open(directory, &usual);
	put(1);
	history_flush(history);
	cr_expect(history_find(history, 1, &got));
	cr_expect_eq(access(damaged, F_OK), 0);
}

Test(history, without_a_place_nothing_is_kept_and_nothing_breaks)
{
	struct history *none = history_open("/nonexistent", &usual);
	struct incident incident = make(1), got;

	cr_assert_not_null(none);
	cr_expect_eq(history_next_id(none), 1);
	history_put(none, &incident);
	cr_expect(history_find(none, 1, &got), "until it is written");
	history_flush(none);
	cr_expect_not(history_find(none, 1, &got));
	history_close(none);
}
