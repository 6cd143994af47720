// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/keep.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/alloc.h"
#include "lib/log.h"

enum { SCHEMA_VERSION = 1 };

static const char schema[] =
	"CREATE TABLE time (saved REAL NOT NULL);"
	"INSERT INTO time VALUES (0);"
	"CREATE TABLE state (lan TEXT NOT NULL, address BLOB NOT NULL, state TEXT NOT NULL,"
	" mac INTEGER NOT NULL, port TEXT NOT NULL, PRIMARY KEY (lan, address)) WITHOUT ROWID;"
	"PRAGMA user_version = 1;";

struct keep {
	sqlite3 *db; // NULL: nothing is kept
	char *path;
	double time;
	int code;     // of the transaction that is on
	bool failing; // and it was said
};

static int run(struct keep *keep, const char *sql)
{
	return sqlite3_exec(keep->db, sql, NULL, NULL, NULL);
}

static double ask_number(struct keep *keep, const char *sql)
{
	sqlite3_stmt *statement;
	double number = 0;

	if (sqlite3_prepare_v2(keep->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_double(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

static int create_schema(struct keep *keep)
{
	int code = run(keep, "BEGIN IMMEDIATE");

	if (code == SQLITE_OK)
		code = run(keep, schema);
	if (code == SQLITE_OK)
		code = run(keep, "COMMIT");
	return code;
}

static int set_up(struct keep *keep)
{
	int code = run(keep, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
			     "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 1048576;"
			     "PRAGMA wal_autocheckpoint = 256;");

	if (code != SQLITE_OK)
		return code;
	double version = ask_number(keep, "PRAGMA user_version");
	if (version > SCHEMA_VERSION)
		return SQLITE_SCHEMA; // of a later release
	if (version == 0)
		code = create_schema(keep);
	keep->time = ask_number(keep, "SELECT saved FROM time");
	return code;
}

static int open_file(struct keep *keep)
{
	mode_t mask = umask(0077);
	int code = sqlite3_open(keep->path, &keep->db);

	umask(mask);
	return code == SQLITE_OK ? set_up(keep) : code;
}

static void give_up(struct keep *keep)
{
	sqlite3_close(keep->db);
	keep->db = NULL;
}

// What it says is known anew in a minute: there is nothing to be had from it.
static void remove_file(struct keep *keep)
{
	static const char *const parts[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		char *path = alloc_format("%s%s", keep->path, parts[i]);

		unlink(path);
		free(path);
	}
}

struct keep *keep_open(const char *directory)
{
	struct keep *keep = alloc_zero(sizeof(*keep));

	keep->path = alloc_format("%s/sponge.sqlite", directory);
	int code = open_file(keep);
	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_SCHEMA) {
		log_warn("%s: %s; a new one is begun", keep->path, sqlite3_errstr(code));
		give_up(keep);
		remove_file(keep);
		code = open_file(keep);
	}
	if (code == SQLITE_OK)
		return keep;
	log_warn("%s: %s; states of addresses will not outlive this control", keep->path,
		 sqlite3_errstr(code));
	give_up(keep);
	return keep;
}

void keep_close(struct keep *keep)
{
	if (!keep)
		return;
	sqlite3_close(keep->db);
	free(keep->path);
	free(keep);
}

double keep_time(const struct keep *keep)
{
	return keep->time;
}

void keep_begin(struct keep *keep)
{
	keep->code = keep->db ? run(keep, "BEGIN IMMEDIATE") : SQLITE_OK;
}

// A statement about a LAN; NULL if there is nothing to be done any more.
static sqlite3_stmt *prepare(struct keep *keep, const char *sql, const char *lan)
{
	sqlite3_stmt *statement;

	if (!keep->db || keep->code != SQLITE_OK)
		return NULL;
	keep->code = sqlite3_prepare_v2(keep->db, sql, -1, &statement, NULL);
	if (keep->code != SQLITE_OK)
		return NULL;
	sqlite3_bind_text(statement, 1, lan, -1, SQLITE_STATIC);
	return statement;
}

static void finish(struct keep *keep, sqlite3_stmt *statement)
{
	if (!statement)
		return;
	sqlite3_step(statement);
	keep->code = sqlite3_finalize(statement);
}

void keep_put(struct keep *keep, const char *lan, const struct keep_row *row)
{
	bool none = row->state == MACHINE_NONE;
	sqlite3_stmt *statement =
		prepare(keep,
			none ? "DELETE FROM state WHERE lan = ? AND address = ?"
			     : "INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)",
			lan);

	if (!statement)
		return;
	sqlite3_bind_blob(statement, 2, row->ip.octets, row->ip.family == 4 ? 4 : 16,
			  SQLITE_STATIC);
	if (!none) {
		sqlite3_bind_text(statement, 3, machine_state_name(row->state), -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 4, (sqlite3_int64)row->mac);
		sqlite3_bind_text(statement, 5, row->port, -1, SQLITE_STATIC);
	}
	finish(keep, statement);
}

void keep_forget(struct keep *keep, const char *lan)
{
	finish(keep, prepare(keep, "DELETE FROM state WHERE lan = ?", lan));
}

// Say once that it does not work, and once that it works again.
static void report(struct keep *keep)
{
	bool fails = keep->code != SQLITE_OK;

	if (fails && !keep->failing)
		log_warn("%s: %s; states of addresses are kept as they were until it can be "
			 "written again",
			 keep->path, sqlite3_errstr(keep->code));
	else if (!fails && keep->failing)
		log_notice("%s: states of addresses are kept again", keep->path);
	keep->failing = fails;
}

bool keep_end(struct keep *keep, double now)
{
	char sql[80];

	if (!keep->db)
		return true; // nobody waits for it
	snprintf(sql, sizeof(sql), "UPDATE time SET saved = %.3f", now);
	if (keep->code == SQLITE_OK)
		keep->code = run(keep, sql);
	if (keep->code == SQLITE_OK)
		keep->code = run(keep, "COMMIT");
	if (!sqlite3_get_autocommit(keep->db))
		run(keep, "ROLLBACK");
	report(keep);
	return keep->code == SQLITE_OK;
}

static bool read_row(sqlite3_stmt *statement, struct keep_row *row)
{
	int octets = sqlite3_column_bytes(statement, 0);
	const char *state = (const char *)sqlite3_column_text(statement, 1);
	const char *port = (const char *)sqlite3_column_text(statement, 3);
	int parsed = state ? machine_state_parse(state) : -1;

	*row = (struct keep_row){.ip.family = octets == 4 ? 4 : 6};
	if ((octets != 4 && octets != 16) || parsed < 0)
		return false;
	memcpy(row->ip.octets, sqlite3_column_blob(statement, 0), (size_t)octets);
	row->state = (enum machine_state)parsed;
	row->mac = (mac_t)sqlite3_column_int64(statement, 2) & MAC_MASK;
	snprintf(row->port, sizeof(row->port), "%s", port ? port : "");
	return true;
}

void keep_load(struct keep *keep, const char *lan,
	       void (*found)(void *argument, const struct keep_row *row), void *argument)
{
	struct keep_row row;

	keep->code = SQLITE_OK;
	sqlite3_stmt *statement =
		prepare(keep, "SELECT address, state, mac, port FROM state WHERE lan = ?", lan);
	while (statement && sqlite3_step(statement) == SQLITE_ROW) {
		if (read_row(statement, &row))
			found(argument, &row);
	}
	sqlite3_finalize(statement);
}
