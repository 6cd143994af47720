// SPDX-License-Identifier: BSD-3-Clause
// Control's end of the rings: attached to a dataplane, or waiting for one.
//
// While no dataplane is there, or it refuses, the fabric tries again, at first soon and then once a
// second, and says why once, not at each attempt. A hang-up, a command without answer in time, and
// a ring or socket that carries nonsense all end the attachment: every open request fails, the
// listener hears of it, and a new attachment starts from clean rings.
//
// Commands are sent in the order in which they were given. Those of a policy have no answer; all
// others have one or more replies, matched by sequence number.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct capture_record;
struct channel_welcome;
struct event_base;
struct fabric;
struct message;
struct stats;

// Who is told what happens. Each may be NULL.
struct fabric_listener {
	void (*attached)(void *argument);
	void (*detached)(void *argument); // open requests have been told before
	void (*event)(void *argument, uint32_t worker, const struct message *event);
	void (*captured)(void *argument, const struct capture_record *record);
	void *argument;
};

// Called for each reply to a command, of whatever type; fabric_is_last() tells the last one. If
// there is no answer, "reply" is NULL and "err" is -ETIMEDOUT, -EBADMSG (nonsense in the ring) or
// -ECONNRESET.
typedef void fabric_reply_fn(void *argument, const struct message *reply, int err);

// Whether "reply" ends the answer. Everything that ends one is REPLY_DONE or REPLY_ERROR.
bool fabric_is_last(const struct message *reply);

// How long to wait for answers, in milliseconds; 0: the usual.
struct fabric_patience {
	uint32_t commit; // usually 120000: opening a thousand devices takes its time
	uint32_t other;	 // usually 15000
	uint32_t hello;	 // usually 30000: the manager may be busy with a commit
};

// Start to attach to the dataplane at "path", which must outlive the fabric, as must "listener".
// Returns NULL with errno.
struct fabric *fabric_create(struct event_base *base, const char *path,
			     const struct fabric_listener *listener,
			     const struct fabric_patience *patience);
void fabric_destroy(struct fabric *fabric);

bool fabric_is_attached(const struct fabric *fabric);

// Why it is not attached, for people; NULL if it is.
const char *fabric_problem(const struct fabric *fabric);

// The dataplane's counters and how it introduced itself; NULL if not attached.
const struct stats *fabric_stats(const struct fabric *fabric);
const struct channel_welcome *fabric_peer(const struct fabric *fabric);

// Messages of dataplanes that made no sense, since control started.
uint64_t fabric_bad_replies(const struct fabric *fabric);

// Hand over the captured frames that wait now, without waiting for their turn.
void fabric_take_captured(struct fabric *fabric);

// Send a command that has no answer. Its sequence number is set. Returns 0, -ENOTCONN or -ENOMEM.
int fabric_post(struct fabric *fabric, const struct message *command);

// Send a command and hear its replies: "done" is called at least once, and never from within
// fabric_send(). Returns as fabric_post(); "done" is not called then.
int fabric_send(struct fabric *fabric, const struct message *command, fabric_reply_fn *done,
		void *argument);
