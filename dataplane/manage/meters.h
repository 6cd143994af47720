// SPDX-License-Identifier: BSD-3-Clause
// The limits of storm control, as the policy and the links' speeds make them. Threads: manager
// only.
#pragma once

#include <stdint.h>

struct manager;

// Set the meters of "port" by its limits and its link's speed: when either has changed.
void meters_set(struct manager *manager, uint16_t port);

// The same for all ports.
void meters_set_all(struct manager *manager);
