// SPDX-License-Identifier: BSD-3-Clause
// capture.begin, capture.end and show.captures: frames, and what became of them, for who asked and
// nobody else.
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/capture/captures.h"
#include "control/change.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/plan_lans.h"
#include "control/rpc/rpc.h"
#include "control/rpc/rpc_capture_wish.h"
#include "control/rpc/server.h"
#include "lib/log.h"

struct capture_client {
	struct control *control;
	struct connection *connection;
	struct rpc_call *begin; // capture.begin while it is open, or NULL
	struct capturing *capturing;
	double since;
	char *by;
	json_t *params; // what was asked for
};

// ---- What is told

static const char *verdict_word(uint8_t verdict)
{
	static const char *const words[CAPTURE_VERDICTS] = {
		[CAPTURE_FORWARDED] = "forwarded", [CAPTURE_FLOODED] = "flooded",
		[CAPTURE_ANSWERED] = "answered",   [CAPTURE_CONSUMED] = "consumed",
		[CAPTURE_DROPPED] = "dropped",	   [CAPTURE_LOST] = "lost",
	};

	return words[verdict];
}

static json_t *port_name(const struct control *control, uint16_t slot)
{
	const struct config_port *port = running_port_at(&control->running, slot);

	return port ? rpc_string(port->name) : json_null();
}

static json_t *lan_name(const struct control *control, uint16_t lan)
{
	const struct config *config = control->running.config;
	char name[NAME_SIZE];

	return rpc_string(config && lan != FDB_ANY ? plan_lan_name(config, lan, name) : NULL);
}

static json_t *describe(const struct control *control, const struct capture_record *record)
{
	const struct capture_header *h = &record->header;
	bool goes_out = h->verdict == CAPTURE_FORWARDED || h->verdict == CAPTURE_DROPPED ||
			h->verdict == CAPTURE_LOST;
	bool died = h->verdict == CAPTURE_DROPPED || h->verdict == CAPTURE_LOST;

	return json_pack("{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:i, s:o}", "time_ns",
			 (json_int_t)h->time_ns, "port", port_name(control, h->port), "lan",
			 lan_name(control, h->lan), "verdict", verdict_word(h->verdict), "out",
			 goes_out ? port_name(control, h->out) : json_null(), "copies",
			 h->verdict == CAPTURE_FLOODED ? json_integer(h->copies) : json_null(),
			 "reason", died ? rpc_reason(h->reason) : json_null(), "length",
			 (int)h->length, "frame", rpc_octets(record->octets, h->n_octets));
}

static bool on_frame(void *argument, const struct capture_record *record)
{
	const struct capture_client *client = argument;

	return rpc_tell(client->connection, "captured",
			json_pack("{s:o}", "frame", describe(client->control, record)));
}

static const char *end_word(enum capture_end_reason why)
{
	static const char *const words[] = {
		[CAPTURE_END_ASKED] = "asked",	       [CAPTURE_END_COUNT] = "count",
		[CAPTURE_END_TIME] = "time",	       [CAPTURE_END_PORT] = "port",
		[CAPTURE_END_DATAPLANE] = "dataplane",
	};

	return words[why];
}

// ---- Life

static void forget(struct capture_client *client)
{
	json_decref(client->params);
	free(client->by);
	free(client);
}

static void on_gone(void *argument)
{
	struct capture_client *client = argument;

	log_info("who asked for a capture is gone: it ends");
	captures_abandon(client->capturing);
	forget(client);
}

static void on_begun(void *argument, uint32_t number)
{
	struct capture_client *client = argument;
	struct connection *connection = client->connection;
	struct capturing *capturing = client->capturing;
	struct rpc_call *call = client->begin;

	client->begin = NULL;
	if (!server_watch(connection, on_gone, client)) {
		captures_abandon(capturing);
		forget(client);
	}
	rpc_result(call, json_pack("{s:I}", "capture", (json_int_t)number));
}

