// SPDX-License-Identifier: BSD-3-Clause
// A packet socket on an interface, in any network namespace, that sends and receives whole frames.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Open "NAMESPACE:INTERFACE", or "INTERFACE" in this namespace. Returns a descriptor that does not
// block, or -errno, having said why.
int cable_end_open(const char *where);

// Receive a frame as it was on the wire: with the tag that the kernel takes out. Returns its
// length, or -errno (-EAGAIN if there is none). What this side sent itself is left out.
ssize_t cable_end_receive(int fd, uint8_t *octets, size_t size);

// Send a frame. Returns 0 or -errno (-EAGAIN, -ENOBUFS: later).
int cable_end_send(int fd, const uint8_t *octets, size_t length);
