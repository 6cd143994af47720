// SPDX-License-Identifier: BSD-3-Clause
// LAGs and their links.
//
// A link has a device, an admin state and a description. All that is said of frames (LANs, rules,
// limits, member) is said of the LAG, and holds for what comes and goes by any of its links.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/config/config.h"

// To whoever names a link where only its LAG has something to do: the link, and its LAG twice.
#define CONFIG_SAY_LAG "%s is a link of %s: say %s"

static inline bool config_is_link(const struct config_port *port)
{
	return port->lag_place.line;
}

bool config_is_lag(const struct config_port *port);

// The LAG of a link; NULL if "port" is none.
const struct config_port *config_lag_of(const struct config *config,
					const struct config_port *port);

// How many links a LAG has.
size_t config_count_links(const struct config *config, const struct config_port *lag);

// Give links what they have from their LAGs, and LAGs what they have from their links. To be called
// once, when all was read.
void config_settle_links(struct config *config);
