// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/server.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/loop.h"
#include "control/rpc/listen.h"
#include "lib/log.h"

enum { ACCEPT_PER_TURN = 16 };

struct connection {
	LIST_ENTRY(connection) link;
	struct server *server;
	struct bufferevent *stream; // NULL: the client is gone, its request is still open
	struct server_peer peer;
	size_t scanned;		      // octets of the input that hold no end of line
	bool busy;		      // a request is open
	bool closing;		      // close when the answer is out
	bool follows;		      // gets what is published
	void (*gone)(void *argument); // who is told that the client is gone, or NULL
	void *watcher;
};

LIST_HEAD(connection_list, connection);

struct server {
	struct event_base *base;
	const struct server_handler *handler;
	void *argument;
	char *path;
	int socket;
	gid_t gid;
	struct event *on_connect;
	struct connection_list connections;
	int n_connections;
	int n_readers;
};

static void connection_free(struct connection *c)
{
	LIST_REMOVE(c, link);
	free(c);
}

// The client is gone, or has to go.
static void hang_up(struct connection *c)
{
	bufferevent_free(c->stream);
	c->stream = NULL;
	c->server->n_connections--;
	c->server->n_readers -= !c->peer.may_change;
	if (c->gone)
		c->gone(c->watcher);
	if (!c->busy)
		connection_free(c);
}

static void say(struct connection *c, const char *text, size_t length)
{
	if (length) {
		bufferevent_write(c->stream, text, length);
		bufferevent_write(c->stream, "\n", 1);
	}
}

static void refuse(struct connection *c, enum server_refusal refusal)
{
	char text[256];

	c->server->handler->refuse(refusal, text, sizeof(text));
	c->closing = true;
	bufferevent_disable(c->stream, EV_READ);
	say(c, text, strlen(text));
}

// The length of the first line of the input, or -1 if it has not come whole.
static ssize_t find_line(struct connection *c, struct evbuffer *input)
{
	struct evbuffer_ptr start;
	struct evbuffer_ptr end;

	// What was looked at before is not looked at again, or long lines would cost their square.
	evbuffer_ptr_set(input, &start, c->scanned, EVBUFFER_PTR_SET);
	end = evbuffer_search(input, "\n", 1, c->scanned ? &start : NULL);
	c->scanned = end.pos < 0 ? evbuffer_get_length(input) : 0;
	return end.pos;
}

// Take the next line, if it has come and the answer to the one before is out.
static void take_line(struct connection *c)
{
	struct evbuffer *input = bufferevent_get_input(c->stream);

	if (c->busy || c->closing || evbuffer_get_length(bufferevent_get_output(c->stream)))
		return;
	ssize_t length = find_line(c, input);
	if (length > SERVER_LINE_MAX ||
	    (length < 0 && evbuffer_get_length(input) > SERVER_LINE_MAX)) {
		refuse(c, SERVER_TOO_LONG);
		return;
	}
	if (length < 0)
		return;
	char *line = malloc((size_t)length + 1);
	if (!line) {
		hang_up(c);
		return;
	}
	evbuffer_remove(input, line, (size_t)length + 1);
	line[length] = 0;
	c->busy = true;
	bufferevent_disable(c->stream, EV_READ);
	c->server->handler->line(c->server->argument, c, line, (size_t)length);
	free(line);
}

