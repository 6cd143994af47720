// SPDX-License-Identifier: BSD-3-Clause
// What the state knows of single ports: ifIndex, baselines of counters.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/state/sql.h"

// Copy a name into a field of NAME_SIZE.
static void copy_name(char *to, sqlite3_stmt *row, int column)
{
	const char *name = (const char *)sqlite3_column_text(row, column);

	snprintf(to, NAME_SIZE, "%s", name ? name : "");
}

// Grow an array that doubles at every power of two. Returns NULL and leaves the old one.
static void *grow(void *array, size_t n, size_t size)
{
	return n & (n - 1) ? array : realloc(array, (n ? 2 * n : 1) * size);
}

uint32_t state_ifindex(struct state *state, const char *port)
{
	sqlite3_stmt *row = state_sql(state, "SELECT number FROM ifindex WHERE port = ?");
	uint32_t number = 0;

	if (!row)
		return 0;
	sqlite3_bind_text(row, 1, port, -1, SQLITE_STATIC);
	if (state_step(state, row) == 1)
		number = (uint32_t)sqlite3_column_int(row, 0);
	sqlite3_finalize(row);
	return number;
}

static void read_baseline(sqlite3_stmt *row, struct state_baseline *baseline)
{
	copy_name(baseline->port, row, 0);
	baseline->instance = (uint64_t)sqlite3_column_int64(row, 1);
	baseline->incarnation = (uint32_t)sqlite3_column_int64(row, 2);
	baseline->cleared = sqlite3_column_double(row, 3);
	memcpy(baseline->counters, sqlite3_column_blob(row, 4), sizeof(baseline->counters));
}

int state_load_baselines(struct state *state, uint64_t instance, struct state_baseline **baselines,
			 size_t *n)
{
	// Another release may have counted other things: those are not ours to subtract.
	sqlite3_stmt *row =
		state_sql(state, "SELECT port, instance, incarnation, cleared, counters"
				 " FROM baseline WHERE instance = ? AND length(counters) = ?");
	int err = row ? 0 : -EIO;

	*baselines = NULL;
	*n = 0;
	if (row) {
		sqlite3_bind_int64(row, 1, (sqlite3_int64)instance);
		sqlite3_bind_int64(row, 2, sizeof(struct port_counters));
	}
	while (row && (err = state_step(state, row)) == 1) {
		struct state_baseline *more = grow(*baselines, *n, sizeof(**baselines));

		if (!more) {
			err = -ENOMEM;
			break;
		}
		*baselines = more;
		read_baseline(row, &more[(*n)++]);
	}
	sqlite3_finalize(row);
	return err;
}

static int save_baseline(struct state *state, sqlite3_stmt *statement,
			 const struct state_baseline *baseline)
{
	sqlite3_bind_text(statement, 1, baseline->port, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)baseline->instance);
	sqlite3_bind_int64(statement, 3, baseline->incarnation);
	sqlite3_bind_double(statement, 4, baseline->cleared);
	sqlite3_bind_blob(statement, 5, baseline->counters, sizeof(baseline->counters),
			  SQLITE_STATIC);
	int err = state_step(state, statement);
	sqlite3_reset(statement);
	return err;
}

static int save_all(struct state *state, const struct state_baseline *baselines, size_t n)
{
	sqlite3_stmt *old = state_sql(state, "DELETE FROM baseline WHERE instance != ?");

	sqlite3_bind_int64(old, 1, (sqlite3_int64)(n ? baselines[0].instance : 0));
	int err = state_finish(state, old);
	if (err)
		return err;
	sqlite3_stmt *statement =
		state_sql(state, "INSERT OR REPLACE INTO baseline VALUES (?, ?, ?, ?, ?)");
	err = statement ? 0 : -EIO;
	for (size_t i = 0; i < n && !err; i++)
		err = save_baseline(state, statement, &baselines[i]);
	sqlite3_finalize(statement);
	return err;
}

int state_save_baselines(struct state *state, const struct state_baseline *baselines, size_t n)
{
	int err = state_begin(state);

	return err ? err : state_end(state, save_all(state, baselines, n));
}
