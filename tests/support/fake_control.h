// SPDX-License-Identifier: BSD-3-Clause
// Something that looks like ixfab-control to the operator's tool: a process that listens on a
// socket and answers from a table.
#pragma once

#include <sys/types.h>

enum fake_kind {
	FAKE_RESULT,  // "text" is the result
	FAKE_ERROR,   // "text" is the error object
	FAKE_RAW,     // "text" goes out as it is, then the connection is closed
	FAKE_ECHO,    // the result is the params
	FAKE_SILENCE, // nothing is ever sent
};

struct fake_answer {
	const char *method;
	enum fake_kind kind;
	const char *text;
	const char *params; // compact, keys sorted; other ones are an error. NULL: any
};

struct fake_control {
	char directory[64];
	char path[96]; // of the socket
	pid_t pid;
};

// Listen, and answer every request from the table, which ends with an entry without a method.
void fake_control_start(struct fake_control *fake, const struct fake_answer *answers);

void fake_control_stop(struct fake_control *fake);
