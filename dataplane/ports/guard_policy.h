// SPDX-License-Identifier: BSD-3-Clause
// What the XDP guard of a port needs to know of a policy.
//
// Threads: any.
#pragma once

#include <stdint.h>

#include "dataplane/ports/bpf/guard.h"

struct policy;
struct policy_limits_conf;

// Fill "guard" for "port" of "policy". The guard's limits on broadcast and multicast are four times
// those of "limits" on a link of "speed" Mb/s (0: unknown), and for each CPU by itself: a meter
// of the workers' is exact, and the guard only keeps a flood from drowning them. Where that one
// counts octets, the guard takes every frame for one of the shortest.
void guard_policy_build(struct guard_policy *guard, const struct policy *policy, uint16_t port,
			const struct policy_limits_conf *limits, uint32_t speed);
