// SPDX-License-Identifier: BSD-3-Clause
// ixfab-control --fits: would this release get on with the dataplane that is running? For upgrades:
// a control that does not fit had better not take the place of one that does.
#pragma once

// Ask the dataplane at "path" and print the answer. Returns the status to exit with: 0 if it fits,
// or if there is none; 1 if it does not.
int fits(const char *path);
