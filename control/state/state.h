// SPDX-License-Identifier: BSD-3-Clause
// What must outlive a restart of control, in one SQLite file in the state directory: the
// configurations that were applied, what operators set by hand, the ifIndex of each port, and where
// `clear counters` was last done.
//
// Applying a configuration takes three steps, in this order:
//   1. state_prepare() writes it, durably, as "pending", with the digest of its policy.
//   2. The dataplane commits the policy.
//   3. state_commit() turns "pending" into "applied".
// The write comes first because a full disk or a read-only one must refuse the change while nothing
// has changed. Step 3 changes a few numbers in place; the journal is kept between transactions
// (journal_mode=PERSIST), so it needs no room on the disk that step 1 has not taken already. Going
// back to an older configuration (state_prepare_return()) changes such numbers only.
// A crash between 1 and 3 leaves a pending configuration behind: the next control compares its
// digest with the one in force at the dataplane and commits or discards it. So after any crash
// state and dataplane are both at the old or both at the new configuration.
//
// A configuration may be in force for a time only, until it is confirmed: the end of that time and
// what comes back then are written in the same steps, so they outlive everybody.
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

// Until when a configuration is to be confirmed.
struct state_wait {
	double deadline;  // seconds since 1970; 0: it is in force for good
	uint64_t back_to; // the generation that comes back else
};

struct state_config {
	uint64_t generation;
	char *text; // not terminated
	size_t length;
	char *file;
	char *by;	   // who applied it
	char *message;	   // what for; "": nothing was said
	double applied;	   // seconds since 1970
	uint64_t previous; // the generation one level of undoing back; 0: none
	// Of those that are applied or pending.
	uint64_t digest; // of its policy; of a pending one only
	struct state_wait wait;
};

// How a generation ended, beside being what is in force.
enum state_ending {
	ENDING_NONE, // it was applied for good, or waits
	ENDING_CONFIRMED,
	ENDING_UNDONE,	 // by an operator
	ENDING_TIMEOUT,	 // nobody confirmed it
	ENDING_REPLACED, // by another one, while it waited
};

// A generation as the history has it; the strings live until the next is told.
struct state_past {
	uint64_t generation;
	uint64_t previous;
	double applied;
	const char *file;
	const char *by;
	const char *message;
	enum state_ending ending;
	double ended;
	const char *ended_by;
};
typedef void state_past_fn(void *argument, const struct state_past *past);

// Something that was done.
struct state_deed {
	int64_t id;
	double time;
	int64_t uid;	    // -1: control did it by itself
	const char *by;	    // the user's name
	const char *claim;  // who the user said to be; "": nothing was said
	const char *method; // of control/rpc/PROTOCOL.md
	const char *detail; // JSON
};
typedef void state_deed_fn(void *argument, const struct state_deed *deed);

enum {
	STATE_CONFIGS = 32, // so many configurations are kept
	STATE_DEEDS = 1000, // and so many deeds
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
int state_load_generation(struct state *state, uint64_t generation, struct state_config *config);
void state_config_fini(struct state_config *config);

// Write "config" as pending, with a generation of its own that is set there, and give an ifIndex to
// each port of "parsed" that has none. An older one that was not committed is forgotten.
int state_prepare(struct state *state, struct state_config *config, const struct config *parsed);

// Make an older generation the pending one.
int state_prepare_return(struct state *state, uint64_t generation, uint64_t digest);

int state_commit(struct state *state);
int state_discard(struct state *state);

// The one that is applied waits from now on, or no longer.
int state_set_wait(struct state *state, const struct state_wait *wait);

// The generation that is so many levels of undoing before "generation". Returns -ENOENT if there
// are not so many, and in "found" how many there are.
int state_find_level(struct state *state, uint64_t generation, uint64_t levels, uint64_t *found);

// Whether a text is a configuration that was undone and not applied since; "generation" receives
// which.
bool state_was_undone(struct state *state, const char *text, size_t length, uint64_t *generation);

// Write how generations ended: "last" and those that lie before it, down to "after", which did not.
int state_end_generations(struct state *state, uint64_t last, uint64_t after,
			  enum state_ending ending, double now, const char *by);

// Tell what was in force, the latest first.
int state_tell_history(struct state *state, state_past_fn *tell, void *argument);

// Write what was done; the id is given here. Tell the latest of them, the latest last.
int state_add_deed(struct state *state, const struct state_deed *deed);
int state_tell_deeds(struct state *state, size_t limit, state_deed_fn *tell, void *argument);

// What stands above the configuration (control/manual/manual.h), and what was put aside by one that
// waits to be confirmed. Loading sets all of "manual".
int state_load_manual(struct state *state, struct manual *manual);
int state_save_manual(struct state *state, const struct manual *manual);
int state_load_aside(struct state *state, struct manual *manual);
int state_save_aside(struct state *state, const struct manual *manual);

// The ifIndex of a port, the same for ever once it was given; 0: none yet.
uint32_t state_ifindex(struct state *state, const char *port);

// Baselines of counters. Saving replaces those of the same ports, and forgets those of other
// instances.
int state_load_baselines(struct state *state, uint64_t instance, struct state_baseline **baselines,
			 size_t *n);
int state_save_baselines(struct state *state, const struct state_baseline *baselines, size_t n);
