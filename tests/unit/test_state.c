// SPDX-License-Identifier: BSD-3-Clause
#include "control/state/state.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/fabric/plan.h"

static char directory[] = "/tmp/ixfab-state-XXXXXX";
static char problem[STATE_PROBLEM_SIZE];
static struct config_port ports[] = {{.name = "swp1"}, {.name = "swp2"}, {.name = "swp3"}};
static struct config parsed = {.ports = ports, .n_ports = 2};

static void make_directory(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
	char command[64];

	umount(directory);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

TestSuite(state, .init = make_directory, .fini = remove_directory, .timeout = 60);

static struct state *open_state(void)
{
	struct state *state = state_open(directory, problem);

	cr_assert(state, "%s", problem);
	return state;
}

static int prepare_sized(struct state *state, const char *text, size_t length)
{
	char copy[] = "/etc/ixfab/ixfab.yaml";
	char by[] = "alice";
	struct state_config config = {.text = (char *)text,
				      .length = length,
				      .file = copy,
				      .by = by,
				      .applied = 1700000000.25,
				      .digest = UINT64_C(0xfedcba9876543210)};

	return state_prepare(state, &config, &parsed);
}

static int prepare(struct state *state, const char *text)
{
	return prepare_sized(state, text, strlen(text));
}

static void expect_applied(struct state *state, uint64_t generation, const char *text)
{
	struct state_config config;

	if (!text) {
		cr_expect_eq(state_load_applied(state, &config), -ENOENT);
		return;
	}
	cr_assert_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.generation, generation);
	cr_expect_eq(config.length, strlen(text));
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
}

Test(state, is_empty_at_first)
{
	struct state *state = open_state();
	struct plan_override *overrides;
	struct state_config config;
	size_t n;

	expect_applied(state, 0, NULL);
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);
	cr_expect_eq(state_load_overrides(state, &overrides, &n), 0);
	cr_expect_eq(n, 0);
	cr_expect_eq(state_ifindex(state, "swp1"), 0);
	state_close(state);
}

Test(state, a_configuration_is_pending_and_then_applied)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare(state, "first"), 0);
	expect_applied(state, 0, NULL);
	cr_expect_eq(state_load_pending(state, &config), 0);
	cr_expect_eq(config.generation, 1);
	cr_expect_eq(config.digest, UINT64_C(0xfedcba9876543210));
	state_config_fini(&config);
	cr_expect_eq(state_confirm(state), 0);
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);
	state_close(state);

	state = open_state();
	expect_applied(state, 1, "first");
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_str_eq(config.file, "/etc/ixfab/ixfab.yaml");
	cr_expect_str_eq(config.by, "alice");
	cr_expect_eq(config.applied, 1700000000.25);
	state_config_fini(&config);
	state_close(state);
}

Test(state, what_is_discarded_leaves_the_applied_one)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_confirm(state), 0);
	cr_expect_eq(prepare(state, "second"), 0);
	cr_expect_eq(state_discard(state), 0);
	expect_applied(state, 1, "first");
	cr_expect_eq(state_load_pending(state, &config), -ENOENT);

	// One that is prepared while another is pending replaces it.
	cr_expect_eq(prepare(state, "third"), 0);
	cr_expect_eq(prepare(state, "fourth"), 0);
	cr_expect_eq(state_confirm(state), 0);
	expect_applied(state, 2, "fourth");
	state_close(state);
}

Test(state, many_generations_keep_the_last_ones_only)
{
	struct state *state = open_state();
	char text[32];

	for (int i = 1; i <= 100; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		cr_assert_eq(prepare(state, text), 0);
		cr_assert_eq(state_confirm(state), 0);
	}
	expect_applied(state, 100, "text 100");
	state_close(state);
}

Test(state, text_may_hold_any_octets)
{
	struct state *state = open_state();
	struct state_config config;

	cr_expect_eq(prepare_sized(state, "a\0b", 3), 0);
	cr_expect_eq(state_confirm(state), 0);
	cr_expect_eq(state_load_applied(state, &config), 0);
	cr_expect_eq(config.length, 3);
	cr_expect_eq(memcmp(config.text, "a\0b", 3), 0);
	state_config_fini(&config);
	cr_expect_eq(prepare(state, ""), 0);
	cr_expect_eq(state_confirm(state), 0);
	expect_applied(state, 2, "");
	state_close(state);
}

