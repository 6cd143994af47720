// SPDX-License-Identifier: BSD-3-Clause
// The records of the ports that are, or were last, in quarantine. One begins anew when its port
// enters quarantine, by configuration or by an operator; it stays as it is when the port is
// promoted, and goes with the port.
#pragma once

#include <stddef.h>

#include "control/events/record.h"

struct config;
struct control;
struct event_frame;
struct quarantines;

enum { QUARANTINE_MACS = 64, QUARANTINE_VIDS = 16, QUARANTINE_PREFIXES = 32 };

// What a port may be, and the room for it.
struct quarantine_rules {
	struct record_rules rules;
	mac_t macs[QUARANTINE_MACS];
	struct ip ips[RECORD_IPS];
	struct ip_prefix prefixes[QUARANTINE_PREFIXES];
	uint16_t vids[QUARANTINE_VIDS];
};

struct quarantines *quarantines_create(struct control *control);
void quarantines_destroy(struct quarantines *quarantines); // NULL is fine

// A frame came by a port that is watched.
void quarantines_take(struct quarantines *quarantines, const struct event_frame *frame, double now);

// See which ports have entered quarantine, or left it. To be called about once a second.
void quarantines_tick(struct quarantines *quarantines, double now);

// What the configuration's port number "port" has sent; NULL if it is in no quarantine and never
// was.
const struct record *quarantines_find(const struct quarantines *quarantines, size_t port);

// Whether it is in quarantine now.
bool quarantine_holds(const struct control *control, size_t port);

// What it may be.
void quarantine_rules(const struct control *control, size_t port, struct quarantine_rules *rules);
