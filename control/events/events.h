// SPDX-License-Identifier: BSD-3-Clause
// What the dataplane tells without being asked: events become incidents
// (control/events/incident.h), which are logged when they open and when they close, kept
// (control/events/history.h), and told to operators who follow.
#pragma once

#include <stdbool.h>
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

// An address of the port in "slot" is down, and sponged; or is no longer, and "none" is then
// whether no other of that port is; or is claimed by more than one. "lan" is the dataplane's
// number. Return whether a line of the log says so: not if the port is none of ours, or such a
// thing is known of it already. NULL is fine.
struct events_address {
	uint16_t slot;
	uint16_t lan;
	uint64_t mac; // 0: not known
	const char *detail;
};
bool events_sponged(struct events *events, const struct events_address *address);
bool events_unsponged(struct events *events, const struct events_address *address, bool none);
bool events_duplicate(struct events *events, const struct events_address *address);

// Generation "from" was not confirmed in time, and generation "to" is back. NULL is fine.
void events_not_confirmed(struct events *events, uint64_t from, uint64_t to);

// Nothing of the port in "slot" is sponged.
void events_none_sponged(struct events *events, uint16_t slot);

// Where operators look things up.
struct history *events_history(struct events *events);

// What is going on now.
const struct incidents *events_incidents(const struct events *events);

// What the configuration's port number "port" has sent in quarantine; NULL if it never was there.
const struct record *events_record(struct events *events, size_t port);
