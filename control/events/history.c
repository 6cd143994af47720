// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/history.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control/alloc.h"
#include "control/events/history_row.h"
#include "lib/log.h"

enum {
	SCHEMA_VERSION = 1,
	WAITING_MAX = 4096, // incidents; more can wait only if nothing is ever written
	OUT_AT_ONCE = 16,   // a sixteenth of the rows goes when the file is full
};

static const char schema[] =
	"CREATE TABLE incident (id INTEGER PRIMARY KEY, port TEXT NOT NULL, member TEXT NOT NULL,"
	" asn INTEGER NOT NULL, lan TEXT NOT NULL, reason TEXT NOT NULL, level INTEGER NOT NULL,"
	" open INTEGER NOT NULL, first REAL NOT NULL, last REAL NOT NULL, count INTEGER NOT NULL,"
	" macs BLOB NOT NULL, more_macs INTEGER NOT NULL, length INTEGER NOT NULL,"
	" octets BLOB NOT NULL, detail TEXT NOT NULL);"
	"PRAGMA user_version = 1;";

struct history {
	sqlite3 *db; // NULL: nothing is kept
	char *path;
	struct history_limits limits;
	uint64_t next_id;
	uint64_t oldest; // id, or a lower one
	bool failing;	 // and it was said
	struct incident *waiting;
	size_t n_waiting;
};

static int run(struct history *history, const char *sql)
{
	return sqlite3_exec(history->db, sql, NULL, NULL, NULL);
}

// Say once that it does not work, and once that it works again.
static void report(struct history *history, int code)
{
	bool fails = code != SQLITE_OK;

	if (fails && !history->failing)
		log_warn("%s: %s; events are lost until it can be written again", history->path,
			 sqlite3_errstr(code));
	else if (!fails && history->failing)
		log_notice("%s: events are kept again", history->path);
	history->failing = fails;
}

