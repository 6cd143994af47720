// SPDX-License-Identifier: BSD-3-Clause
// The schema's rows of the sponge and of learned bindings, and what holds if nothing is written.
#pragma once

#include "control/config/schema.h"

extern const struct schema schema_sponge[];
extern const struct schema schema_sponge_sweep[];
extern const struct schema schema_bindings[];

// Fill the group of a LAN as it is without any key. "object" is a struct config_lan.
void schema_default_sponge(const struct config *config, void *object);
void schema_default_bindings(const struct config *config, void *object);
