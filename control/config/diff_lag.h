// SPDX-License-Identifier: BSD-3-Clause
// What changes in LAGs and in who is a link of which. For diff.c.
//
// A flow leaves a LAG by one link. Who adds a link moves some flows and loses nothing; who takes
// one away, or switches it off, loses what is on its way there, and the rest of its flows moves to
// the other links. What a link has from its LAG is noted once, at the LAG.
#pragma once

#include "control/config/diff_note.h"

// What is removed, or added, in words for its note: "link of bond3: its flows move to the others".
// Returns "" if the port is no link, or its LAG goes with it.
struct diff_link_words {
	char text[NAME_SIZE + 64];
};
struct diff_link_words diff_link_removed(const struct diff *d, const struct config_port *port);

// Note which LAG a port is a link of, and how links and partner of a LAG agree.
void diff_lag(struct diff *d, const struct config_port *old, const struct config_port *new);
