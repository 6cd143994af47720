// SPDX-License-Identifier: BSD-3-Clause
// The schema's rows of LAGs.
#pragma once

#include "control/config/schema.h"

extern const struct schema schema_lacp[];

// Give a LAG what it has if it says nothing. "object" is a struct config_port.
void schema_default_lacp(const struct config *config, void *object);

// What a link has no say in.
extern const struct schema_unless schema_link;

// As it is written in the file.
const char *config_lag_mode_name(enum lag_mode mode);
