// SPDX-License-Identifier: BSD-3-Clause
// What the state knows of configurations that were in force: how each ended, what lies before it.
#include <errno.h>
#include <string.h>

#include "control/state/sql.h"

static const char *const endings[] = {
	[ENDING_NONE] = "",	      [ENDING_CONFIRMED] = "confirmed", [ENDING_UNDONE] = "undone",
	[ENDING_TIMEOUT] = "timeout", [ENDING_REPLACED] = "replaced",
};

static enum state_ending find_ending(const char *name)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		if (strcmp(endings[i], name) == 0)
			return (enum state_ending)i;
	}
	return ENDING_NONE;
}

static int find_previous(struct state *state, uint64_t *generation)
{
	// Only where the text is still there, too.
	sqlite3_stmt *row =
		state_sql(state, "SELECT o.generation FROM config c JOIN config o"
				 " ON o.generation = c.previous WHERE c.generation = ?");

	if (!row)
		return -EIO;
	sqlite3_bind_int64(row, 1, (sqlite3_int64)*generation);
	int err = state_step(state, row);
	if (err == 1)
		*generation = (uint64_t)sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	if (err < 0)
		return err;
	return err == 1 ? 0 : -ENOENT;
}

int state_find_level(struct state *state, uint64_t generation, uint64_t levels, uint64_t *found)
{
	for (uint64_t level = 0; level < levels; level++) {
		int err = find_previous(state, &generation);

		if (err) {
			*found = level;
			return err;
		}
	}
	*found = generation;
	return 0;
}

// Either is enough: the row of "current" is written with the change itself, the ending after it.
bool state_was_undone(struct state *state, const char *text, size_t length, uint64_t *generation)
{
	sqlite3_stmt *row =
		state_sql(state,
			  "SELECT c.generation, c.generation IN (SELECT generation FROM current"
			  " WHERE name = 'undone') OR coalesce(how IN ('undone', 'timeout'), 0)"
			  " FROM config c LEFT JOIN ending USING (generation)"
			  " WHERE text = ? AND c.generation <= (SELECT generation FROM current"
			  " WHERE name = 'newest') ORDER BY c.generation DESC LIMIT 1");
	bool undone = false;

	if (!row)
		return false;
	sqlite3_bind_blob64(row, 1, text, length, SQLITE_STATIC);
	if (state_step(state, row) == 1) {
		*generation = (uint64_t)sqlite3_column_int64(row, 0);
		undone = sqlite3_column_int(row, 1) != 0;
	}
	sqlite3_finalize(row);
	return undone;
}

static int write_ending(struct state *state, uint64_t generation, enum state_ending ending,
			double now, const char *by)
{
	sqlite3_stmt *statement =
		state_sql(state, "INSERT OR REPLACE INTO ending (generation, how, at, by)"
				 " VALUES (?, ?, ?, ?)");

	if (!statement)
		return -EIO;
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)generation);
	sqlite3_bind_text(statement, 2, endings[ending], -1, SQLITE_STATIC);
	sqlite3_bind_double(statement, 3, now);
	sqlite3_bind_text(statement, 4, by, -1, SQLITE_STATIC);
	return state_finish(state, statement);
}

int state_end_generations(struct state *state, uint64_t last, uint64_t after,
			  enum state_ending ending, double now, const char *by)
{
	int err = state_begin(state);

	if (err)
		return err;
	while (!err && last != after) {
		err = write_ending(state, last, ending, now, by);
		if (!err)
			err = find_previous(state, &last);
	}
	return state_end(state, err == -ENOENT ? 0 : err);
}

int state_tell_history(struct state *state, state_past_fn *tell, void *argument)
{
	sqlite3_stmt *row = state_sql(
		state, "SELECT c.generation, previous, applied, file, c.by, message, how, at, e.by"
		       " FROM config c LEFT JOIN ending e USING (generation)"
		       " WHERE c.generation <= (SELECT generation FROM current"
		       " WHERE name = 'newest') ORDER BY c.generation DESC");
	int err = row ? 0 : -EIO;

	while (row && (err = state_step(state, row)) == 1) {
		const struct state_past past = {
			.generation = (uint64_t)sqlite3_column_int64(row, 0),
			.previous = (uint64_t)sqlite3_column_int64(row, 1),
			.applied = sqlite3_column_double(row, 2),
			.file = state_text(row, 3),
			.by = state_text(row, 4),
			.message = state_text(row, 5),
			.ending = find_ending(state_text(row, 6)),
			.ended = sqlite3_column_double(row, 7),
			.ended_by = state_text(row, 8),
		};

		tell(argument, &past);
	}
	sqlite3_finalize(row);
	return err;
}
