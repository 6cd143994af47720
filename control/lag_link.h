// SPDX-License-Identifier: BSD-3-Clause
// What is known of a link of a LAG, in words and numbers for operators, metrics and collectors.
// Pure.
#pragma once

#include <stdint.h>

struct port_counters;

// Why a link carries no frames, or that it does, as a word for programs: "silent". "reason" is an
// enum lacp_reason (lib/lacp.h, which has the words for people).
const char *lag_link_reason(uint8_t reason);

// The name of bit number "bit" of a state that LACP tells, 0 to 7; as `ip -d link` has them.
const char *lag_link_flag(unsigned int bit);

// Put what came and left by a link where counters of a port have what came and left. All else that
// is counted is its LAG's.
void lag_link_counters(struct port_counters *counters);
