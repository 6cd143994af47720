// SPDX-License-Identifier: BSD-3-Clause
#include "control/change.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/alloc.h"
#include "control/change_type.h"
#include "control/config/links.h"
#include "control/deadline.h"
#include "control/fabric/fabric.h"
#include "control/fabric/program.h"
#include "control/loop.h"
#include "control/rpc/code.h"
#include "control/sflow/sflow.h"
#include "control/sponge/sponge.h"
#include "lib/log.h"
#include "lib/stats.h"

enum { EXPIRY_EVERY_S = 60 };

STAILQ_HEAD(change_list, change);

struct changes {
	struct control *control;
	struct change_list list; // the first one is being made
	bool busy;
	struct event *turn;   // to begin the next one
	struct event *retry;  // to try again what was left out
	struct event *expiry; // when something ends that was set for a time
	struct event *look;   // to see whether the dataplane wants its policy once more
};

enum { LOOK_EVERY_MS = 1000 };

double change_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int change_complain(struct change *change, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(change->text, sizeof(change->text), format, args);
	va_end(args);
	return code;
}

static void change_free(struct change *change)
{
	if (change->wish.config)
		running_free_problems(change->problems, change->wish.config->n_ports);
	free(change->left_out);
	plan_destroy(change->plan);
	config_free(change->config);
	state_config_fini(&change->applied);
	manual_fini(&change->manual);
	manual_fini(&change->lost);
	free(change->by);
	free(change->macs);
	free(change->learned);
	free(change);
}

// The clock may be set meanwhile, so look at least every EXPIRY_EVERY_S.
static void watch_expiry(struct changes *changes)
{
	double end = manual_next_end(&changes->control->running.manual);
	double wait = end - change_now();

	if (wait > EXPIRY_EVERY_S)
		wait = EXPIRY_EVERY_S;
	if (end > 0)
		loop_timer_set(changes->expiry, wait > 0 ? (uint32_t)(wait * 1000) + 1 : 1);
	else
		loop_timer_stop(changes->expiry);
}

static void finish(struct change *change, int code)
{
	struct changes *changes = change->control->changes;

	if (code && change->recorded && change->type->undo)
		change->type->undo(change);
	if (code && change->type->fail)
		change->type->fail(change, code);
	if (code && change->type->tries_again)
		loop_timer_set(changes->retry, CHANGE_RETRY_S * 1000);
	STAILQ_REMOVE_HEAD(&changes->list, link);
	changes->busy = false;
	if (change->done)
		change->done(change->argument, code, code ? change->text : NULL);
	change_free(change);
	watch_expiry(changes);
	deadline_watch(changes->control->deadline);
	if (!STAILQ_EMPTY(&changes->list))
		loop_timer_set(changes->turn, 0);
}

static bool any_left_out(const struct change *change)
{
	for (size_t i = 0; i < change->wish.config->n_ports; i++) {
		if (change->left_out[i])
			return true;
	}
	return false;
}

// The dataplane has the policy.
static void succeed(struct change *change)
{
	struct changes *changes = change->control->changes;
	struct running *running = &change->control->running;
	bool incomplete = any_left_out(change);

	if (change->type->succeed)
		change->type->succeed(change);
	running_set_slots(running, change->plan->slots, incomplete ? change->problems : NULL);
	change->plan->slots = NULL;
	running_set_failure(running, NULL);
	if (incomplete) {
		change->problems = NULL;
		loop_timer_set(changes->retry, CHANGE_RETRY_S * 1000);
	} else {
		loop_timer_stop(changes->retry);
	}
	sponges_configure(change->control->sponges);
	sflow_configure(change->control->sflow);
	finish(change, 0);
}

static void attempt(struct change *change);

// A link is nothing without its LAG.
static void leave_out_links(struct change *change, const struct config_port *lag)
{
	const struct config *config = change->wish.config;

	for (size_t i = 0; i < config->n_ports; i++) {
		if (change->left_out[i] || config_lag_of(config, &config->ports[i]) != lag)
			continue;
		change->left_out[i] = true;
		change->problems[i] = alloc_format("its LAG %s is left out", lag->name);
	}
}

