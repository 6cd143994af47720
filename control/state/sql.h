// SPDX-License-Identifier: BSD-3-Clause
// SQLite as the state uses it. For state*.c only.
#pragma once

#include <sqlite3.h>

#include "control/state/state.h"

struct state {
	sqlite3 *db;
	char *directory;
	char problem[STATE_PROBLEM_SIZE];
};

// Run statements that return nothing. Returns 0 or -errno, with the problem set.
int state_run(struct state *state, const char *sql);

// Begin a transaction, and end it: commit if "err" is 0, else roll back. Returns "err", or what
// went wrong with the commit.
int state_begin(struct state *state);
int state_end(struct state *state, int err);

// Prepare a statement. Returns NULL with the problem set.
sqlite3_stmt *state_sql(struct state *state, const char *sql);

// Step a statement once. Returns 1 if there is a row, 0 at the end, or -errno with the problem set.
int state_step(struct state *state, sqlite3_stmt *statement);

// Step a statement that returns no rows, and finalize it. NULL gives -ENOMEM. Returns 0 or -errno.
int state_finish(struct state *state, sqlite3_stmt *statement);
