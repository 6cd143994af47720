// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/fabric.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/fabric/attach.h"
#include "control/fabric/captured.h"
#include "control/fabric/requests.h"
#include "control/loop.h"
#include "lib/log.h"

enum {
	RETRY_FIRST_MS = 10,
	RETRY_LAST_MS = 1000,
	EVENTS_EVERY_MS = 20,
	EVENTS_PER_TURN = 1024,	 // of each worker
	CAPTURED_PER_TURN = 512, // likewise
	COMMIT_PATIENCE_MS = 120000,
	OTHER_PATIENCE_MS = 15000,
	HELLO_PATIENCE_MS = 30000,
};

enum fabric_state { FABRIC_WAITING, FABRIC_GREETING, FABRIC_ATTACHED };

struct fabric {
	struct event_base *base;
	const char *path;
	const struct fabric_listener *listener;
	struct fabric_patience patience;
	enum fabric_state state;
	int greeting; // socket on which the answer is waited for
	struct attachment a;
	struct requests requests;
	struct event *on_socket;
	struct event *on_reply;
	struct event *retry;	// when to try again, or to stop waiting for the answer
	struct event *deadline; // of the command whose turn it is
	struct event *events;	// when to look at the event rings
	uint32_t delay;		// milliseconds until the next attempt
	uint64_t bad_replies;
	char problem[PROBLEM_SIZE];
	char logged[PROBLEM_SIZE]; // the problem that was logged last
};

static void try_later(struct fabric *fabric)
{
	loop_forget(&fabric->on_socket);
	fabric->state = FABRIC_WAITING;
	if (strcmp(fabric->problem, fabric->logged) != 0)
		log_notice("%s; trying again until there is one that fits", fabric->problem);
	strcpy(fabric->logged, fabric->problem);
	loop_timer_set(fabric->retry, fabric->delay);
	fabric->delay *= 2;
	if (fabric->delay > RETRY_LAST_MS)
		fabric->delay = RETRY_LAST_MS;
}

// The attachment is over. "err" is what open requests are told.
static void detach(struct fabric *fabric, int err)
{
	struct attachment old = fabric->a;

	fabric->delay = err == -ECONNRESET ? RETRY_FIRST_MS : RETRY_LAST_MS;
	loop_forget(&fabric->on_reply);
	loop_timer_stop(fabric->deadline);
	loop_timer_stop(fabric->events);
	log_warn("%s", fabric->problem);
	fabric->logged[0] = 0;
	fabric->state = FABRIC_WAITING;
	requests_fail(&fabric->requests, err);
	if (fabric->listener->detached)
		fabric->listener->detached(fabric->listener->argument);
	attach_end(&old);
	loop_forget(&fabric->on_socket);
	loop_timer_set(fabric->retry, fabric->delay);
}

// Count nonsense, and log it ever more rarely.
static void complain(struct fabric *fabric, const char *what)
{
	uint64_t n = ++fabric->bad_replies;

	if ((n & (n - 1)) == 0)
		log_warn("%s from the dataplane (pid %u); %lu such messages so far", what,
			 fabric->a.peer.pid, (unsigned long)n);
}

static void restart_deadline(struct fabric *fabric)
{
	enum message_type current = requests_current(&fabric->requests);

	if (current == MESSAGE_NONE)
		loop_timer_stop(fabric->deadline);
	else
		loop_timer_set(fabric->deadline, current == COMMAND_POLICY_COMMIT
							 ? fabric->patience.commit
							 : fabric->patience.other);
}

