// SPDX-License-Identifier: BSD-3-Clause
// `clear counters`: counters of the dataplane only ever grow, so what operators see is what they
// grew since the baseline. A baseline holds for one life of a port in one life of the dataplane.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "control/state/state.h"

struct baselines;

struct baselines *baselines_create(struct state *state);
void baselines_destroy(struct baselines *baselines);

// Load those of a dataplane that was attached. Logs what goes wrong.
void baselines_load(struct baselines *baselines, uint64_t instance);

// Subtract the baseline of "port" in its life number "incarnation" from "counters". Returns when it
// was set, in seconds since 1970; 0: there is none, and "counters" are as they were.
double baselines_subtract(const struct baselines *baselines, const char *port, uint32_t incarnation,
			  struct port_counters *counters);

// Set new ones, in the state first. Returns 0 or -errno, with state_problem().
int baselines_set(struct baselines *baselines, const struct state_baseline *added, size_t n);
