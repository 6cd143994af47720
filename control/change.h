// SPDX-License-Identifier: BSD-3-Clause
// Changes to what is in force, one after another: each is planned, written to the state, carried
// out at the dataplane, and only then in force here. One that fails leaves everything as it was.
//
//   apply      another configuration. Strict: if the dataplane refuses any of it, all is refused.
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
// A port that was left out already may stay so in the other kinds: its device is no reason to
// refuse work on the others.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct changes;
struct config;
struct control;
struct edit;
struct manual_mac;

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

// "edit" stays the caller's, must live until "done" is called, and holds results then.
void change_edit(struct changes *changes, struct edit *edit, change_done_fn *done, void *argument);

// The array is taken over.
void change_sticky(struct changes *changes, struct manual_mac *macs, size_t n);

void change_reconcile(struct changes *changes);

// Seconds since 1970.
double change_now(void);
