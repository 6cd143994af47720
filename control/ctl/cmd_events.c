// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show events` and `ixfab events --follow`
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static char *event_member(const json_t *event)
{
	json_int_t asn = out_integer(event, "asn");

	return asn ? cell_format("AS%" JSON_INTEGER_FORMAT, asn) : cell_format("-");
}

static char *event_last(const json_t *event)
{
	if (json_is_true(json_object_get(event, "open")))
		return cell_format("going on");
	return cell_text(json_object_get(event, "last"), CELL_TIME);
}

// Its one address, or the first of them.
static char *event_macs(const json_t *event)
{
	const json_t *macs = json_object_get(event, "macs");
	const char *more = json_is_true(json_object_get(event, "more_macs")) ? "more than " : "";
	size_t n = json_array_size(macs);

	if (n < 2)
		return cell_text(json_array_get(macs, 0), CELL_TEXT);
	return cell_format("%s%zu addresses", more, n);
}

static void view_events(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"ID", "id", CELL_COUNT},
		{"FIRST", "first", CELL_TIME},
		{"LAST", NULL, CELL_TEXT, event_last},
		{"PORT", "port", CELL_TEXT},
		{"MEMBER", NULL, CELL_TEXT, event_member},
		{"LAN", "lan", CELL_TEXT},
		{"LEVEL", "level", CELL_TEXT},
		{"REASON", "reason", CELL_TEXT},
		{"COUNT", "count", CELL_COUNT},
		{"FROM", NULL, CELL_TEXT, event_macs},
		{"FIRST FRAME", "summary", CELL_TEXT},
	};
	const json_t *events = json_object_get(result, "events");

	if (json_array_size(events))
		out_rows(out, events, columns, N_COLUMNS(columns));
	else
		out_line(out, "No events.");
}

// The daemon knows times, people know how long ago.
static json_t *make_params(const json_t *arguments)
{
	json_t *params = json_copy((json_t *)arguments);
	const json_t *ago = json_object_get(arguments, "since");

	json_object_del(params, "follow");
	if (ago)
		json_object_set_new(params, "since",
				    json_real((double)time(NULL) - json_real_value(ago)));
	return params;
}

static json_t *ask(struct session *session, const char *method, const json_t *arguments,
		   enum status *status)
{
	json_t *params = make_params(arguments);
	json_t *result = session_call(session, method, params, status);

	json_decref(params);
	return result;
}

enum status run_show_events(struct session *session, const struct command *command,
			    json_t *arguments)
{
	enum status status;
	json_t *result = ask(session, "show.events", arguments, &status);

	(void)command;
	if (result)
		out_show(&session->out, result, view_events);
	json_decref(result);
	return status;
}

static bool is_wanted(const json_t *event, const json_t *arguments)
{
	static const char *const keys[] = {"port", "reason"};

	for (size_t i = 0; i < N_COLUMNS(keys); i++) {
		const char *wanted = out_string(arguments, keys[i]);

		if (*wanted && strcmp(wanted, out_string(event, keys[i])) != 0)
			return false;
	}
	return true;
}

static void print_line(struct out *out, const json_t *event, const char *change)
{
	const char *opened = strcmp(change, "opened") == 0 ? "first" : "last";
	char *when = cell_text(json_object_get(event, opened), CELL_TIME);
	char *member = event_member(event);
	char *macs = event_macs(event);
	const char *level = out_string(event, "level");
	bool urgent = strcmp(level, "critical") == 0 || strcmp(level, "warning") == 0;
	const char *port = out_string(event, "port"), *summary = out_string(event, "summary");

	out_tinted(out, urgent ? TINT_BAD : TINT_NONE,
		   "%s  %-6s  %" JSON_INTEGER_FORMAT "  %s  %s  %s  %s  %" JSON_INTEGER_FORMAT
		   "  %s%s%s",
		   when, change, out_integer(event, "id"), *port ? port : "-", member, level,
		   out_string(event, "reason"), out_integer(event, "count"), macs,
		   *summary ? "  " : "", summary);
	free(when);
	free(member);
	free(macs);
}

// People hear of the beginning and the end, programs of every change.
static void show_change(struct out *out, const json_t *event)
{
	const char *change = out_string(event, "change");

	if (out->json) {
		json_dumpf(event, out->file, JSON_COMPACT | JSON_REAL_PRECISION(16));
		fputc('\n', out->file);
	} else if (strcmp(change, "updated") != 0) {
		print_line(out, event, change);
	}
}

static void show_past(struct out *out, const json_t *events)
{
	for (size_t i = 0; i < json_array_size(events); i++) {
		json_t *event = json_array_get(events, i);
		bool open = json_is_true(json_object_get(event, "open"));

		json_object_set_new(event, "change", json_string(open ? "opened" : "closed"));
		show_change(out, event);
	}
}

static enum status follow(struct session *session, const json_t *arguments)
{
	struct client_failure failure;
	json_t *event;

	while (fflush(session->out.file) == 0) {
		event = client_wait(&session->client, "event", &failure);
		if (!event)
			return session_fail(session, failure.status, "%s", failure.text);
		if (is_wanted(event, arguments))
			show_change(&session->out, event);
		json_decref(event);
	}
	return STATUS_FAILED;
}

enum status run_events(struct session *session, const struct command *command, json_t *arguments)
{
	enum status status;

	if (!json_object_get(arguments, "follow"))
		return run_show_events(session, command, arguments);
	json_t *result = ask(session, "events.follow", arguments, &status);
	if (!result)
		return status;
	show_past(&session->out, json_object_get(result, "events"));
	json_decref(result);
	return follow(session, arguments);
}
