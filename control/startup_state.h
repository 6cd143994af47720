// SPDX-License-Identifier: BSD-3-Clause
// What control takes up again from the state, at its start and when a dataplane is attached. For
// startup*.c only.
#pragma once

#include <stdbool.h>

#include "lib/log.h"

struct config_errors;
struct control;

// Put in force what was applied last, or, if its time to be confirmed is over, what comes back
// then; and what stands above it. Returns 0 or -errno, with state_problem().
int startup_load_running(struct control *control);

// A control that died while it applied a configuration, or went back to one, left it behind as
// pending: the dataplane's digest tells whether it came into force. Returns whether it did.
bool startup_settle(struct control *control);

// Drop what was put aside by an apply that did not come into force after all.
void startup_drop_aside(struct control *control);

// Log, and free.
void startup_log_complaints(struct config_errors *errors, enum log_level level);
