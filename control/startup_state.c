// SPDX-License-Identifier: BSD-3-Clause
#include "control/startup_state.h"

#include <errno.h>
#include <stdbool.h>

#include "control/audit.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/config/diff.h"
#include "control/control.h"
#include "control/events/events.h"
#include "control/fabric/fabric.h"
#include "lib/stats.h"

void startup_log_complaints(struct config_errors *errors, enum log_level level)
{
	for (size_t i = 0; i < errors->n; i++)
		log_write(level, "%s", errors->lines[i]);
	config_errors_free(errors);
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
	startup_log_complaints(&errors, LOG_LEVEL_ERR);
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
	struct manual lost = {0};
	size_t n = manual_expire(&running->manual, change_now());

	if (running->config) {
		n += manual_fit(&running->manual, running->config, &lost);
		manual_log_lost(&lost, running->config);
	}
	manual_fini(&lost);
	if (n && state_save_manual(control->state, &running->manual))
		log_warn("%s", state_problem(control->state));
}

// What was put aside stands above the configuration again, or is gone for good.
static void end_aside(struct control *control, bool comes_back)
{
	struct running *running = &control->running;

	if (comes_back)
		manual_merge(&running->manual, &running->aside);
	manual_fini(&running->aside);
	if ((comes_back && state_save_manual(control->state, &running->manual)) ||
	    state_save_aside(control->state, &running->aside))
		log_warn("%s", state_problem(control->state));
}

static int load_manual(struct control *control, bool returned)
{
	struct running *running = &control->running;
	int err = state_load_manual(control->state, &running->manual);

	if (!err)
		err = state_load_aside(control->state, &running->aside);
	if (!err && returned)
		end_aside(control, true);
	if (!err)
		tidy_manual(control);
	return err;
}

static void note_timeout(struct control *control, const struct state_config *late)
{
	struct state *state = control->state;
	struct running *running = &control->running;
	struct config_errors errors = {0};
	struct config *config = config_read(late->file, late->text, late->length, &errors);
	struct config_changes changes = {0};

	config_errors_free(&errors);
	if (config)
		config_diff(config, running->config, &changes);
	log_warn("generation %lu was not confirmed in time: generation %lu is back",
		 (unsigned long)late->generation, (unsigned long)running->applied.generation);
	if (state_end_generations(state, late->generation, late->wait.back_to, ENDING_TIMEOUT,
				  change_now(), ""))
		log_warn("%s", state_problem(state));
	audit_undone(control, late->generation, running->applied.generation, &changes);
	events_not_confirmed(control->events, late->generation, running->applied.generation);
	config_changes_free(&changes);
	config_free(config);
}

// The time of the one that was applied last ran out while control was away. Returns whether the one
// before could be installed.
static bool return_at_start(struct control *control, const struct state_config *late)
{
	struct state *state = control->state;
	struct state_config stored;

	if (late->wait.deadline <= 0 || late->wait.deadline > change_now())
		return false;
	if (state_load_generation(state, late->wait.back_to, &stored)) {
		log_err("generation %lu was not confirmed in time, and what was before is lost: %s",
			(unsigned long)late->generation, state_problem(state));
		return false;
	}
	if (install(control, &stored))
		return false;
	// Should that fail, the next start does it again.
	if (state_prepare_return(state, late->wait.back_to, 0) || state_commit(state))
		log_warn("%s", state_problem(state));
	note_timeout(control, late);
	return true;
}

int startup_load_running(struct control *control)
{
	struct state_config stored;
	bool returned = false;
	int err = state_load_applied(control->state, &stored);

	if (err && err != -ENOENT)
		return err;
	if (!err) {
		returned = return_at_start(control, &stored);
		if (returned)
			state_config_fini(&stored);
		else
			install(control, &stored);
	}
	return load_manual(control, returned);
}

bool startup_settle(struct control *control)
{
	const struct stats *stats = fabric_stats(control->fabric);
	uint64_t before = control->running.applied.generation;
	struct state_config pending;

	if (state_load_pending(control->state, &pending))
		return false;
	bool in_force = pending.digest == atomic_load(&stats->header->digest);
	log_notice("generation %lu was being applied when control ended: it is %s",
		   (unsigned long)pending.generation, in_force ? "in force" : "dropped");
	if (in_force ? state_commit(control->state) : state_discard(control->state))
		log_warn("%s", state_problem(control->state));
	if (!in_force) {
		state_config_fini(&pending);
		return false;
	}
	if (install(control, &pending))
		return false;
	if (control->running.applied.generation < before)
		end_aside(control, true);
	tidy_manual(control);
	return true;
}

void startup_drop_aside(struct control *control)
{
	const struct running *running = &control->running;

	if (running->applied.wait.deadline <= 0 &&
	    (running->aside.n_overrides || running->aside.n_macs))
		end_aside(control, false);
}
