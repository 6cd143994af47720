// SPDX-License-Identifier: BSD-3-Clause
// Commands that read and flush the FDBs.
#pragma once

struct manager;
struct message;

// COMMAND_FDB_DUMP: a bounded part of a LAN's table, and where to go on.
void apply_fdb_dump(struct manager *manager, const struct message *command);

// COMMAND_FDB_FLUSH: forget learned entries, and release held ones.
void apply_fdb_flush(struct manager *manager, const struct message *command);
