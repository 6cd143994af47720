// SPDX-License-Identifier: BSD-3-Clause
// The commands that set and read what is known of hosts beside whom they are assigned to.
#pragma once

struct manager;
struct message;

// COMMAND_HOST_SET. With HOST_ANSWER it also tells who has to be told that it is so.
void apply_hosts_set(struct manager *manager, const struct message *command);

// COMMAND_HOST_DUMP: a bounded part of a LAN's table, and where to go on.
void apply_hosts_dump(struct manager *manager, const struct message *command);
