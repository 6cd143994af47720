// SPDX-License-Identifier: BSD-3-Clause
#include "control/events/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "control/events/decode.h"

// A text that grows as far as there is room.
struct text {
	char *at;
	size_t left;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(text->at, text->left, format, args);
	va_end(args);
	if (n < 0)
		return;
	size_t used = (size_t)n < text->left ? (size_t)n : text->left - 1;
	text->at += used;
	text->left -= used;
}

static void add_port(struct text *text, const struct incident *incident)
{
	if (!incident->port[0]) {
		add(text, "the fabric");
		return;
	}
	add(text, "port %s", incident->port);
	if (incident->asn && incident->member[0])
		add(text, " (AS%u %s)", incident->asn, incident->member);
	else if (incident->asn)
		add(text, " (AS%u)", incident->asn);
	else if (incident->member[0])
		add(text, " (%s)", incident->member);
	if (incident->lan[0])
		add(text, ", LAN %s", incident->lan);
}

static void add_macs(struct text *text, const struct incident *incident)
{
	char mac[MAC_TEXT_SIZE];

	for (uint8_t i = 0; i < incident->n_macs; i++)
		add(text, "%s%s", i ? ", " : " From ", mac_format(incident->macs[i], mac));
	if (incident->more_macs)
		add(text, " and others");
	if (incident->n_macs)
		add(text, ".");
}

static void describe_opened(struct text *text, const struct incident *incident)
{
	struct decoded decoded;

	add(text, ": %s. %s", incident->reason, incident_text(incident_find(incident->reason)));
	if (incident->detail[0])
		add(text, " %s", incident->detail);
	add_macs(text, incident);
	if (!incident->n_octets)
		return;
	decode(incident->octets, incident->n_octets, &decoded);
	add(text, " First frame: %s.", decoded.summary);
}

static bool describe_closed(struct text *text, const struct incident *incident)
{
	double seconds = incident->last - incident->first;

	if (incident->level >= LOG_LEVEL_INFO)
		return false;
	add(text, ": %s is over; %lu in %.0f s.", incident->reason, (unsigned long)incident->count,
	    seconds > 0 ? seconds : 0);
	return true;
}

bool describe_incident(const struct incident *incident, char line[DESCRIBE_SIZE])
{
	struct text text = {line, DESCRIBE_SIZE};

	add(&text, "event %lu: ", (unsigned long)incident->id);
	add_port(&text, incident);
	if (!incident->open)
		return describe_closed(&text, incident);
	describe_opened(&text, incident);
	return true;
}

// What control finds out by itself has no count.
static void add_count(struct text *text, uint32_t count, const char *unit)
{
	if (count)
		add(text, " (%u%s)", count, unit);
}

static void add_reason(struct text *text, const struct event_port *event, const char *other)
{
	const char *last = event->reason < DROP_COUNT ? drop_infos[event->reason].name : "unknown";

	switch (event->why) {
	case DISABLE_SECURITY:
		add(text, "For violations, the last for %s", last);
		add_count(text, event->count, "");
		break;
	case DISABLE_STORM:
		add(text, "Too long above its storm limits");
		add_count(text, event->count, " s");
		break;
	case DISABLE_LOOP:
		add(text, "Its loop probe came back by %s%s", other ? "port " : "",
		    other ? other : "the port itself");
		if (event->moves)
			add(text, ", and %u addresses moved between the two", event->moves);
		break;
	case DISABLE_FLAP:
		add(text, "Its link changed too often");
		add_count(text, event->count, " changes");
		break;
	default:
		add(text, "For a reason that this release does not know");
	}
}

void describe_disabled(const struct event_port *event, const char *other,
		       char detail[INCIDENT_DETAIL_SIZE])
{
	struct text text = {detail, INCIDENT_DETAIL_SIZE};
	time_t until = (time_t)(event->until_ns / 1000000000);
	char clock[16];
	struct tm tm;

	add_reason(&text, event, other);
	if (event->until_ns && localtime_r(&until, &tm) &&
	    strftime(clock, sizeof(clock), "%H:%M:%S", &tm))
		add(&text, "; until %s.", clock);
	else
		add(&text, "; until an operator enables it.");
}
