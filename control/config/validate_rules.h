// SPDX-License-Identifier: BSD-3-Clause
// Rules, addresses and quarantines that contradict each other.
#pragma once

struct complaints;
struct config;

void config_check_rules(const struct config *config, struct complaints *complaints);
