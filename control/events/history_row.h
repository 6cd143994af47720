// SPDX-License-Identifier: BSD-3-Clause
// An incident as a row of the history. For history.c only.
#pragma once

#include <sqlite3.h>

#include "control/events/history.h"

// Insert or replace a row. Returns SQLite's code.
int history_row_write(sqlite3 *db, const struct incident *incident);

// Statements whose rows history_row_read() reads, the newest first. NULL if they cannot be made.
sqlite3_stmt *history_row_select(sqlite3 *db, const struct history_filter *filter);
sqlite3_stmt *history_row_find(sqlite3 *db, uint64_t id);

// Step, and read what was found. Returns false at the end.
bool history_row_read(sqlite3_stmt *rows, struct incident *incident);
