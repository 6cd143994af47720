// SPDX-License-Identifier: BSD-3-Clause
// The table of a LAN's addresses, made from a draft. For policy.c only.
#pragma once

#include <stdint.h>

#include "dataplane/tables/neigh.h"

struct draft;
struct policy;

// Where one MAC is registered for the port, it is its owner's; else what "old" (or NULL) knows of
// the same address on the same port is kept, if that MAC is registered there. Returns NULL if there
// is no memory.
struct neigh *policy_neigh(const struct draft *draft, uint16_t lan, const struct policy *old);
