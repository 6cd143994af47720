// SPDX-License-Identifier: BSD-3-Clause
// Plans that a test takes for granted, and what is in them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "control/fabric/plan.h"

// Of the dataplane that is planned for. All are free unless the test says otherwise.
extern struct plan_slot slots[MAX_PORTS];

// The plan for a configuration with nothing above it. Release with plan_destroy().
struct plan *plan_for(const struct config *config);

// The message number "nth" of a type, counted from 0, which has to be there.
const struct message *find_message(const struct plan *plan, uint16_t type, size_t nth);

size_t count_messages(const struct plan *plan, uint16_t type);