void server_answer(struct connection *c, const char *text, size_t length)
{
	c->busy = false;
	if (!c->stream) {
		connection_free(c);
		return;
	}
	say(c, text, length);
	bufferevent_enable(c->stream, EV_READ);
	// Go on from the loop, never from within the handler: requests without answers would nest.
	bufferevent_trigger(c->stream, EV_WRITE,
			    BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

bool server_say(struct connection *c, const char *text, size_t length)
{
	if (!c->stream || c->closing ||
	    evbuffer_get_length(bufferevent_get_output(c->stream)) > SERVER_BACKLOG)
		return false;
	say(c, text, length);
	return true;
}

bool server_watch(struct connection *c, void (*gone)(void *argument), void *argument)
{
	c->gone = c->stream ? gone : NULL;
	c->watcher = c->gone ? argument : NULL;
	return c->stream;
}

void *server_watcher(const struct connection *c)
{
	return c->watcher;
}

void server_follow(struct connection *c)
{
	c->follows = true;
}

void server_publish(struct server *server, const char *text, size_t length)
{
	struct connection *next;

	for (struct connection *c = LIST_FIRST(&server->connections); c; c = next) {
		next = LIST_NEXT(c, link);
		if (!c->follows || !c->stream || c->closing)
			continue;
		if (evbuffer_get_length(bufferevent_get_output(c->stream)) <= SERVER_BACKLOG) {
			say(c, text, length);
		} else {
			log_info("pid %d follows too slowly: dropped", c->peer.pid);
			hang_up(c);
		}
	}
}

static void on_read(struct bufferevent *stream, void *argument)
{
	(void)stream;
	take_line(argument);
}

// All that was written is out.
static void on_written(struct bufferevent *stream, void *argument)
{
	struct connection *c = argument;

	if (evbuffer_get_length(bufferevent_get_output(stream)))
		return;
	if (c->closing)
		hang_up(c);
	else
		take_line(c);
}

static void on_end(struct bufferevent *stream, short what, void *argument)
{
	struct connection *c = argument;
	bool ended = what & BEV_EVENT_EOF;

	if (what & BEV_EVENT_TIMEOUT)
		log_info("pid %d does not read its answer: dropped", c->peer.pid);
	// A client that has nothing more to say may still wait for an answer.
	if (ended && !c->gone && (c->busy || evbuffer_get_length(bufferevent_get_output(stream))))
		c->closing = !c->busy && evbuffer_get_length(bufferevent_get_input(stream)) == 0;
	else
		hang_up(c);
}

const struct server_peer *server_peer(const struct connection *connection)
{
	return &connection->peer;
}

static struct connection *connection_create(struct server *server, int fd)
{
	static const struct timeval patience = {.tv_sec = SERVER_PATIENCE_S};
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->server = server;
	if (listen_peer(fd, server->gid, &c->peer) == 0)
		c->stream = bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!c->stream) {
		free(c);
		return NULL;
	}
	LIST_INSERT_HEAD(&server->connections, c, link);
	server->n_connections++;
	server->n_readers += !c->peer.may_change;
	bufferevent_setcb(c->stream, on_read, on_written, on_end, c);
	bufferevent_setwatermark(c->stream, EV_READ, 0, SERVER_LINE_MAX + 1);
	bufferevent_set_timeouts(c->stream, NULL, &patience);
	bufferevent_enable(c->stream, EV_READ | EV_WRITE);
	return c;
}

static void on_connect(evutil_socket_t fd, short what, void *argument)
{
	struct server *server = argument;

	(void)what;
	for (int i = 0; i < ACCEPT_PER_TURN; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client < 0)
			return;
		struct connection *c = connection_create(server, client);
		if (!c)
			close(client);
		else if (server->n_connections > SERVER_CONNECTIONS ||
			 (!c->peer.may_change && server->n_readers > SERVER_READERS))
			refuse(c, SERVER_TOO_MANY);
	}
}

struct server *server_create(struct event_base *base, const char *path, const char *group,
			     const struct server_handler *handler, void *argument)
{
	struct server *server = calloc(1, sizeof(*server));

	if (!server)
		return NULL;
	*server = (struct server){.base = base,
				  .handler = handler,
				  .argument = argument,
				  .path = strdup(path)};
	server->socket = server->path ? listen_open(path, group, &server->gid) : -ENOMEM;
	if (server->socket >= 0)
		server->on_connect = loop_watch(base, server->socket, on_connect, server);
	if (!server->on_connect) {
		int err = server->socket < 0 ? -server->socket : ENOMEM;

		if (server->socket >= 0)
			close(server->socket);
		free(server->path);
		free(server);
		errno = err;
		return NULL;
	}
	return server;
}

void server_destroy(struct server *server)
{
	struct connection *c;

	loop_forget(&server->on_connect);
	close(server->socket);
	unlink(server->path);
	while ((c = LIST_FIRST(&server->connections))) {
		c->busy = false;
		c->gone = NULL;
		if (c->stream)
			hang_up(c);
		else
			connection_free(c);
	}
	free(server->path);
	free(server);
}
