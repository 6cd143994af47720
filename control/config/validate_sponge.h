// SPDX-License-Identifier: BSD-3-Clause
// Settings of the sponge and of learned bindings that contradict each other, or the rest.
#pragma once

struct complaints;
struct config;

void config_check_sponges(const struct config *config, struct complaints *complaints);
