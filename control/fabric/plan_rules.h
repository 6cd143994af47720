// SPDX-License-Identifier: BSD-3-Clause
// From the configuration's rules to those of the dataplane. For plan.c.
#pragma once

#include <stdint.h>

#include "lib/message.h"

struct config;
struct config_admission;
struct config_lan;
struct config_port;

// Sets of rules that differ, numbered from 1.
struct plan_rules {
	struct policy_rules_conf *list;
	uint16_t n;
};

// The number of the set that says the same as "admission", which is added if there is none.
// RULES_NONE is that of a plain bridge. Returns -1 if there are MAX_RULES already.
int plan_rules_number(struct plan_rules *rules, const struct config_admission *admission);

void plan_rules_fini(struct plan_rules *rules);

// The limits of a port, but for its slot.
void plan_limits(const struct config_port *port, struct policy_limits_conf *limits);
