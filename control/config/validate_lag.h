// SPDX-License-Identifier: BSD-3-Clause
// LAGs and links that do not belong together.
#pragma once

struct complaints;
struct config;

void config_check_lags(const struct config *config, struct complaints *complaints);
