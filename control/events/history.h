// SPDX-License-Identifier: BSD-3-Clause
// The history of incidents, in an SQLite file of its own (events.sqlite in the state directory), so
// that nothing that happens to it endangers the configuration.
//
// It is bounded: beyond HISTORY_ROWS incidents or HISTORY_OCTETS the oldest go. What cannot be
// written, because the disk is full say, is lost, and said so once; the fabric and control go on. A
// file that is damaged is renamed to events.sqlite.damaged, and a new one is begun.
//
// Incidents that were open when control ended are closed as they were written last.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/events/incident.h"

struct history;

enum { HISTORY_ROWS = 100000, HISTORY_OCTETS = 64 << 20 };

struct history_limits { // 0: those above
	uint64_t rows;
	uint64_t octets; // at least 64 Ki
};

// Which incidents to look for. The newest come first.
struct history_filter {
	const char *port;   // NULL: of all
	const char *reason; // NULL: for any
	double since;	    // seen last then or later
};

// Open or create the file in "directory". Returns one in any case: without a file, which is said,
// it keeps nothing.
struct history *history_open(const char *directory, const struct history_limits *limits);
void history_close(struct history *history); // writes what waits

// The number for the next incident: above all that are kept.
uint64_t history_next_id(const struct history *history);

// Keep an incident, or what is new about it. It waits for history_flush().
void history_put(struct history *history, const struct incident *incident);

// Write what waits, in one transaction.
void history_flush(struct history *history);

// Call "found" for each incident that fits, what waits included, until it returns false.
void history_search(struct history *history, const struct history_filter *filter,
		    bool (*found)(void *argument, const struct incident *incident), void *argument);

// Find one. Returns false if there is none.
bool history_find(struct history *history, uint64_t id, struct incident *incident);
