// SPDX-License-Identifier: BSD-3-Clause
// The XDP program of ports on kernel interfaces (bpf/guard.bpf.c), and what can be in its way.
//
// DPDK's driver loads and attaches the program, but can tell nobody why it could not: on any
// failure it says "invalid argument", and while cleaning up after a failed socket it writes to
// memory it freed. So everything that can fail is tried here before, in the same way.
//
// All functions return 0 or -errno with words for operators in "error". Manager thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/kernel_link.h"

// Find the program's object file: in $IXFAB_BPF_DIR, in the build tree beside the executable, or
// where it was installed. It is copied to memory, and the copy is used from then on: an upgrade
// puts another file in its place while this dataplane goes on. To be called at the start.
int xdp_object_keep(char *error, size_t size);

// A path by which the copy can be opened; makes it if there is none yet.
int xdp_object_path(char *path, size_t size, char *error, size_t error_size);

// Make the interface free of XDP programs. One that a killed dataplane left is detached, and
// "found" is set; of one that is not ours nothing is touched: -EBUSY.
int xdp_clear(const struct kernel_link *link, bool *found, char *error, size_t size);

// Attach the program and detach it again. Fails with what the kernel says against it.
int xdp_try_program(const struct kernel_link *link, const char *path, char *error, size_t size);

// Open an AF_XDP socket on queue 0 with "octets" of frame memory, and close it again. Waits up to
// a second for a socket that is just being closed, and until the kernel has forgotten its own.
// -EBUSY: somebody else uses the queue.
int xdp_try_socket(const struct kernel_link *link, size_t octets, char *error, size_t size);

// Whether locking memory is limited for this process, so that xdp_try_socket() is worth its time.
bool xdp_memory_is_limited(void);

// Detach our own program, if it is still there.
void xdp_detach(int index);

// What libbpf last complained of; "" if nothing since the last call.
const char *xdp_last_complaint(void);
