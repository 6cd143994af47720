// SPDX-License-Identifier: BSD-3-Clause
// What becomes of a configuration after it was applied: it is confirmed, or an older one comes
// back.
#include <errno.h>
#include <stdlib.h>

#include "control/change_type.h"
#include "control/config/config.h"
#include "control/deadline.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "control/when.h"
#include "lib/log.h"

static int complain_state(struct change *change)
{
	return change_complain(change, RPC_STATE, "%s", state_problem(change->control->state));
}

// Confirm

int change_accept(struct change *change, const char *by)
{
	static const struct state_wait for_good;
	struct control *control = change->control;
	struct state_config *applied = &control->running.applied;

	if (state_set_wait(control->state, &for_good))
		return complain_state(change);
	applied->wait = for_good;
	log_notice("generation %lu is confirmed by %s", (unsigned long)applied->generation, by);
	if (state_end_generations(control->state, applied->generation, applied->previous,
				  ENDING_CONFIRMED, change_now(), by))
		log_warn("%s", state_problem(control->state));
	manual_fini(&control->running.aside);
	change_save_aside(control);
	return 0;
}

static int prepare_confirm(struct change *change)
{
	const struct state_config *applied = &change->control->running.applied;

	if (applied->wait.deadline <= 0)
		return change_complain(change, RPC_REFUSED, "nothing waits to be confirmed");
	if (applied->wait.deadline <= change_now())
		return change_complain(change, RPC_REFUSED,
				       "generation %lu was to be confirmed in time: generation %lu "
				       "is coming back",
				       (unsigned long)applied->generation,
				       (unsigned long)applied->wait.back_to);
	return change_accept(change, change->by);
}

const struct change_type change_type_confirm = {.prepare = prepare_confirm};

// Undo

static bool is_by_itself(const struct change *change)
{
	return change->back->levels == 0;
}

static int find_level(struct change *change)
{
	struct control *control = change->control;
	struct change_return *back = change->back;
	int err = state_find_level(control->state, control->running.applied.generation,
				   back->levels, &back->to);

	if (err == -ENOENT && back->to == 0)
		return change_complain(change, RPC_REFUSED, "there is nothing to undo");
	if (err == -ENOENT)
		return change_complain(change, RPC_REFUSED, "only %lu level%s can be undone",
				       (unsigned long)back->to, back->to == 1 ? "" : "s");
	return err ? complain_state(change) : 0;
}

// Read the configuration that comes back.
static int read_stored(struct change *change)
{
	struct state_config *stored = &change->applied;
	struct config_errors errors = {0};

	if (state_load_generation(change->control->state, change->back->to, stored))
		return complain_state(change);
	change->config = config_read(stored->file, stored->text, stored->length, &errors);
	config_errors_free(&errors);
	if (change->config)
		return 0;
	return change_complain(
		change, RPC_REFUSED,
		"generation %lu was applied by another release, and this one does not "
		"understand it",
		(unsigned long)stored->generation);
}

static void finish_return(struct change *change);

// Nobody is there to be told: the next dataplane is.
static int return_alone(struct change *change)
{
	struct state *state = change->control->state;
	int err = state_prepare_return(state, change->back->to, 0);

	if (err && !is_by_itself(change))
		return complain_state(change);
	if (err)
		log_warn("%s", state_problem(state));
	change->recorded = !err;
	finish_return(change);
	change->recorded = false;
	return 0;
}

static int prepare_return(struct change *change)
{
	const struct control *control = change->control;
	struct change_return *back = change->back;
	int code = read_stored(change);

	if (code)
		return code;
	back->from = control->running.applied.generation;
	back->waited = control->running.applied.wait.deadline > 0;
	config_diff(control->running.config, change->config, &back->changes);
	change_fit_manual(change);
	if (!fabric_is_attached(control->fabric))
		return return_alone(change);
	change_wish(change, change->config, &change->manual);
	return 0;
}

static int prepare_undo(struct change *change)
{
	int code = find_level(change);

	return code ? code : prepare_return(change);
}

// It may have been confirmed or undone since.
static int prepare_timeout(struct change *change)
{
	const struct state_wait *wait = &change->control->running.applied.wait;

	if (wait->deadline <= 0 || wait->deadline > change_now())
		return 0;
	change->back->to = wait->back_to;
	return prepare_return(change);
}

static int record_return(struct change *change)
{
	struct state *state = change->control->state;

	change->recorded = state_prepare_return(state, change->back->to, change->plan->digest) == 0;
	if (change->recorded)
		return 0;
	if (!is_by_itself(change))
		return complain_state(change);
	// It was promised, and the next start would do it again.
	log_warn("%s", state_problem(state));
	return 0;
}

static void discard_return(struct change *change)
{
	if (state_discard(change->control->state))
		log_warn("%s", state_problem(change->control->state));
}

static void end_generations(struct change *change)
{
	const struct change_return *back = change->back;
	enum state_ending ending = is_by_itself(change) ? ENDING_TIMEOUT : ENDING_UNDONE;

	if (state_end_generations(change->control->state, back->from, back->to, ending,
				  change_now(), back->by))
		log_warn("%s", state_problem(change->control->state));
}

static void finish_return(struct change *change)
{
	struct control *control = change->control;
	struct running *running = &control->running;
	const struct change_return *back = change->back;

	if (change->recorded && state_commit(control->state))
		log_warn("%s", state_problem(control->state));
	if (is_by_itself(change))
		log_warn("generation %lu was not confirmed in time: generation %lu is back",
			 (unsigned long)back->from, (unsigned long)back->to);
	else
		log_notice("generation %lu is undone by %s: generation %lu is back",
			   (unsigned long)back->from, back->by, (unsigned long)back->to);
	// A file that still waits for a dataplane is an older will than that of whoever undoes.
	control->apply_file = control->apply_file && is_by_itself(change);
	manual_log_lost(&change->lost, change->config);
	end_generations(change);
	running_install(running, change->config, &change->applied);
	change->config = NULL;
	manual_fini(&running->aside);
	running_set_manual(running, &change->manual);
	change_save_manual(control);
	change_save_aside(control);
}

static void fail_timeout(struct change *change, int code)
{
	(void)code;
	log_err("generation %lu was not confirmed in time, and generation %lu cannot come back: "
		"%s; trying again",
		(unsigned long)change->control->running.applied.generation,
		(unsigned long)change->back->to, change->text);
	deadline_retry(change->control->deadline);
}

const struct change_type change_type_undo = {
	.prepare = prepare_undo,
	.record = record_return,
	.undo = discard_return,
	.succeed = finish_return,
	.may_leave_out = change_may_leave_out,
};

const struct change_type change_type_timeout = {
	.prepare = prepare_timeout,
	.record = record_return,
	.undo = discard_return,
	.succeed = finish_return,
	.fail = fail_timeout,
	.may_leave_out = change_may_leave_out,
};
