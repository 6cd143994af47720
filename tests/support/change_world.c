// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/change_world.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/config/config.h"
#include "control/loop.h"
#include "lib/message.h"
#include "tests/support/good_config.h"
#include "tests/support/loop_until.h"

int done;
int last_code;
char last_text[512];

void change_world_init(void)
{
	world_init(WORLD_EVENTS | WORLD_STICKY | WORLD_DEADLINE);
}

// A configuration of ports named by single letters.
const char *describe(const char *ports)
{
	static char text[4096];
	int n = sprintf(text, "version: 1\nlans: {peering: {profile: open}}\nports:%s\n",
			*ports ? "" : " {}");

	for (; *ports; ports++)
		n += sprintf(text + n, "  %c: {device: \"iface:%c0\", lans: {peering: {}}}\n",
			     *ports, *ports);
	return text;
}

void on_done(void *argument, int code, const char *text)
{
	(void)argument;
	done++;
	last_code = code;
	snprintf(last_text, sizeof(last_text), "%s", text ? text : "");
}

void submit_request(const char *text, const struct change_request *request)
{
	done = 0;
	change_apply(control.changes, read_config(text), request, on_done, NULL);
}

void submit(const char *text, bool force)
{
	const struct change_request request = {.file = "file", .by = "alice", .force = force};

	submit_request(text, &request);
}

bool is_done(void)
{
	return done > 0;
}

int apply(const char *ports, bool force)
{
	submit(describe(ports), force);
	cr_assert(loop_until(control.base, is_done));
	return last_code;
}

int try_out(const char *ports, double seconds)
{
	const struct change_request request = {.file = "file",
					       .by = "alice",
					       .message = "try it",
					       .confirm = seconds};

	submit_request(describe(ports), &request);
	cr_assert(loop_until(control.base, is_done));
	return last_code;
}

int make_edit(struct edit *edit, const char *port)
{
	done = 0;
	snprintf(edit->port, sizeof(edit->port), "%s", port);
	change_edit(control.changes, edit, on_done, NULL);
	cr_assert(loop_until(control.base, is_done));
	return last_code;
}

int set_admin(const char *port, bool up)
{
	struct edit edit = {.kind = EDIT_ADMIN, .admin_up = up};

	return make_edit(&edit, port);
}

// The ports that the dataplane has, in the order of their slots; upper case if up.
const char *ports_there(void)
{
	static char names[MAX_PORTS + 1];
	struct port_info info;
	size_t n = 0;

	for (uint16_t s = 0; s < MAX_PORTS; s++) {
		if (stats_port_info(&fake.stats, s, &info))
			names[n++] = (char)(info.admin_up ? info.name[0] & ~0x20 : info.name[0]);
	}
	names[n] = 0;
	return names;
}

// A dataplane, and a control that has "ports" in force.
void start_with(const char *ports)
{
	write_file(describe(ports));
	start_dataplane();
	start_control();
	wait_in_force();
}

void expect_running(uint64_t generation, const char *ports)
{
	cr_expect_eq(control.running.applied.generation, generation);
	cr_expect_eq(control.running.config->n_ports, strlen(ports));
	cr_expect(strncmp(control.running.config->text, describe(ports),
			  control.running.config->text_length) == 0);
}

// "state" on a file system of our own that is small.
void mount_state(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mkdir(state_path, 0700) < 0 ||
	    mount("tmpfs", state_path, "tmpfs", 0, "size=1m") < 0)
		cr_skip_test("it takes root to mount a file system");
}

void fill_disk(void)
{
	static const char block[4096];
	char path[80];

	snprintf(path, sizeof(path), "%s/filler", state_path);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
}

// A control in a process of its own, which is killed while the dataplane thinks about "ports".
void kill_control_during_apply(const char *ports, double confirm)
{
	const struct change_request request = {.file = "file", .by = "alice", .confirm = confirm};
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		start_control();
		if (!loop_until(control.base, is_in_force))
			_exit(1);
		atomic_store(&fake.shared->mischief, FAKE_HOLDS_COMMIT);
		submit_request(describe(ports), &request);
		loop_run(control.base);
	}
	cr_assert_gt(child, 0);
	while (!atomic_load(&fake.shared->held))
		usleep(1000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	atomic_store(&fake.shared->mischief, FAKE_GOOD);
}
