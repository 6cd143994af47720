// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane tells without being asked: events become incidents
// (control/events/incident.h), which are logged when they open and when they close, kept
// (control/events/history.h), and told to operators who follow.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct control;
struct events;
struct history;
struct message;
struct record;

// Start to listen; the history is in "directory". Returns NULL with errno.
struct events *events_create(struct control *control, const char *directory);
void events_destroy(struct events *events);

// A dataplane came, or went. NULL is fine.
void events_attached(struct events *events);
void events_detached(struct events *events);

// Take an event; the form of fabric_listener.event, with the struct control as its argument.
void events_take(void *argument, uint32_t worker, const struct message *event);

// A port that is being drained has come near zero; "detail" says what its traffic is, and was. NULL
// is fine.
void events_near_zero(struct events *events, uint16_t slot, const char *detail);

// Where operators look things up.
struct history *events_history(struct events *events);

// What the configuration's port number "port" has sent in quarantine; NULL if it never was there.
const struct record *events_record(struct events *events, size_t port);
