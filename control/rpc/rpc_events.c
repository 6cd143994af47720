// SPDX-License-Identifier: BSD-3-Clause
// show.events, show.event and events.follow.
#include <string.h>

#include "control/control.h"
#include "control/events/decode.h"
#include "control/events/events.h"
#include "control/events/history.h"
#include "control/events/incident.h"
#include "control/rpc/rpc.h"
#include "control/rpc/server.h"

enum { LIMIT_USUAL = 100, LIMIT_MAX = 1000 };

static const char *level_word(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_CRIT:
		return "critical";
	case LOG_LEVEL_WARN:
		return "warning";
	case LOG_LEVEL_NOTICE:
		return "notice";
	default:
		return "info";
	}
}

static json_t *describe_macs(const struct incident *incident)
{
	json_t *macs = json_array();

	for (uint8_t i = 0; i < incident->n_macs; i++)
		json_array_append_new(macs, rpc_mac(incident->macs[i]));
	return macs;
}

static json_t *string_or_null(const char *text)
{
	return text[0] ? rpc_string(text) : json_null();
}

static json_t *describe_frame(const struct incident *incident)
{
	struct decoded decoded;

	if (!incident->n_octets)
		return json_null();
	decode(incident->octets, incident->n_octets, &decoded);
	return rpc_string(decoded.summary);
}

json_t *rpc_incident(const struct incident *incident)
{
	uint16_t kind = incident_find(incident->reason);

	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:o, s:o, s:I, s:o, s:b, s:o,"
			 " s:o, s:o, s:o, s:o}",
			 "id", (json_int_t)incident->id, "port", string_or_null(incident->port),
			 "asn", rpc_known(incident->asn), "member",
			 string_or_null(incident->member), "lan", string_or_null(incident->lan),
			 "reason", rpc_string(incident->reason), "level",
			 level_word(incident->level), "open", (int)incident->open, "first",
			 rpc_time(incident->first), "last", rpc_time(incident->last), "count",
			 (json_int_t)incident->count, "macs", describe_macs(incident), "more_macs",
			 (int)incident->more_macs, "length", rpc_known(incident->length), "frame",
			 rpc_octets(incident->octets, incident->n_octets), "summary",
			 describe_frame(incident), "text",
			 kind == DROP_NONE ? json_null() : json_string(incident_text(kind)),
			 "detail", string_or_null(incident->detail));
}

struct search {
	json_t *events; // the newest first
	size_t limit;
};

static bool add_event(void *argument, const struct incident *incident)
{
	struct search *search = argument;

	json_array_append_new(search->events, rpc_incident(incident));
	return json_array_size(search->events) < search->limit;
}

bool rpc_needs_events(struct rpc_call *call)
{
	bool heard = call->control->events;

	if (!heard)
		rpc_error(call, RPC_INTERNAL, NULL, "events are not listened to");
	return heard;
}

static bool needs_filter(struct rpc_call *call, struct history_filter *filter, int *limit)
{
	*limit = LIMIT_USUAL;
	if (!rpc_params(call, "{s?s, s?s, s?F, s?i}", "port", &filter->port, "reason",
			&filter->reason, "since", &filter->since, "limit", limit))
		return false;
	if (*limit < 1 || *limit > LIMIT_MAX)
		rpc_error(call, RPC_BAD_PARAMS, NULL, "limit is 1 to %d", LIMIT_MAX);
	else if (filter->reason && incident_find(filter->reason) == DROP_NONE)
		rpc_error(call, RPC_BAD_PARAMS, NULL, "there is no reason \"%.64s\"",
			  filter->reason);
	else
		return true;
	return false;
}

// The result of a search, the oldest first.
static json_t *search(struct rpc_call *call, const struct history_filter *filter, int limit)
{
	struct search search = {.events = json_array(), .limit = (size_t)limit};
	json_t *events = json_array();

	history_search(events_history(call->control->events), filter, add_event, &search);
	for (size_t i = json_array_size(search.events); i-- > 0;)
		json_array_append(events, json_array_get(search.events, i));
	json_decref(search.events);
	return json_pack("{s:o}", "events", events);
}

void rpc_show_events(struct rpc_call *call)
{
	struct history_filter filter = {0};
	int limit;

	if (rpc_needs_events(call) && needs_filter(call, &filter, &limit))
		rpc_result(call, search(call, &filter, limit));
}

void rpc_events_follow(struct rpc_call *call)
{
	struct history_filter filter = {0};
	int limit;

	if (!rpc_needs_events(call) || !needs_filter(call, &filter, &limit))
		return;
	server_follow(call->connection);
	rpc_result(call, search(call, &filter, limit));
}

// As in show.events, and the first frame in words.
static json_t *describe_all(const struct incident *incident)
{
	json_t *event = rpc_incident(incident);
	json_t *lines = json_array();
	struct decoded decoded = {0};

	if (incident->n_octets)
		decode(incident->octets, incident->n_octets, &decoded);
	for (size_t i = 0; i < decoded.n; i++)
		json_array_append_new(lines, rpc_string(decoded.lines[i]));
	json_object_set_new(event, "decoded", lines);
	return event;
}

void rpc_show_event(struct rpc_call *call)
{
	struct incident incident;
	json_int_t id;

	if (!rpc_params(call, "{s:I}", "id", &id) || !rpc_needs_events(call))
		return;
	if (id > 0 && history_find(events_history(call->control->events), (uint64_t)id, &incident))
		rpc_result(call, json_pack("{s:o}", "event", describe_all(&incident)));
	else
		rpc_error(call, RPC_NOT_FOUND, NULL, "there is no event %" JSON_INTEGER_FORMAT, id);
}
