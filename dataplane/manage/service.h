// SPDX-License-Identifier: BSD-3-Clause
// What the manager tells the service manager (lib/notify.h): a sign of life while all workers move,
// and a line on how things are. A worker that stands still is logged, whoever listens.
//
// Threads: manager only. Time is an argument.
#pragma once

#include <stdint.h>

#include "dataplane/manage/watchdog.h"
#include "lib/limits.h"

struct manager;

struct service {
	struct watchdog watchdog;
	uint64_t looked_ns;	   // at the state, for the status
	bool is_told[MAX_WORKERS]; // that it stands still
};

// Workers run, control may come.
void service_start(struct manager *manager, uint64_t now_ns);

// At each tick, and from time to time while something takes long that is not the workers' fault,
// such as opening many devices.
void service_tick(struct manager *manager, uint64_t now_ns);
