// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/alloc.h"
#include "control/capture/captures.h"
#include "control/config/links.h"
#include "control/control.h"
#include "control/events/describe.h"
#include "control/events/history.h"
#include "control/events/incident.h"
#include "control/events/lag_watch.h"
#include "control/events/quarantine.h"
#include "control/events/spoof.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan_lans.h"
#include "control/loop.h"
#include "control/manual/sticky.h"
#include "control/rpc/rpc.h"
#include "control/sflow/sflow.h"
#include "control/sponge/sponge.h"
#include "lib/log.h"
#include "lib/message.h"
#include "lib/stats.h"

enum { TICK_MS = 1000 };

struct events {
	struct control *control;
	struct incidents *incidents;
	struct history *history;
	struct quarantines *quarantines;
	struct event *tick;
	bool doubted[MAX_PORTS]; // whether the port is disabled: other than we were told
	struct lag_watch links[MAX_PORTS];
};

static struct incident_moment now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (struct incident_moment){.ms = loop_now_ms(),
					.seconds = (double)time.tv_sec +
						   (double)(time.tv_nsec / 1000) / 1e6};
}

static void tell(void *argument, enum incident_change change, const struct incident *incident)
{
	static const char *const words[] = {"opened", "updated", "closed"};
	struct events *events = argument;
	char line[DESCRIBE_SIZE];

	history_put(events->history, incident);
	if (change != INCIDENT_UPDATED && describe_incident(incident, line))
		log_write(incident->level, "%s", line);
	if (!events->control->server)
		return;
	json_t *params = rpc_incident(incident);
	json_object_set_new(params, "change", json_string(words[change]));
	rpc_notify(events->control->server, "event", params);
}

// The port in "slot" as incidents name it. Returns false if none of ours is there.
static bool find_port(const struct control *control, uint16_t slot, struct incident_port *port)
{
	const struct config_port *config = running_port_at(&control->running, slot);
	struct port_info info;

	if (!config || slot >= MAX_PORTS ||
	    !stats_port_info(fabric_stats(control->fabric), slot, &info))
		return false;
	*port = (struct incident_port){.slot = slot,
				       .incarnation = info.incarnation,
				       .name = config->name,
				       .member = config->member_name,
				       .asn = config->asn,
				       .quiet = config->reactions.violation.action == ACTION_DROP};
	return true;
}

// "name" has NAME_SIZE. NULL: there is no such LAN.
static const char *lan_name(const struct control *control, uint16_t lan, char *name)
{
	const struct config *config = control->running.config;

	return config ? plan_lan_name(config, lan, name) : NULL;
}

// Of a frame that speaks for what another has.
static const char *whose(const struct control *control, const struct incident_port *port,
			 const struct event_frame *frame, char *detail)
{
	const struct config *config = control->running.config;

	if (frame->reason != DROP_ARP_SPOOFED && frame->reason != DROP_ND_SPOOFED)
		return NULL;
	return spoof_describe(config, plan_lan_of(config, frame->lan, NULL), port->name, frame,
			      detail);
}

static void take_violation(struct events *events, const struct event_frame *frame)
{
	const struct control *control = events->control;
	const struct incident_moment moment = now();
	struct port_counters counters;
	struct incident_port port;
	char lan[NAME_SIZE], detail[INCIDENT_DETAIL_SIZE];

	if (frame->reason >= DROP_COUNT || !drop_makes_event((enum drop_reason)frame->reason) ||
	    !find_port(control, frame->port, &port))
		return;
	const struct incident_note note = {.lan = lan_name(control, frame->lan, lan),
					   .detail = whose(control, &port, frame, detail),
					   .frame = frame};
	stats_sum_port(fabric_stats(control->fabric), port.slot, &counters);
	incidents_frame(events->incidents, &port, &note, counters.drops[frame->reason], &moment);
}

static void take_mac(struct events *events, uint16_t kind, const struct event_mac *mac)
{
	const struct control *control = events->control;
	const struct incident_moment moment = now();
	char lan[NAME_SIZE];
	const struct incident_note note = {.lan = lan_name(control, mac->lan, lan),
					   .mac = mac->mac};
	struct incident_port port;

	if (find_port(control, mac->port, &port))
		incidents_note(events->incidents, kind, &port, &note, &moment);
}

static void take_disabled(struct events *events, const struct event_port *event)
{
	const struct control *control = events->control;
	const struct config_port *other = running_port_at(&control->running, event->other);
	const struct incident_moment moment = now();
	char detail[INCIDENT_DETAIL_SIZE];
	struct incident_port port;

	if (!find_port(control, event->port, &port))
		return;
	describe_disabled(event, other ? other->name : NULL, detail);
	const struct incident_note note = {.detail = detail};
	incidents_note(events->incidents,
		       event->why == DISABLE_LOOP ? INCIDENT_LOOP : INCIDENT_PORT_DISABLED, &port,
		       &note, &moment);
}

