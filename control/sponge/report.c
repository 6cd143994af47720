// SPDX-License-Identifier: BSD-3-Clause
// In words, for logs and events. What is about the address of a port is an event of that port;
// everything else is a line of the log, and only so many in a second, for members choose which
// addresses they ask for.
#include <stdio.h>

#include "control/control.h"
#include "control/events/events.h"
#include "control/sponge/sponge_lan.h"
#include "lib/log.h"

enum { LINES_A_SECOND = 10, WORDS_SIZE = 160 };

__attribute__((format(printf, 4, 5))) static void say(struct sponge_lan *lan, enum log_level level,
						      const struct ip *ip, const char *format, ...)
{
	const struct assignment *address = assignments_find(&lan->assignments, ip);
	char words[WORDS_SIZE], text[IP_TEXT_SIZE];
	va_list args;

	if (lan->lines >= LINES_A_SECOND) {
		lan->unsaid++;
		return;
	}
	lan->lines++;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	log_write(level, "LAN %s: %s%s%s %s", lan->name, ip_format(ip, text),
		  address && address->owner ? " of port " : "",
		  address && address->owner ? address->owner->name : "", words);
}

void report_second(struct sponge_lan *lan)
{
	if (lan->unsaid)
		log_notice("LAN %s: %u more changes of addresses in this second", lan->name,
			   lan->unsaid);
	lan->lines = 0;
	lan->unsaid = 0;
}

// Whether another address of the port is sponged, in whatever LAN.
static bool has_sponged(const struct sponges *sponges, uint16_t slot, const struct ip *but)
{
	for (size_t l = 0; l < MAX_LANS; l++) {
		const struct sponge_lan *lan = sponges->lans[l];

		for (size_t i = 0; lan && i < lan->assignments.n; i++) {
			const struct assignment *address = &lan->assignments.list[i];

			if (address->owner && address->port == slot &&
			    !(but && ip_equal(&address->ip, but)) &&
			    has_mark(lan, &address->ip, MARK_SPONGED))
				return true;
		}
	}
	return false;
}

void report_configured(struct sponges *sponges)
{
	const struct running *running = &sponges->control->running;

	for (size_t i = 0; i < running->config->n_ports; i++) {
		uint16_t slot = running_slot(running, i);

		if (slot != PLAN_NO_SLOT && !has_sponged(sponges, slot, NULL))
			events_none_sponged(sponges->control->events, slot);
	}
}

static const char *describe_by(const struct machine_info *info, enum machine_why why, char *words)
{
	switch (why) {
	case MACHINE_UNANSWERED:
		snprintf(words, WORDS_SIZE, "nobody answered %lu question%s of ours",
			 (unsigned long)info->queries, info->queries == 1 ? "" : "s");
		return words;
	case MACHINE_OPERATOR:
		return "by an operator";
	case MACHINE_RESTORED:
		return "as before the restart";
	case MACHINE_LIFE:
		return "it sent something";
	default:
		return "as it is configured";
	}
}

// Returns whether the log says so already.
static bool tell_port(struct sponge_lan *lan, const struct machine_info *info, bool sponged,
		      const char *words)
{
	const struct assignment *address = assignments_find(&lan->assignments, &info->ip);
	struct events *events = lan->sponges->control->events;
	char text[IP_TEXT_SIZE], detail[WORDS_SIZE];

	if (!address || !address->owner || address->port == PLAN_NO_SLOT)
		return false;
	snprintf(detail, sizeof(detail), "%s: %s.", ip_format(&info->ip, text), words);
	const struct events_address event = {.slot = address->port,
					     .lan = lan->number,
					     .mac = sponged ? 0 : info->mac,
					     .detail = detail};
	return sponged ? events_sponged(events, &event)
		       : events_unsponged(events, &event,
					  !has_sponged(lan->sponges, address->port, &info->ip));
}

