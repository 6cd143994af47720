// SPDX-License-Identifier: BSD-3-Clause
// What control goes by when it starts, when a dataplane is attached, and on SIGHUP.
//
// The configuration file is the will of the operators, the state remembers what was applied last.
// If the file is right and says something else, it is applied, as strictly as by `ixfab apply`; if
// it is wrong, or the dataplane refuses it, all mistakes are logged and the configuration applied
// last goes on. So a mistake in a file never stops an exchange, not even after a power cut.
#pragma once

struct control;
struct fabric_listener;

// Load what the state remembers, and check the file. Returns 0 or -errno.
int startup_load(struct control *control);

// Apply the file (again).
void startup_reload(struct control *control);

// What happens when a dataplane comes and goes; "argument" is the struct control.
void startup_attached(void *argument);
void startup_detached(void *argument);
