// SPDX-License-Identifier: BSD-3-Clause
// The state's configurations: the one in force, one that is pending, and the last few before.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/state/sql.h"

static char *copy_text(sqlite3_stmt *statement, int column)
{
	return strdup(state_text(statement, column));
}

#define COLUMNS "c.generation, text, file, by, applied, message, previous"

static int read_row(sqlite3_stmt *row, struct state_config *config)
{
	size_t length = (size_t)sqlite3_column_bytes(row, 1);

	config->generation = (uint64_t)sqlite3_column_int64(row, 0);
	config->text = malloc(length + 1);
	config->length = length;
	config->file = copy_text(row, 2);
	config->by = copy_text(row, 3);
	config->applied = sqlite3_column_double(row, 4);
	config->message = copy_text(row, 5);
	config->previous = (uint64_t)sqlite3_column_int64(row, 6);
	if (!config->text || !config->file || !config->by || !config->message) {
		state_config_fini(config);
		return -ENOMEM;
	}
	if (length)
		memcpy(config->text, sqlite3_column_blob(row, 1), length);
	config->text[length] = 0;
	return 0;
}

// Read the only row of a statement, and finalize that.
static int load(struct state *state, sqlite3_stmt *statement, struct state_config *config)
{
	int err = state_step(state, statement);

	*config = (struct state_config){0};
	if (err == 1)
		err = read_row(statement, config);
	else if (err == 0)
		err = -ENOENT;
	if (!err && sqlite3_column_count(statement) > 7) {
		config->digest = (uint64_t)sqlite3_column_int64(statement, 7);
		config->wait.deadline = sqlite3_column_double(statement, 8);
		config->wait.back_to = (uint64_t)sqlite3_column_int64(statement, 9);
	}
	sqlite3_finalize(statement);
	return err;
}

static int load_current(struct state *state, const char *name, struct state_config *config)
{
	sqlite3_stmt *statement =
		state_sql(state, "SELECT " COLUMNS ", digest, deadline, back_to"
				 " FROM config c JOIN current USING (generation) WHERE name = ?");

	if (!statement)
		return -EIO;
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	return load(state, statement, config);
}

int state_load_applied(struct state *state, struct state_config *config)
{
	return load_current(state, "applied", config);
}

int state_load_pending(struct state *state, struct state_config *config)
{
	return load_current(state, "pending", config);
}

int state_load_generation(struct state *state, uint64_t generation, struct state_config *config)
{
	// One that never came into force has a number that will be used again.
	sqlite3_stmt *statement =
		state_sql(state,
			  "SELECT " COLUMNS " FROM config c WHERE generation = ? AND generation"
			  " <= (SELECT generation FROM current WHERE name = 'newest')");

	if (!statement)
		return -EIO;
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)generation);
	return load(state, statement, config);
}

void state_config_fini(struct state_config *config)
{
	free(config->text);
	free(config->file);
	free(config->by);
	free(config->message);
	*config = (struct state_config){0};
}

static int insert(struct state *state, struct state_config *config)
{
	sqlite3_stmt *statement =
		state_sql(state, "INSERT INTO config (generation, text, file, by, applied, message,"
				 " previous) SELECT 1 + generation, ?, ?, ?, ?, ?, ? FROM current"
				 " WHERE name = 'newest'");

	if (!statement)
		return -EIO;
	sqlite3_bind_blob64(statement, 1, config->text, config->length, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, config->file, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, config->by, -1, SQLITE_STATIC);
	sqlite3_bind_double(statement, 4, config->applied);
	sqlite3_bind_text(statement, 5, config->message ? config->message : "", -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 6, (sqlite3_int64)config->previous);
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

static int set_pending(struct state *state, uint64_t generation, uint64_t digest,
		       const struct state_wait *wait)
{
	sqlite3_stmt *statement =
		state_sql(state, "UPDATE current SET generation = ?, digest = ?, deadline = ?,"
				 " back_to = ? WHERE name = 'pending'");

	if (!statement)
		return -EIO;
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)generation);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)digest);
	sqlite3_bind_double(statement, 3, wait->deadline);
	sqlite3_bind_int64(statement, 4, (sqlite3_int64)wait->back_to);
	return state_finish(state, statement);
}

// Forget what never came into force, and what is older than all that are kept.
static int prune(struct state *state)
{
	sqlite3_stmt *old = NULL;
	int err = state_run(state, "DELETE FROM config WHERE generation >"
				   " (SELECT generation FROM current WHERE name = 'newest')");

	if (!err)
		old = state_sql(
			state,
			"DELETE FROM config WHERE generation NOT IN (SELECT generation FROM"
			" config ORDER BY generation DESC LIMIT ?) AND generation NOT IN"
			" (SELECT generation FROM current UNION SELECT back_to FROM current)");
	if (!old)
		return err ? err : -EIO;
	sqlite3_bind_int(old, 1, STATE_CONFIGS - 1);
	err = state_finish(state, old);
	return err ? err
		   : state_run(state, "DELETE FROM ending WHERE generation NOT IN"
				      " (SELECT generation FROM config)");
}

static int write_pending(struct state *state, struct state_config *config,
			 const struct config *parsed)
{
	int err = prune(state);

	if (!err)
		err = insert(state, config);
	if (!err)
		err = set_pending(state, config->generation, config->digest, &config->wait);
	return err ? err : allocate_ifindexes(state, parsed);
}

int state_prepare(struct state *state, struct state_config *config, const struct config *parsed)
{
	int err = state_begin(state);

	return err ? err : state_end(state, write_pending(state, config, parsed));
}

int state_prepare_return(struct state *state, uint64_t generation, uint64_t digest)
{
	const struct state_wait for_good = {0};

	return set_pending(state, generation, digest, &for_good);
}

int state_discard(struct state *state)
{
	return state_prepare_return(state, 0, 0);
}

// What is committed and is not new was in force before: what is applied is undone by it.
int state_commit(struct state *state)
{
	int err = state_begin(state);

	if (err)
		return err;
	err = state_run(
		state,
		"UPDATE current SET generation = (SELECT generation FROM current"
		" WHERE name = 'applied') WHERE name = 'undone' AND (SELECT generation FROM current"
		" WHERE name = 'newest') >= (SELECT generation FROM current WHERE name = "
		"'pending');"
		"UPDATE current SET (generation, deadline, back_to) = (SELECT generation, deadline,"
		" back_to FROM current WHERE name = 'pending') WHERE name = 'applied';"
		"UPDATE current SET generation = max(generation, (SELECT generation FROM current"
		" WHERE name = 'pending')) WHERE name = 'newest';"
		"UPDATE current SET generation = 0, digest = 0, deadline = 0, back_to = 0"
		" WHERE name = 'pending'");
	return state_end(state, err);
}

int state_set_wait(struct state *state, const struct state_wait *wait)
{
	sqlite3_stmt *statement =
		state_sql(state,
			  "UPDATE current SET deadline = ?, back_to = ? WHERE name = 'applied'");

	if (!statement)
		return -EIO;
	sqlite3_bind_double(statement, 1, wait->deadline);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)wait->back_to);
	return state_finish(state, statement);
}
