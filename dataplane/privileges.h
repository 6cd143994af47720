// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane, started as root, gives up before it serves anybody.
#pragma once

// Give up every capability but those that ports need at run time, for this thread and all that it
// starts from now on, and the way to get any back. A process without root is left as it is. Returns
// 0 or -errno, and logs why.
int privileges_drop(void);
