// SPDX-License-Identifier: BSD-3-Clause
#include "control/capture/captures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "control/alloc.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/rpc/code.h"
#include "lib/stats.h"

struct capturing {
	LIST_ENTRY(capturing) link;
	struct captures *owner;
	const struct capture_listener *listener; // NULL: nobody listens any more
	void *argument;
	uint32_t number; // 0: the dataplane has not answered yet
	uint16_t port;	 // FDB_ANY: all
	bool ending;	 // the dataplane was told
	uint64_t limit;
	uint64_t died_before;
	struct capture_totals totals;
};

LIST_HEAD(capturing_list, capturing);

struct captures {
	struct control *control;
	struct capturing_list list;
};

struct captures *captures_create(struct control *control)
{
	struct captures *captures = alloc_zero(sizeof(*captures));

	captures->control = control;
	return captures;
}

static void forget(struct capturing *c)
{
	LIST_REMOVE(c, link);
	free(c);
}

void captures_destroy(struct captures *captures)
{
	struct capturing *c;

	if (!captures)
		return;
	while ((c = LIST_FIRST(&captures->list)))
		forget(c);
	free(captures);
}

// What has died in XDP guards: the manager counts nothing else as received.
static uint64_t count_died(const struct capturing *c)
{
	const struct stats *stats = fabric_stats(c->owner->control->fabric);
	uint64_t died = 0;

	for (uint32_t p = 0; stats && p < MAX_PORTS; p++) {
		if (c->port == FDB_ANY || c->port == p)
			died += stats_port(stats, stats->n_workers, p)->rx_frames;
	}
	return died;
}

// ---- End

static void finish(struct capturing *c)
{
	uint64_t died = count_died(c);

	// Counters start anew with another port in the slot.
	c->totals.died_in_guard = died > c->died_before ? died - c->died_before : 0;
	if (c->listener)
		c->listener->ended(c->argument, &c->totals);
	forget(c);
}

// What was told and never came was missed too, unless as many as were wanted had come before.
static void add_counts(struct capturing *c, const struct reply_capture *counts)
{
	fabric_take_captured(c->owner->control->fabric);
	uint64_t came = c->totals.frames + c->totals.missed;

	if (counts->taken > came && c->totals.why != CAPTURE_END_COUNT)
		c->totals.missed += counts->taken - came;
	c->totals.missed += counts->missed;
	c->totals.unseen += counts->unseen;
}

static void on_end_reply(void *argument, const struct message *reply, int err)
{
	struct capturing *c = argument;

	if (err)
		c->totals.why = CAPTURE_END_DATAPLANE;
	if (!err && reply->header.type == REPLY_CAPTURE)
		add_counts(c, &reply->capture);
	if (err || fabric_is_last(reply))
		finish(c);
}

static void end(struct capturing *c, enum capture_end_reason why)
{
	struct message command;

	if (c->ending)
		return;
	c->ending = true;
	c->totals.why = why;
	if (!c->number)
		return; // as soon as it has begun
	message_init(&command, COMMAND_CAPTURE_END, 0);
	command.capture_end.capture = c->number;
	if (fabric_send(c->owner->control->fabric, &command, on_end_reply, c))
		finish(c);
}

void captures_end(struct capturing *capturing)
{
	end(capturing, CAPTURE_END_ASKED);
}

void captures_abandon(struct capturing *capturing)
{
	capturing->listener = NULL;
	end(capturing, CAPTURE_END_ASKED);
}

static struct capturing *find(const struct captures *captures, uint32_t number)
{
	struct capturing *c;

	LIST_FOREACH(c, &captures->list, link)
	{
		if (c->number == number)
			return c;
	}
	return NULL;
}

void captures_ended(struct captures *captures, const struct capture_end *end_event)
{
	struct capturing *c =
		captures && end_event->capture ? find(captures, end_event->capture) : NULL;

	if (c)
		end(c, end_event->why == CAPTURE_PORT_GONE ? CAPTURE_END_PORT : CAPTURE_END_TIME);
}

// Those that wait for an answer have been told already that there will be none.
void captures_detached(struct captures *captures)
{
	struct capturing *next;

	for (struct capturing *c = captures ? LIST_FIRST(&captures->list) : NULL; c; c = next) {
		next = LIST_NEXT(c, link);
		c->totals.why = CAPTURE_END_DATAPLANE;
		finish(c);
	}
}

uint32_t captures_number(const struct capturing *c)
{
	return c->ending ? 0 : c->number;
}

void captures_visit(const struct captures *captures,
		    void (*visit)(void *context, void *argument, uint64_t frames), void *context)
{
	const struct capturing *c;

	LIST_FOREACH(c, &captures->list, link)
	{
		if (captures_number(c) && c->listener)
			visit(context, c->argument, c->totals.frames);
	}
}

// ---- Begin

static void refuse(struct capturing *c, int code, const char *text)
{
	if (c->listener)
		c->listener->refused(c->argument, code, text);
	forget(c);
}

static void on_begin_reply(void *argument, const struct message *reply, int err)
{
	struct capturing *c = argument;
	bool ending = c->ending;

	if (err) {
		refuse(c, RPC_NOT_ATTACHED, "the dataplane went away");
	} else if (reply->header.type == REPLY_ERROR) {
		refuse(c, RPC_REFUSED, reply->error.text);
	} else if (reply->header.type == REPLY_DONE) {
		c->number = (uint32_t)reply->done.value;
		c->ending = false;
		if (c->listener)
			c->listener->begun(c->argument, c->number);
		if (ending)
			end(c, c->totals.why);
	}
}

static int send_filter(struct fabric *fabric, const struct capture_wish *wish)
{
	struct message part;
	int err = 0;

	for (uint16_t at = 0; at < wish->begin.n_insns && !err; at += CAPTURE_PART) {
		uint16_t left = wish->begin.n_insns - at;

		message_init(&part, COMMAND_CAPTURE_FILTER, 0);
		part.capture_filter.first = at;
		part.capture_filter.n = left < CAPTURE_PART ? left : CAPTURE_PART;
		memcpy(part.capture_filter.insns, &wish->insns[at],
		       part.capture_filter.n * sizeof(*wish->insns));
		err = fabric_post(fabric, &part);
	}
	return err;
}

struct capturing *captures_begin(struct captures *captures, const struct capture_wish *wish,
				 const struct capture_listener *listener, void *argument)
{
	struct fabric *fabric = captures->control->fabric;
	struct capturing *c = alloc_zero(sizeof(*c));
	struct message command;

	*c = (struct capturing){.owner = captures,
				.listener = listener,
				.argument = argument,
				.port = wish->begin.port,
				.limit = wish->limit};
	c->died_before = count_died(c);
	message_init(&command, COMMAND_CAPTURE_BEGIN, 0);
	command.capture_begin = wish->begin;
	int err = send_filter(fabric, wish);
	if (!err)
		err = fabric_send(fabric, &command, on_begin_reply, c);
	if (err) {
		free(c);
		errno = -err;
		return NULL;
	}
	LIST_INSERT_HEAD(&captures->list, c, link);
	return c;
}

// ---- Frames

void captures_take(void *argument, const struct capture_record *record)
{
	struct control *control = argument;
	struct capturing *c =
		control->captures ? find(control->captures, record->header.capture) : NULL;

	if (!c || !c->number || !c->listener || (c->limit && c->totals.frames == c->limit))
		return;
	if (c->listener->frame(c->argument, record))
		c->totals.frames++;
	else
		c->totals.missed++;
	if (c->limit && c->totals.frames == c->limit)
		end(c, CAPTURE_END_COUNT);
}
