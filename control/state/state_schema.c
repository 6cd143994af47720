// SPDX-License-Identifier: BSD-3-Clause
// The tables of the state, and how those of older releases become what they are now.
#include <errno.h>
#include <stdio.h>

#include "control/state/sql.h"

enum { SCHEMA_VERSION = 3 };

// What is not there is NULL. Times are seconds since 1970, 0 is without end.
#define SCHEMA_OVERRIDE(table)                                                        \
	"CREATE TABLE " table " (port TEXT PRIMARY KEY, admin_up INTEGER,"            \
	" promoted INTEGER, drained INTEGER, drained_since REAL, drained_until REAL," \
	" drained_rate INTEGER, admin_since REAL, admin_until REAL, admin_by TEXT,"   \
	" promoted_since REAL, promoted_by TEXT, drained_by TEXT);"
#define SCHEMA_EXTRA_MAC(table)                                                          \
	"CREATE TABLE " table " (port TEXT NOT NULL, lan TEXT NOT NULL, mac INTEGER NOT" \
	" NULL, sticky INTEGER NOT NULL, until REAL NOT NULL, since REAL NOT NULL,"      \
	" by TEXT NOT NULL, PRIMARY KEY (lan, mac));"

// What the configuration did away with that waits to be confirmed.
#define SCHEMA_ASIDE SCHEMA_OVERRIDE("aside_override") SCHEMA_EXTRA_MAC("aside_mac")

// How generations ended, and what was done: beside the configurations, which are long and never
// change.
#define SCHEMA_PAST                                                                    \
	"CREATE TABLE ending (generation INTEGER PRIMARY KEY, how TEXT NOT NULL,"      \
	" at REAL NOT NULL, by TEXT NOT NULL);"                                        \
	"CREATE TABLE audit (id INTEGER PRIMARY KEY, time REAL NOT NULL, uid INTEGER," \
	" by TEXT NOT NULL, claim TEXT NOT NULL, method TEXT NOT NULL,"                \
	" detail TEXT NOT NULL);"

// "current" has four rows: "applied" is the generation in force, "pending" the one that is being
// put in force, "newest" the latest that ever was, and "undone" the one that was undone last. Of
// the first two, deadline and back_to say until when it is to be confirmed, and what comes back if
// it is not. Undoing changes nothing but these rows, so it needs no room on the disk.
static const char schema[] =
	"CREATE TABLE current (name TEXT PRIMARY KEY, generation INTEGER NOT NULL,"
	" digest INTEGER NOT NULL DEFAULT 0, deadline REAL NOT NULL DEFAULT 0,"
	" back_to INTEGER NOT NULL DEFAULT 0);"
	"INSERT INTO current (name, generation) VALUES ('applied', 0), ('pending', 0),"
	" ('newest', 0), ('undone', 0);"
	"CREATE TABLE config (generation INTEGER PRIMARY KEY, text BLOB NOT NULL,"
	" file TEXT NOT NULL, by TEXT NOT NULL, applied REAL NOT NULL,"
	" message TEXT NOT NULL DEFAULT '', previous INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE ifindex (port TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);"
	"CREATE TABLE baseline (port TEXT PRIMARY KEY, instance INTEGER NOT NULL,"
	" incarnation INTEGER NOT NULL, cleared REAL NOT NULL, counters BLOB NOT "
	"NULL);" SCHEMA_OVERRIDE("override") SCHEMA_EXTRA_MAC("extra_mac") SCHEMA_ASIDE SCHEMA_PAST
	"PRAGMA user_version = 3;";

// From each version to the next; [0] is not there.
static const char *const migrations[SCHEMA_VERSION] = {
	[1] = "ALTER TABLE override RENAME TO old_override;"
	      "CREATE TABLE override (port TEXT PRIMARY KEY, admin_up INTEGER, promoted INTEGER,"
	      " drained INTEGER, drained_since REAL, drained_until REAL, drained_rate "
	      "INTEGER);" SCHEMA_EXTRA_MAC("extra_mac") "INSERT INTO override (port, admin_up) "
							"SELECT port, admin_up FROM old_override;"
							"DROP TABLE old_override;"
							"PRAGMA user_version = 2;",
	[2] = "ALTER TABLE current ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;"
	      "ALTER TABLE current ADD COLUMN deadline REAL NOT NULL DEFAULT 0;"
	      "ALTER TABLE current ADD COLUMN back_to INTEGER NOT NULL DEFAULT 0;"
	      "INSERT INTO current (name, generation) SELECT 'newest', generation FROM current"
	      " WHERE name = 'applied';"
	      "INSERT INTO current (name, generation) VALUES ('undone', 0);"
	      "DELETE FROM config WHERE generation > (SELECT max(generation) FROM current);"
	      "UPDATE current SET digest = coalesce((SELECT digest FROM config"
	      " WHERE config.generation = current.generation), 0) WHERE name = 'pending';"
	      "ALTER TABLE config DROP COLUMN digest;"
	      "ALTER TABLE config ADD COLUMN message TEXT NOT NULL DEFAULT '';"
	      "ALTER TABLE config ADD COLUMN previous INTEGER NOT NULL DEFAULT 0;"
	      "UPDATE config SET previous = coalesce((SELECT max(generation) FROM config AS older"
	      " WHERE older.generation < config.generation), 0);"
	      "ALTER TABLE override ADD COLUMN admin_since REAL;"
	      "ALTER TABLE override ADD COLUMN admin_until REAL;"
	      "ALTER TABLE override ADD COLUMN admin_by TEXT;"
	      "ALTER TABLE override ADD COLUMN promoted_since REAL;"
	      "ALTER TABLE override ADD COLUMN promoted_by TEXT;"
	      "ALTER TABLE override ADD COLUMN drained_by TEXT;" SCHEMA_ASIDE SCHEMA_PAST
	      "PRAGMA user_version = 3;",
};

static int read_version(struct state *state)
{
	sqlite3_stmt *statement = state_sql(state, "PRAGMA user_version");
	int version = -EIO;

	if (statement && state_step(state, statement) == 1)
		version = sqlite3_column_int(statement, 0);
	else if (statement)
		version = state_complain(state);
	sqlite3_finalize(statement);
	return version;
}

static int create(struct state *state)
{
	int err = state_begin(state);

	return err ? err : state_end(state, state_run(state, schema));
}

// All steps in one transaction: a crash leaves the old version.
static int migrate(struct state *state, int version)
{
	int err = state_begin(state);

	if (err)
		return err;
	while (!err && version < SCHEMA_VERSION)
		err = state_run(state, migrations[version++]);
	return state_end(state, err);
}

int state_open_schema(struct state *state)
{
	int version = read_version(state);

	if (version == 0)
		return create(state);
	if (version > 0 && version < SCHEMA_VERSION)
		return migrate(state, version);
	if (version == SCHEMA_VERSION)
		return 0;
	if (version > 0)
		snprintf(state->problem, sizeof(state->problem),
			 "state in %s: of version %d, and release %s knows version %d: install a "
			 "newer release, or move it away to start afresh",
			 state->directory, version, IXFAB_VERSION, SCHEMA_VERSION);
	return version < 0 ? version : -EUCLEAN;
}