static void on_refused(void *argument, int code, const char *text)
{
	struct capture_client *client = argument;

	rpc_error(client->begin, code, NULL, "%s", text);
	forget(client);
}

static void on_ended(void *argument, const struct capture_totals *totals)
{
	struct capture_client *client = argument;

	server_watch(client->connection, NULL, NULL);
	rpc_tell(client->connection, "captured",
		 json_pack("{s:s, s:I, s:I, s:I, s:I}", "ended", end_word(totals->why), "frames",
			   (json_int_t)totals->frames, "missed", (json_int_t)totals->missed,
			   "unseen", (json_int_t)totals->unseen, "died_in_guard",
			   (json_int_t)totals->died_in_guard));
	forget(client);
}

static const struct capture_listener listener = {
	.begun = on_begun,
	.refused = on_refused,
	.frame = on_frame,
	.ended = on_ended,
};

// ---- Beginning and ending

// For the log: who looks at members' traffic.
static void log_begin(const struct capture_client *client)
{
	const char *port = json_string_value(json_object_get(client->params, "port"));
	const char *drops = json_string_value(json_object_get(client->params, "drops"));
	const char *filter = json_string_value(json_object_get(client->params, "filter"));

	log_notice("%s captures frames of %s%s%s%s%s%.200s", client->by,
		   port ? "port " : "all ports", port ? port : "", drops ? ", that died: " : "",
		   drops ? drops : "", filter ? ", filter: " : "", filter ? filter : "");
}

static void begin(struct rpc_call *call, const struct capture_wish *wish)
{
	struct capture_client *client = alloc_zero(sizeof(*client));

	client->control = call->control;
	client->connection = call->connection;
	client->begin = call;
	client->since = change_now();
	client->by = rpc_peer(call);
	client->params = json_incref(call->params);
	log_begin(client);
	client->capturing = captures_begin(call->control->captures, wish, &listener, client);
	if (!client->capturing)
		on_refused(client, RPC_NOT_ATTACHED, "the dataplane went away");
}

void rpc_capture_begin(struct rpc_call *call)
{
	struct capture_wish *wish = alloc_zero(sizeof(*wish));

	if (!rpc_read_capture(call, wish)) {
		free(wish);
		return;
	}
	if (!call->control->captures)
		rpc_error(call, RPC_INTERNAL, NULL, "nothing can be captured");
	else if (server_watcher(call->connection))
		rpc_error(call, RPC_REFUSED, NULL, "this connection captures already");
	else
		begin(call, wish);
	free(wish);
}

void rpc_capture_end(struct rpc_call *call)
{
	struct capture_client *client = server_watcher(call->connection);

	if (!rpc_params(call, "{}"))
		return;
	if (!client) {
		rpc_error(call, RPC_NOT_FOUND, NULL, "this connection captures nothing");
		return;
	}
	struct capturing *capturing = client->capturing;
	call->unchanged = true; // that it began is in the audit log
	rpc_result(call, json_object());
	captures_end(capturing);
}

static void add_capture(void *context, void *argument, uint64_t frames)
{
	const struct capture_client *client = argument;
	const json_t *params = client->params;

	json_array_append_new(context,
			      json_pack("{s:I, s:O?, s:O?, s:O?, s:s, s:o, s:I}", "capture",
					(json_int_t)captures_number(client->capturing), "port",
					json_object_get(params, "port"), "drops",
					json_object_get(params, "drops"), "filter",
					json_object_get(params, "filter"), "by", client->by,
					"since", rpc_time(client->since), "frames",
					(json_int_t)frames));
}

void rpc_show_captures(struct rpc_call *call)
{
	json_t *list = json_array();

	if (rpc_params(call, "{}")) {
		if (call->control->captures)
			captures_visit(call->control->captures, add_capture, list);
		rpc_result(call, json_pack("{s:O}", "captures", list));
	}
	json_decref(list);
}
