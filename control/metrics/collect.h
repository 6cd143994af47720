// SPDX-License-Identifier: BSD-3-Clause
// Reading what metrics tell: from the counters that the dataplane shares, and from what control
// knows. Nobody is asked, so nothing is waited for.
#pragma once

#include <stdint.h>

struct control;
struct view;

// "ifindexes" has one number for each port of the configuration in force. Never NULL.
struct view *collect(const struct control *control, const uint32_t *ifindexes);