Test(state, an_ifindex_is_given_once_and_for_ever)
{
	struct state *state = open_state();
	struct config_port later[] = {{.name = "swp3"}, {.name = "swp2"}};
	struct config other = {.ports = later, .n_ports = 2};
	struct state_config config = {.text = (char *)"", .file = (char *)"", .by = (char *)""};

	cr_expect_eq(prepare(state, "first"), 0);
	uint32_t first = state_ifindex(state, "swp1");
	uint32_t second = state_ifindex(state, "swp2");
	cr_expect_gt(first, 0);
	cr_expect_gt(second, 0);
	cr_expect_neq(first, second);
	cr_expect_eq(state_ifindex(state, "swp3"), 0);
	cr_expect_eq(state_prepare(state, &config, &other), 0);
	cr_expect_eq(state_ifindex(state, "swp1"), first, "also while the port is gone");
	cr_expect_eq(state_ifindex(state, "swp2"), second);
	uint32_t third = state_ifindex(state, "swp3");
	cr_expect(third != 0 && third != first && third != second);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_ifindex(state, "swp3"), third);
	state_close(state);
}

Test(state, overrides_are_set_replaced_and_removed)
{
	struct state *state = open_state();
	struct plan_override *overrides;
	size_t n;

	cr_expect_eq(state_set_override(state, "swp2", false), 0);
	cr_expect_eq(state_set_override(state, "swp1", true), 0);
	cr_expect_eq(state_set_override(state, "swp1", false), 0);
	cr_expect_eq(state_set_override(state, "swp2", true), 0);
	cr_expect_eq(state_del_override(state, "swp3"), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_overrides(state, &overrides, &n), 0);
	cr_assert_eq(n, 2);
	cr_expect_str_eq(overrides[0].port, "swp1");
	cr_expect(!overrides[0].admin_up);
	cr_expect_str_eq(overrides[1].port, "swp2");
	cr_expect(overrides[1].admin_up);
	free(overrides);
	cr_expect_eq(state_del_override(state, "swp1"), 0);
	cr_expect_eq(state_load_overrides(state, &overrides, &n), 0);
	cr_expect_eq(n, 1);
	free(overrides);
	state_close(state);
}

Test(state, baselines_belong_to_one_dataplane)
{
	static struct state_baseline saved[3];
	struct state *state = open_state();
	struct state_baseline *loaded;
	size_t n;

	for (size_t i = 0; i < 3; i++) {
		snprintf(saved[i].port, sizeof(saved[i].port), "swp%zu", i);
		saved[i].instance = UINT64_MAX - 1;
		saved[i].incarnation = (uint32_t)i + 1;
		saved[i].cleared = 1700000000.5;
		saved[i].counters[0] = i * 100;
		saved[i].counters[COUNTER_WORDS - 1] = UINT64_MAX;
	}
	cr_expect_eq(state_save_baselines(state, saved, 3), 0);
	state_close(state);
	state = open_state();
	cr_expect_eq(state_load_baselines(state, 1, &loaded, &n), 0);
	cr_expect_eq(n, 0);
	free(loaded);
	cr_expect_eq(state_load_baselines(state, UINT64_MAX - 1, &loaded, &n), 0);
	cr_assert_eq(n, 3);
	for (size_t i = 0; i < n; i++) {
		cr_expect_str_eq(loaded[i].port, saved[i].port);
		cr_expect_eq(loaded[i].instance, saved[i].instance);
		cr_expect_eq(loaded[i].incarnation, saved[i].incarnation);
		cr_expect_eq(loaded[i].cleared, saved[i].cleared);
		cr_expect_eq(memcmp(loaded[i].counters, saved[i].counters,
				    sizeof(saved[i].counters)),
			     0);
	}
	free(loaded);

	saved[0].instance = 5;
	cr_expect_eq(state_save_baselines(state, saved, 1), 0);
	cr_expect_eq(state_load_baselines(state, UINT64_MAX - 1, &loaded, &n), 0);
	cr_expect_eq(n, 0, "those of a dataplane that is gone are forgotten");
	free(loaded);
	state_close(state);
}

Test(state, only_one_control_may_use_it)
{
	struct state *state = open_state();

	cr_expect_null(state_open(directory, problem));
	cr_expect_eq(errno, EBUSY);
	cr_expect(strstr(problem, "another ixfab-control"), "%s", problem);
	state_close(state);
	state_close(open_state());
}

Test(state, a_directory_that_cannot_be_is_a_clear_error)
{
	cr_expect_null(state_open("/proc/ixfab/state", problem));
	cr_expect_eq(errno, EACCES);
	cr_expect(strstr(problem, "/proc/ixfab/state"), "%s", problem);
}

