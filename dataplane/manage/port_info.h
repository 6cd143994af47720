// SPDX-License-Identifier: BSD-3-Clause
// What the manager tells the world of ports: struct port_info in the stats file (lib/stats.h), and
// the state of their links, which workers read too.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct device;
struct event_port;
struct manager;
struct policy;

// Before "next" comes into force: new ports start with zero counters and their link's real state;
// ports that stay get what has changed.
void port_info_prepare(struct manager *manager, const struct policy *next,
		       struct device *const *devices);

// After it: slots that only "old" (or NULL) knew are free.
void port_info_retire(struct manager *manager, const struct policy *old);

// Take note of the state of a link. Returns whether it went down just now.
bool port_info_link(struct manager *manager, uint32_t port, bool up, uint32_t speed);

// A port is disabled as "event" says, or no longer.
void port_info_disabled(struct manager *manager, const struct event_port *event);
void port_info_enabled(struct manager *manager, uint16_t port);

// The last violation of a port: an enum drop_reason.
void port_info_violation(struct manager *manager, uint16_t port, uint16_t reason);
