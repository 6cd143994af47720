// SPDX-License-Identifier: BSD-3-Clause
#include "control/startup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/audit.h"
#include "control/capture/captures.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/config/diff.h"
#include "control/control.h"
#include "control/deadline.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "control/sflow/sflow.h"
#include "control/sponge/sponge.h"
#include "control/startup_state.h"
#include "control/state/baselines.h"
#include "lib/channel.h"
#include "lib/log.h"
#include "lib/notify.h"

// What is in force while the file cannot be.
static char *describe_running(const struct running *running)
{
	if (!running->config)
		return alloc_format("there is none to go on with, waiting for \"ixfab apply\"");
	return alloc_format("going on with generation %lu, applied by %s from %s",
			    (unsigned long)running->applied.generation, running->applied.by,
			    running->applied.file);
}

// Say that the file is not in force, and what is.
static void complain(struct control *control, const char *why)
{
	char *instead = describe_running(&control->running);
	char *text = alloc_format("%s: %s; %s", control->config_path, why, instead);

	log_err("%s", text);
	running_set_problem(&control->running, text);
	free(instead);
	free(text);
}

// Read the file; complain if it is wrong. Returns NULL then.
static struct config *read_file(struct control *control)
{
	struct config_errors errors = {0};
	struct config *config = config_read_file(control->config_path, &errors);

	startup_log_complaints(&errors, config ? LOG_LEVEL_WARN : LOG_LEVEL_ERR);
	if (!config)
		complain(control, "this configuration is wrong");
	return config;
}

static bool is_running(const struct running *running, const struct config *config)
{
	return running->config && running->config->text_length == config->text_length &&
	       memcmp(running->config->text, config->text, config->text_length) == 0;
}

// Say why the file is not applied. Returns whether it is to be.
static bool is_to_be_applied(struct control *control, const struct config *config)
{
	const struct state_config *applied = &control->running.applied;
	uint64_t generation;
	char why[128];

	if (is_running(&control->running, config)) {
		log_info("%s: this is generation %lu, which was applied already",
			 control->config_path, (unsigned long)applied->generation);
		return false;
	}
	if (applied->wait.deadline > 0) {
		log_notice("%s: not applied, as generation %lu waits to be confirmed",
			   control->config_path, (unsigned long)applied->generation);
		return false;
	}
	if (!state_was_undone(control->state, config->text, config->text_length, &generation))
		return true;
	snprintf(why, sizeof(why),
		 "this is generation %lu, which was undone: it takes \"ixfab apply\" to have it "
		 "again",
		 (unsigned long)generation);
	complain(control, why);
	return false;
}

static bool wants_file(struct control *control)
{
	struct config *config = read_file(control);
	bool wanted = config && is_to_be_applied(control, config);

	config_free(config);
	return wanted;
}

int startup_load(struct control *control)
{
	int err = startup_load_running(control);

	if (err) {
		log_err("%s", state_problem(control->state));
		return err;
	}
	control->apply_file = wants_file(control);
	return 0;
}

// The file on its way to be the configuration.
struct apply {
	struct control *control;
	uint64_t before; // generation
	const char *by;
	struct config_changes changes;
};

static void note_applied(const struct apply *apply)
{
	struct control *control = apply->control;

	if (control->running.applied.generation != apply->before)
		audit_applied(control, apply->by, control->config_path, &apply->changes);
}

static void on_applied(void *argument, int code, const char *text)
{
	struct apply *apply = argument;
	struct control *control = apply->control;

	// Without a dataplane it is tried again with the next one.
	control->apply_file = code == RPC_NOT_ATTACHED;
	notify_ready(); // if this was a reload, it is over
	if (code == 0)
		note_applied(apply);
	else if (code != RPC_NOT_ATTACHED)
		complain(control, text);
	if (code && code != RPC_NOT_ATTACHED && !control->running.slots)
		change_reconcile(control->changes);
	config_changes_free(&apply->changes);
	free(apply);
}

static void apply_file(struct control *control, const char *by)
{
	const struct change_request request = {.file = control->config_path, .by = by};
	struct config *config = read_file(control);

	control->apply_file = false;
	if (config) {
		struct apply *apply = alloc_zero(sizeof(*apply));

		*apply = (struct apply){.control = control, .by = by};
		apply->before = control->running.applied.generation;
		config_diff(control->running.config, config, &apply->changes);
		change_apply(control->changes, config, &request, on_applied, apply);
		return;
	}
	notify_ready();
	if (!control->running.slots)
		change_reconcile(control->changes);
}

void startup_reload(struct control *control)
{
	log_notice("applying %s again", control->config_path);
	notify_reloading();
	control->apply_file = true;
	if (fabric_is_attached(control->fabric))
		apply_file(control, "SIGHUP");
	else
		notify_ready();
}

void startup_attached(void *argument)
{
	struct control *control = argument;

	baselines_load(control->baselines, fabric_peer(control->fabric)->instance);
	events_attached(control->events);
	if (startup_settle(control))
		control->apply_file = control->apply_file && wants_file(control);
	startup_drop_aside(control);
	deadline_look(control->deadline);
	deadline_watch(control->deadline);
	if (control->apply_file)
		apply_file(control, "start");
	else
		change_reconcile(control->changes);
}

void startup_detached(void *argument)
{
	struct control *control = argument;

	events_detached(control->events);
	sponges_detached(control->sponges);
	sflow_detached(control->sflow);
	captures_detached(control->captures);
	memset(control->interfaces, 0, sizeof(control->interfaces));
	running_set_slots(&control->running, NULL, NULL);
}
