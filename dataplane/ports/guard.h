// SPDX-License-Identifier: BSD-3-Clause
// The XDP guard of one interface (bpf/guard.bpf.c), seen from the dataplane: its maps.
//
// DPDK's driver loads and attaches the program and keeps its maps to itself, so they are found by
// the program that the interface has now.
//
// How a frame sees a change as old or new, never half: there are two policies, and a word says
// which one is in force. guard_prepare() writes the other one, guard_commit() turns the word.
// Between a commit and the next guard_prepare() of the same guard must stand a guard_wait(), after
// which no frame is being judged by the policy that was in force before. A single address is one
// word of guard_sources, and changes at once. Where addresses and policy change together, the guard
// is suspended meanwhile: then workers judge all frames.
//
// All functions: manager thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/ports/bpf/guard.h"
#include "lib/stats.h"

struct guard;
struct guard_sources;

// Find the guard of an interface. Returns NULL with errno, and says what was wrong.
struct guard *guard_open(int ifindex);

// The same for a program that hangs on no interface (tests).
struct guard *guard_open_program(int program_fd);

void guard_close(struct guard *guard);

enum port_guard guard_mode(const struct guard *guard);

// Write the policy that is not in force, if it would differ from the one that is. Returns whether
// it differs, or -errno.
int guard_prepare(struct guard *guard, const struct guard_policy *policy);

// Put what was prepared last in force.
int guard_commit(struct guard *guard);

// Leave all frames to workers, until the next guard_commit().
int guard_suspend(struct guard *guard);

int guard_disable(struct guard *guard, enum port_disable why);

// Use the map of "sources" from now on, and wait as guard_wait() does. Before the first commit, and
// whenever there is a new map.
int guard_use_sources(struct guard *guard, const struct guard_sources *sources);
bool guard_has_sources(const struct guard *guard);

// Wait until no frame is being judged, by any guard, that was being judged before.
int guard_wait(struct guard *guard);

// Add what died since the last time to "counters".
int guard_collect(struct guard *guard, struct port_counters *counters);
