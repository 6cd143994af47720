// SPDX-License-Identifier: BSD-3-Clause
// What changes in rules, in what happens to ports, and in who is in quarantine. For diff.c.
//
// What a membership or a port has from its LAN is noted once, at the LAN. A rule that gets stricter
// is noticed, because what it refuses did pass; a limit is not, because who keeps it loses nothing.
#pragma once

#include "control/config/diff_note.h"

void diff_lan_rules(struct diff *d, const struct config_lan *old, const struct config_lan *new);
void diff_member_rules(struct diff *d, const struct config_member *old,
		       const struct config_member *new);
void diff_port_rules(struct diff *d, const struct config_port *old, const struct config_port *new);