static void take_enabled(struct events *events, const struct event_port *event)
{
	const struct incident_moment moment = now();
	const struct incident_note note = {0};
	struct incident_port port;

	if (!find_port(events->control, event->port, &port))
		return;
	bool loop = incidents_end(events->incidents, INCIDENT_LOOP, &port, &moment);
	bool disabled = incidents_end(events->incidents, INCIDENT_PORT_DISABLED, &port, &moment);
	if (!loop && !disabled)
		incidents_note(events->incidents, INCIDENT_PORT_ENABLED, &port, &note, &moment);
}

void events_near_zero(struct events *events, uint16_t slot, const char *detail)
{
	const struct incident_moment moment = now();
	const struct incident_note note = {.detail = detail};
	struct incident_port port;

	if (events && find_port(events->control, slot, &port))
		incidents_note(events->incidents, INCIDENT_TRAFFIC_NEAR_ZERO, &port, &note,
			       &moment);
}

static bool note_address(struct events *events, uint16_t kind, const struct events_address *address)
{
	const struct incident_moment moment = now();
	struct incident_port port;
	char lan[NAME_SIZE];

	if (!events || !find_port(events->control, address->slot, &port))
		return false;
	const struct incident_note note = {.lan = lan_name(events->control, address->lan, lan),
					   .mac = address->mac,
					   .detail = address->detail};
	bool open = incidents_has(events->incidents, kind, &port);
	incidents_note(events->incidents, kind, &port, &note, &moment);
	return !open;
}

bool events_sponged(struct events *events, const struct events_address *address)
{
	return note_address(events, INCIDENT_SPONGED, address);
}

bool events_unsponged(struct events *events, const struct events_address *address, bool none)
{
	bool said = note_address(events, INCIDENT_UNSPONGED, address);

	if (none)
		events_none_sponged(events, address->slot);
	return said;
}

bool events_duplicate(struct events *events, const struct events_address *address)
{
	return note_address(events, INCIDENT_ADDRESS_DUPLICATE, address);
}

void events_none_sponged(struct events *events, uint16_t slot)
{
	const struct incident_moment moment = now();
	struct incident_port port;

	if (events && find_port(events->control, slot, &port))
		incidents_end(events->incidents, INCIDENT_SPONGED, &port, &moment);
}

void events_not_confirmed(struct events *events, uint64_t from, uint64_t to)
{
	static const struct incident_port fabric = {.slot = PORT_FABRIC, .name = ""};
	const struct incident_moment moment = now();
	char detail[INCIDENT_DETAIL_SIZE];
	const struct incident_note note = {.detail = detail};

	snprintf(detail, sizeof(detail), "Generation %lu is undone, generation %lu is back.",
		 (unsigned long)from, (unsigned long)to);
	if (events)
		incidents_note(events->incidents, INCIDENT_CONFIG_NOT_CONFIRMED, &fabric, &note,
			       &moment);
}

void events_take(void *argument, uint32_t worker, const struct message *event)
{
	struct control *control = argument;
	struct events *events = control->events;

	switch (event->header.type) {
	case EVENT_VIOLATION:
		take_violation(events, &event->frame);
		break;
	case EVENT_WATCHED:
		quarantines_take(events->quarantines, &event->frame, now().seconds);
		break;
	case EVENT_MAC_STICKY:
		take_mac(events, INCIDENT_MAC_STICKY, &event->mac);
		sticky_take(control, event);
		break;
	case EVENT_MAC_DUPLICATE:
		take_mac(events, INCIDENT_MAC_HELD, &event->mac);
		break;
	case EVENT_MAC_RELEASED:
		take_mac(events, INCIDENT_MAC_RELEASED, &event->mac);
		break;
	case EVENT_PORT_DISABLED:
		take_disabled(events, &event->event_port);
		break;
	case EVENT_PORT_ENABLED:
		take_enabled(events, &event->event_port);
		break;
	case EVENT_QUESTION:
	case EVENT_LIFE:
	case EVENT_CLAIM:
	case EVENT_SUNK:
		sponges_take(control->sponges, event);
		break;
	case EVENT_SAMPLE:
		sflow_take(control->sflow, worker, &event->sample);
		break;
	case EVENT_CAPTURE_ENDED:
		captures_ended(control->captures, &event->capture_end);
		break;
	default: // learned and moved addresses: the counters have them
		break;
	}
}

