// SPDX-License-Identifier: BSD-3-Clause
// What applying a configuration would change, and whether members would notice. LANs and ports are
// matched by name.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/config/config.h"

enum change_kind { CHANGE_ADD, CHANGE_REMOVE, CHANGE_CHANGE };

enum change_impact {
	IMPACT_NONE, // nobody loses a frame that may pass before and after
	IMPACT_PORT, // this port's link bounces, or it loses frames
	IMPACT_LAN,  // so does everybody in the LAN
};

struct config_change {
	enum change_kind kind;
	enum change_impact impact;
	char what[NAME_SIZE + 8]; // "fabric", "sflow", "lan peering", "port swp1"
	char *detail;		  // "mtu 1500 -> 9000"; of what is added, what it is; else ""
};

struct config_changes {
	struct config_change *list;
	size_t n;
};

// Compare. "old" may be NULL: everything is added then. The order: the fabric; sFlow; LANs, the
// removed ones first, then as in "new"; ports likewise. Free the result.
void config_diff(const struct config *old, const struct config *new,
		 struct config_changes *changes);

void config_changes_free(struct config_changes *changes);

// Words of the operator's protocol: add, remove, change; none, port, lan.
const char *change_kind_name(enum change_kind kind);
const char *change_impact_name(enum change_impact impact);

// How many ports of "old" (may be NULL) are not in "new".
size_t config_diff_removed_ports(const struct config *old, const struct config *new);

// Whether so many ports go that somebody should be asked: at least two, and more than half of all
// that there are. A renamed port counts as removed.
bool config_diff_removes_most(const struct config *old, const struct config *new);
