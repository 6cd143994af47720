// SPDX-License-Identifier: BSD-3-Clause
// Sees to it that a configuration which nobody confirms in time does not stay.
//
// The deadline itself is in running.applied.wait, and in the state: a control that starts after it
// goes back at once (control/startup.c). It is by CLOCK_REALTIME, so a clock that is set meanwhile
// makes it come earlier or later.
#pragma once

struct control;
struct deadline;

// Returns NULL with errno.
struct deadline *deadline_create(struct control *control);
void deadline_destroy(struct deadline *deadline); // NULL is fine

// What waits may have changed. NULL is fine, as below.
void deadline_watch(struct deadline *deadline);

// Go back now, if the time is over.
void deadline_look(struct deadline *deadline);

// Going back has failed: not again before CHANGE_RETRY_S, but when a dataplane comes.
void deadline_retry(struct deadline *deadline);