// Do without the port that the dataplane refused, if that is allowed. Returns whether it is.
static bool leave_out(struct change *change, const struct reply_error *refusal)
{
	const struct config *config = change->wish.config;
	size_t i = 0;

	while (i < config->n_ports &&
	       (change->plan->slots[i] == PLAN_NO_SLOT || change->plan->slots[i] != refusal->port))
		i++;
	if (i == config->n_ports || !change->type->may_leave_out(change, i))
		return false;
	change->left_out[i] = true;
	change->problems[i] = alloc_format("%s", refusal->text);
	leave_out_links(change, &config->ports[i]);
	return true;
}

static void on_programmed(void *argument, int err, const struct reply_error *refusal)
{
	struct change *change = argument;

	if (!err)
		succeed(change);
	else if (refusal && leave_out(change, refusal))
		attempt(change);
	else if (refusal)
		finish(change, change_complain(change, RPC_REFUSED, "%s", refusal->text));
	else
		finish(change, change_complain(change, RPC_NOT_ATTACHED,
					       "the dataplane went away or does not answer: %s",
					       strerror(-err)));
}

static int make_plan(struct change *change, const struct stats *stats)
{
	struct plan_slot *slots = alloc_array(NULL, MAX_PORTS, sizeof(*slots));

	plan_read_slots(stats, slots);
	plan_destroy(change->plan);
	change->plan = plan_create(&change->wish, slots);
	int err = change->plan ? 0 : errno;
	free(slots);
	if (err == ENOSPC)
		return change_complain(change, RPC_REFUSED,
				       "more than %d ports, or too many replaced at once: remove "
				       "some first, then add the new ones",
				       PORT_FABRIC);
	if (err == E2BIG)
		return change_complain(change, RPC_REFUSED,
				       "more than %d different sets of admission rules",
				       MAX_RULES - 1);
	return err ? change_complain(change, RPC_REFUSED, "%s", strerror(err)) : 0;
}

// Plan, record, carry out; again with fewer ports as long as the dataplane refuses some.
static void attempt(struct change *change)
{
	struct fabric *fabric = change->control->fabric;
	const struct stats *stats = fabric_stats(fabric);

	if (!stats) {
		finish(change, change_complain(change, RPC_NOT_ATTACHED,
					       "the dataplane is not attached: %s",
					       fabric_problem(fabric)));
		return;
	}
	int code = make_plan(change, stats);
	if (!code && change->type->record)
		code = change->type->record(change);
	if (code) {
		finish(change, code);
		return;
	}
	if (change->plan->digest == atomic_load(&stats->header->digest)) {
		log_info("the dataplane has this policy already: nothing to change there");
		succeed(change);
		return;
	}
	int err = program_send(fabric, change->plan, on_programmed, change);
	if (err)
		on_programmed(change, err, NULL);
}

// Every change begins without what has ended, so that none brings it back.
static void begin(struct change *change)
{
	struct control *control = change->control;

	if (manual_expire(&control->running.manual, change_now()))
		change_save_manual(control);
	int code = change->type->prepare(change);

	if (code || !change->wish.config) {
		finish(change, code);
		return;
	}
	change->left_out = alloc_zero(change->wish.config->n_ports + 1);
	change->problems =
		alloc_zero((change->wish.config->n_ports + 1) * sizeof(*change->problems));
	change->wish.left_out = change->left_out;
	attempt(change);
}

static void on_turn(evutil_socket_t fd, short what, void *argument)
{
	struct changes *changes = argument;

	(void)fd, (void)what;
	if (changes->busy || STAILQ_EMPTY(&changes->list))
		return;
	changes->busy = true;
	begin(STAILQ_FIRST(&changes->list));
}

static void on_retry(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	change_reconcile(argument);
}

