// SPDX-License-Identifier: BSD-3-Clause
// What a daemon tells the service manager that started it (sd_notify(3)): that it serves, how it
// is, that it still moves. Without one (no NOTIFY_SOCKET) nothing happens.
//
// Threads: the one that calls notify_init().
#pragma once

#include <stdint.h>

enum { NOTIFY_STATUS_SIZE = 256 };

// Read what the service manager wants. Before all others.
void notify_init(void);

// The daemon serves, after a start or after notify_reloading().
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

// A line for "systemctl status". It is sent if it is another than the last one.
__attribute__((format(printf, 1, 2))) void notify_status(const char *format, ...);

// How often notify_alive() is expected at least, in nanoseconds; 0: not at all.
uint64_t notify_watchdog_ns(void);
void notify_alive(void);
