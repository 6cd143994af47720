// SPDX-License-Identifier: BSD-3-Clause
// The schema's rows of sFlow.
#pragma once

#include "control/config/schema.h"

enum { SFLOW_SAMPLING_MAX = 1000000 };

extern const struct schema schema_sflow[];

// Give a port the sampling that "sflow" says. "object" is a struct config_port.
void schema_inherit_sampling(const struct config *config, void *object);
