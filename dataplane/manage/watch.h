// SPDX-License-Identifier: BSD-3-Clause
// What the manager looks after by itself, ten times a second.
#pragma once

#include <stdint.h>

struct manager;

// Follow links up and down. What was learned on a port whose link goes down is forgotten.
void watch_links(struct manager *manager);

// Let the FDBs age; "now_ns" is a monotonic clock. Does something once a second.
void watch_ageing(struct manager *manager, uint64_t now_ns);

// Tell how many frame buffers are free.
void watch_memory(struct manager *manager);
