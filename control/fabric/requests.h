// SPDX-License-Identifier: BSD-3-Clause
// Commands on their way to the dataplane: those that wait for room in the ring, and those that wait
// for an answer. Used by the fabric only.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "control/fabric/fabric.h"
#include "lib/message.h"

struct ring;
struct request;
TAILQ_HEAD(request_list, request);

struct requests {
	struct request_list waiting; // for room in the command ring
	struct request_list open;    // sent, not answered
	uint32_t sequence;	     // of the last command
};

void requests_init(struct requests *requests);

// Queue a command; "done" is NULL if it has no answer. Returns 0 or -ENOMEM.
int requests_add(struct requests *requests, const struct message *command, fabric_reply_fn *done,
		 void *argument);

// Push what waits, as far as there is room. Returns how many went.
uint32_t requests_push(struct requests *requests, struct ring *commands);

// Hand a checked reply to whom it belongs. Returns 0, or -ENOENT if nobody asked.
int requests_answer(struct requests *requests, const struct message *reply);

// End all requests with "err".
void requests_fail(struct requests *requests, int err);

// Whether a command of that type was sent and is not answered yet.
bool requests_are_open(const struct requests *requests, enum message_type type);

// The type of the command whose turn it is, or MESSAGE_NONE.
enum message_type requests_current(const struct requests *requests);
