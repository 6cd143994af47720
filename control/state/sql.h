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

// Put the last failure of SQLite into words. Returns -errno.
int state_complain(struct state *state);

// Make the tables of a new file, or of an older release's what they are now. Returns 0 or -errno,
// with the problem set.
int state_open_schema(struct state *state);

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

// A column as text that stays until the next step; "" for what is not there.
const char *state_text(sqlite3_stmt *row, int column);
