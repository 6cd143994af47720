// SPDX-License-Identifier: BSD-3-Clause
// Changes to another configuration.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/change_type.h"
#include "control/config/diff.h"
#include "control/rpc/code.h"
#include "lib/log.h"

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

static bool is_same_text(const struct change *change)
{
	const struct config *old = change->control->running.config;

	return old && old->text_length == change->config->text_length &&
	       memcmp(old->text, change->config->text, old->text_length) == 0 &&
	       strcmp(change->control->running.applied.file, change->applied.file) == 0;
}

// What waits is wanted once more: for good, or for some more time.
static int renew(struct change *change)
{
	struct control *control = change->control;
	struct state_wait wait = control->running.applied.wait;

	running_set_problem(&control->running, NULL);
	if (change->confirm <= 0)
		return change_accept(change, change->applied.by);
	wait.deadline = change_now() + change->confirm;
	if (state_set_wait(control->state, &wait))
		return change_complain(change, RPC_STATE, "%s", state_problem(control->state));
	control->running.applied.wait = wait;
	return 0;
}

// The configuration wins over what stands above it.
void change_fit_manual(struct change *change)
{
	const struct running *running = &change->control->running;

	manual_copy(&change->manual, &running->manual);
	manual_merge(&change->manual, &running->aside);
	manual_expire(&change->manual, change_now());
	manual_fit(&change->manual, change->config, &change->lost);
}

static int prepare_apply(struct change *change)
{
	const struct running *running = &change->control->running;

	if (running->applied.wait.deadline > 0 && is_same_text(change))
		return renew(change);
	if (change->confirm > 0 && !running->config)
		return change_complain(change, RPC_REFUSED,
				       "there is no configuration to go back to if this one is not "
				       "confirmed: apply it without --confirm");
	change_fit_manual(change);
	change_wish(change, change->config, &change->manual);
	return check_removals(change);
}

// Fill in what is only known when it is carried out.
static void describe(struct change *change)
{
	const struct state_config *old = &change->control->running.applied;
	struct state_config *new = &change->applied;

	free(new->text);
	new->text = alloc_text(change->config->text, change->config->text_length);
	new->length = change->config->text_length;
	new->applied = change_now();
	new->digest = change->plan->digest;
	// What was never confirmed is no place to go back to.
	new->previous = old->wait.deadline > 0 ? old->wait.back_to : old->generation;
	new->wait = (struct state_wait){0};
	if (change->confirm > 0)
		new->wait = (struct state_wait){new->applied + change->confirm, new->previous};
}

static int record_apply(struct change *change)
{
	struct state *state = change->control->state;

	if (is_same_text(change))
		return 0;
	describe(change);
	int err = change->confirm > 0 ? state_save_aside(state, &change->lost) : 0;
	if (!err)
		err = state_prepare(state, &change->applied, change->config);
	if (err)
		return change_complain(change, RPC_STATE, "%s", state_problem(state));
	change->recorded = true;
	return 0;
}

static void undo_apply(struct change *change)
{
	if (state_discard(change->control->state))
		log_warn("%s", state_problem(change->control->state));
	if (change->confirm > 0)
		change_save_aside(change->control);
}

// The time to confirm begins when it is in force, however long that took.
static void begin_wait(struct change *change)
{
	struct state *state = change->control->state;
	struct state_wait wait = change->applied.wait;

	if (change->confirm <= 0)
		return;
	wait.deadline = change_now() + change->confirm;
	if (state_set_wait(state, &wait))
		log_warn("%s", state_problem(state));
	else
		change->applied.wait = wait;
}

static void end_other(struct change *change)
{
	struct control *control = change->control;
	const struct state_config *old = &control->running.applied;

	if (old->wait.deadline > 0 &&
	    state_end_generations(control->state, old->generation, old->previous, ENDING_REPLACED,
				  change_now(), change->applied.by))
		log_warn("%s", state_problem(control->state));
}

static void log_applied(const struct change *change)
{
	const struct config *config = change->config;
	const struct state_config *applied = &change->applied;

	log_notice("generation %lu is in force: %zu port%s in %zu LAN%s, applied by %s from %s%s%s",
		   (unsigned long)applied->generation, config->n_ports,
		   config->n_ports == 1 ? "" : "s", config->n_lans, config->n_lans == 1 ? "" : "s",
		   applied->by, applied->file, *applied->message ? ": " : "", applied->message);
	if (applied->wait.deadline > 0)
		log_notice(
			"generation %lu is in force for %.0f s, then generation %lu again unless "
			"somebody confirms",
			(unsigned long)applied->generation, change->confirm,
			(unsigned long)applied->wait.back_to);
	manual_log_lost(&change->lost, config);
}

static void set_above(struct change *change)
{
	struct control *control = change->control;
	struct running *running = &control->running;
	bool had_aside = running->aside.n_overrides || running->aside.n_macs;
	bool has_lost = change->lost.n_overrides || change->lost.n_macs;

	manual_fini(&running->aside);
	if (change->confirm > 0) {
		running->aside = change->lost;
		change->lost = (struct manual){0};
	}
	running_set_manual(running, &change->manual);
	if (had_aside || has_lost)
		change_save_manual(control);
	if (had_aside && change->confirm <= 0)
		change_save_aside(control);
}

static void succeed_apply(struct change *change)
{
	struct control *control = change->control;

	running_set_problem(&control->running, NULL);
	if (!change->recorded)
		return;
	// The digest tells the next start that it was applied, should this have failed.
	if (state_commit(control->state))
		log_warn("%s", state_problem(control->state));
	begin_wait(change);
	end_other(change);
	log_applied(change);
	running_install(&control->running, change->config, &change->applied);
	change->config = NULL;
	set_above(change);
}

const struct change_type change_type_apply = {
	.prepare = prepare_apply,
	.record = record_apply,
	.undo = undo_apply,
	.succeed = succeed_apply,
	.may_leave_out = change_may_stay_out,
};
