// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/disable.h"

#include <errno.h>
#include <stdio.h>

#include "dataplane/manage/apply_guard.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/port_info.h"
#include "dataplane/manage/refuse.h"
#include "lib/clock.h"
#include "lib/log.h"

static struct port_info *info_of(const struct manager *manager, uint16_t port)
{
	return &manager->fabric->stats.ports[port];
}

// Seconds; 0: until an operator enables the port.
static uint32_t recovery(const struct policy_limits_conf *limits, uint16_t why)
{
	switch (why) {
	case DISABLE_STORM:
		return limits->storm_recovery;
	case DISABLE_LOOP:
		return limits->loop_recovery;
	case DISABLE_FLAP:
		return limits->flap_recovery;
	default:
		return limits->violation_recovery;
	}
}

static void describe(const struct manager *manager, const struct event_port *event, char *text,
		     size_t size)
{
	switch (event->why) {
	case DISABLE_LOOP:
		if (event->other < MAX_PORTS)
			snprintf(text, size, "a loop with port %s",
				 info_of(manager, event->other)->name);
		else
			snprintf(text, size, "what it was sent came back by it");
		break;
	case DISABLE_STORM:
		snprintf(text, size, "above its storm limits for %u s", event->count);
		break;
	case DISABLE_FLAP:
		snprintf(text, size, "its link changed %u times", event->count);
		break;
	default:
		snprintf(text, size, "%u violations of port security, the last: %s", event->count,
			 event->reason < DROP_COUNT ? drop_infos[event->reason].name : "?");
	}
}

static void log_disabled(const struct manager *manager, const struct event_port *event,
			 uint32_t seconds)
{
	char until[32] = "until an operator enables it";
	char text[100];

	if (seconds)
		snprintf(until, sizeof(until), "for %u s", seconds);
	describe(manager, event, text, sizeof(text));
	log_notice("port %s: disabled %s: %s", info_of(manager, event->port)->name, until, text);
}

void disable_port(struct manager *manager, const struct event_port *event, uint64_t now_ns)
{
	struct conduct *conduct = &manager->conduct[event->port];
	struct port_info *info = info_of(manager, event->port);
	struct message message;

	if (!info->used || !info->admin_up || info->disabled)
		return;
	uint32_t seconds = recovery(&manager->limits[event->port], event->why);
	atomic_store(&manager->fabric->disabled[event->port], (uint8_t)event->why);
	conduct->until_ns = seconds ? now_ns + seconds * CLOCK_SECOND : 0;

	message_init(&message, EVENT_PORT_DISABLED, 0);
	message.event_port = *event;
	message.event_port.until_ns = seconds ? clock_wall_ns() + seconds * CLOCK_SECOND : 0;
	port_info_disabled(manager, &message.event_port);
	manager_forget_port(manager, event->port);
	manager_event(manager, &message);
	log_disabled(manager, event, seconds);
}

bool disable_end(struct manager *manager, uint16_t port)
{
	struct conduct *conduct = &manager->conduct[port];
	struct port_info *info = info_of(manager, port);
	struct message message;

	window_clear(&conduct->violating);
	window_clear(&conduct->flapping);
	if (!info->disabled) {
		atomic_store(&manager->fabric->disabled[port], DISABLE_NONE);
		return false;
	}
	message_init(&message, EVENT_PORT_ENABLED, 0);
	message.event_port = (struct event_port){.port = port,
						 .why = info->disabled,
						 .other = info->loop_other,
						 .reason = info->last_reason};
	conduct->until_ns = 0;
	// Who sees that the port is enabled may send: nothing may still be in the way.
	atomic_store(&manager->fabric->disabled[port], DISABLE_NONE);
	apply_guard_disabled(manager, port);
	port_info_enabled(manager, port);
	manager_event(manager, &message);
	log_notice("port %s: enabled", info->name);
	return true;
}

void disable_tick(struct manager *manager, uint64_t now_ns)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		uint64_t until_ns = manager->conduct[p].until_ns;

		if (until_ns && now_ns >= until_ns)
			disable_end(manager, p);
	}
}

void disable_commit(struct manager *manager)
{
	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		const struct policy_port *port = &manager->policy->ports[p];

		if (!port->used || !port->admin_up)
			disable_end(manager, p);
	}
}

void disable_run_enable(struct manager *manager, const struct message *command)
{
	uint16_t port = command->port_enable.port;
	struct message reply;

	if (port >= MAX_PORTS || !info_of(manager, port)->used) {
		refuse(manager, command, ENOENT, port, FDB_ANY, "there is no such port");
		return;
	}
	message_init(&reply, REPLY_DONE, command->header.sequence);
	reply.done.value = disable_end(manager, port);
	manager_reply(manager, &reply);
}
