// SPDX-License-Identifier: BSD-3-Clause
// What an import changes: two texts of members.yaml, compared port by port and value by value.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct complaints;

enum import_change_kind {
	IMPORT_ADDED,
	IMPORT_CHANGED,
	IMPORT_REMOVED,
};

struct import_change {
	enum import_change_kind kind;
	char *port;
	// Of a changed port, sorted: "lans.peering.macs 02:00:00:00:65:01". Of an added one "added"
	// is all it has.
	char **added, **removed;
	size_t n_added, n_removed;
	bool lost; // the port, or its last LAN or MAC address, is gone
};

struct import_changes {
	struct import_change *list; // by the ports' names
	size_t n;
	size_t n_old; // ports before
	size_t n_new;
	size_t n_lost;
};

// Compare. "old" may be empty: no ports. Complains if a text is no document. Free the result.
void import_compare(struct import_changes *changes, const char *old, const char *new,
		    struct complaints *complaints);
void import_changes_fini(struct import_changes *changes);

// Whether so much goes that somebody should look: all ports, or more than two that are more than a
// tenth of them.
bool import_removes_many(const struct import_changes *changes);
