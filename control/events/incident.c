// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"

// An incident that is open.
struct entry {
	struct incident incident;
	uint16_t slot;
	uint16_t kind;
	uint64_t base;	    // what the counter said before its first frame
	uint64_t counter;   // what it said last
	uint64_t frames;    // that were told by events
	uint64_t last_ms;   // when something happened last
	bool has_lan;	    // its LAN, or LANs, are known
	bool changed;	    // since the last tick
	struct entry *next; // opened later
};

// Counters of one life of a port.
struct life {
	uint32_t incarnation;
	uint64_t told[DROP_COUNT]; // belongs to incidents that are closed, or to none
	uint64_t seen[DROP_COUNT]; // when they were counted last
};

struct incidents {
	uint64_t next_id;
	incident_fn *tell;
	void *argument;
	struct entry *first;
	struct entry **last; // where the next one is hung up
	struct entry *open[MAX_PORTS][INCIDENT_KINDS];
	struct life *lives[MAX_PORTS];
};

static const struct {
	const char *name;
	const char *text;
	enum log_level level;
} other_kinds[] = {
#define INCIDENT(NAME, name, level, text) {#name, text, LOG_LEVEL_##level},
#include "control/events/incident.def"
#undef INCIDENT
};

const char *incident_name(uint16_t kind)
{
	return kind < DROP_COUNT ? drop_infos[kind].name : other_kinds[kind - DROP_COUNT].name;
}

const char *incident_text(uint16_t kind)
{
	return kind < DROP_COUNT ? drop_infos[kind].text : other_kinds[kind - DROP_COUNT].text;
}

enum log_level incident_level(uint16_t kind)
{
	static const enum log_level levels[] = {
		[DROP_CLASS_QUIET] = LOG_LEVEL_INFO,
		[DROP_CLASS_RULE] = LOG_LEVEL_NOTICE,
		[DROP_CLASS_SECURITY] = LOG_LEVEL_WARN,
		[DROP_CLASS_ALARM] = LOG_LEVEL_CRIT,
	};

	return kind < DROP_COUNT ? levels[drop_infos[kind].class]
				 : other_kinds[kind - DROP_COUNT].level;
}

uint16_t incident_find(const char *name)
{
	// Frames die quietly for "port_disabled" and "sponged"; the incidents of these names are
	// other things.
	for (uint16_t kind = INCIDENT_KINDS - 1; kind > DROP_NONE; kind--) {
		if (strcmp(incident_name(kind), name) == 0)
			return kind;
	}
	return DROP_NONE;
}

struct incidents *incidents_create(uint64_t first_id, incident_fn *tell, void *argument)
{
	struct incidents *incidents = alloc_zero(sizeof(*incidents));

	incidents->next_id = first_id;
	incidents->tell = tell;
	incidents->argument = argument;
	incidents->last = &incidents->first;
	return incidents;
}

static void unlink_entry(struct incidents *incidents, struct entry *entry)
{
	struct entry **at = &incidents->first;

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	if (!*at)
		incidents->last = at;
	incidents->open[entry->slot][entry->kind] = NULL;
}

static void close_entry(struct incidents *incidents, struct entry *entry)
{
	struct life *life = incidents->lives[entry->slot];

	unlink_entry(incidents, entry);
	if (entry->kind < DROP_COUNT && life)
		life->told[entry->kind] = entry->counter;
	entry->incident.open = false;
	incidents->tell(incidents->argument, INCIDENT_CLOSED, &entry->incident);
	free(entry);
}

void incidents_close_all(struct incidents *incidents)
{
	while (incidents->first)
		close_entry(incidents, incidents->first);
	for (size_t i = 0; i < MAX_PORTS; i++) {
		free(incidents->lives[i]);
		incidents->lives[i] = NULL;
	}
}

static void tell_nobody(void *argument, enum incident_change change,
			const struct incident *incident)
{
	(void)argument, (void)change, (void)incident;
}

void incidents_destroy(struct incidents *incidents)
{
	if (!incidents)
		return;
	incidents->tell = tell_nobody;
	incidents_close_all(incidents);
	free(incidents);
}

