// SPDX-License-Identifier: BSD-3-Clause
// From LAGs of the configuration to those of the dataplane. For plan.c.
#pragma once

#include <stdint.h>

struct config_port;
struct policy_lag_conf;

// What the dataplane is told of a LAG in "slot".
void plan_lag(const struct config_port *lag, uint16_t slot, struct policy_lag_conf *conf);
