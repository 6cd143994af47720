// SPDX-License-Identifier: BSD-3-Clause
// The session with control: listening, the handshake of lib/channel.h, and its end. One control at
// a time; a second one is told who is there.
#pragma once

struct manager;
struct session;

// Listen on "path", which only root, our user and "group" (or NULL) may open. A socket file that a
// dead dataplane left is replaced; a living one is an error. Returns 0 or -errno, and logs why.
int session_listen(struct session *session, const char *path, const char *group);
void session_close(struct session *session, const char *path);

// Take a waiting connection and, if it is a control of our release, attach it. Returns 0 or -errno.
int session_accept(struct manager *manager);

// End the session, if there is one: workers get no event ring, the channel is unmapped.
void session_detach(struct manager *manager);
