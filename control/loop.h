// SPDX-License-Identifier: BSD-3-Clause
// The event loop of control: one thread, libevent underneath. Callbacks run one after another, so
// nothing in control needs a lock; none of them may wait.
#pragma once

#include <event2/event.h>
#include <stdint.h>

// Returns NULL if libevent cannot start.
struct event_base *loop_create(void);

// Run until loop_stop(). Returns 0 or -EIO.
int loop_run(struct event_base *base);
void loop_stop(struct event_base *base);

// Watchers. Each calls "done" with "argument" as its third parameter, and lives until
// loop_forget(). They return NULL with errno ENOMEM.
struct event *loop_watch(struct event_base *base, int fd, event_callback_fn done, void *argument);
struct event *loop_signal(struct event_base *base, int number, event_callback_fn done,
			  void *argument);

// A timer that stands still until loop_timer_set(), and then fires once.
struct event *loop_timer(struct event_base *base, event_callback_fn done, void *argument);
void loop_timer_set(struct event *timer, uint32_t milliseconds);
void loop_timer_stop(struct event *timer);

// Remove a watcher or timer and set the pointer to NULL. NULL is fine.
void loop_forget(struct event **event);

// A clock that only goes forward.
uint64_t loop_now_ms(void);
