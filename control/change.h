// SPDX-License-Identifier: BSD-3-Clause
// Changes to what is in force, one after another: each is planned, written to the state, carried
// out at the dataplane, and only then in force here. One that fails leaves everything as it was.
//
//   apply      another configuration. Strict: if the dataplane refuses any of it, all is refused.
//              For good, or until it is confirmed (below).
//   confirm    what waits is in force for good.
//   undo       an older configuration comes back, in as far as the dataplane takes it: a port that
//              it refuses is left out. Needs no dataplane: the next one gets it then.
//   timeout    the same, when nobody confirmed.
//   edit       what stands above it, by an operator: admin state, draining, quarantine, addresses
//              for a time. Written to the state first, taken back if refused.
//   sticky     addresses that ports have learned for good: kept in any case.
//   reconcile  what is in force, to a dataplane that may have it or not. Does nothing if the
//              digests agree. A port that the dataplane refuses is left out (better one member
//              without service than all), and tried again every CHANGE_RETRY_S seconds.
//
// What was set for a time ends by itself: each change begins with that, and one is made when it is
// time. Ends are by CLOCK_REALTIME, so restarts make no difference.
//
// A configuration that was applied to be confirmed waits until its deadline, which is in the state
// and by CLOCK_REALTIME. What it did away with that stood above the one before is put aside, and
// comes back with that one. Whatever is applied next ends the wait: for good, it stands; to be
// confirmed as well, it has a deadline of its own, and what comes back is still what was confirmed
// last. So levels of undoing are configurations that were in force for good, but for the first.
//
// A port that was left out already may stay so in the other kinds: its device is no reason to
// refuse work on the others.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/config/diff.h"

struct changes;
struct config;
struct control;
struct edit;
struct manual_mac;

enum {
	CHANGE_RETRY_S = 10,
	CHANGE_CONFIRM_S = 300, // to confirm in, where nothing else is said
	CHANGE_CONFIRM_MAX_S = 86400,
	CHANGE_MESSAGE_MAX = 200, // octets
};

// How a change ended. "code" is 0 or an enum rpc_code, "text" then says why in a sentence.
typedef void change_done_fn(void *argument, int code, const char *text);

// Returns NULL with errno.
struct changes *changes_create(struct control *control);
void changes_destroy(struct changes *changes); // waiting ones are told that control ends

// What is wanted of a configuration. All of it is copied.
struct change_request {
	const char *file;
	const char *by;
	const char *message; // what for; NULL: nothing is said
	double confirm;	     // seconds to confirm it in; 0: it is for good
	bool force;	     // even if it removes more than half of the ports
};

// Queue a change. "done" is called once, later; it may be NULL. "config" is taken over.
void change_apply(struct changes *changes, struct config *config,
		  const struct change_request *request, change_done_fn *done, void *argument);

void change_confirm(struct changes *changes, const char *by, change_done_fn *done, void *argument);

// Going back. It stays the caller's, must live until "done" is called, and holds results then.
struct change_return {
	uint64_t levels; // so many; 0: as far as what waits says, if its time is over
	const char *by;
	uint64_t from; // 0: nothing was to be done
	uint64_t to;
	bool waited;		       // it had not been confirmed
	struct config_changes changes; // to be freed
};
void change_undo(struct changes *changes, struct change_return *back, change_done_fn *done,
		 void *argument);

// "edit" stays the caller's, must live until "done" is called, and holds results then.
void change_edit(struct changes *changes, struct edit *edit, change_done_fn *done, void *argument);

// The array is taken over.
void change_sticky(struct changes *changes, struct manual_mac *macs, size_t n);

void change_reconcile(struct changes *changes);

// Seconds since 1970.
double change_now(void);
