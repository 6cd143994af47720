// SPDX-License-Identifier: BSD-3-Clause
// What could stand where the cursor is? For the shell: see completions/ixfab.bash.
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "control/ctl/status.h"

// The last word is the one that is being typed; it may be empty. Prints one candidate a line. Names
// of ports and LANs are asked from the daemon; if it is away there are none, and no complaint.
enum status complete(char *const *words, size_t n, FILE *out);
