// SPDX-License-Identifier: BSD-3-Clause
// UNIX sockets in the file system (unix(7)). Any thread, but not two that listen at a time: the
// permissions of a new file are made by the process's umask.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

// The address of "path". Returns 0 or -ENAMETOOLONG, and logs nothing.
int unix_socket_address(const char *path, struct sockaddr_un *address);

// Listen on "path" by a socket of this type (SOCK_STREAM, SOCK_SEQPACKET) that does not block; its
// file gets these permissions, and our own user and group. A file behind which nobody listens any
// more is replaced. "others" is who is said to listen there already: "another dataplane". Returns
// the socket or -errno, and logs why.
int unix_socket_listen(const char *path, int type, mode_t mode, const char *others);
