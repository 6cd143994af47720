// SPDX-License-Identifier: BSD-3-Clause
// Link aggregation groups: which of a LAG's links are in use, as LACP (lacp.h) and carriers say.
//
// A link that is in use is in its LAG's spread (spread.h), by which workers choose where a frame
// leaves (path/distribute.c). When one leaves the LAG, only the flows that left by it go elsewhere;
// when one joins, it gets its part of the flows of the others. The LAG's own link is up while at
// least min_links are in use.
//
// LACP runs here and not in control, so that a LAG survives control.
//
// Threads: manager only. Time is an argument.
#pragma once

#include <stdint.h>

struct manager;
struct message;
struct policy;

int lag_init(struct manager *manager); // 0 or -ENOMEM
void lag_fini(struct manager *manager);

// Before "next" comes into force: LAGs that are new begin, and a link that leaves its LAG is used
// no more, so that no worker that knows "next" sends by it.
void lag_prepare(struct manager *manager, const struct policy *next, uint64_t now_ns);

// After it: LAGs that have gone are forgotten, and links that are new begin.
void lag_commit(struct manager *manager, uint64_t now_ns);

// NOTICE_LACP.
void lag_notice(struct manager *manager, const struct message *notice, uint64_t now_ns);

// Ten times a second, after watch_links().
void lag_tick(struct manager *manager, uint64_t now_ns);
