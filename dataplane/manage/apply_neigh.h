// SPDX-License-Identifier: BSD-3-Clause
// The command that reads who owns which address.
#pragma once

struct manager;
struct message;

// COMMAND_NEIGH_DUMP: a bounded part of a LAN's table in force, and where to go on. A commit in
// between makes another table of it: who dumps looks for that.
void apply_neigh_dump(struct manager *manager, const struct message *command);