// What was not told, because there was no control or the ring was full, is found out. It had a
// whole second to be told.
static void look_at_disabled(struct events *events, const struct incident_port *port,
			     const struct port_info *info)
{
	const struct event_port event = {.port = port->slot,
					 .why = info->disabled,
					 .other = info->loop_other,
					 .reason = info->last_reason,
					 .until_ns = info->until_ns};
	bool told = incidents_has(events->incidents, INCIDENT_LOOP, port) ||
		    incidents_has(events->incidents, INCIDENT_PORT_DISABLED, port);
	bool is_other = told != (info->disabled != DISABLE_NONE);

	if (is_other && events->doubted[port->slot] && told)
		take_enabled(events, &event);
	else if (is_other && events->doubted[port->slot])
		take_disabled(events, &event);
	events->doubted[port->slot] = is_other;
}

// The dataplane does not tell who joins and leaves a LAG: there is no hurry, LACP has acted.
static void look_at_link(struct events *events, const struct config_port *link,
			 const struct incident_port *port, const struct port_info *info)
{
	const struct config_port *lag = config_lag_of(events->control->running.config, link);
	bool missed = lag_watch_is_missed(&events->links[port->slot], info);
	bool told = incidents_has(events->incidents, INCIDENT_LINK_UNUSED, port);
	const struct incident_moment moment = now();
	char detail[LAG_WATCH_DETAIL_SIZE];
	struct incident_port whose = *port;
	struct port_info of_lag = {0};

	if (told && !missed)
		incidents_end(events->incidents, INCIDENT_LINK_UNUSED, port, &moment);
	if (told || !missed || !lag)
		return;
	stats_port_info(fabric_stats(events->control->fabric), info->lag, &of_lag);
	const struct incident_note note = {
		.detail = lag_watch_describe(info, lag->name, &of_lag, detail)};
	whose.member = lag->member_name;
	whose.asn = lag->asn;
	incidents_note(events->incidents, INCIDENT_LINK_UNUSED, &whose, &note, &moment);
}

static void count_ports(struct events *events, const struct incident_moment *moment)
{
	const struct stats *stats = fabric_stats(events->control->fabric);
	const struct config *config = events->control->running.config;
	struct port_counters counters;
	struct incident_port port;
	struct port_info info;

	for (size_t i = 0; stats && config && i < config->n_ports; i++) {
		if (!find_port(events->control, running_slot(&events->control->running, i), &port))
			continue;
		stats_sum_port(stats, port.slot, &counters);
		incidents_count(events->incidents, &port, counters.drops, moment);
		if (!stats_port_info(stats, port.slot, &info))
			continue;
		look_at_disabled(events, &port, &info);
		look_at_link(events, &config->ports[i], &port, &info);
	}
}

static void on_tick(evutil_socket_t fd, short what, void *argument)
{
	struct events *events = argument;
	const struct incident_moment moment = now();

	(void)fd, (void)what;
	count_ports(events, &moment);
	incidents_tick(events->incidents, &moment);
	quarantines_tick(events->quarantines, moment.seconds);
	history_flush(events->history);
	loop_timer_set(events->tick, TICK_MS);
}

// What a dataplane has counted without us, nobody can tell any more when it was.
void events_attached(struct events *events)
{
	const struct stats *stats = events ? fabric_stats(events->control->fabric) : NULL;
	struct port_counters counters;
	struct port_info info;

	if (events)
		memset(events->links, 0, sizeof(events->links));
	for (uint16_t slot = 0; stats && slot < MAX_PORTS; slot++) {
		if (!stats_port_info(stats, slot, &info))
			continue;
		const struct incident_port port = {.slot = slot, .incarnation = info.incarnation};
		stats_sum_port(stats, slot, &counters);
		incidents_settle(events->incidents, &port, counters.drops);
	}
}

void events_detached(struct events *events)
{
	if (events)
		incidents_close_all(events->incidents);
}

struct events *events_create(struct control *control, const char *directory)
{
	static const struct history_limits usual;
	struct events *events = alloc_zero(sizeof(*events));

	events->control = control;
	events->history = history_open(directory, &usual);
	events->incidents = incidents_create(history_next_id(events->history), tell, events);
	events->quarantines = quarantines_create(control);
	events->tick = loop_timer(control->base, on_tick, events);
	if (!events->tick) {
		events_destroy(events);
		errno = ENOMEM;
		return NULL;
	}
	loop_timer_set(events->tick, TICK_MS);
	return events;
}

void events_destroy(struct events *events)
{
	if (!events)
		return;
	loop_forget(&events->tick);
	incidents_destroy(events->incidents);
	quarantines_destroy(events->quarantines);
	history_close(events->history);
	free(events);
}

struct history *events_history(struct events *events)
{
	return events->history;
}

const struct incidents *events_incidents(const struct events *events)
{
	return events->incidents;
}

const struct record *events_record(struct events *events, size_t port)
{
	quarantines_tick(events->quarantines, now().seconds);
	return quarantines_find(events->quarantines, port);
}
