// SPDX-License-Identifier: BSD-3-Clause
// Reading the dataplane's address tables, page by page, so that neither side ever holds a whole
// table in its rings.
#pragma once

#include <stdint.h>

#include "lib/message.h"

struct control;

struct dump_wish {
	uint16_t first_lan;
	uint16_t n_lans; // this many from there
	uint16_t port;	 // slot, or FDB_ANY
};

struct dump_listener {
	// One of the three says which tables are read: of MAC addresses, of neighbours, or of
	// hosts.
	void (*entry)(void *argument, uint16_t lan, const struct fdb_entry *entry);
	void (*neighbour)(void *argument, uint16_t lan, const struct neigh_info *info);
	void (*host)(void *argument, uint16_t lan, const struct host_info *info);
	// The end. "code" is 0 or an enum rpc_code, "text" then says why.
	void (*done)(void *argument, int code, const char *text);
};

// Start. A configuration that comes into force meanwhile ends it with an error, for the numbers of
// LANs may have changed. Returns 0, or -errno and "done" is not called.
int dump_start(struct control *control, const struct dump_wish *wish,
	       const struct dump_listener *listener, void *argument);