static void write_state_file(const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/state.sqlite", directory);
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	for (int i = 0; i < 1000; i++)
		fputs(text, file);
	fclose(file);
}

Test(state, a_file_that_is_no_state_is_not_touched)
{
	write_state_file("this is a letter to my aunt\n");
	cr_expect_null(state_open(directory, problem));
	cr_expect_eq(errno, EUCLEAN);
	cr_expect(strstr(problem, "move it away"), "%s", problem);
}

// A file system of our own, which goes away with us.
static void mount_small(const char *options)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", directory, "tmpfs", 0, options) < 0)
		cr_skip_test("it takes root to mount a file system");
}

static void fill_disk(void)
{
	static const char block[4096];
	char path[64];

	snprintf(path, sizeof(path), "%s/filler", directory);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	cr_assert_eq(errno, ENOSPC);
	close(fd);
}

Test(state, a_full_disk_refuses_a_change_and_loses_nothing)
{
	static char large[50000];
	struct state_baseline baseline = {.port = "swp1", .instance = 1};

	memset(large, 'x', sizeof(large) - 1);
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_confirm(state), 0);
	fill_disk();
	cr_expect_eq(prepare(state, large), -ENOSPC);
	cr_expect(strstr(state_problem(state), "full"), "%s", state_problem(state));
	expect_applied(state, 1, "first");
	state_close(state);

	state = open_state();
	expect_applied(state, 1, "first");
	int err = state_save_baselines(state, &baseline, 1);
	cr_expect(err == 0 || err == -ENOSPC, "%d", err);
	state_close(state);
}

Test(state, a_disk_that_fills_between_the_two_steps_does_not_matter)
{
	static char large[20000];

	memset(large, 'x', sizeof(large) - 1);
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, large), 0);
	fill_disk();
	cr_expect_eq(state_confirm(state), 0, "%s", state_problem(state));
	expect_applied(state, 1, large);
	state_close(state);
	state = open_state();
	expect_applied(state, 1, large);
	state_close(state);
}

Test(state, a_file_system_that_turned_read_only_refuses_changes)
{
	mount_small("size=256k");
	struct state *state = open_state();
	cr_expect_eq(prepare(state, "first"), 0);
	cr_expect_eq(state_confirm(state), 0);
	state_close(state);
	cr_assert_eq(mount(NULL, directory, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);

	state = open_state();
	expect_applied(state, 1, "first");
	cr_expect_eq(prepare(state, "second"), -EROFS);
	cr_expect(strstr(state_problem(state), "read-only"), "%s", state_problem(state));
	expect_applied(state, 1, "first");
	state_close(state);
}

// Generation n holds n times the letter that n stands for.
static void fill_text(char *text, uint64_t n)
{
	memset(text, (int)('a' + n % 26), n);
	text[n] = 0;
}

static void apply_for_ever(int tell)
{
	struct state *state = state_open(directory, problem);
	static char text[1 << 16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (uint64_t n = 1;; n++) {
		fill_text(text, n);
		if (!state || prepare(state, text) || write(tell, "p", 1) != 1 ||
		    state_confirm(state) || write(tell, "c", 1) != 1)
			_exit(1);
	}
}

// Kill a process that applies one configuration after the other, at a point that varies.
static void kill_while_applying(int octets)
{
	int pipes[2];
	char octet;

	cr_assert_eq(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0)
		apply_for_ever(pipes[1]);
	cr_assert_gt(child, 0);
	for (int i = 0; i < octets; i++)
		cr_assert_eq(read(pipes[0], &octet, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
}

static void expect_whole(struct state *state, uint64_t at_least)
{
	static char text[1 << 16];
	struct state_config config;

	cr_assert_eq(state_load_applied(state, &config), 0);
	cr_expect_geq(config.generation, at_least);
	fill_text(text, config.generation);
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
	if (state_load_pending(state, &config))
		return;
	fill_text(text, config.generation);
	cr_expect_str_eq(config.text, text);
	state_config_fini(&config);
}

Test(state, a_kill_at_any_point_leaves_the_old_or_the_new_one)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s/state.sqlite*", directory);
	for (int octets = 2; octets < 22; octets++) {
		kill_while_applying(octets);
		struct state *state = open_state();
		expect_whole(state, (uint64_t)octets / 2);
		state_close(state);
		cr_assert_eq(system(command), 0);
	}
}
