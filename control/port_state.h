// SPDX-License-Identifier: BSD-3-Clause
// The one word that matters most about a port, for operators and metrics.
#pragma once

#include <stddef.h>

struct plan_wish;
struct port_info;

// In the order in which they are looked for.
enum port_state {
	PORT_STATE_ADMIN_DOWN,
	PORT_STATE_LEFT_OUT, // the dataplane does not have it
	PORT_STATE_DISABLED,
	PORT_STATE_DOWN,
	PORT_STATE_UNUSED, // a link that its LAG does not use, or not yet
	PORT_STATE_DRAINED,
	PORT_STATE_QUARANTINE,
	PORT_STATE_UP,
	PORT_STATES,
};

// Of port number "port" of what is wanted; "info" is NULL if the dataplane does not have it.
enum port_state port_state_of(const struct plan_wish *wish, size_t port,
			      const struct port_info *info);

// "admin down", "left out", …
const char *port_state_name(enum port_state state);
