// SPDX-License-Identifier: BSD-3-Clause
// Running the event loop of control in a test.
#pragma once

#include <stdbool.h>

struct event_base;

typedef bool loop_condition(void);

// Run the loop until "condition" holds; it is looked at after each event, and at least every few
// milliseconds. Returns false if it does not hold after ten seconds.
bool loop_until(struct event_base *base, loop_condition *condition);
