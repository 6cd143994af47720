// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/alloc.h"
#include "control/change_type.h"
#include "control/config/diff.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "lib/log.h"
#include "lib/stats.h"

static void wish_running(struct change *change)
{
	const struct running *running = &change->control->running;

	change->wish.config = running->config;
	change->wish.overrides = running->overrides;
	change->wish.n_overrides = running->n_overrides;
}

bool change_was_left_out(const struct change *change, size_t port)
{
	const struct running *running = &change->control->running;
	const struct config_port *wanted = &change->wish.config->ports[port];

	for (size_t i = 0; running->config && i < running->config->n_ports; i++) {
		const struct config_port *old = &running->config->ports[i];

		if (strcmp(old->name, wanted->name) == 0)
			return strcmp(old->device, wanted->device) == 0 &&
			       running_port_problem(running, i);
	}
	return false;
}

static bool may_stay_out(struct change *change, size_t port)
{
	return change_was_left_out(change, port);
}

// Apply

static int check_removals(struct change *change)
{
	const struct config *old = change->control->running.config;

	if (change->force || !config_diff_removes_most(old, change->config))
		return 0;
	return change_complain(change, RPC_NEEDS_FORCE,
			       "this removes %zu of %zu ports; if that is meant, apply it with "
			       "--force",
			       config_diff_removed_ports(old, change->config), old->n_ports);
}

static int prepare_apply(struct change *change)
{
	wish_running(change);
	change->wish.config = change->config;
	return check_removals(change);
}

