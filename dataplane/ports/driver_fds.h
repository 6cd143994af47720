// SPDX-License-Identifier: BSD-3-Clause
// The descriptors that DPDK's drivers open behind our back.
//
// The AF_XDP driver of DPDK 22.11 never closes the sockets it made, nor the BPF program and map: a
// port would stay bound to its queue until the process ends, and nobody could open it again. So
// what it opened is noted, and closed after the driver is done.
//
// Between driver_fds_before() and driver_fds_opened() no other thread may open descriptors of these
// kinds; none does.
#pragma once

#include <stddef.h>

enum { DRIVER_FDS = 64 }; // of one device

struct driver_fds {
	size_t n;
	struct driver_fd {
		int fd;
		char link[32]; // what it is: socket:[inode], anon_inode:bpf-map, …
	} fds[DRIVER_FDS];
};

// Note the descriptors that are there already: BPF objects and sockets of "family".
void driver_fds_before(int family);

// Put what has come since then into "fds".
void driver_fds_opened(struct driver_fds *fds, int family);

// Close those that are still what they were.
void driver_fds_close(struct driver_fds *fds);

// The socket, if there is exactly one; else 0.
int driver_fds_socket(const struct driver_fds *fds);
