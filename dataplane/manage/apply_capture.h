// SPDX-License-Identifier: BSD-3-Clause
// Captures as control begins and ends them: kept here, handed to workers as an immutable snapshot,
// which is swapped as the policy is (see dataplane/path/capture.h).
//
// A capture stops when control says so, when its time is over, when its port goes, and with the
// session. Control is not trusted: programs are checked, and a control that forgets its captures
// leaves none behind.
//
// Threads: manager only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct manager;
struct message;
struct policy;

int apply_capture_init(struct manager *manager); // 0 or -ENOMEM
void apply_capture_fini(struct manager *manager);

// COMMAND_CAPTURE_FILTER, _BEGIN and _END.
void apply_capture_filter(struct manager *manager, const struct message *command);
void apply_capture_begin(struct manager *manager, const struct message *command);
void apply_capture_end(struct manager *manager, const struct message *command);

// Stop those whose time is over; "now_ns" is a monotonic clock. Control hears of it.
void apply_capture_tick(struct manager *manager, uint64_t now_ns);

// Before "next" comes into force: stop those of ports that are not in it. Control hears of it.
void apply_capture_leave(struct manager *manager, const struct policy *next);

// End all; workers use the session's rings no more when this returns.
void apply_capture_end_all(struct manager *manager);

// Whether the frames of "port" are captured.
bool apply_capture_has_port(const struct manager *manager, uint16_t port);
