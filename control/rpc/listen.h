// SPDX-License-Identifier: BSD-3-Clause
// The server's socket file, and who is at the other end of a connection.
#pragma once

#include <sys/types.h>

#include "control/rpc/server.h"

// Listen on "path" for "group" (NULL: our own); "gid" receives it. Returns the socket or -errno,
// and logs why.
int listen_open(const char *path, const char *group, gid_t *gid);

// Ask the kernel who connected, and whether that peer may change things. Returns 0 or -errno.
int listen_peer(int socket, gid_t gid, struct server_peer *peer);
