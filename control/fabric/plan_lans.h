// SPDX-License-Identifier: BSD-3-Clause
// The LANs that the dataplane has: those of the configuration, numbered in its order, and behind
// them the quarantines.
//
// A LAN in which a port is the monitor has a quarantine: a LAN beside it, with the same rules and
// limits and a table of addresses of its own, named "<lan>.quarantine". In it are the monitor, and
// the ports that are in quarantine, which do not reach each other. Neither is in the LAN itself.
// Who shows a LAN's number to people asks here for its name.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/limits.h"

struct config;

enum { PLAN_NO_LAN = 0xffff };

// How many there are, quarantines included. The configuration's validation keeps it to MAX_LANS.
size_t plan_count_lans(const struct config *config);

// The quarantine of the configuration's LAN number "lan", or PLAN_NO_LAN if it has none.
uint16_t plan_quarantine_of(const struct config *config, size_t lan);

// The LAN of the configuration that number "number" is, or is the quarantine of; SIZE_MAX if there
// is no such number. "is_quarantine" may be NULL.
size_t plan_lan_of(const struct config *config, uint16_t number, bool *is_quarantine);

// The name of number "number" into "name" (of NAME_SIZE). Returns "name"; NULL if there is no such
// number.
char *plan_lan_name(const struct config *config, uint16_t number, char *name);

// The number of a name, a quarantine's included, or PLAN_NO_LAN.
uint16_t plan_lan_number(const struct config *config, const char *name);
