// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane, started as root, gives up before it serves anybody.
#pragma once

// Join "group" (or NULL), so that a socket of ours can be given to it later. Before
// privileges_drop(). Returns 0 or -errno, and logs why; a group that does not exist is no error.
int privileges_join(const char *group);

// Give up every capability but those that ports need at run time, for this thread and all that it
// starts from now on, and the way to get any back. A process without root is left as it is. Returns
// 0 or -errno, and logs why.
int privileges_drop(void);
