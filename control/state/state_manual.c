// SPDX-License-Identifier: BSD-3-Clause
// What stands above the configuration, in the state, and what is put aside. It is small, and
// written whole: so it is all of before or all of after, whatever happens.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/manual/manual.h"
#include "control/state/sql.h"

static void copy_column(char *to, size_t size, sqlite3_stmt *row, int column)
{
	snprintf(to, size, "%s", state_text(row, column));
}

#define OVERRIDE_COLUMNS                                                                 \
	"port, admin_up, promoted, drained, drained_since, drained_until, drained_rate," \
	" admin_since, admin_until, admin_by, promoted_since, promoted_by, drained_by"
#define MAC_COLUMNS "port, lan, mac, sticky, until, since, by"

// The tables and what is done with them.
struct place {
	const char *load_overrides;
	const char *load_macs;
	const char *clear;
	const char *insert_override;
	const char *insert_mac;
};

#define PLACE(overrides, macs)                                                                 \
	{                                                                                      \
		"SELECT " OVERRIDE_COLUMNS " FROM " overrides " ORDER BY port",                \
			"SELECT " MAC_COLUMNS " FROM " macs " ORDER BY port, since, mac",      \
			"DELETE FROM " overrides "; DELETE FROM " macs,                        \
			"INSERT INTO " overrides " (" OVERRIDE_COLUMNS                         \
			") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",                    \
			"INSERT INTO " macs " (" MAC_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)", \
	}

static const struct place above = PLACE("override", "extra_mac");
static const struct place aside = PLACE("aside_override", "aside_mac");

static void read_override(sqlite3_stmt *row, struct manual *manual)
{
	char port[NAME_SIZE];

	copy_column(port, sizeof(port), row, 0);
	struct plan_override *override = manual_override(manual, port);
	override->has_admin = sqlite3_column_type(row, 1) != SQLITE_NULL;
	override->admin_up = sqlite3_column_int(row, 1) != 0;
	override->promoted = sqlite3_column_int(row, 2) != 0;
	override->drained = sqlite3_column_int(row, 3) != 0;
	override->drained_since = sqlite3_column_double(row, 4);
	override->drained_until = sqlite3_column_double(row, 5);
	override->drained_rate = (uint64_t)sqlite3_column_int64(row, 6);
	override->admin_since = sqlite3_column_double(row, 7);
	override->admin_until = sqlite3_column_double(row, 8);
	copy_column(override->admin_by, sizeof(override->admin_by), row, 9);
	override->promoted_since = sqlite3_column_double(row, 10);
	copy_column(override->promoted_by, sizeof(override->promoted_by), row, 11);
	copy_column(override->drained_by, sizeof(override->drained_by), row, 12);
}

static void read_mac(sqlite3_stmt *row, struct manual *manual)
{
	struct manual_mac mac = {
		.mac = (mac_t)sqlite3_column_int64(row, 2) & MAC_MASK,
		.sticky = sqlite3_column_int(row, 3) != 0,
		.until = sqlite3_column_double(row, 4),
		.since = sqlite3_column_double(row, 5),
	};

	copy_column(mac.port, sizeof(mac.port), row, 0);
	copy_column(mac.lan, sizeof(mac.lan), row, 1);
	copy_column(mac.by, sizeof(mac.by), row, 6);
	manual_add_mac(manual, &mac);
}

static int load_rows(struct state *state, const char *sql, struct manual *manual,
		     void (*read)(sqlite3_stmt *row, struct manual *manual))
{
	sqlite3_stmt *row = state_sql(state, sql);
	int err = row ? 0 : -EIO;

	while (row && (err = state_step(state, row)) == 1)
		read(row, manual);
	sqlite3_finalize(row);
	return err;
}

static int load(struct state *state, const struct place *place, struct manual *manual)
{
	*manual = (struct manual){0};
	int err = load_rows(state, place->load_overrides, manual, read_override);
	if (!err)
		err = load_rows(state, place->load_macs, manual, read_mac);
	if (err)
		manual_fini(manual);
	return err;
}

int state_load_manual(struct state *state, struct manual *manual)
{
	return load(state, &above, manual);
}

int state_load_aside(struct state *state, struct manual *manual)
{
	return load(state, &aside, manual);
}

static void bind_override(sqlite3_stmt *statement, const struct plan_override *override)
{
	sqlite3_bind_text(statement, 1, override->port, -1, SQLITE_STATIC);
	if (override->has_admin)
		sqlite3_bind_int(statement, 2, override->admin_up);
	else
		sqlite3_bind_null(statement, 2);
	sqlite3_bind_int(statement, 3, override->promoted);
	sqlite3_bind_int(statement, 4, override->drained);
	sqlite3_bind_double(statement, 5, override->drained_since);
	sqlite3_bind_double(statement, 6, override->drained_until);
	sqlite3_bind_int64(statement, 7, (sqlite3_int64) override->drained_rate);
	sqlite3_bind_double(statement, 8, override->admin_since);
	sqlite3_bind_double(statement, 9, override->admin_until);
	sqlite3_bind_text(statement, 10, override->admin_by, -1, SQLITE_STATIC);
	sqlite3_bind_double(statement, 11, override->promoted_since);
	sqlite3_bind_text(statement, 12, override->promoted_by, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 13, override->drained_by, -1, SQLITE_STATIC);
}

static void bind_mac(sqlite3_stmt *statement, const struct manual_mac *mac)
{
	sqlite3_bind_text(statement, 1, mac->port, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, mac->lan, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, (sqlite3_int64)mac->mac);
	sqlite3_bind_int(statement, 4, mac->sticky);
	sqlite3_bind_double(statement, 5, mac->until);
	sqlite3_bind_double(statement, 6, mac->since);
	sqlite3_bind_text(statement, 7, mac->by, -1, SQLITE_STATIC);
}

static int write_overrides(struct state *state, const char *sql, const struct manual *manual)
{
	sqlite3_stmt *statement = state_sql(state, sql);
	int err = statement ? 0 : -EIO;

	for (size_t i = 0; i < manual->n_overrides && !err; i++) {
		bind_override(statement, &manual->overrides[i]);
		err = state_step(state, statement);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return err;
}

static int write_macs(struct state *state, const char *sql, const struct manual *manual)
{
	sqlite3_stmt *statement = state_sql(state, sql);
	int err = statement ? 0 : -EIO;

	for (size_t i = 0; i < manual->n_macs && !err; i++) {
		bind_mac(statement, &manual->macs[i]);
		err = state_step(state, statement);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return err;
}

static int write_all(struct state *state, const struct place *place, const struct manual *manual)
{
	int err = state_run(state, place->clear);

	if (!err)
		err = write_overrides(state, place->insert_override, manual);
	return err ? err : write_macs(state, place->insert_mac, manual);
}

static int save(struct state *state, const struct place *place, const struct manual *manual)
{
	int err = state_begin(state);

	return err ? err : state_end(state, write_all(state, place, manual));
}

int state_save_manual(struct state *state, const struct manual *manual)
{
	return save(state, &above, manual);
}

int state_save_aside(struct state *state, const struct manual *manual)
{
	return save(state, &aside, manual);
}
