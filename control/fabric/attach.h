// SPDX-License-Identifier: BSD-3-Clause
// One attempt to attach to the dataplane: the handshake of lib/channel.h, control's end.
#pragma once

#include <stddef.h>

#include "lib/channel.h"
#include "lib/stats.h"

struct attachment {
	int socket;
	int command_fd; // eventfd that wakes the manager
	int reply_fd;	// eventfd that wakes us
	struct channel_welcome peer;
	struct channel channel;
	struct stats stats;
};

enum { PROBLEM_SIZE = 320 }; // a sentence for operators

// Connect to the dataplane at "path" and introduce ourselves. Returns the socket, on which the
// answer is to be waited for, or -errno with "problem" set. Never waits.
int attach_begin(const char *path, char *problem);

// Take the answer from "socket" and map what came with it. Returns 0, or -errno with "problem" set;
// the socket then is still the caller's.
int attach_finish(struct attachment *attachment, int socket, const char *path, char *problem);

// Unmap and close everything, the socket too.
void attach_end(struct attachment *attachment);
