// SPDX-License-Identifier: BSD-3-Clause
// What no single value of a configuration can tell.
#pragma once

struct complaints;
struct config;

// Check the configuration as a whole. It may have holes where something could not be read: a hole
// is no reason for a further complaint.
void config_validate(const struct config *config, struct complaints *complaints);
