// SPDX-License-Identifier: BSD-3-Clause
// Where samples are to go and cannot, and samples that say too little.
#pragma once

struct complaints;
struct config;

void config_check_sflow(const struct config *config, struct complaints *complaints);
