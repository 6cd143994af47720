// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/rpc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/rpc/server.h"

enum { RPC_VERSION = 1, ERROR_TEXT = 1024 };

static const struct rpc_method methods[] = {
	{"version", rpc_version, false},
	{"show.ports", rpc_show_ports, false},
	{"show.macs", rpc_show_macs, false},
	{"show.neighbours", rpc_show_neighbours, false},
	{"show.lans", rpc_show_lans, false},
	{"show.sponge", rpc_show_sponge, false},
	{"show.dead_peers", rpc_show_dead_peers, false},
	{"show.counters", rpc_show_counters, false},
	{"show.drops", rpc_show_drops, false},
	{"show.matrix", rpc_show_matrix, false},
	{"show.workers", rpc_show_workers, false},
	{"show.config", rpc_show_config, false},
	{"show.events", rpc_show_events, false},
	{"show.event", rpc_show_event, false},
	{"events.follow", rpc_events_follow, false},
	{"quarantine.report", rpc_quarantine_report, false},
	{"config.diff", rpc_config_diff, false},
	{"config.apply", rpc_config_apply, true},
	{"port.set", rpc_port_set, true},
	{"port.enable", rpc_port_enable, true},
	{"port.drain", rpc_port_drain, true},
	{"port.undrain", rpc_port_undrain, true},
	{"port.promote", rpc_port_promote, true},
	{"port.quarantine", rpc_port_quarantine, true},
	{"port.mac.add", rpc_port_mac_add, true},
	{"port.mac.del", rpc_port_mac_del, true},
	{"port.mac.clear", rpc_port_mac_clear, true},
	{"port.mac.list", rpc_port_mac_list, false},
	{"clear.counters", rpc_clear_counters, true},
	{"clear.macs", rpc_clear_macs, true},
	{"clear.dead_peers", rpc_clear_dead_peers, true},
	{"sponge.set", rpc_sponge_set, true},
	{"sponge.unset", rpc_sponge_unset, true},
	{"sponge.clear", rpc_sponge_clear, true},
	{"sponge.probe", rpc_sponge_probe, true},
	{"sponge.inform", rpc_sponge_inform, true},
	{"sponge.dump", rpc_sponge_dump, false},
	{"sponge.load", rpc_sponge_load, true},
	{"explain", rpc_explain, false},
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

void rpc_result(struct rpc_call *call, json_t *result)
{
	if (!result || json_object_set_new(result, "version", json_integer(RPC_VERSION)) < 0) {
		json_decref(result);
		rpc_error(call, RPC_INTERNAL, NULL, "the answer cannot be put together");
		return;
	}
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

void rpc_notify(struct server *server, const char *method, json_t *params)
{
	json_t *line =
		json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params);
	char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;

	if (text)
		server_publish(server, text, strlen(text));
	free(text);
	json_decref(line);
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
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	}
	return NULL;
}

static void dispatch(struct rpc_call *call, const char *name)
{
	const struct rpc_method *method = find_method(name);

	if (!method)
		rpc_error(call, RPC_NO_METHOD, NULL, "there is no method \"%.64s\"", name);
	else if (!json_is_object(call->params))
		rpc_error(call, RPC_BAD_PARAMS, NULL, "the parameters must be an object");
	else if (method->changes && !server_peer(call->connection)->may_change)
		rpc_error(call, RPC_NOT_PERMITTED, NULL,
			  "%s is for root and members of the socket's group", name);
	else
		method->run(call);
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