static bool is_same_text(const struct change *change)
{
	const struct config *old = change->control->running.config;

	return old && old->text_length == change->config->text_length &&
	       memcmp(old->text, change->config->text, old->text_length) == 0 &&
	       strcmp(change->control->running.applied.file, change->applied.file) == 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int record_apply(struct change *change)
{
	struct state *state = change->control->state;

	if (is_same_text(change))
		return 0;
	free(change->applied.text);
	change->applied.text = alloc_text(change->config->text, change->config->text_length);
	change->applied.length = change->config->text_length;
	change->applied.applied = now();
	change->applied.digest = change->plan->digest;
	if (state_prepare(state, &change->applied, change->config))
		return change_complain(change, RPC_STATE, "%s", state_problem(state));
	change->recorded = true;
	return 0;
}

static void undo_apply(struct change *change)
{
	if (state_discard(change->control->state))
		log_warn("%s", state_problem(change->control->state));
}

// Ports that are gone take with them what was set above them.
static void drop_overrides(struct control *control)
{
	struct running *running = &control->running;
	size_t kept = 0;

	for (size_t i = 0; i < running->n_overrides; i++) {
		const char *port = running->overrides[i].port;

		if (config_find_port(running->config, port))
			running->overrides[kept++] = running->overrides[i];
		else if (state_del_override(control->state, port))
			log_warn("%s", state_problem(control->state));
	}
	running->n_overrides = kept;
}

static void succeed_apply(struct change *change)
{
	struct control *control = change->control;
	struct config *config = change->config;

	running_set_problem(&control->running, NULL);
	if (!change->recorded)
		return;
	// The digest tells the next start that it was applied, should this have failed.
	if (state_confirm(control->state))
		log_warn("%s", state_problem(control->state));
	log_notice("generation %lu is in force: %zu port%s in %zu LAN%s, applied by %s from %s",
		   (unsigned long)change->applied.generation, config->n_ports,
		   config->n_ports == 1 ? "" : "s", config->n_lans, config->n_lans == 1 ? "" : "s",
		   change->applied.by, change->applied.file);
	running_install(&control->running, config, &change->applied);
	change->config = NULL;
	drop_overrides(control);
}

const struct change_type change_type_apply = {
	.prepare = prepare_apply,
	.record = record_apply,
	.undo = undo_apply,
	.succeed = succeed_apply,
	.may_leave_out = may_stay_out,
};

// Override

// An override that says what the configuration says is none.
static bool is_needed(const struct change *change)
{
	return config_find_port(change->wish.config, change->port)->admin_up != change->admin_up;
}

static int prepare_override(struct change *change)
{
	const struct running *running = &change->control->running;
	size_t n = 0;

	wish_running(change);
	if (!running->config || !config_find_port(running->config, change->port))
		return change_complain(change, RPC_NOT_FOUND, "there is no port %s", change->port);
	change->overrides = alloc_array(NULL, running->n_overrides + 1, sizeof(*change->overrides));
	for (size_t i = 0; i < running->n_overrides; i++) {
		if (strcmp(running->overrides[i].port, change->port) != 0)
			change->overrides[n++] = running->overrides[i];
	}
	if (is_needed(change)) {
		change->overrides[n] =
			(struct plan_override){.has_admin = true, .admin_up = change->admin_up};
		memcpy(change->overrides[n++].port, change->port, sizeof(change->port));
	}
	change->wish.overrides = change->overrides;
	change->wish.n_overrides = n;
	return 0;
}

static int record_override(struct change *change)
{
	struct state *state = change->control->state;
	int err = is_needed(change) ? state_set_override(state, change->port, change->admin_up)
				    : state_del_override(state, change->port);

	if (err)
		return change_complain(change, RPC_STATE, "%s", state_problem(state));
	change->recorded = true;
	return 0;
}

static void undo_override(struct change *change)
{
	const struct running *running = &change->control->running;
	struct state *state = change->control->state;
	int err = 0;

	for (size_t i = 0; i < running->n_overrides; i++) {
		if (strcmp(running->overrides[i].port, change->port) != 0)
			continue;
		if (state_set_override(state, change->port, running->overrides[i].admin_up))
			log_warn("%s", state_problem(state));
		return;
	}
	err = state_del_override(state, change->port);
	if (err)
		log_warn("%s", state_problem(state));
}

static void succeed_override(struct change *change)
{
	log_notice("port %s is set %s", change->port, change->admin_up ? "up" : "down");
	running_set_overrides(&change->control->running, change->overrides,
			      change->wish.n_overrides);
	change->overrides = NULL;
}

const struct change_type change_type_override = {
	.prepare = prepare_override,
	.record = record_override,
	.undo = undo_override,
	.succeed = succeed_override,
	.may_leave_out = may_stay_out,
};

// Reconcile

static int prepare_reconcile(struct change *change)
{
	wish_running(change);
	if (!change->wish.config)
		log_notice("there is no configuration yet: waiting for \"ixfab apply\"");
	return 0;
}

static void log_problems(const struct change *change)
{
	const struct config *config = change->wish.config;

	for (size_t i = 0; i < config->n_ports; i++) {
		if (change->left_out[i] && !change_was_left_out(change, i))
			log_err("left out of the fabric: %s", change->problems[i]);
		if (!change->left_out[i] && change_was_left_out(change, i))
			log_notice("port %s is in again", config->ports[i].name);
	}
}

static bool is_first(const struct change *change)
{
	return !change->control->running.slots;
}

static void succeed_reconcile(struct change *change)
{
	const struct config *config = change->wish.config;

	log_problems(change);
	if (is_first(change))
		log_notice("generation %lu is in force: %zu port%s in %zu LAN%s",
			   (unsigned long)change->control->running.applied.generation,
			   config->n_ports, config->n_ports == 1 ? "" : "s", config->n_lans,
			   config->n_lans == 1 ? "" : "s");
}

static void fail_reconcile(struct change *change, int code)
{
	running_set_failure(&change->control->running, change->text);
	if (code != RPC_NOT_ATTACHED)
		log_err("the configuration cannot be put in force: %s", change->text);
}

static bool may_always_leave_out(struct change *change, size_t port)
{
	(void)change, (void)port;
	return true;
}

const struct change_type change_type_reconcile = {
	.prepare = prepare_reconcile,
	.succeed = succeed_reconcile,
	.fail = fail_reconcile,
	.may_leave_out = may_always_leave_out,
	.tries_again = true,
};
