// SPDX-License-Identifier: BSD-3-Clause
// How often ports violate port security, and how often their links change: too often within some
// time disables them (disable.h). The numbers are the port's limits in force.
//
// Frames are counted where they die, by workers and by the XDP guard; the manager compares sums ten
// times a second. Where one violation is enough, the worker that sees it has disabled the port by
// the time that the manager hears of it.
//
// Threads: manager only. Time is an argument, CLOCK_MONOTONIC.
#pragma once

#include <stdint.h>

struct manager;
struct message;

// Look at what died since the last time.
void violations_tick(struct manager *manager, uint64_t now_ns);

// NOTICE_VIOLATION.
void violations_notice(struct manager *manager, const struct message *notice, uint64_t now_ns);

// A port's link has changed "n" times since the last time.
void violations_link(struct manager *manager, uint16_t port, uint32_t n, uint64_t now_ns);

// After a port's counters started at zero.
void violations_forget(struct manager *manager, uint16_t port);
