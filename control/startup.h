// SPDX-License-Identifier: BSD-3-Clause
// What control goes by when it starts, when a dataplane is attached, and on SIGHUP.
//
// The configuration file is the will of the operators, the state remembers what was applied last.
// If the file is right and says something else, it is applied, as strictly as by `ixfab apply`; if
// it is wrong, or the dataplane refuses it, all mistakes are logged and the configuration applied
// last goes on. So a mistake in a file never stops an exchange, not even after a power cut.
//
// Where a configuration waits to be confirmed, or was undone, that goes before the file:
//   - While one waits, the file is not applied at the start. If its time ran out while control was
//     away, the one that was confirmed last is in force from the start.
//   - A file with the very text of a configuration that was undone, by an operator or because
//     nobody confirmed it, is not applied at the start either; control says so.
// SIGHUP is somebody's will: the file is applied then, for good, as by `ixfab apply` without
// --confirm, which ends any waiting.
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
