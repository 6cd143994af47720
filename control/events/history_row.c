// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/history_row.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                 \
	"id, port, member, asn, lan, reason, level, open, first, last, count, macs, more_macs," \
	" length, octets, detail"

static void bind_text(sqlite3_stmt *row, int column, const char *text)
{
	sqlite3_bind_text(row, column, text, -1, SQLITE_STATIC);
}

int history_row_write(sqlite3 *db, const struct incident *incident)
{
	sqlite3_stmt *row;
	int code = sqlite3_prepare_v2(db,
				      "INSERT OR REPLACE INTO incident (" COLUMNS ") VALUES"
				      " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				      -1, &row, NULL);

	if (code != SQLITE_OK)
		return code;
	sqlite3_bind_int64(row, 1, (sqlite3_int64)incident->id);
	bind_text(row, 2, incident->port);
	bind_text(row, 3, incident->member);
	sqlite3_bind_int64(row, 4, incident->asn);
	bind_text(row, 5, incident->lan);
	bind_text(row, 6, incident->reason);
	sqlite3_bind_int(row, 7, (int)incident->level);
	sqlite3_bind_int(row, 8, incident->open);
	sqlite3_bind_double(row, 9, incident->first);
	sqlite3_bind_double(row, 10, incident->last);
	sqlite3_bind_int64(row, 11, (sqlite3_int64)incident->count);
	sqlite3_bind_blob(row, 12, incident->macs,
			  (int)(incident->n_macs * sizeof(*incident->macs)), SQLITE_STATIC);
	sqlite3_bind_int(row, 13, incident->more_macs);
	sqlite3_bind_int(row, 14, incident->length);
	sqlite3_bind_blob(row, 15, incident->octets, incident->n_octets, SQLITE_STATIC);
	bind_text(row, 16, incident->detail);
	code = sqlite3_step(row);
	sqlite3_finalize(row);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

sqlite3_stmt *history_row_select(sqlite3 *db, const struct history_filter *filter)
{
	sqlite3_stmt *rows;

	if (sqlite3_prepare_v2(db,
			       "SELECT " COLUMNS " FROM incident WHERE last >= ?"
			       " AND port = ifnull(?, port) AND reason = ifnull(?, reason)"
			       " ORDER BY id DESC",
			       -1, &rows, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_double(rows, 1, filter->since);
	if (filter->port)
		bind_text(rows, 2, filter->port);
	if (filter->reason)
		bind_text(rows, 3, filter->reason);
	return rows;
}

sqlite3_stmt *history_row_find(sqlite3 *db, uint64_t id)
{
	sqlite3_stmt *row;

	if (sqlite3_prepare_v2(db, "SELECT " COLUMNS " FROM incident WHERE id = ?", -1, &row,
			       NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_int64(row, 1, (sqlite3_int64)id);
	return row;
}

static void read_text(sqlite3_stmt *row, int column, char *text, size_t size)
{
	const char *value = (const char *)sqlite3_column_text(row, column);

	snprintf(text, size, "%s", value ? value : "");
}

// Copy a blob as far as there is room. Returns how many octets it has there.
static size_t read_octets(sqlite3_stmt *row, int column, void *octets, size_t size)
{
	const void *value = sqlite3_column_blob(row, column);
	size_t length = (size_t)sqlite3_column_bytes(row, column);

	if (length > size)
		length = size;
	if (value)
		memcpy(octets, value, length);
	return value ? length : 0;
}

bool history_row_read(sqlite3_stmt *rows, struct incident *incident)
{
	if (sqlite3_step(rows) != SQLITE_ROW)
		return false;
	*incident = (struct incident){
		.id = (uint64_t)sqlite3_column_int64(rows, 0),
		.asn = (uint32_t)sqlite3_column_int64(rows, 3),
		.level = (enum log_level)sqlite3_column_int(rows, 6),
		.open = sqlite3_column_int(rows, 7) != 0,
		.first = sqlite3_column_double(rows, 8),
		.last = sqlite3_column_double(rows, 9),
		.count = (uint64_t)sqlite3_column_int64(rows, 10),
		.more_macs = sqlite3_column_int(rows, 12) != 0,
		.length = (uint16_t)sqlite3_column_int(rows, 13),
	};
	read_text(rows, 1, incident->port, sizeof(incident->port));
	read_text(rows, 2, incident->member, sizeof(incident->member));
	read_text(rows, 4, incident->lan, sizeof(incident->lan));
	read_text(rows, 5, incident->reason, sizeof(incident->reason));
	read_text(rows, 15, incident->detail, sizeof(incident->detail));
	incident->n_macs = (uint8_t)(read_octets(rows, 11, incident->macs, sizeof(incident->macs)) /
				     sizeof(*incident->macs));
	incident->n_octets =
		(uint16_t)read_octets(rows, 14, incident->octets, sizeof(incident->octets));
	return true;
}
