// SPDX-License-Identifier: BSD-3-Clause
// What workers tell the manager: one ring for each worker, in memory of our own. The manager looks
// ten times a second; a worker that finds its ring full goes on.
//
// Threads: manager only, except worker_notice(), which is the worker's end.
#pragma once

#include <stdint.h>

struct manager;

enum { NOTICES = 1024 }; // of one worker, between two looks

// Give every worker its ring. Before workers run. Returns 0 or -ENOMEM.
int notices_init(struct manager *manager);

// Take the rings back. Workers have ended, or never ran.
void notices_fini(struct manager *manager);

// Hand what workers said to whom it concerns. "now_ns" is CLOCK_MONOTONIC.
void notices_run(struct manager *manager, uint64_t now_ns);
