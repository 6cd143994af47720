// SPDX-License-Identifier: BSD-3-Clause
// Starting DPDK's environment (EAL) in the way that ixfab wants it.
#pragma once

#include <stdbool.h>

struct options;

// Start EAL: main lcore 0 for the manager, lcores 1…N for the workers, memory in huge pages when
// there are enough of them free, else without, and says so. No PCI device is touched until a port
// asks for it, nothing is left in the file system. "huge" tells which memory it became. Returns 0
// or -errno.
int eal_start(const struct options *options, bool *huge);
