// SPDX-License-Identifier: BSD-3-Clause
// Who changed what, and when: kept in the state, bounded, for `ixfab show audit`.
//
// Every method of the operators' protocol that changes something is noted when it has succeeded
// (control/rpc/rpc.c), and so is what control does to the configuration by itself. A note that
// cannot be written is logged and lost: what it tells has been done.
#pragma once

#include <jansson.h>
#include <stdint.h>

struct config_changes;
struct control;

enum {
	AUDIT_DETAIL_MAX = 65536
}; // octets; of a longer one only the beginning of "changes" is kept

struct audit_who {
	int64_t uid;	   // by SO_PEERCRED; -1: control itself
	const char *by;	   // the name that goes with it
	const char *claim; // who the peer says to be, which nobody has checked; "": nothing
};

// Note a method. "detail" is an object with its params, and its changes if it has any; it is taken
// over.
void audit_add(struct control *control, const struct audit_who *who, const char *method,
	       json_t *detail);

// Note that the configuration file was applied, at the start or on SIGHUP ("by"), or that a
// configuration went that nobody confirmed.
void audit_applied(struct control *control, const char *by, const char *file,
		   const struct config_changes *changes);
void audit_undone(struct control *control, uint64_t from, uint64_t to,
		  const struct config_changes *changes);

// Changes as the operators' protocol has them.
json_t *audit_changes(const struct config_changes *changes);
