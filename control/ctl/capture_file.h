// SPDX-License-Identifier: BSD-3-Clause
// Captured frames on their way into a pcapng file, each with its port as interface and with what
// became of it as comment.
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct capture_file;

// Begin a file at "path", which only its owner may read: it holds members' traffic. "-" is "out".
// "port" (or NULL) is the only one of which frames will come. Returns NULL with errno.
struct capture_file *capture_file_create(const char *path, FILE *out, uint32_t snap,
					 const char *port);

// Append a frame as the daemon tells of it. Everything is in the file when this returns. Returns 0
// or -errno.
int capture_file_put(struct capture_file *file, const json_t *frame);

// Write what was missed, as the daemon tells at the end (NULL: it did not), and close the file.
// Returns 0 or -errno: a file that could not be closed may not be whole.
int capture_file_close(struct capture_file *file, const json_t *ended);
