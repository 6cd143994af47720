// SPDX-License-Identifier: BSD-3-Clause
// XDP guards know what the policy in force says, and their drops are counted as the manager's.
//
// Workers see a new policy first. Until apply_guard() has returned, a guard may still drop what the
// old policy refused; it never drops what neither refuses.
//
// Threads: manager only.
#pragma once

#include <stdint.h>

struct device;
struct manager;

// Before a commit's swap: guards whose device does not stay in its slot ("devices", by slot, is the
// new order) judge no more, and what they dropped is counted on the old slot.
void apply_guard_leave(struct manager *manager, struct device *const *devices);

// After the swap: tell all guards the policy in force.
void apply_guard(struct manager *manager);

// Tell the guard of "port" at once whether the port is disabled.
void apply_guard_disabled(struct manager *manager, uint16_t port);

// Count what died since the last time, and tell guards of what has changed without a commit: which
// ports are disabled, speeds of links, addresses that were learned for good.
void apply_guard_tick(struct manager *manager);

void apply_guard_fini(struct manager *manager);
