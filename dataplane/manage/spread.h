// SPDX-License-Identifier: BSD-3-Clause
// Which flows of a LAG leave by which of its links.
//
// Threads: manager only; workers read meanwhile, and see each place as it was or as it is.
#pragma once

#include <stdint.h>

#include "dataplane/worker.h"

// Share the places of "spread" out evenly among "n" of a LAG's links, moving no more than must
// move: all that belong to a link that is not among them, and what is one too much elsewhere. With
// no links, nothing changes.
void spread_over(struct spread *spread, const uint16_t *links, unsigned int n);
