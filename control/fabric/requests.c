// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/requests.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/ring.h"

struct request {
	TAILQ_ENTRY(request) link;
	struct message command;
	fabric_reply_fn *done;
	void *argument;
};

void requests_init(struct requests *requests)
{
	TAILQ_INIT(&requests->waiting);
	TAILQ_INIT(&requests->open);
	requests->sequence = 0;
}

int requests_add(struct requests *requests, const struct message *command, fabric_reply_fn *done,
		 void *argument)
{
	struct request *request = malloc(sizeof(*request));

	if (!request)
		return -ENOMEM;
	request->command = *command;
	request->command.header.sequence = ++requests->sequence;
	request->done = done;
	request->argument = argument;
	TAILQ_INSERT_TAIL(&requests->waiting, request, link);
	return 0;
}

uint32_t requests_push(struct requests *requests, struct ring *commands)
{
	struct request *request;
	uint32_t n = 0;

	while ((request = TAILQ_FIRST(&requests->waiting)) &&
	       ring_push(commands, &request->command)) {
		TAILQ_REMOVE(&requests->waiting, request, link);
		if (request->done)
			TAILQ_INSERT_TAIL(&requests->open, request, link);
		else
			free(request);
		n++;
	}
	return n;
}

static struct request *find(const struct requests *requests, uint32_t sequence)
{
	struct request *request;

	TAILQ_FOREACH(request, &requests->open, link)
	{
		if (request->command.header.sequence == sequence)
			return request;
	}
	return NULL;
}

bool fabric_is_last(const struct message *reply)
{
	return reply->header.type == REPLY_ERROR || reply->header.type == REPLY_DONE;
}

int requests_answer(struct requests *requests, const struct message *reply)
{
	struct request *request = find(requests, reply->header.sequence);

	if (!request)
		return -ENOENT;
	if (!fabric_is_last(reply)) {
		request->done(request->argument, reply, 0);
		return 0;
	}
	TAILQ_REMOVE(&requests->open, request, link);
	request->done(request->argument, reply, 0);
	free(request);
	return 0;
}

static void fail_list(struct request_list *list, int err)
{
	struct request *request;

	while ((request = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, request, link);
		if (request->done)
			request->done(request->argument, NULL, err);
		free(request);
	}
}

void requests_fail(struct requests *requests, int err)
{
	fail_list(&requests->open, err);
	fail_list(&requests->waiting, err);
}

bool requests_are_open(const struct requests *requests, enum message_type type)
{
	const struct request *request;

	TAILQ_FOREACH(request, &requests->open, link)
	{
		if (request->command.header.type == type)
			return true;
	}
	return false;
}

enum message_type requests_current(const struct requests *requests)
{
	const struct request *request = TAILQ_FIRST(&requests->open);

	if (!request)
		request = TAILQ_FIRST(&requests->waiting);
	return request ? request->command.header.type : MESSAGE_NONE;
}
