// SPDX-License-Identifier: BSD-3-Clause
// Changes to what is in force, one after another: each is planned, written to the state, carried
// out at the dataplane, and only then in force here. One that fails leaves everything as it was.
//
//   apply      another configuration. Strict: if the dataplane refuses any of it, all is refused.
//   override   a port's admin state, set by hand. Written to the state first, taken back if
//   refused. reconcile  what is in force, to a dataplane that may have it or not. Does nothing if
//   the digests
//              agree. A port that the dataplane refuses is left out (better one member without
//              service than all), and tried again every CHANGE_RETRY_S seconds.
//
// Once a second the digest at the dataplane is looked at: 0 says that the policy must be committed
// once more, because an interface was removed and made again; then it is reconciled.
//
// A port that was left out already may stay so in the other two kinds: its device is no reason to
// refuse work on the others.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct changes;
struct config;
struct control;

enum { CHANGE_RETRY_S = 10 };

// How a change ended. "code" is 0 or an enum rpc_code, "text" then says why in a sentence.
typedef void change_done_fn(void *argument, int code, const char *text);

// Returns NULL with errno.
struct changes *changes_create(struct control *control);
void changes_destroy(struct changes *changes); // waiting ones are told that control ends

// Queue a change. "done" is called once, later; it may be NULL. "config" is taken over; "by" is who
// wants it. Without "force", a configuration that removes more than half of the ports is refused.
void change_apply(struct changes *changes, struct config *config, const char *file, const char *by,
		  bool force, change_done_fn *done, void *argument);
void change_override(struct changes *changes, const char *port, bool admin_up, change_done_fn *done,
		     void *argument);
void change_reconcile(struct changes *changes);
