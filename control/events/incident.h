// SPDX-License-Identifier: BSD-3-Clause
// Incidents: what went wrong at a port, as one line for operators, however many frames it took.
//
// An incident is a port and a reason. It opens with the first frame that dies for that reason, is
// updated while more come, and closes when INCIDENT_SILENCE_MS have passed without one. How many
// frames it took is told by the dataplane's counters of drops; events, of which a worker sends at
// most one a second, only bring the first frame and the addresses. So a flood of a million frames
// is one line with its count, frames whose event was lost have their incident as well, and the
// counts of all incidents of a port and a reason add up to what its counter grew by.
//
// A port that was disabled is an incident until it is enabled, a link of a LAG that is not used
// until it is, and a port whose address is down and sponged until none is any more. What is about
// the whole fabric is at no port: its slot is PORT_FABRIC, its name "".
//
// Everything here is pure: time and counters are arguments, and what happens is told to a listener.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/drops.h"
#include "lib/limits.h"
#include "lib/log.h"
#include "lib/mac.h"
#include "lib/message.h"

struct incidents;

// What an incident is about: an enum drop_reason, or one of these.
enum incident_kind {
	INCIDENT_BEFORE_FIRST = DROP_COUNT - 1,
#define INCIDENT(NAME, name, level, text) INCIDENT_##NAME,
#include "control/events/incident.def"
#undef INCIDENT
	INCIDENT_KINDS,
};

enum {
	INCIDENT_SILENCE_MS = 60000,
	INCIDENT_MACS = 8,
	INCIDENT_MEMBER_SIZE = 64,
	INCIDENT_REASON_SIZE = 32,
	INCIDENT_DETAIL_SIZE = 160,
};

struct incident {
	uint64_t id;			   // from 1; the later, the higher
	char port[NAME_SIZE];		   // "": it is about the whole fabric
	char member[INCIDENT_MEMBER_SIZE]; // "": none
	uint32_t asn;			   // 0: none
	char lan[NAME_SIZE];		   // "": not known, or more than one
	char reason[INCIDENT_REASON_SIZE];
	enum log_level level;
	bool open;
	double first; // seconds since 1970
	double last;
	uint64_t count; // frames, or for other kinds how often it happened
	mac_t macs[INCIDENT_MACS];
	uint8_t n_macs;
	bool more_macs;	 // there were others
	uint16_t length; // of the first frame; 0: none was told
	uint16_t n_octets;
	uint8_t octets[EVENT_OCTETS];
	char detail[INCIDENT_DETAIL_SIZE]; // what else there is to say; "": nothing
};

// The name of a kind, one sentence about it, and how urgent it is.
const char *incident_name(uint16_t kind);
const char *incident_text(uint16_t kind);
enum log_level incident_level(uint16_t kind);

// The kind of that name; DROP_NONE if there is none.
uint16_t incident_find(const char *name);

struct incident_moment {
	uint64_t ms;	// of a clock that only goes forward
	double seconds; // since 1970
};

// The port that something is about.
struct incident_port {
	uint16_t slot;
	uint32_t incarnation; // of port_info; another one means that the counters began anew
	const char *name;
	const char *member; // NULL: none
	uint32_t asn;
	bool quiet; // PORT_QUIET: drops are counted, and make no incidents
};

// Beside the port; all may be left out.
struct incident_note {
	const char *lan;
	mac_t mac;
	const char *detail;
	const struct event_frame *frame;
};

enum incident_change { INCIDENT_OPENED, INCIDENT_UPDATED, INCIDENT_CLOSED };
typedef void incident_fn(void *argument, enum incident_change change,
			 const struct incident *incident);

// The first incident gets number "first_id".
struct incidents *incidents_create(uint64_t first_id, incident_fn *tell, void *argument);
void incidents_destroy(struct incidents *incidents); // tells nobody

// What the counters of a port say now has been told before, or will never be: when control finds a
// dataplane that has worked without it.
void incidents_settle(struct incidents *incidents, const struct incident_port *port,
		      const uint64_t *drops);

// A frame died at "port", for the reason in "note"; "drops" of that reason was counted there so
// far.
void incidents_frame(struct incidents *incidents, const struct incident_port *port,
		     const struct incident_note *note, uint64_t drops,
		     const struct incident_moment *now);

// Something else happened at "port".
void incidents_note(struct incidents *incidents, uint16_t kind, const struct incident_port *port,
		    const struct incident_note *note, const struct incident_moment *now);

// What an incident was about is over. Returns whether it was open.
bool incidents_end(struct incidents *incidents, uint16_t kind, const struct incident_port *port,
		   const struct incident_moment *now);

// Whether an incident of that kind is open.
bool incidents_has(const struct incidents *incidents, uint16_t kind,
		   const struct incident_port *port);

// The counters of a port as they are now. To be called about once a second for each port.
void incidents_count(struct incidents *incidents, const struct incident_port *port,
		     const uint64_t *drops, const struct incident_moment *now);

// Tell which incidents have changed since the last time, and close those that are silent.
void incidents_tick(struct incidents *incidents, const struct incident_moment *now);

// Close all, and forget the counters: the dataplane is gone.
void incidents_close_all(struct incidents *incidents);

// The open ones, the oldest first: call with "at" 0, 1, … until it returns NULL.
const struct incident *incidents_open(const struct incidents *incidents, size_t at);

// All open ones, the oldest first. Nothing may be changed meanwhile.
void incidents_each(const struct incidents *incidents,
		    void (*each)(void *argument, const struct incident *incident), void *argument);
