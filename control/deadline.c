// SPDX-License-Identifier: BSD-3-Clause
#include "control/deadline.h"

#include <errno.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/audit.h"
#include "control/change.h"
#include "control/control.h"
#include "control/events/events.h"
#include "control/loop.h"

enum { LOOK_EVERY_S = 60 }; // the clock may be set

struct deadline {
	struct control *control;
	struct event *timer;
	struct change_return back;
	bool going_back;
	uint64_t not_before_ms;
};

static double seconds_left(const struct deadline *deadline)
{
	return deadline->control->running.applied.wait.deadline - change_now();
}

void deadline_watch(struct deadline *deadline)
{
	if (!deadline)
		return;
	if (deadline->control->running.applied.wait.deadline <= 0) {
		loop_timer_stop(deadline->timer);
		return;
	}
	double wait = seconds_left(deadline);
	double pause = ((double)deadline->not_before_ms - (double)loop_now_ms()) / 1000;
	if (wait < pause)
		wait = pause;
	if (wait > LOOK_EVERY_S)
		wait = LOOK_EVERY_S;
	loop_timer_set(deadline->timer, wait > 0 ? (uint32_t)(wait * 1000) + 1 : 1);
}

static void on_done(void *argument, int code, const char *text)
{
	struct deadline *deadline = argument;
	const struct change_return *back = &deadline->back;

	(void)text;
	deadline->going_back = false;
	if (code == 0 && back->from) {
		audit_undone(deadline->control, back->from, back->to, &back->changes);
		events_not_confirmed(deadline->control->events, back->from, back->to);
	}
	config_changes_free(&deadline->back.changes);
}

void deadline_look(struct deadline *deadline)
{
	if (!deadline || deadline->going_back ||
	    deadline->control->running.applied.wait.deadline <= 0 || seconds_left(deadline) > 0)
		return;
	deadline->going_back = true;
	deadline->back = (struct change_return){.by = ""};
	change_undo(deadline->control->changes, &deadline->back, on_done, deadline);
}

void deadline_retry(struct deadline *deadline)
{
	if (deadline)
		deadline->not_before_ms = loop_now_ms() + CHANGE_RETRY_S * 1000;
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct deadline *deadline = argument;

	(void)fd, (void)what;
	deadline_look(deadline);
	if (!deadline->going_back)
		deadline_watch(deadline);
}

struct deadline *deadline_create(struct control *control)
{
	struct deadline *deadline = alloc_zero(sizeof(*deadline));

	deadline->control = control;
	deadline->timer = loop_timer(control->base, on_timer, deadline);
	if (deadline->timer) {
		deadline_watch(deadline);
		return deadline;
	}
	free(deadline);
	errno = ENOMEM;
	return NULL;
}

void deadline_destroy(struct deadline *deadline)
{
	if (!deadline)
		return;
	loop_forget(&deadline->timer);
	free(deadline);
}
