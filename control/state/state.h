// SPDX-License-Identifier: BSD-3-Clause
// What must outlive a restart of control, in one SQLite file in the state directory: the
// configurations that were applied, what operators set by hand, the ifIndex of each port, and where
// `clear counters` was last done.
//
// Applying a configuration takes three steps, in this order:
//   1. state_prepare() writes it, durably, as "pending", with the digest of its policy.
//   2. The dataplane commits the policy.
//   3. state_confirm() turns "pending" into "applied".
// The write comes first because a full disk or a read-only one must refuse the change while nothing
// has changed. Step 3 changes two numbers in place; the journal is kept between transactions
// (journal_mode=PERSIST), so it needs no room on the disk that step 1 has not taken already.
// A crash between 1 and 3 leaves a pending configuration behind: the next control compares its
// digest with the one in force at the dataplane and confirms or discards it. So after any crash
// state and dataplane are both at the old or both at the new configuration.
//
// All functions that return int return 0 or -errno, -ENOSPC and -EROFS among them; state_problem()
// then is a sentence for operators. Nothing of a function that failed has been written.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/stats.h"

struct config;
struct manual;
struct state;

struct state_config {
	uint64_t generation;
	char *text; // not terminated
	size_t length;
	char *file;
	char *by;	// who applied it
	double applied; // seconds since 1970
	uint64_t digest;
};

enum { COUNTER_WORDS = sizeof(struct port_counters) / sizeof(uint64_t) };

// Where the counters of a port stood when they were cleared.
struct state_baseline {
	char port[NAME_SIZE];
	uint64_t instance; // of the dataplane
	uint32_t incarnation;
	double cleared;			  // seconds since 1970
	uint64_t counters[COUNTER_WORDS]; // a struct port_counters
};

enum { STATE_PROBLEM_SIZE = 320 };

// Open or create the state in "directory". Only one control may have it open. Returns NULL with
// errno and "problem", of STATE_PROBLEM_SIZE.
struct state *state_open(const char *directory, char *problem);
void state_close(struct state *state);
const char *state_problem(const struct state *state);

// Configurations. The loaders return -ENOENT if there is none.
int state_load_applied(struct state *state, struct state_config *config);
int state_load_pending(struct state *state, struct state_config *config);
void state_config_fini(struct state_config *config);

// Write "config" as pending, with a generation of its own that is set there, and give an ifIndex to
// each port of "parsed" that has none. An older one that was not confirmed is forgotten.
int state_prepare(struct state *state, struct state_config *config, const struct config *parsed);
int state_confirm(struct state *state);
int state_discard(struct state *state);

// What stands above the configuration (control/manual/manual.h). Loading sets all of "manual".
int state_load_manual(struct state *state, struct manual *manual);
int state_save_manual(struct state *state, const struct manual *manual);

// The ifIndex of a port, the same for ever once it was given; 0: none yet.
uint32_t state_ifindex(struct state *state, const char *port);

// Baselines of counters. Saving replaces those of the same ports, and forgets those of other
// instances.
int state_load_baselines(struct state *state, uint64_t instance, struct state_baseline **baselines,
			 size_t *n);
int state_save_baselines(struct state *state, const struct state_baseline *baselines, size_t n);
