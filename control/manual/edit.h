// SPDX-License-Identifier: BSD-3-Clause
// One change by an operator to what stands above the configuration. Pure: nothing is written and
// nobody is told here, that is for control/change_edit.c.
#pragma once

#include <stddef.h>

#include "control/manual/manual.h"

enum edit_kind {
	EDIT_ADMIN,
	EDIT_DRAIN,
	EDIT_UNDRAIN,
	EDIT_PROMOTE,	 // out of quarantine
	EDIT_QUARANTINE, // back into it
	EDIT_MAC_ADD,
	EDIT_MAC_DEL,
	EDIT_MAC_CLEAR, // forget what was learned for good
};

struct edit {
	enum edit_kind kind;
	char port[NAME_SIZE];
	bool admin_up; // of EDIT_ADMIN
	// Of the EDIT_MACs. "" as LAN: of adding, the only one of the port; else all.
	char lan[NAME_SIZE];
	mac_t mac;
	char by[MANUAL_BY_SIZE];
	double now;
	double until;  // of EDIT_ADMIN, EDIT_DRAIN and EDIT_MAC_ADD; 0: no end
	uint64_t rate; // of EDIT_DRAIN: bits/s of the port; 0: not known
	size_t n_macs; // receives how many addresses were added or removed
};

enum { EDIT_TEXT_SIZE = 256 };

// Make the change in "manual". Returns 0, or an enum rpc_code with "text" saying in a sentence why
// it cannot be; "manual" may be half changed then. "edit->lan" receives the LAN that was meant.
int edit_make(struct edit *edit, struct manual *manual, const struct config *config,
	      char text[EDIT_TEXT_SIZE]);

// Tell the log of a change that is in force.
void edit_log(const struct edit *edit);
