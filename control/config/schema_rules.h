// SPDX-License-Identifier: BSD-3-Clause
// The schema's rows of the groups in rules.h, and what they hold before they are read.
#pragma once

#include "control/config/schema.h"

extern const struct schema schema_admission[];
extern const struct schema schema_security[];
extern const struct schema schema_violation[];
extern const struct schema schema_storm[];
extern const struct schema schema_loop[];
extern const struct schema schema_flaps[];
extern const struct schema schema_duplicates[];

// Fill all groups of a LAN from its profile, of a membership from its LAN, of a port from the first
// of its LANs. "object" is a struct config_lan, config_member or config_port.
void schema_inherit_lan(const struct config *config, void *object);
void schema_inherit_member(const struct config *config, void *object);
void schema_inherit_port(const struct config *config, void *object);
