// SPDX-License-Identifier: BSD-3-Clause
#include "control/state/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control/state/sql.h"

struct failure {
	int code; // of SQLite
	int err;
	const char *text;
};

static const struct failure failures[] = {
	{SQLITE_FULL, ENOSPC, "the disk is full; make room and try again"},
	{SQLITE_READONLY, EROFS, "it is read-only"},
	{SQLITE_CANTOPEN, EACCES,
	 "it cannot be opened; does the directory exist, and may this "
	 "user write there?"},
	{SQLITE_PERM, EACCES, "permission denied"},
	{SQLITE_BUSY, EBUSY, "another ixfab-control is using it"},
	{SQLITE_NOTADB, EUCLEAN, "it is no state file of ixfab; move it away to start afresh"},
	{SQLITE_CORRUPT, EUCLEAN, "it is damaged; move it away to start afresh"},
	{SQLITE_NOMEM, ENOMEM, "there is no memory"},
};

int state_complain(struct state *state)
{
	int code = sqlite3_errcode(state->db);
	const char *text = sqlite3_errmsg(state->db);
	int err = EIO;

	// A disk that is full while a journal is written is an I/O error to SQLite.
	if (code == SQLITE_IOERR && sqlite3_system_errno(state->db) == ENOSPC)
		code = SQLITE_FULL;
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		if (failures[i].code == code) {
			text = failures[i].text;
			err = failures[i].err;
		}
	}
	snprintf(state->problem, sizeof(state->problem), "state in %s: %s", state->directory, text);
	return -err;
}

int state_run(struct state *state, const char *sql)
{
	return sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									   : state_complain(state);
}

int state_begin(struct state *state)
{
	return state_run(state, "BEGIN IMMEDIATE");
}

int state_end(struct state *state, int err)
{
	if (!err)
		err = state_run(state, "COMMIT");
	if (err && !sqlite3_get_autocommit(state->db))
		sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

sqlite3_stmt *state_sql(struct state *state, const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL) == SQLITE_OK)
		return statement;
	state_complain(state);
	return NULL;
}

int state_step(struct state *state, sqlite3_stmt *statement)
{
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return state_complain(state);
	}
}

int state_finish(struct state *state, sqlite3_stmt *statement)
{
	if (!statement)
		return -ENOMEM;
	int err = state_step(state, statement);
	sqlite3_finalize(statement);
	return err < 0 ? err : 0;
}

const char *state_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static int open_file(struct state *state, const char *path)
{
	mkdir(state->directory, 0750);
	if (sqlite3_open_v2(path, &state->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
	    SQLITE_OK)
		return state_complain(state);
	int err = state_run(state, "PRAGMA locking_mode = EXCLUSIVE;"
				   "PRAGMA synchronous = FULL;");
	if (!err)
		err = state_open_schema(state);
	// After the first read, which tells whether it is a state file at all.
	if (!err)
		err = state_run(state, "PRAGMA journal_mode = PERSIST");
	return err;
}

struct state *state_open(const char *directory, char *problem)
{
	struct state *state = calloc(1, sizeof(*state));
	char *path = NULL;
	int err = -ENOMEM;

	if (!state)
		return NULL;
	strcpy(state->problem, "no memory");
	state->directory = strdup(directory);
	if (state->directory && asprintf(&path, "%s/state.sqlite", directory) > 0)
		err = open_file(state, path);
	free(path);
	if (err) {
		memcpy(problem, state->problem, STATE_PROBLEM_SIZE);
		state_close(state);
		errno = -err;
		return NULL;
	}
	return state;
}

void state_close(struct state *state)
{
	sqlite3_close(state->db);
	free(state->directory);
	free(state);
}

const char *state_problem(const struct state *state)
{
	return state->problem;
}
