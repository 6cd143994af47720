// SPDX-License-Identifier: BSD-3-Clause
#include "control/loop.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

struct event_base *loop_create(void)
{
	return event_base_new();
}

int loop_run(struct event_base *base)
{
	return event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY) < 0 ? -EIO : 0;
}

void loop_stop(struct event_base *base)
{
	event_base_loopbreak(base);
}

static struct event *loop_add(struct event_base *base, int fd, short what, event_callback_fn done,
			      void *argument)
{
	struct event *event = event_new(base, fd, what, done, argument);

	if (event && !(what & EV_TIMEOUT) && event_add(event, NULL) < 0)
		loop_forget(&event);
	if (!event)
		errno = ENOMEM;
	return event;
}

struct event *loop_watch(struct event_base *base, int fd, event_callback_fn done, void *argument)
{
	return loop_add(base, fd, EV_READ | EV_PERSIST, done, argument);
}

struct event *loop_signal(struct event_base *base, int number, event_callback_fn done,
			  void *argument)
{
	return loop_add(base, number, EV_SIGNAL | EV_PERSIST, done, argument);
}

struct event *loop_timer(struct event_base *base, event_callback_fn done, void *argument)
{
	return loop_add(base, -1, EV_TIMEOUT, done, argument);
}

void loop_timer_set(struct event *timer, uint32_t milliseconds)
{
	struct timeval delay = {.tv_sec = milliseconds / 1000,
				.tv_usec = milliseconds % 1000 * 1000};

	event_add(timer, &delay);
}

void loop_timer_stop(struct event *timer)
{
	event_del(timer);
}

void loop_forget(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

uint64_t loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