// Whether the dataplane has lost something of what is in force, and says so.
static bool is_stale(const struct changes *changes)
{
	const struct control *control = changes->control;
	const struct stats *stats = fabric_stats(control->fabric);

	return stats && control->running.slots && atomic_load(&stats->header->digest) == 0;
}

static void on_look(evutil_socket_t fd, short what, void *argument)
{
	struct changes *changes = argument;

	bool stale = STAILQ_EMPTY(&changes->list) && is_stale(changes);

	(void)fd, (void)what;
	if (stale)
		change_reconcile(changes);
	loop_timer_set(changes->look, stale ? CHANGE_RETRY_S * 1000 : LOOK_EVERY_MS);
}

static void on_expiry(evutil_socket_t fd, short what, void *argument)
{
	struct changes *changes = argument;
	double end = manual_next_end(&changes->control->running.manual);

	(void)fd, (void)what;
	// A dataplane that comes is told without what has ended.
	if (end > 0 && end <= change_now() && fabric_is_attached(changes->control->fabric))
		change_reconcile(changes);
	else
		watch_expiry(changes);
}

static struct change *submit(struct changes *changes, const struct change_type *type,
			     change_done_fn *done, void *argument)
{
	struct change *change = alloc_zero(sizeof(*change));

	change->type = type;
	change->control = changes->control;
	change->done = done;
	change->argument = argument;
	STAILQ_INSERT_TAIL(&changes->list, change, link);
	loop_timer_set(changes->turn, 0);
	return change;
}

void change_apply(struct changes *changes, struct config *config,
		  const struct change_request *request, change_done_fn *done, void *argument)
{
	struct change *change = submit(changes, &change_type_apply, done, argument);
	const char *message = request->message ? request->message : "";

	change->config = config;
	change->force = request->force;
	change->confirm = request->confirm;
	change->applied.file = alloc_format("%s", request->file);
	change->applied.by = alloc_format("%s", request->by);
	change->applied.message = alloc_format("%s", message);
}

void change_confirm(struct changes *changes, const char *by, change_done_fn *done, void *argument)
{
	submit(changes, &change_type_confirm, done, argument)->by = alloc_format("%s", by);
}

void change_undo(struct changes *changes, struct change_return *back, change_done_fn *done,
		 void *argument)
{
	const struct change_type *type = back->levels ? &change_type_undo : &change_type_timeout;

	submit(changes, type, done, argument)->back = back;
}

void change_edit(struct changes *changes, struct edit *edit, change_done_fn *done, void *argument)
{
	submit(changes, &change_type_edit, done, argument)->edit = edit;
}

void change_sticky(struct changes *changes, struct manual_mac *macs, size_t n)
{
	struct change *change = submit(changes, &change_type_sticky, NULL, NULL);

	change->learned = macs;
	change->n_learned = n;
}

void change_reconcile(struct changes *changes)
{
	submit(changes, &change_type_reconcile, NULL, NULL);
}

struct changes *changes_create(struct control *control)
{
	struct changes *changes = alloc_zero(sizeof(*changes));

	changes->control = control;
	STAILQ_INIT(&changes->list);
	changes->turn = loop_timer(control->base, on_turn, changes);
	changes->retry = loop_timer(control->base, on_retry, changes);
	changes->expiry = loop_timer(control->base, on_expiry, changes);
	changes->look = loop_timer(control->base, on_look, changes);
	if (changes->turn && changes->retry && changes->expiry && changes->look) {
		loop_timer_set(changes->look, LOOK_EVERY_MS);
		return changes;
	}
	changes_destroy(changes);
	errno = ENOMEM;
	return NULL;
}

void changes_destroy(struct changes *changes)
{
	struct change *change;

	while ((change = STAILQ_FIRST(&changes->list))) {
		STAILQ_REMOVE_HEAD(&changes->list, link);
		if (change->done)
			change->done(change->argument, RPC_NOT_ATTACHED, "control ends");
		change_free(change);
	}
	loop_forget(&changes->turn);
	loop_forget(&changes->retry);
	loop_forget(&changes->expiry);
	loop_forget(&changes->look);
	free(changes);
}