static uint64_t ask_number(struct history *history, const char *sql)
{
	sqlite3_stmt *statement;
	uint64_t number = 0;

	if (sqlite3_prepare_v2(history->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

static int create_schema(struct history *history)
{
	int code = run(history, "BEGIN IMMEDIATE");

	if (code == SQLITE_OK)
		code = run(history, schema);
	if (code == SQLITE_OK)
		code = run(history, "COMMIT");
	return code;
}

// Synchronous writes only when the log is moved into the file: losing the last second in a power
// cut is no harm, and the loop must not wait for disks.
static int set_up(struct history *history)
{
	int code = run(history, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
				"PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 1048576;"
				"PRAGMA wal_autocheckpoint = 256;");

	if (code != SQLITE_OK)
		return code;
	uint64_t version = ask_number(history, "PRAGMA user_version");
	if (version > SCHEMA_VERSION)
		return SQLITE_SCHEMA; // of a later release
	if (version == 0)
		code = create_schema(history);
	if (code == SQLITE_OK)
		code = run(history, "UPDATE incident SET open = 0 WHERE open != 0");
	return code;
}

static int open_file(struct history *history)
{
	mode_t mask = umask(0077);
	int code = sqlite3_open(history->path, &history->db);

	umask(mask);
	return code == SQLITE_OK ? set_up(history) : code;
}

static void give_up(struct history *history)
{
	sqlite3_close(history->db);
	history->db = NULL;
}

static void set_aside(struct history *history)
{
	static const char *const parts[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		char *from = alloc_format("%s%s", history->path, parts[i]);
		char *to = alloc_format("%s.damaged%s", history->path, parts[i]);

		if (rename(from, to) && errno != ENOENT)
			log_warn("%s cannot be renamed: %s", from, strerror(errno));
		free(from);
		free(to);
	}
}

struct history *history_open(const char *directory, const struct history_limits *limits)
{
	struct history *history = alloc_zero(sizeof(*history));

	history->path = alloc_format("%s/events.sqlite", directory);
	history->limits = *limits;
	if (!history->limits.rows)
		history->limits.rows = HISTORY_ROWS;
	if (!history->limits.octets)
		history->limits.octets = HISTORY_OCTETS;
	history->next_id = 1;
	int code = open_file(history);
	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_SCHEMA) {
		log_warn("%s: %s; it is renamed, and a new one begun", history->path,
			 sqlite3_errstr(code));
		give_up(history);
		set_aside(history);
		code = open_file(history);
	}
	if (code != SQLITE_OK) {
		log_warn("%s: %s; no history of events is kept", history->path,
			 sqlite3_errstr(code));
		give_up(history);
		return history;
	}
	history->next_id = ask_number(history, "SELECT max(id) FROM incident") + 1;
	history->oldest = ask_number(history, "SELECT min(id) FROM incident");
	return history;
}

void history_close(struct history *history)
{
	if (!history)
		return;
	history_flush(history);
	sqlite3_close(history->db);
	free(history->waiting);
	free(history->path);
	free(history);
}

uint64_t history_next_id(const struct history *history)
{
	return history->next_id;
}

void history_put(struct history *history, const struct incident *incident)
{
	for (size_t i = 0; i < history->n_waiting; i++) {
		if (history->waiting[i].id == incident->id) {
			history->waiting[i] = *incident;
			return;
		}
	}
	if (history->n_waiting == WAITING_MAX)
		return;
	if (!history->waiting)
		history->waiting = alloc_array(NULL, WAITING_MAX, sizeof(*history->waiting));
	history->waiting[history->n_waiting++] = *incident;
	if (incident->id >= history->next_id)
		history->next_id = incident->id + 1;
}

// How far the file is from its limit, in octets that are in use.
static bool is_full(struct history *history)
{
	uint64_t pages = ask_number(history, "PRAGMA page_count") -
			 ask_number(history, "PRAGMA freelist_count");
	uint64_t size = ask_number(history, "PRAGMA page_size");

	// Room for what waits: a row takes less than a kilobyte.
	return pages * size + (uint64_t)history->n_waiting * 1024 + 16 * size >
	       history->limits.octets;
}

static int delete_below(struct history *history, uint64_t id)
{
	char sql[80];

	if (id <= history->oldest)
		return SQLITE_OK;
	snprintf(sql, sizeof(sql), "DELETE FROM incident WHERE id < %lu", (unsigned long)id);
	int code = run(history, sql);
	if (code == SQLITE_OK)
		history->oldest = id;
	return code;
}

// Numbers have no gaps, so they tell how many rows there are.
static int make_room(struct history *history)
{
	uint64_t rows = history->limits.rows;
	int code = SQLITE_OK;

	if (history->next_id > rows)
		code = delete_below(history, history->next_id - rows);
	if (code == SQLITE_OK && is_full(history)) {
		uint64_t have = history->next_id - history->oldest;

		code = delete_below(history, history->oldest + have / OUT_AT_ONCE + 1);
	}
	return code;
}

static int write_waiting(struct history *history)
{
	int code = run(history, "BEGIN IMMEDIATE");

	if (code == SQLITE_OK)
		code = make_room(history);
	for (size_t i = 0; i < history->n_waiting && code == SQLITE_OK; i++)
		code = history_row_write(history->db, &history->waiting[i]);
	if (code == SQLITE_OK)
		code = run(history, "COMMIT");
	if (!sqlite3_get_autocommit(history->db))
		run(history, "ROLLBACK");
	return code;
}

void history_flush(struct history *history)
{
	if (history->n_waiting && history->db)
		report(history, write_waiting(history));
	history->n_waiting = 0;
}

static bool fits(const struct history_filter *filter, const struct incident *incident)
{
	return (!filter->port || strcmp(filter->port, incident->port) == 0) &&
	       (!filter->reason || strcmp(filter->reason, incident->reason) == 0) &&
	       incident->last >= filter->since;
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = ((const struct incident *)a)->id;
	uint64_t y = ((const struct incident *)b)->id;

	return x < y ? 1 : x > y ? -1 : 0;
}

void history_search(struct history *history, const struct history_filter *filter,
		    bool (*found)(void *argument, const struct incident *incident), void *argument)
{
	struct incident incident;
	size_t i = 0;
	bool go_on = true;
	sqlite3_stmt *rows = history->db ? history_row_select(history->db, filter) : NULL;

	// What waits is newer than its row, if it has one.
	if (history->n_waiting)
		qsort(history->waiting, history->n_waiting, sizeof(*history->waiting), by_id);
	while (go_on && rows && history_row_read(rows, &incident)) {
		for (; go_on && i < history->n_waiting && history->waiting[i].id > incident.id; i++)
			if (fits(filter, &history->waiting[i]))
				go_on = found(argument, &history->waiting[i]);
		if (go_on && (i == history->n_waiting || history->waiting[i].id != incident.id))
			go_on = found(argument, &incident);
	}
	for (; go_on && i < history->n_waiting; i++)
		if (fits(filter, &history->waiting[i]))
			go_on = found(argument, &history->waiting[i]);
	sqlite3_finalize(rows);
}

bool history_find(struct history *history, uint64_t id, struct incident *incident)
{
	for (size_t i = 0; i < history->n_waiting; i++) {
		if (history->waiting[i].id == id) {
			*incident = history->waiting[i];
			return true;
		}
	}
	sqlite3_stmt *row = history->db ? history_row_find(history->db, id) : NULL;
	bool found = row && history_row_read(row, incident);
	sqlite3_finalize(row);
	return found;
}
