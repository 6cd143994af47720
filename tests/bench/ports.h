// SPDX-License-Identifier: BSD-3-Clause
// The generator's ports: DPDK devices 0 to n - 1, and the memory for their frames.
#pragma once

#include <rte_mempool.h>

#include "tests/bench/options.h"

// Say on the standard error output what failed, and end the program. "error" is an errno, either
// sign.
__attribute__((noreturn)) void die(const char *what, int error);

// Start DPDK and all ports, and wait until their links are up. Returns the pool for frames to be
// sent, which is filled with the frame of "traffic". Ends the program if something fails.
struct rte_mempool *ports_start(const struct options *o, const struct traffic *traffic);

void ports_stop(void);
