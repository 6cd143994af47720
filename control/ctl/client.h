// SPDX-License-Identifier: BSD-3-Clause
// The operator's end of the protocol of control/rpc/PROTOCOL.md: one connection, one request at a
// time, and what the daemon says by itself to those who follow.
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "control/ctl/status.h"

enum client_limits {
	CLIENT_ANSWER_MAX = 1 << 30, // octets of the longest answer that is read
};

struct client {
	int fd; // -1: not connected
	const char *path;
	double timeout; // seconds without an octet from the daemon; 0: for ever
	json_int_t last_id;
	char *buffer;
	size_t size; // octets that "buffer" has room for
	size_t used;
};

// Why a call failed: the exit code it means, and what to tell people.
struct client_failure {
	enum status status;
	int code; // of the daemon's error; 0: it sent none
	char text[512];
	json_t *complaints; // a list of strings, or NULL. Release with client_failure_clear()
};

// Prepare; the connection is made by the first call. "path" must outlive the client.
void client_init(struct client *client, const char *path, double timeout);

void client_close(struct client *client);

// Call "method" with "params" (an object; may be NULL) and wait for the result. Returns a new
// reference, or NULL with "failure" filled.
json_t *client_call(struct client *client, const char *method, json_t *params,
		    struct client_failure *failure);

// Wait for the next notification of "method", as long as it takes. Returns a new reference to its
// params, or NULL with "failure" filled.
json_t *client_wait(struct client *client, const char *method, struct client_failure *failure);

void client_failure_clear(struct client_failure *failure);
