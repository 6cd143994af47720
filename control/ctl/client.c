// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/unix_socket.h"

enum rpc_error { RPC_NOT_PERMITTED = 3 }; // control/rpc/PROTOCOL.md

enum { READ_SIZE = 65536 };

void client_init(struct client *client, const char *path, double timeout)
{
	*client = (struct client){.fd = -1, .path = path, .timeout = timeout};
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	free(client->buffer);
	client_init(client, client->path, client->timeout);
}

void client_failure_clear(struct client_failure *failure)
{
	json_decref(failure->complaints);
	*failure = (struct client_failure){0};
}

__attribute__((format(printf, 3, 4))) static int fail(struct client_failure *failure,
						      enum status status, const char *format, ...)
{
	va_list args;

	*failure = (struct client_failure){.status = status};
	va_start(args, format);
	vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	return -EIO;
}

static int fail_connect(const struct client *client, struct client_failure *failure, int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return fail(failure, STATUS_NOT_PERMITTED,
			    "no permission to use %s: become root, or join the group that owns it",
			    client->path);
	case ENOENT:
	case ECONNREFUSED:
		return fail(failure, STATUS_UNREACHABLE,
			    "cannot reach ixfab-control at %s (%s): is it running, and with that "
			    "socket?",
			    client->path, strerror(err));
	default:
		return fail(failure, STATUS_UNREACHABLE, "cannot reach ixfab-control at %s: %s",
			    client->path, strerror(err));
	}
}

static int fail_timeout(const struct client *client, struct client_failure *failure)
{
	return fail(failure, STATUS_UNREACHABLE, "no answer from ixfab-control for %g seconds",
		    client->timeout);
}

static void set_timeout(const struct client *client)
{
	struct timeval tv = {.tv_sec = (time_t)client->timeout};

	tv.tv_usec = (suseconds_t)((client->timeout - (double)tv.tv_sec) * 1e6);
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

static int connect_now(struct client *client, struct client_failure *failure)
{
	struct sockaddr_un address;

	if (unix_socket_address(client->path, &address))
		return fail_connect(client, failure, ENAMETOOLONG);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		return fail_connect(client, failure, errno);
	set_timeout(client);
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int err = errno;

		client_close(client);
		return fail_connect(client, failure, err);
	}
	return 0;
}

static int send_all(struct client *client, const char *text, size_t length,
		    struct client_failure *failure)
{
	while (length) {
		ssize_t n = send(client->fd, text, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return fail_timeout(client, failure);
		if (n < 0)
			return 0; // it hung up, but what it said before may wait to be read
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static int send_request(struct client *client, const char *method, json_t *params,
			struct client_failure *failure)
{
	// Whoever became root by sudo says who that was: the daemon cannot know, and takes it for
	// no more than it is.
	json_t *request =
		json_pack("{s:s, s:I, s:s, s:O*, s:s*}", "jsonrpc", "2.0", "id", ++client->last_id,
			  "method", method, "params", params, "claim", getenv("SUDO_USER"));
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	int err;

	json_decref(request);
	if (!text)
		return fail(failure, STATUS_FAILED, "the request is not valid UTF-8");
	// In place of the terminating zero: a request ends with a newline.
	size_t length = strlen(text);
	text[length] = '\n';
	err = send_all(client, text, length + 1, failure);
	free(text);
	return err;
}

static int make_room(struct client *client)
{
	size_t size = client->size ? 2 * client->size : 4 * READ_SIZE;
	char *buffer;

	if (client->size - client->used >= READ_SIZE)
		return 0;
	buffer = realloc(client->buffer, size);
	if (!buffer)
		return -ENOMEM;
	client->buffer = buffer;
	client->size = size;
	return 0;
}

static int read_some(struct client *client, struct client_failure *failure)
{
	ssize_t n;

	if (client->used >= CLIENT_ANSWER_MAX || make_room(client) < 0)
		return fail(failure, STATUS_FAILED, "the answer is too long");
	do {
		n = read(client->fd, client->buffer + client->used, READ_SIZE);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return fail_timeout(client, failure);
	if (n <= 0)
		return fail(failure, STATUS_UNREACHABLE, "ixfab-control hung up %s",
			    client->used ? "in the middle of its answer" : "before it answered");
	client->used += (size_t)n;
	return 0;
}

// Returns the length of the first line in the buffer, newline included, or -errno.
static ssize_t read_line(struct client *client, struct client_failure *failure)
{
	size_t seen = 0;

	for (;;) {
		char *end = client->used > seen
				    ? memchr(client->buffer + seen, '\n', client->used - seen)
				    : NULL;
		if (end)
			return end + 1 - client->buffer;
		seen = client->used;
		int err = read_some(client, failure);
		if (err < 0)
			return err;
	}
}

static json_t *read_answer(struct client *client, struct client_failure *failure)
{
	ssize_t length = read_line(client, failure);
	json_error_t error;
	json_t *answer;

	if (length < 0)
		return NULL;
	answer = json_loadb(client->buffer, (size_t)length, 0, &error);
	client->used -= (size_t)length;
	memmove(client->buffer, client->buffer + length, client->used);
	if (!answer)
		fail(failure, STATUS_FAILED,
		     "the answer is not JSON (%s): is %s really the socket of "
		     "ixfab-control?",
		     error.text, client->path);
	return answer;
}

static void fail_by_daemon(const json_t *error, struct client_failure *failure)
{
	const char *message = json_string_value(json_object_get(error, "message"));
	int code = (int)json_integer_value(json_object_get(error, "code"));
	json_t *data = json_object_get(error, "data");

	fail(failure, code == RPC_NOT_PERMITTED ? STATUS_NOT_PERMITTED : STATUS_FAILED, "%s",
	     message ? message : "ixfab-control refused without saying why");
	failure->code = code;
	if (json_is_array(data))
		failure->complaints = json_incref(data);
}

// Take the result out of the answer.
static json_t *take_result(struct client *client, json_t *answer, struct client_failure *failure)
{
	json_t *error = json_object_get(answer, "error");
	json_t *result = json_object_get(answer, "result");

	if (json_is_object(error)) {
		fail_by_daemon(error, failure);
		return NULL;
	}
	if (!json_is_object(result) ||
	    json_integer_value(json_object_get(answer, "id")) != client->last_id) {
		fail(failure, STATUS_FAILED,
		     "the answer is none to this request: is %s really the "
		     "socket of ixfab-control?",
		     client->path);
		return NULL;
	}
	return json_incref(result);
}

json_t *client_call(struct client *client, const char *method, json_t *params,
		    struct client_failure *failure)
{
	json_t *answer = NULL, *result = NULL;

	*failure = (struct client_failure){0};
	if (client->fd < 0 && connect_now(client, failure) < 0)
		return NULL;
	if (send_request(client, method, params, failure) == 0)
		answer = read_answer(client, failure);
	if (answer)
		result = take_result(client, answer, failure);
	json_decref(answer);
	// What comes after a failure is not to be trusted, unless the daemon itself refused.
	if (!result && !failure->code)
		client_close(client);
	return result;
}

json_t *client_wait(struct client *client, const char *method, struct client_failure *failure)
{
	json_t *params = NULL;

	*failure = (struct client_failure){0};
	client->timeout = 0;
	set_timeout(client);
	while (!params) {
		json_t *line = read_answer(client, failure);
		const char *name = json_string_value(json_object_get(line, "method"));

		if (!line)
			return NULL;
		if (name && strcmp(name, method) == 0)
			params = json_incref(json_object_get(line, "params"));
		json_decref(line);
	}
	return params;
}