static void push(struct fabric *fabric)
{
	uint64_t one = 1;

	if (!requests_push(&fabric->requests, &fabric->a.channel.commands))
		return;
	if (write(fabric->a.command_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_warn("cannot wake the dataplane: %s", strerror(errno));
}

static void answer(struct fabric *fabric, const struct message *reply)
{
	if (requests_answer(&fabric->requests, reply) == 0)
		return;
	if (reply->header.type == REPLY_ERROR)
		log_warn("the dataplane complains: %s", reply->error.text);
	complain(fabric, "a reply that nobody asked for");
}

// Only the last reply of an answer is without MESSAGE_MORE, and is one that can be last.
static bool is_reply(const struct message *message)
{
	bool more = message->header.flags & MESSAGE_MORE;

	return message_check(message) == 0 && message->header.type >= REPLY_DONE &&
	       message->header.type <= REPLY_CAPTURE && more != fabric_is_last(message);
}

// Returns 0, or -EBADMSG if there is nonsense in the ring.
static int drain_replies(struct fabric *fabric)
{
	struct ring *ring = &fabric->a.channel.replies;
	struct message reply;
	uint32_t waiting = ring_waiting(ring);

	if (!ring_is_sane(ring, true))
		return -EBADMSG;
	while (waiting-- && ring_pop(ring, &reply)) {
		if (!is_reply(&reply))
			return -EBADMSG;
		answer(fabric, &reply);
	}
	if (ring_waiting(ring))
		event_active(fabric->on_reply, EV_READ, 0); // the others have their turn first
	return 0;
}

static void on_reply(evutil_socket_t fd, short what, void *argument)
{
	struct fabric *fabric = argument;
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		log_warn("cannot read an event descriptor: %s", strerror(errno));
	if (drain_replies(fabric)) {
		complain(fabric, "nonsense in the reply ring");
		snprintf(fabric->problem, sizeof(fabric->problem),
			 "the dataplane (pid %u) sent nonsense: attaching anew",
			 fabric->a.peer.pid);
		detach(fabric, -EBADMSG);
		return;
	}
	push(fabric);
	restart_deadline(fabric);
}

static void drain_events(struct fabric *fabric, uint32_t worker)
{
	struct ring *ring = &fabric->a.channel.events[worker];
	const struct fabric_listener *listener = fabric->listener;
	struct message event;

	ring_waiting(ring);
	if (!ring_is_sane(ring, true)) {
		complain(fabric, "an impossible position in an event ring");
		ring->own = ring->others; // start over from where it says it is
		return;
	}
	for (int n = 0; n < EVENTS_PER_TURN && ring_pop(ring, &event); n++) {
		if (message_check(&event) || !message_is_event(&event))
			complain(fabric, "nonsense in an event ring");
		else if (listener->event)
			listener->event(listener->argument, worker, &event);
	}
}

static void drain_captured(struct fabric *fabric, uint32_t most)
{
	const struct fabric_listener *listener = fabric->listener;

	for (uint32_t w = 0; w < fabric->a.channel.n_workers; w++) {
		if (captured_drain(&fabric->a.channel.captured[w], most, listener->captured,
				   listener->argument))
			complain(fabric, "nonsense in a ring of captured frames");
	}
}

void fabric_take_captured(struct fabric *fabric)
{
	if (fabric_is_attached(fabric))
		drain_captured(fabric, CHANNEL_CAPTURED);
}

static void on_events(evutil_socket_t fd, short what, void *argument)
{
	struct fabric *fabric = argument;

	(void)fd, (void)what;
	// Whose the first frames of a capture are is known when it was answered.
	if (!requests_are_open(&fabric->requests, COMMAND_CAPTURE_BEGIN))
		drain_captured(fabric, CAPTURED_PER_TURN);
	for (uint32_t w = 0; w <= fabric->a.channel.n_workers; w++)
		drain_events(fabric, w);
	loop_timer_set(fabric->events, EVENTS_EVERY_MS);
}

static void on_deadline(evutil_socket_t fd, short what, void *argument)
{
	struct fabric *fabric = argument;

	(void)fd, (void)what;
	// It may be us who were late.
	if (ring_waiting(&fabric->a.channel.replies)) {
		event_active(fabric->on_reply, EV_READ, 0);
		restart_deadline(fabric);
		return;
	}
	snprintf(fabric->problem, sizeof(fabric->problem),
		 "the dataplane (pid %u) does not answer %s: attaching anew", fabric->a.peer.pid,
		 message_type_name(requests_current(&fabric->requests)));
	detach(fabric, -ETIMEDOUT);
}

static int start(struct fabric *fabric)
{
	// Whatever waits in the rings from before our watchers stood is taken at once.
	fabric->on_reply = loop_watch(fabric->base, fabric->a.reply_fd, on_reply, fabric);
	if (!fabric->on_reply)
		return -ENOMEM;
	evutil_make_socket_nonblocking(fabric->a.reply_fd);
	loop_timer_stop(fabric->retry);
	loop_timer_set(fabric->events, EVENTS_EVERY_MS);
	fabric->state = FABRIC_ATTACHED;
	fabric->delay = RETRY_FIRST_MS;
	requests_init(&fabric->requests);
	return 0;
}

static void finish_greeting(struct fabric *fabric)
{
	int err = attach_finish(&fabric->a, fabric->greeting, fabric->path, fabric->problem);

	if (err == -EAGAIN)
		return;
	if (!err)
		err = start(fabric);
	if (err) {
		try_later(fabric);
		close(fabric->greeting);
		return;
	}
	log_notice("attached to dataplane release %s, pid %u, %u worker%s", fabric->a.peer.release,
		   fabric->a.peer.pid, fabric->a.peer.n_workers,
		   fabric->a.peer.n_workers == 1 ? "" : "s");
	if (fabric->listener->attached)
		fabric->listener->attached(fabric->listener->argument);
}

static void on_socket(evutil_socket_t fd, short what, void *argument)
{
	struct fabric *fabric = argument;
	char octet;

	(void)what;
	if (fabric->state == FABRIC_GREETING) {
		finish_greeting(fabric);
		return;
	}
	ssize_t got = recv(fd, &octet, sizeof(octet), MSG_DONTWAIT);
	if (got < 0 && errno == EAGAIN)
		return;
	snprintf(fabric->problem, sizeof(fabric->problem),
		 got > 0 ? "the dataplane (pid %u) sent something on the socket, where nothing "
			   "may be said: attaching anew"
			 : "the dataplane (pid %u) is gone",
		 fabric->a.peer.pid);
	detach(fabric, got > 0 ? -EBADMSG : -ECONNRESET);
}

static void on_retry(evutil_socket_t fd, short what, void *argument)
{
	struct fabric *fabric = argument;

	(void)fd, (void)what;
	if (fabric->state == FABRIC_GREETING) {
		snprintf(fabric->problem, sizeof(fabric->problem),
			 "what listens at %s does not answer", fabric->path);
		try_later(fabric);
		close(fabric->greeting);
		return;
	}
	fabric->greeting = attach_begin(fabric->path, fabric->problem);
	if (fabric->greeting < 0) {
		try_later(fabric);
		return;
	}
	fabric->state = FABRIC_GREETING;
	fabric->on_socket = loop_watch(fabric->base, fabric->greeting, on_socket, fabric);
	loop_timer_set(fabric->retry, fabric->patience.hello);
}

static uint32_t or_usual(uint32_t wish, uint32_t usual)
{
	return wish ? wish : usual;
}

struct fabric *fabric_create(struct event_base *base, const char *path,
			     const struct fabric_listener *listener,
			     const struct fabric_patience *patience)
{
	struct fabric *fabric = calloc(1, sizeof(*fabric));

	if (!fabric)
		return NULL;
	fabric->base = base;
	fabric->path = path;
	fabric->listener = listener;
	fabric->patience.commit = or_usual(patience->commit, COMMIT_PATIENCE_MS);
	fabric->patience.other = or_usual(patience->other, OTHER_PATIENCE_MS);
	fabric->patience.hello = or_usual(patience->hello, HELLO_PATIENCE_MS);
	fabric->delay = RETRY_FIRST_MS;
	strcpy(fabric->problem, "still looking for the dataplane");
	requests_init(&fabric->requests);
	fabric->retry = loop_timer(base, on_retry, fabric);
	fabric->deadline = loop_timer(base, on_deadline, fabric);
	fabric->events = loop_timer(base, on_events, fabric);
	if (!fabric->retry || !fabric->deadline || !fabric->events) {
		fabric_destroy(fabric);
		errno = ENOMEM;
		return NULL;
	}
	loop_timer_set(fabric->retry, 0);
	return fabric;
}

void fabric_destroy(struct fabric *fabric)
{
	requests_fail(&fabric->requests, -ECONNRESET);
	loop_forget(&fabric->on_socket);
	loop_forget(&fabric->on_reply);
	loop_forget(&fabric->retry);
	loop_forget(&fabric->deadline);
	loop_forget(&fabric->events);
	if (fabric->state == FABRIC_ATTACHED)
		attach_end(&fabric->a);
	else if (fabric->state == FABRIC_GREETING)
		close(fabric->greeting);
	free(fabric);
}

bool fabric_is_attached(const struct fabric *fabric)
{
	return fabric->state == FABRIC_ATTACHED;
}

const char *fabric_problem(const struct fabric *fabric)
{
	return fabric_is_attached(fabric) ? NULL : fabric->problem;
}

const struct stats *fabric_stats(const struct fabric *fabric)
{
	return fabric_is_attached(fabric) ? &fabric->a.stats : NULL;
}

const struct channel_welcome *fabric_peer(const struct fabric *fabric)
{
	return fabric_is_attached(fabric) ? &fabric->a.peer : NULL;
}

uint64_t fabric_bad_replies(const struct fabric *fabric)
{
	return fabric->bad_replies;
}

static int add(struct fabric *fabric, const struct message *command, fabric_reply_fn *done,
	       void *argument)
{
	bool was_idle = requests_current(&fabric->requests) == MESSAGE_NONE;

	if (!fabric_is_attached(fabric))
		return -ENOTCONN;
	int err = requests_add(&fabric->requests, command, done, argument);
	if (err)
		return err;
	push(fabric);
	if (was_idle)
		restart_deadline(fabric);
	return 0;
}

int fabric_post(struct fabric *fabric, const struct message *command)
{
	return add(fabric, command, NULL, NULL);
}

int fabric_send(struct fabric *fabric, const struct message *command, fabric_reply_fn *done,
		void *argument)
{
	return add(fabric, command, done, argument);
}
