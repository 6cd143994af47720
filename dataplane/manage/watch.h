// SPDX-License-Identifier: BSD-3-Clause
// What the manager looks after by itself, ten times a second.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct manager;

// Follow links up and down. What was learned on a port whose link goes down is forgotten; a link
// that changes too often disables its port. Between two looks a link changes once at most: what
// goes down and up again in less time may not be seen. "now_ns" is a monotonic clock.
void watch_links(struct manager *manager, uint64_t now_ns);

// The same for one link whose state somebody else knows: of a LAG. "speed" in Mb/s; 0: unknown.
void watch_link(struct manager *manager, uint16_t port, bool up, uint32_t speed, uint64_t now_ns);

// Let the FDBs age, and count their entries; "now_ns" likewise. Does something once a second.
void watch_ageing(struct manager *manager, uint64_t now_ns);

// Tell how many frame buffers are free.
void watch_memory(struct manager *manager);
