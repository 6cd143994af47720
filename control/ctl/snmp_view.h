// SPDX-License-Identifier: BSD-3-Clause
// What control says, as objects of SNMP: asked for when somebody wants to know, and kept for a
// short time, so that a walk costs one question.
//
// While control does not answer there are no objects: zeros would be taken for counters that
// started again, and old values for a port where nothing happens. snmpd does nothing else while it
// waits for us, so it waits for control no longer than SNMP_PATIENCE, and not again before the time
// is over for which a good answer would be kept.
//
// Why it does not answer is told to nobody: snmpd takes what is written to standard error for an
// answer.
//
// Interfaces and bridge are kept apart, and so is what comes behind an object: snmpd asks for what
// is in one table, and the bridge's may be long.
#pragma once

#include <stdbool.h>

#include "control/ctl/snmp_rows.h"

struct client;

// Seconds
#define SNMP_PATIENCE	     2.0
#define SNMP_KEEP_INTERFACES 2.0
#define SNMP_KEEP_BRIDGE     30.0 // a hundred thousand addresses are not told in no time

struct snmp_view {
	struct client *client;
	double interfaces_until; // a monotonic clock; 0: never asked
	double bridge_until;
	struct snmp_rows interfaces;
	struct snmp_rows bridge;
};

// A moment, by both clocks, and what is known of snmpd.
struct snmp_time {
	double now;	      // seconds of a monotonic clock, more than 0
	double agent_started; // seconds since 1970; 0: unknown
};

void snmp_view_init(struct snmp_view *view, struct client *client);
void snmp_view_fini(struct snmp_view *view);

// As snmp_lookup in control/ctl/snmp_serve.h; what is returned is valid until the next call.
const struct snmp_row *snmp_view_lookup(struct snmp_view *view, const struct snmp_time *time,
					const struct oid *oid, bool next);
