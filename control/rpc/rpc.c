// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/rpc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/audit.h"
#include "control/rpc/server.h"

enum { RPC_VERSION = 1, ERROR_TEXT = 1024 };

const struct rpc_method rpc_methods[] = {
	{"version", rpc_version, RPC_READER},
	{"show.ports", rpc_show_ports, RPC_READER},
	{"show.interfaces", rpc_show_interfaces, RPC_READER},
	{"show.lags", rpc_show_lags, RPC_READER},
	{"show.macs", rpc_show_macs, RPC_READER},
	{"show.neighbours", rpc_show_neighbours, RPC_READER},
	{"show.lans", rpc_show_lans, RPC_READER},
	{"show.sponge", rpc_show_sponge, RPC_READER},
	{"show.dead_peers", rpc_show_dead_peers, RPC_READER},
	{"show.counters", rpc_show_counters, RPC_READER},
	{"show.drops", rpc_show_drops, RPC_READER},
	{"show.matrix", rpc_show_matrix, RPC_READER},
	{"show.workers", rpc_show_workers, RPC_READER},
	{"show.sflow", rpc_show_sflow, RPC_READER},
	{"show.captures", rpc_show_captures, RPC_READER},
	{"show.config", rpc_show_config, RPC_READER},
	{"show.overrides", rpc_show_overrides, RPC_READER},
	{"show.audit", rpc_show_audit, RPC_READER},
	{"show.events", rpc_show_events, RPC_READER},
	{"show.event", rpc_show_event, RPC_READER},
	{"events.follow", rpc_events_follow, RPC_READER},
	{"quarantine.report", rpc_quarantine_report, RPC_READER},
	{"config.diff", rpc_config_diff, RPC_READER},
	{"config.history", rpc_config_history, RPC_READER},
	{"config.apply", rpc_config_apply, RPC_OPERATOR},
	{"config.confirm", rpc_config_confirm, RPC_OPERATOR},
	{"config.undo", rpc_config_undo, RPC_OPERATOR},
	{"port.set", rpc_port_set, RPC_OPERATOR},
	{"port.enable", rpc_port_enable, RPC_OPERATOR},
	{"port.drain", rpc_port_drain, RPC_OPERATOR},
	{"port.undrain", rpc_port_undrain, RPC_OPERATOR},
	{"port.promote", rpc_port_promote, RPC_OPERATOR},
	{"port.quarantine", rpc_port_quarantine, RPC_OPERATOR},
	{"port.mac.add", rpc_port_mac_add, RPC_OPERATOR},
	{"port.mac.del", rpc_port_mac_del, RPC_OPERATOR},
	{"port.mac.clear", rpc_port_mac_clear, RPC_OPERATOR},
	{"port.mac.list", rpc_port_mac_list, RPC_READER},
	{"clear.counters", rpc_clear_counters, RPC_OPERATOR},
	{"clear.macs", rpc_clear_macs, RPC_OPERATOR},
	{"clear.dead_peers", rpc_clear_dead_peers, RPC_OPERATOR},
	{"sponge.set", rpc_sponge_set, RPC_OPERATOR},
	{"sponge.unset", rpc_sponge_unset, RPC_OPERATOR},
	{"sponge.clear", rpc_sponge_clear, RPC_OPERATOR},
	{"sponge.probe", rpc_sponge_probe, RPC_OPERATOR},
	{"sponge.inform", rpc_sponge_inform, RPC_OPERATOR},
	{"sponge.dump", rpc_sponge_dump, RPC_READER},
	{"sponge.load", rpc_sponge_load, RPC_OPERATOR},
	{"explain", rpc_explain, RPC_READER},
	{"capture.begin", rpc_capture_begin, RPC_OPERATOR},
	{"capture.end", rpc_capture_end, RPC_OPERATOR},
	{0},
};

// Send "member": "value" as the answer, and free the call.
static void end(struct rpc_call *call, const char *member, json_t *value)
{
	json_t *answer =
		json_pack("{s:s, s:O?, s:o}", "jsonrpc", "2.0", "id", call->id, member, value);
	char *text = answer && call->id ? json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(15))
					: NULL;

	server_answer(call->connection, text ? text : "", text ? strlen(text) : 0);
	free(text);
	json_decref(answer);
	json_decref(call->id);
	json_decref(call->params);
	free(call);
}

// What is worth keeping of a call: its params, but for what is long and can be seen elsewhere.
static void note(struct rpc_call *call, const json_t *result)
{
	json_t *params = json_copy(call->params);
	json_t *detail = json_pack("{s:o, s:O*, s:O*, s:O*}", "params", params, "changes",
				   json_object_get(result, "changes"), "from",
				   json_object_get(result, "from"), "generation",
				   json_object_get(result, "generation"));
	char *user = rpc_user(call);
	const struct audit_who who = {.uid = server_peer(call->connection)->uid,
				      .by = user,
				      .claim = call->claim};

	json_object_del(params, "text");
	json_object_del(params, "dump");
	json_object_del(params, "program");
	audit_add(call->control, &who, call->method->name, detail);
	free(user);
}

