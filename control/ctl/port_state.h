// SPDX-License-Identifier: BSD-3-Clause
// The state of a port in words, out of its object in show.ports. Free the results; "-" is nothing
// to say.
#pragma once

#include <jansson.h>

// "up", "admin down", "disabled (loop with swp3, enabled again in 212 s)", "drained, quarantine".
char *port_state_text(const json_t *port);

// "loop with swp3", out of the object "disabled" of a port; "-" for null.
char *port_disabled_text(const json_t *disabled);

// "AS64501 Example Net", out of the "asn" and "member" of a port, or of whatever is its.
char *port_member(const json_t *port);

// "since ..., until ..., traffic now 1.20 Mb/s (was 3.45 Gb/s)".
char *port_drained_text(const json_t *port);
