// SPDX-License-Identifier: BSD-3-Clause
// The state's configurations: the one in force, one that is pending, and the last few before.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/state/sql.h"

#define KEPT "16" // configurations

static char *copy_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return strdup(text ? text : "");
}

static int read_row(sqlite3_stmt *row, struct state_config *config)
{
	size_t length = (size_t)sqlite3_column_bytes(row, 1);

	config->generation = (uint64_t)sqlite3_column_int64(row, 0);
	config->text = malloc(length + 1);
	config->length = length;
	config->file = copy_text(row, 2);
	config->by = copy_text(row, 3);
	config->applied = sqlite3_column_double(row, 4);
	config->digest = (uint64_t)sqlite3_column_int64(row, 5);
	if (!config->text || !config->file || !config->by) {
		state_config_fini(config);
		return -ENOMEM;
	}
	if (length)
		memcpy(config->text, sqlite3_column_blob(row, 1), length);
	config->text[length] = 0;
	return 0;
}

static int load(struct state *state, const char *name, struct state_config *config)
{
	sqlite3_stmt *statement =
		state_sql(state, "SELECT c.generation, text, file, by, applied, digest"
				 " FROM config c JOIN current USING (generation) WHERE name = ?");

	*config = (struct state_config){0};
	if (!statement)
		return -EIO;
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	int err = state_step(state, statement);
	if (err == 1)
		err = read_row(statement, config);
	else if (err == 0)
		err = -ENOENT;
	sqlite3_finalize(statement);
	return err;
}

int state_load_applied(struct state *state, struct state_config *config)
{
	return load(state, "applied", config);
}

int state_load_pending(struct state *state, struct state_config *config)
{
	return load(state, "pending", config);
}

void state_config_fini(struct state_config *config)
{
	free(config->text);
	free(config->file);
	free(config->by);
	*config = (struct state_config){0};
}

static int insert(struct state *state, struct state_config *config)
{
	sqlite3_stmt *statement =
		state_sql(state, "INSERT INTO config SELECT 1 + coalesce(max(generation), 0),"
				 " ?, ?, ?, ?, ? FROM config");

	if (!statement)
		return -EIO;
	sqlite3_bind_blob64(statement, 1, config->text, config->length, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, config->file, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, config->by, -1, SQLITE_STATIC);
	sqlite3_bind_double(statement, 4, config->applied);
	sqlite3_bind_int64(statement, 5, (sqlite3_int64)config->digest);
	int err = state_finish(state, statement);
	config->generation = (uint64_t)sqlite3_last_insert_rowid(state->db);
	return err;
}

static int allocate_ifindexes(struct state *state, const struct config *parsed)
{
	sqlite3_stmt *statement =
		state_sql(state, "INSERT OR IGNORE INTO ifindex"
				 " SELECT ?, 1 + coalesce(max(number), 0) FROM ifindex");
	int err = statement ? 0 : -EIO;

	for (size_t i = 0; i < parsed->n_ports && !err; i++) {
		sqlite3_bind_text(statement, 1, parsed->ports[i].name, -1, SQLITE_STATIC);
		err = state_step(state, statement);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return err;
}

static int write_pending(struct state *state, struct state_config *config,
			 const struct config *parsed)
{
	// What came after the one in force was never applied.
	int err = state_run(state,
			    "DELETE FROM config WHERE generation >"
			    " (SELECT generation FROM current WHERE name = 'applied')"
			    " OR generation <="
			    " (SELECT generation - " KEPT " FROM current WHERE name = 'applied')");

	if (!err)
		err = insert(state, config);
	if (!err)
		err = state_run(state, "UPDATE current SET generation = (SELECT max(generation)"
				       " FROM config) WHERE name = 'pending'");
	return err ? err : allocate_ifindexes(state, parsed);
}

int state_prepare(struct state *state, struct state_config *config, const struct config *parsed)
{
	int err = state_begin(state);

	return err ? err : state_end(state, write_pending(state, config, parsed));
}

int state_confirm(struct state *state)
{
	return state_run(state,
			 "UPDATE current SET generation = CASE name WHEN 'pending' THEN 0"
			 " ELSE (SELECT generation FROM current WHERE name = 'pending') END");
}

int state_discard(struct state *state)
{
	return state_run(state, "UPDATE current SET generation = 0 WHERE name = 'pending'");
}