void rpc_result(struct rpc_call *call, json_t *result)
{
	if (!result || json_object_set_new(result, "version", json_integer(RPC_VERSION)) < 0) {
		json_decref(result);
		rpc_error(call, RPC_INTERNAL, NULL, "the answer cannot be put together");
		return;
	}
	if (call->method->role == RPC_OPERATOR && !call->unchanged)
		note(call, result);
	end(call, "result", result);
}

void rpc_error(struct rpc_call *call, int code, json_t *data, const char *format, ...)
{
	char text[ERROR_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_t *error = json_pack("{s:i, s:o}", "code", code, "message", rpc_string(text));
	if (data)
		json_object_set_new(error, "data", data);
	end(call, "error", error);
}

// The line that a notification is. Free the result; NULL: it cannot be put together.
static char *notification(const char *method, json_t *params)
{
	json_t *line =
		json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params);
	char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;

	json_decref(line);
	return text;
}

void rpc_notify(struct server *server, const char *method, json_t *params)
{
	char *text = notification(method, params);

	if (text)
		server_publish(server, text, strlen(text));
	free(text);
}

bool rpc_tell(struct connection *connection, const char *method, json_t *params)
{
	char *text = notification(method, params);
	bool said = text && server_say(connection, text, strlen(text));

	free(text);
	return said;
}

bool rpc_params(struct rpc_call *call, const char *format, ...)
{
	json_error_t error;
	va_list args;

	va_start(args, format);
	int err = json_vunpack_ex(call->params, &error, JSON_STRICT, format, args);
	va_end(args);
	if (err)
		rpc_error(call, RPC_BAD_PARAMS, NULL, "wrong parameters: %s", error.text);
	return err == 0;
}

static const struct rpc_method *find_method(const char *name)
{
	for (const struct rpc_method *method = rpc_methods; method->name; method++) {
		if (strcmp(method->name, name) == 0)
			return method;
	}
	return NULL;
}

static bool may_call(const struct rpc_call *call)
{
	return call->method->role == RPC_READER ||
	       (call->method->role == RPC_OPERATOR && server_peer(call->connection)->may_change);
}

static void dispatch(struct rpc_call *call, const char *name)
{
	call->method = find_method(name);
	if (!call->method)
		rpc_error(call, RPC_NO_METHOD, NULL, "there is no method \"%.64s\"", name);
	else if (!json_is_object(call->params))
		rpc_error(call, RPC_BAD_PARAMS, NULL, "the parameters must be an object");
	else if (!may_call(call))
		rpc_error(call, RPC_NOT_PERMITTED, NULL,
			  "%s is for root and members of the socket's group", name);
	else
		call->method->run(call);
}

// A name of a user, as far as it can be one.
static void read_claim(struct rpc_call *call, const json_t *claim)
{
	const char *text = json_string_value(claim);

	snprintf(call->claim, sizeof(call->claim), "%s", text ? text : "");
	for (char *c = call->claim; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("._-@\\+", *c))
			*c = '?';
	}
}

static bool is_id(const json_t *id)
{
	return !id || json_is_string(id) || json_is_number(id) || json_is_null(id);
}

static void run_request(struct rpc_call *call, const json_t *request)
{
	const json_t *name = json_object_get(request, "method");
	const json_t *version = json_object_get(request, "jsonrpc");
	json_t *id = json_object_get(request, "id");
	json_t *params = json_object_get(request, "params");

	if (!json_is_string(name) || !json_is_string(version) || !is_id(id) ||
	    strcmp(json_string_value(version), "2.0") != 0) {
		call->id = json_null();
		rpc_error(
			call, RPC_INVALID_REQUEST, NULL,
			"a request is an object with \"jsonrpc\": \"2.0\", \"method\" and \"id\"");
		return;
	}
	call->id = json_incref(id);
	call->params = params ? json_incref(params) : json_object();
	read_claim(call, json_object_get(request, "claim"));
	dispatch(call, json_string_value(name));
}

static bool is_blank(const char *line, size_t length)
{
	return strspn(line, " \t\r") == length;
}

static void on_line(void *argument, struct connection *connection, const char *line, size_t length)
{
	json_error_t error;

	if (is_blank(line, length)) {
		server_answer(connection, "", 0);
		return;
	}
	struct rpc_call *call = alloc_zero(sizeof(*call));
	call->control = argument;
	call->connection = connection;
	json_t *request = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	if (request) {
		run_request(call, request);
	} else {
		call->id = json_null();
		rpc_error(call, RPC_PARSE, NULL, "this is no JSON: %s, at character %d", error.text,
			  error.position);
	}
	json_decref(request);
}

static void refuse(enum server_refusal refusal, char *text, size_t size)
{
	int code = refusal == SERVER_TOO_LONG ? RPC_INVALID_REQUEST : RPC_TOO_MANY;
	char message[128];

	if (refusal == SERVER_TOO_LONG)
		snprintf(message, sizeof(message), "the request is longer than %d octets",
			 SERVER_LINE_MAX);
	else
		snprintf(message, sizeof(message), "there are too many connections, try later");
	snprintf(text, size,
		 "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,\"message\":\"%s\"}}",
		 code, message);
}

const struct server_handler rpc_handler = {.line = on_line, .refuse = refuse};
