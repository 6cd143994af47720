// SPDX-License-Identifier: BSD-3-Clause
// Whose address is a source: static entries of all LANs, in one map that all guards share.
//
// It holds what the forwarding databases hold, and is updated by what differs from the last time.
//
// All functions: manager thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guard_sources;

struct guard_sources *guard_sources_create(void); // NULL with errno
void guard_sources_destroy(struct guard_sources *sources);

// The map of the kernel's.
int guard_sources_fd(const struct guard_sources *sources);

// Whether these "n" words (guard_source_value()), in any order, each address once in a LAN, differ
// from what the map holds. They are sorted, and kept for guard_sources_update(). Returns -ENOMEM
// if they cannot be.
int guard_sources_prepare(struct guard_sources *sources, const uint64_t *values, size_t n);

// Bring the map up to date. "is_new" tells that there is a new map, because the old one was full:
// then guards must be told to use it. Returns 0 or -errno; what the map holds then is not to be
// relied on.
int guard_sources_update(struct guard_sources *sources, bool *is_new);
