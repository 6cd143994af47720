// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane is told of a LAN's sponge and of who may be learned there. For plan.c.
#pragma once

#include <stdint.h>

struct config;
struct policy_lan_conf;

// "number" is that of a LAN. Its quarantine has neither: nobody there may be anybody.
void plan_sponge(const struct config *config, uint16_t number, struct policy_lan_conf *conf);
