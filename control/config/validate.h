// SPDX-License-Identifier: BSD-3-Clause
// What no single value of a configuration can tell.
#pragma once

#include "control/config/rules.h"

struct complaints;
struct config;
struct config_lan;

// Check the configuration as a whole. It may have holes where something could not be read: a hole
// is no reason for a further complaint.
void config_validate(const struct config *config, struct complaints *complaints);

// Check that a station of the LAN can have the address that stands at "place"; "where" is its path.
// A zero is a hole.
void config_check_ip(const struct config_lan *lan, const struct ip *ip, struct config_place place,
		     const char *where, struct complaints *complaints);