static bool is_sponging(enum machine_state state)
{
	return state == MACHINE_DEAD || state == MACHINE_STATIC;
}

void report_changed(struct sponge_lan *lan, const struct machine_info *info,
		    enum machine_state from, enum machine_why why)
{
	char words[WORDS_SIZE], mac[MAC_TEXT_SIZE];
	const char *by = describe_by(info, why, words);
	bool was = is_sponging(from), is = is_sponging(info->state);

	if (is && !was && !tell_port(lan, info, true, by))
		say(lan, LOG_LEVEL_INFO, &info->ip, "is %s, and the sponge answers for it: %s",
		    machine_state_name(info->state), by);
	else if (was && !is && !tell_port(lan, info, false, by))
		say(lan, LOG_LEVEL_INFO, &info->ip, "is %s, and no longer sponged: %s%s%s",
		    machine_state_name(info->state), by, info->mac ? ", from " : "",
		    info->mac ? mac_format(info->mac, mac) : "");
	else if (is == was && why == MACHINE_QUESTIONS)
		say(lan, LOG_LEVEL_DEBUG, &info->ip,
		    "is asked for without a sign of life (%.0f a minute): asking it ourselves",
		    info->rate);
}

void report_contradicted(struct sponge_lan *lan, const struct machine_info *info, uint64_t times)
{
	char mac[MAC_TEXT_SIZE];

	say(lan, LOG_LEVEL_WARN, &info->ip,
	    "is %s, but lives: %lu sign%s of life, the last from %s. The sponge goes on answering "
	    "for it",
	    machine_state_name(info->state), (unsigned long)times, times == 1 ? "" : "s",
	    mac_format(info->mac, mac));
}

void report_told(struct sponge_lan *lan, const struct ip *ip, size_t neighbours)
{
	say(lan, LOG_LEVEL_INFO, ip,
	    "is back: telling %zu neighbour%s that had been told it is with the sponge", neighbours,
	    neighbours == 1 ? "" : "s");
}

// ---- Owners that were learned

static const char *port_name(const struct sponge_lan *lan, uint16_t slot)
{
	const struct config_port *port = running_port_at(&lan->sponges->control->running, slot);

	return port ? port->name : "that is gone";
}

void report_moved(struct sponge_lan *lan, const struct binding *binding)
{
	char mac[MAC_TEXT_SIZE], old[MAC_TEXT_SIZE];

	say(lan, LOG_LEVEL_NOTICE, &binding->ip,
	    "moved to %s at port %s from %s at port %s, which is asked whether it is still there",
	    mac_format(binding->mac, mac), port_name(lan, binding->port),
	    mac_format(binding->old_mac, old), port_name(lan, binding->old_port));
}

void report_duplicated(struct sponge_lan *lan, const struct binding *binding)
{
	char mac[MAC_TEXT_SIZE], old[MAC_TEXT_SIZE], text[IP_TEXT_SIZE], detail[WORDS_SIZE];

	snprintf(detail, sizeof(detail), "%s: %s at port %s, and %s at port %s.",
		 ip_format(&binding->ip, text), mac_format(binding->mac, mac),
		 port_name(lan, binding->port), mac_format(binding->old_mac, old),
		 port_name(lan, binding->old_port));
	const struct events_address event = {.slot = binding->port,
					     .lan = lan->number,
					     .mac = binding->mac,
					     .detail = detail};
	if (!events_duplicate(lan->sponges->control->events, &event))
		say(lan, LOG_LEVEL_WARN, &binding->ip,
		    "is claimed by %s at port %s and by %s at port %s: nobody is answered for it",
		    mac, port_name(lan, binding->port), old, port_name(lan, binding->old_port));
}

void report_released(struct sponge_lan *lan, const struct binding *binding)
{
	say(lan, LOG_LEVEL_NOTICE, &binding->ip,
	    "was claimed by more than one; who speaks for it now is believed again");
}