// The counters of this life of the port. Incidents of the one before end with it.
static struct life *find_life(struct incidents *incidents, const struct incident_port *port)
{
	struct life *life = incidents->lives[port->slot];

	if (life && life->incarnation == port->incarnation)
		return life;
	for (uint16_t kind = 0; kind < INCIDENT_KINDS; kind++) {
		if (incidents->open[port->slot][kind])
			close_entry(incidents, incidents->open[port->slot][kind]);
	}
	free(life);
	life = incidents->lives[port->slot] = alloc_zero(sizeof(*life));
	life->incarnation = port->incarnation;
	return life;
}

static void copy_text(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text ? text : "");
}

static struct entry *open_entry(struct incidents *incidents, uint16_t kind,
				const struct incident_port *port, const struct incident_moment *now)
{
	const struct life *life = find_life(incidents, port);
	struct entry *entry = alloc_zero(sizeof(*entry));
	struct incident *incident = &entry->incident;

	entry->slot = port->slot;
	entry->kind = kind;
	entry->base = entry->counter = kind < DROP_COUNT ? life->told[kind] : 0;
	incident->id = incidents->next_id++;
	incident->asn = port->asn;
	incident->level = incident_level(kind);
	incident->open = true;
	incident->first = now->seconds;
	copy_text(incident->port, sizeof(incident->port), port->name);
	copy_text(incident->member, sizeof(incident->member), port->member);
	copy_text(incident->reason, sizeof(incident->reason), incident_name(kind));
	*incidents->last = entry;
	incidents->last = &entry->next;
	incidents->open[port->slot][kind] = entry;
	return entry;
}

static void add_mac(struct incident *incident, mac_t mac)
{
	for (uint8_t i = 0; i < incident->n_macs; i++) {
		if (incident->macs[i] == mac)
			return;
	}
	if (incident->n_macs < INCIDENT_MACS)
		incident->macs[incident->n_macs++] = mac;
	else
		incident->more_macs = true;
}

static void add_lan(struct entry *entry, const char *lan)
{
	if (!entry->has_lan)
		copy_text(entry->incident.lan, sizeof(entry->incident.lan), lan);
	else if (strcmp(entry->incident.lan, lan) != 0)
		entry->incident.lan[0] = 0;
	entry->has_lan = true;
}

static void add_frame(struct incident *incident, const struct event_frame *frame)
{
	uint16_t n = frame->n_octets <= EVENT_OCTETS ? frame->n_octets : EVENT_OCTETS;

	if (n >= 14)
		add_mac(incident, mac_load(frame->octets + 6));
	if (incident->length)
		return;
	incident->length = frame->length;
	incident->n_octets = n;
	memcpy(incident->octets, frame->octets, n);
}

static void add_note(struct entry *entry, const struct incident_note *note)
{
	if (note->lan)
		add_lan(entry, note->lan);
	if (note->frame)
		add_frame(&entry->incident, note->frame);
	else if (note->mac)
		add_mac(&entry->incident, note->mac);
	if (note->detail)
		copy_text(entry->incident.detail, sizeof(entry->incident.detail), note->detail);
}

// Something happened: tell of it at once if it is new, else with the next tick.
static void touch(struct incidents *incidents, struct entry *entry, bool fresh,
		  const struct incident_moment *now)
{
	entry->last_ms = now->ms;
	entry->incident.last = now->seconds;
	entry->changed = !fresh;
	if (fresh)
		incidents->tell(incidents->argument, INCIDENT_OPENED, &entry->incident);
}

static void set_counter(struct entry *entry, uint64_t drops)
{
	struct incident *incident = &entry->incident;

	entry->counter = drops;
	// A worker tells of a frame before it counts it.
	incident->count = drops - entry->base;
	if (drops < entry->base || incident->count < entry->frames)
		incident->count = entry->frames;
}

void incidents_settle(struct incidents *incidents, const struct incident_port *port,
		      const uint64_t *drops)
{
	struct life *life = find_life(incidents, port);

	memcpy(life->told, drops, sizeof(life->told));
	memcpy(life->seen, drops, sizeof(life->seen));
}

