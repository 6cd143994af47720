// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "control/change.h"
#include "control/deadline.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "control/manual/drain.h"
#include "control/manual/sticky.h"
#include "control/rpc/rpc.h"
#include "control/rpc/server.h"
#include "control/sflow/sflow.h"
#include "control/sponge/sponge.h"
#include "control/startup.h"
#include "control/state/baselines.h"
#include "lib/log.h"
#include "tests/support/loop_until.h"

struct control control;
struct fake fake;
char directory[] = "/tmp/ixfab-world-XXXXXX";
char dataplane_path[64], operators_path[64], config_path[64], state_path[64];
uint32_t commit_patience_ms;
static unsigned int has;

static const struct fabric_listener deaf = {.attached = startup_attached,
					    .detached = startup_detached,
					    .argument = &control};
static const struct fabric_listener listener = {.attached = startup_attached,
						.detached = startup_detached,
						.event = events_take,
						.argument = &control};

void world_init(unsigned int parts)
{
	has = parts;
	cr_assert_not_null(mkdtemp(directory));
	snprintf(dataplane_path, sizeof(dataplane_path), "%s/dataplane.sock", directory);
	snprintf(operators_path, sizeof(operators_path), "%s/control.sock", directory);
	snprintf(config_path, sizeof(config_path), "%s/ixfab.yaml", directory);
	snprintf(state_path, sizeof(state_path), "%s/state", directory);
	log_init("test", LOG_LEVEL_CRIT);
	signal(SIGPIPE, SIG_IGN); // as main() does
}

void world_fini(void)
{
	char command[64];

	end_control();
	if (fake.pid)
		fake_kill(&fake);
	umount(state_path); // if a test had mounted it
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_expect_eq(system(command), 0);
}

void write_file(const char *text)
{
	FILE *file = fopen(config_path, "w");

	cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

void start_dataplane(void)
{
	fake_start(&fake, dataplane_path, 1, FAKE_GOOD);
}

void start_control(void)
{
	const struct fabric_patience patience = {.commit = commit_patience_ms};
	char problem[STATE_PROBLEM_SIZE];

	control.base = loop_create();
	control.config_path = config_path;
	control.state = state_open(state_path, problem);
	cr_assert(control.state, "%s", problem);
	control.baselines = baselines_create(control.state);
	control.events = has & WORLD_EVENTS ? events_create(&control, state_path) : NULL;
	control.sponges = has & WORLD_SPONGES ? sponges_create(&control, state_path) : NULL;
	control.sflow = has & WORLD_SFLOW ? sflow_create(&control) : NULL;
	cr_assert_eq(startup_load(&control), 0);
	control.changes = changes_create(&control);
	control.sticky = has & WORLD_STICKY ? sticky_create(&control) : NULL;
	control.deadline = has & WORLD_DEADLINE ? deadline_create(&control) : NULL;
	control.fabric = fabric_create(control.base, dataplane_path,
				       control.events ? &listener : &deaf, &patience);
	if (!(has & WORLD_OPERATORS))
		return;
	control.server = server_create(control.base, operators_path, NULL, &rpc_handler, &control);
	cr_assert_not_null(control.server);
}

void end_control(void)
{
	if (!control.base)
		return;
	drains_destroy(control.drains);
	fabric_destroy(control.fabric);
	sponges_destroy(control.sponges);
	sflow_destroy(control.sflow);
	sticky_destroy(control.sticky);
	changes_destroy(control.changes);
	deadline_destroy(control.deadline);
	events_destroy(control.events);
	if (control.server)
		server_destroy(control.server);
	running_fini(&control.running);
	baselines_destroy(control.baselines);
	state_close(control.state);
	event_base_free(control.base);
	control = (struct control){0};
}

bool is_in_force(void)
{
	return control.running.slots && atomic_load(&fake.stats.header->digest);
}

void wait_in_force(void)
{
	cr_assert(loop_until(control.base, is_in_force));
}

void world_start(unsigned int parts, const char *text)
{
	world_init(parts);
	write_file(text);
	start_dataplane();
	start_control();
	wait_in_force();
}
