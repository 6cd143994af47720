// SPDX-License-Identifier: BSD-3-Clause
// What to configure on common routers against a finding; the list is control/events/advice.def.
#pragma once

#include <stddef.h>

#include "control/events/finding.h"

struct advice {
	enum finding finding;
	const char *system;   // "Cisco IOS"
	const char *commands; // a line each
};

// The "n"-th piece of advice on a finding, from 0; NULL if there is no more.
const struct advice *advice_find(enum finding finding, size_t n);
