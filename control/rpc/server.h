// SPDX-License-Identifier: BSD-3-Clause
// The operators' socket: lines in, lines out, and who may do what.
//
// A connection has one request at a time: the next line is looked at when the answer to the one
// before has been read by the client. So whatever a client does, it holds at most one request and
// one answer here; one that does not read for SERVER_PATIENCE_S seconds is dropped.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	SERVER_LINE_MAX = 4 << 20, // octets of a request
	SERVER_CONNECTIONS = 64,   // at a time
	SERVER_READERS = 32,	   // of them, for peers that may only read
	SERVER_PATIENCE_S = 10,	   // for a client that does not read
	SERVER_BACKLOG = 1 << 20,  // octets that may wait for one that follows
};

struct event_base;
struct server;
struct connection;

struct server_peer {
	uid_t uid;
	pid_t pid;
	bool may_change; // root, our own user, or a member of the socket's group
};

// What the server does not know how to do. "line" must call server_answer() once, at once or later.
// "refuse" writes into "text", of "size", what a client is told whose line is too long
// (SERVER_TOO_LONG) or who is one too many (SERVER_TOO_MANY).
enum server_refusal { SERVER_TOO_LONG, SERVER_TOO_MANY };
struct server_handler {
	void (*line)(void *argument, struct connection *connection, const char *line,
		     size_t length);
	void (*refuse)(enum server_refusal refusal, char *text, size_t size);
};

// Listen on "path", which belongs to "group" then (NULL: our own). A socket file that a dead
// control left is replaced; a living one is an error. "argument" is for the handler. Returns NULL
// with errno, and logs why.
struct server *server_create(struct event_base *base, const char *path, const char *group,
			     const struct server_handler *handler, void *argument);
void server_destroy(struct server *server);

const struct server_peer *server_peer(const struct connection *connection);

// Answer the open request with one line; an empty one says nothing (to a notification). The
// connection may be gone by then or go in here: do not use it afterwards.
void server_answer(struct connection *connection, const char *text, size_t length);

// Say a line to one client by ourselves. Returns false if it is gone, or has not read
// SERVER_BACKLOG octets of what was said before.
bool server_say(struct connection *connection, const char *text, size_t length);

// Call "gone" with "argument" when the client is gone or no longer says anything; NULL: nobody.
// Not when the server is destroyed. Returns false if it is gone already.
bool server_watch(struct connection *connection, void (*gone)(void *argument), void *argument);
void *server_watcher(const struct connection *connection); // the argument; NULL: nobody watches

// From now on the connection gets what is published.
void server_follow(struct connection *connection);

// Say a line to all that follow. One that has not read SERVER_BACKLOG octets of what was said
// before is cut off: nobody waits for it.
void server_publish(struct server *server, const char *text, size_t length);
