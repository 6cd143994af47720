// SPDX-License-Identifier: BSD-3-Clause
#include "control/startup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "control/sponge/sponge.h"
#include "control/state/baselines.h"
#include "lib/channel.h"
#include "lib/log.h"
#include "lib/stats.h"

static void log_complaints(struct config_errors *errors, enum log_level level)
{
	for (size_t i = 0; i < errors->n; i++)
		log_write(level, "%s", errors->lines[i]);
	config_errors_free(errors);
}

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

	log_complaints(&errors, config ? LOG_LEVEL_WARN : LOG_LEVEL_ERR);
	if (!config)
		complain(control, "this configuration is wrong");
	return config;
}

static bool is_running(const struct running *running, const struct config *config)
{
	return running->config && running->config->text_length == config->text_length &&
	       memcmp(running->config->text, config->text, config->text_length) == 0;
}

// Make a stored configuration the one in force. Takes "stored".
static int install(struct control *control, struct state_config *stored)
{
	struct config_errors errors = {0};
	struct config *config = config_read(stored->file, stored->text, stored->length, &errors);

	if (config) {
		config_errors_free(&errors);
		running_install(&control->running, config, stored);
		return 0;
	}
	log_complaints(&errors, LOG_LEVEL_ERR);
	log_err("generation %lu was applied by another release, and this one does not understand "
		"it",
		(unsigned long)stored->generation);
	state_config_fini(stored);
	return -EINVAL;
}

// What ended while nobody looked, and what another configuration does away with.
static void tidy_manual(struct control *control)
{
	struct running *running = &control->running;
	size_t n = manual_expire(&running->manual, change_now());

	if (running->config)
		n += manual_fit(&running->manual, running->config);
	if (n && state_save_manual(control->state, &running->manual))
		log_warn("%s", state_problem(control->state));
}

static int load_manual(struct control *control)
{
	int err = state_load_manual(control->state, &control->running.manual);

	if (!err)
		tidy_manual(control);
	return err;
}

static int load_running(struct control *control)
{
	struct state_config stored;
	int err = state_load_applied(control->state, &stored);

	if (!err)
		install(control, &stored);
	else if (err != -ENOENT)
		return err;
	return load_manual(control);
}

int startup_load(struct control *control)
{
	int err = load_running(control);

	if (err) {
		log_err("%s", state_problem(control->state));
		return err;
	}
	struct config *config = read_file(control);
	control->apply_file = config && !is_running(&control->running, config);
	if (config && !control->apply_file)
		log_info("%s: this is generation %lu, which was applied already",
			 control->config_path, (unsigned long)control->running.applied.generation);
	config_free(config);
	return 0;
}

static void on_applied(void *argument, int code, const char *text)
{
	struct control *control = argument;

	// Without a dataplane it is tried again with the next one.
	control->apply_file = code == RPC_NOT_ATTACHED;
	if (code == 0 || code == RPC_NOT_ATTACHED)
		return;
	complain(control, text);
	if (!control->running.slots)
		change_reconcile(control->changes);
}

static void apply_file(struct control *control, const char *by)
{
	struct config *config = read_file(control);

	control->apply_file = false;
	if (config)
		change_apply(control->changes, config, control->config_path, by, false, on_applied,
			     control);
	else if (!control->running.slots)
		change_reconcile(control->changes);
}

void startup_reload(struct control *control)
{
	log_notice("applying %s again", control->config_path);
	control->apply_file = true;
	if (fabric_is_attached(control->fabric))
		apply_file(control, "SIGHUP");
}

// A control that died while it applied a configuration left it behind as pending: the dataplane's
// digest tells whether it came into force.
static void settle_pending(struct control *control)
{
	const struct stats *stats = fabric_stats(control->fabric);
	struct state_config pending;

	if (state_load_pending(control->state, &pending))
		return;
	bool in_force = pending.digest == atomic_load(&stats->header->digest);
	log_notice("generation %lu was being applied when control ended: it is %s",
		   (unsigned long)pending.generation, in_force ? "in force" : "dropped");
	if (in_force ? state_confirm(control->state) : state_discard(control->state))
		log_warn("%s", state_problem(control->state));
	if (!in_force)
		state_config_fini(&pending);
	else if (install(control, &pending) == 0)
		tidy_manual(control);
}

void startup_attached(void *argument)
{
	struct control *control = argument;

	baselines_load(control->baselines, fabric_peer(control->fabric)->instance);
	events_attached(control->events);
	settle_pending(control);
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
	running_set_slots(&control->running, NULL, NULL);
}
