// SPDX-License-Identifier: BSD-3-Clause
// What was done, and by whom: the last STATE_DEEDS of it.
#include <errno.h>

#include "control/state/sql.h"

static int insert(struct state *state, const struct state_deed *deed)
{
	sqlite3_stmt *statement =
		state_sql(state, "INSERT INTO audit (id, time, uid, by, claim, method, detail)"
				 " SELECT 1 + coalesce(max(id), 0), ?, ?, ?, ?, ?, ? FROM audit");

	if (!statement)
		return -EIO;
	sqlite3_bind_double(statement, 1, deed->time);
	if (deed->uid >= 0)
		sqlite3_bind_int64(statement, 2, deed->uid);
	else
		sqlite3_bind_null(statement, 2);
	sqlite3_bind_text(statement, 3, deed->by, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 4, deed->claim, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 5, deed->method, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 6, deed->detail, -1, SQLITE_STATIC);
	return state_finish(state, statement);
}

static int prune(struct state *state)
{
	sqlite3_stmt *statement =
		state_sql(state, "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?");

	if (!statement)
		return -EIO;
	sqlite3_bind_int(statement, 1, STATE_DEEDS);
	return state_finish(state, statement);
}

int state_add_deed(struct state *state, const struct state_deed *deed)
{
	int err = state_begin(state);

	if (err)
		return err;
	err = insert(state, deed);
	if (!err)
		err = prune(state);
	return state_end(state, err);
}

int state_tell_deeds(struct state *state, size_t limit, state_deed_fn *tell, void *argument)
{
	sqlite3_stmt *row = state_sql(
		state, "SELECT id, time, uid, by, claim, method, detail FROM (SELECT * FROM audit"
		       " ORDER BY id DESC LIMIT ?) ORDER BY id");
	int err = row ? 0 : -EIO;

	if (row)
		sqlite3_bind_int64(row, 1, (sqlite3_int64)limit);
	while (row && (err = state_step(state, row)) == 1) {
		bool somebody = sqlite3_column_type(row, 2) != SQLITE_NULL;
		const struct state_deed deed = {
			.id = sqlite3_column_int64(row, 0),
			.time = sqlite3_column_double(row, 1),
			.uid = somebody ? sqlite3_column_int64(row, 2) : -1,
			.by = state_text(row, 3),
			.claim = state_text(row, 4),
			.method = state_text(row, 5),
			.detail = state_text(row, 6),
		};

		tell(argument, &deed);
	}
	sqlite3_finalize(row);
	return err;
}
