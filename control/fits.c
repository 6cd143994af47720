// SPDX-License-Identifier: BSD-3-Clause
#include "control/fits.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/fabric/attach.h"

enum { PATIENCE_MS = 30000 }; // the manager may be busy with a commit

static int ask(int socket, const char *path, char *problem)
{
	struct pollfd wait = {.fd = socket, .events = POLLIN};
	struct attachment attachment;

	if (poll(&wait, 1, PATIENCE_MS) != 1) {
		snprintf(problem, PROBLEM_SIZE, "the dataplane at %s does not answer", path);
		close(socket);
		return -ETIMEDOUT;
	}
	int err = attach_finish(&attachment, socket, path, problem);
	if (err)
		close(socket);
	else
		attach_end(&attachment);
	return err;
}

int fits(const char *path)
{
	char problem[PROBLEM_SIZE];
	int socket = attach_begin(path, problem);

	if (socket == -ENOENT || socket == -ECONNREFUSED) {
		puts("no dataplane is running: there is nothing that would not fit");
		return EXIT_SUCCESS;
	}
	int err = socket < 0 ? socket : ask(socket, path, problem);
	// A control that is attached already is no hindrance: it makes room when it is restarted.
	if (!err || err == -EBUSY) {
		puts("the running dataplane fits release " IXFAB_VERSION);
		return EXIT_SUCCESS;
	}
	puts(problem);
	return EXIT_FAILURE;
}
