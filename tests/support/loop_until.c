// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/loop_until.h"

#include "control/loop.h"

enum { LOOK_EVERY_MS = 2, PATIENCE_MS = 10000 };

static void on_tick(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what, (void)argument;
}

bool loop_until(struct event_base *base, loop_condition *condition)
{
	struct event *tick = loop_timer(base, on_tick, NULL);
	uint64_t end = loop_now_ms() + PATIENCE_MS;

	while (!condition() && loop_now_ms() < end) {
		loop_timer_set(tick, LOOK_EVERY_MS);
		event_base_loop(base, EVLOOP_ONCE);
	}
	loop_forget(&tick);
	return condition();
}