void incidents_frame(struct incidents *incidents, const struct incident_port *port,
		     const struct incident_note *note, uint64_t drops,
		     const struct incident_moment *now)
{
	uint16_t reason = note->frame->reason;

	find_life(incidents, port);
	struct entry *entry = incidents->open[port->slot][reason];
	bool fresh = !entry;
	if (fresh)
		entry = open_entry(incidents, reason, port, now);
	entry->frames++;
	add_note(entry, note);
	set_counter(entry, drops);
	touch(incidents, entry, fresh, now);
}

void incidents_note(struct incidents *incidents, uint16_t kind, const struct incident_port *port,
		    const struct incident_note *note, const struct incident_moment *now)
{
	find_life(incidents, port);
	struct entry *entry = incidents->open[port->slot][kind];
	bool fresh = !entry;
	if (fresh)
		entry = open_entry(incidents, kind, port, now);
	entry->incident.count++;
	add_note(entry, note);
	touch(incidents, entry, fresh, now);
}

bool incidents_end(struct incidents *incidents, uint16_t kind, const struct incident_port *port,
		   const struct incident_moment *now)
{
	struct entry *entry = incidents->open[port->slot][kind];

	if (!entry)
		return false;
	entry->incident.last = now->seconds;
	close_entry(incidents, entry);
	return true;
}

bool incidents_has(const struct incidents *incidents, uint16_t kind,
		   const struct incident_port *port)
{
	return incidents->open[port->slot][kind];
}

static void count_reason(struct incidents *incidents, uint16_t reason,
			 const struct incident_port *port, uint64_t drops,
			 const struct incident_moment *now)
{
	struct life *life = incidents->lives[port->slot];
	struct entry *entry = incidents->open[port->slot][reason];
	uint64_t seen = life->seen[reason];

	life->seen[reason] = drops;
	if (entry) {
		if (drops == entry->counter)
			return;
		set_counter(entry, drops);
		touch(incidents, entry, false, now);
	} else if (port->quiet) {
		life->told[reason] = drops;
	} else if (seen > life->told[reason]) {
		// Its event had a whole second to come: it is lost.
		entry = open_entry(incidents, reason, port, now);
		set_counter(entry, drops);
		touch(incidents, entry, true, now);
	}
}

void incidents_count(struct incidents *incidents, const struct incident_port *port,
		     const uint64_t *drops, const struct incident_moment *now)
{
	find_life(incidents, port);
	for (uint16_t reason = DROP_NONE + 1; reason < DROP_COUNT; reason++) {
		if (drop_makes_event((enum drop_reason)reason))
			count_reason(incidents, reason, port, drops[reason], now);
	}
}

// Those that end when somebody says so.
static bool ends_by_itself(const struct entry *entry)
{
	return entry->kind != INCIDENT_PORT_DISABLED && entry->kind != INCIDENT_LOOP &&
	       entry->kind != INCIDENT_SPONGED && entry->kind != INCIDENT_LINK_UNUSED;
}

void incidents_tick(struct incidents *incidents, const struct incident_moment *now)
{
	struct entry *next;

	for (struct entry *entry = incidents->first; entry; entry = next) {
		next = entry->next;
		if (entry->changed)
			incidents->tell(incidents->argument, INCIDENT_UPDATED, &entry->incident);
		entry->changed = false;
		if (ends_by_itself(entry) && now->ms - entry->last_ms >= INCIDENT_SILENCE_MS)
			close_entry(incidents, entry);
	}
}

const struct incident *incidents_open(const struct incidents *incidents, size_t at)
{
	const struct entry *entry = incidents->first;

	while (entry && at--)
		entry = entry->next;
	return entry ? &entry->incident : NULL;
}

void incidents_each(const struct incidents *incidents,
		    void (*each)(void *argument, const struct incident *incident), void *argument)
{
	for (const struct entry *entry = incidents->first; entry; entry = entry->next)
		each(argument, &entry->incident);
}
