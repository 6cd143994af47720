// SPDX-License-Identifier: BSD-3-Clause
// config.diff, config.apply, config.confirm and config.undo.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/audit.h"
#include "control/change.h"
#include "control/config/diff.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/manual/manual.h"
#include "control/rpc/rpc.h"
#include "control/rpc/server.h"

static json_t *describe_lines(const struct config_errors *errors)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < errors->n; i++)
		json_array_append_new(lines, rpc_string(errors->lines[i]));
	return lines;
}

static json_t *describe_changes(const struct config *old, const struct config *new)
{
	struct config_changes changes;

	config_diff(old, new, &changes);
	json_t *list = audit_changes(&changes);
	config_changes_free(&changes);
	return list;
}

// Read a configuration that was sent, and describe what it would change in "result". Returns NULL
// after it has ended the call.
static struct config *read_config(struct rpc_call *call, const char *file, const char *text,
				  size_t length, json_t **result)
{
	struct config_errors errors = {0};
	struct config *config = config_read(file, text, length, &errors);
	json_t *lines = describe_lines(&errors);

	config_errors_free(&errors);
	if (!config) {
		rpc_error(call, RPC_BAD_CONFIG, lines, "the configuration is wrong");
		return NULL;
	}
	*result = json_pack("{s:o, s:o}", "changes",
			    describe_changes(call->control->running.config, config), "warnings",
			    lines);
	return config;
}

// What stands above the configuration in force, and what would become of it.
static json_t *describe_overrides(const struct running *running, const struct config *config)
{
	json_t *list = json_array();
	struct manual stays, goes = {0};

	manual_copy(&stays, &running->manual);
	manual_fit(&stays, config, &goes);
	rpc_add_overrides(list, &stays, "stays", false);
	rpc_add_overrides(list, &goes, "goes", true);
	manual_fini(&stays);
	manual_fini(&goes);
	return list;
}

void rpc_config_diff(struct rpc_call *call)
{
	const char *file;
	const char *text;
	size_t length;
	json_t *result;

	if (!rpc_params(call, "{s:s, s:s%}", "file", &file, "text", &text, &length))
		return;
	struct config *config = read_config(call, file, text, length, &result);
	if (config) {
		json_object_set_new(result, "overrides",
				    describe_overrides(&call->control->running, config));
		json_object_set_new(result, "confirm", rpc_wait(call->control));
		rpc_result(call, result);
	}
	config_free(config);
}

json_t *rpc_wait(const struct control *control)
{
	const struct state_config *applied = &control->running.applied;

	if (applied->wait.deadline <= 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:I}", "by", rpc_string(applied->by), "until",
			 rpc_time(applied->wait.deadline), "left",
			 rpc_left(applied->wait.deadline, change_now()), "back_to",
			 (json_int_t)applied->wait.back_to);
}

// config.apply

struct apply {
	struct rpc_call *call;
	json_t *result;
	uint64_t generation; // before
	double deadline;     // before
};

static void answer_applied(struct apply *apply)
{
	struct rpc_call *call = apply->call;
	const struct state_config *applied = &call->control->running.applied;

	call->unchanged = applied->generation == apply->generation &&
			  applied->wait.deadline == apply->deadline;
	json_object_set_new(apply->result, "generation",
			    json_integer((json_int_t)applied->generation));
	json_object_set_new(apply->result, "confirm", rpc_wait(call->control));
	json_object_set_new(apply->result, "confirmed",
			    json_boolean(apply->deadline > 0 && applied->wait.deadline <= 0 &&
					 applied->generation == apply->generation));
	rpc_result(call, apply->result);
}

static void on_applied(void *argument, int code, const char *text)
{
	struct apply *apply = argument;

	if (code) {
		json_decref(apply->result);
		rpc_error(apply->call, code, NULL, "%s", text);
	} else {
		answer_applied(apply);
	}
	free(apply);
}

// Read how long it may take to confirm: true is as long as usual. Returns false after it has ended
// the call.
static bool read_confirm(struct rpc_call *call, const json_t *value, double *seconds)
{
	*seconds = json_is_true(value) ? CHANGE_CONFIRM_S : json_number_value(value);
	if (!value || json_is_false(value) || json_is_true(value) ||
	    (json_is_number(value) && *seconds >= 1 && *seconds <= CHANGE_CONFIRM_MAX_S))
		return true;
	rpc_error(call, RPC_BAD_PARAMS, NULL, "confirm is 1 to %d seconds", CHANGE_CONFIRM_MAX_S);
	return false;
}

static bool check_message(struct rpc_call *call, const char *message)
{
	if (!message || strlen(message) <= CHANGE_MESSAGE_MAX)
		return true;
	rpc_error(call, RPC_BAD_PARAMS, NULL, "the message is longer than %d octets",
		  CHANGE_MESSAGE_MAX);
	return false;
}

static void start_apply(struct rpc_call *call, struct config *config, json_t *result,
			struct change_request *request)
{
	const struct state_config *applied = &call->control->running.applied;
	struct apply *apply = alloc_zero(sizeof(*apply));
	char *by = rpc_peer(call);

	*apply = (struct apply){.call = call,
				.result = result,
				.generation = applied->generation,
				.deadline = applied->wait.deadline};
	request->by = by;
	change_apply(call->control->changes, config, request, on_applied, apply);
	free(by);
}

void rpc_config_apply(struct rpc_call *call)
{
	struct change_request request = {0};
	const char *text;
	size_t length;
	json_t *result;
	json_t *confirm = NULL;
	int force = 0;

	if (!rpc_params(call, "{s:s, s:s%, s?b, s?o, s?s}", "file", &request.file, "text", &text,
			&length, "force", &force, "confirm", &confirm, "message",
			&request.message) ||
	    !read_confirm(call, confirm, &request.confirm) || !check_message(call, request.message))
		return;
	request.force = force != 0;
	struct config *config = read_config(call, request.file, text, length, &result);
	if (!config)
		return;
	if (rpc_needs_dataplane(call)) {
		start_apply(call, config, result, &request);
		return;
	}
	config_free(config);
	json_decref(result);
}

// config.confirm

static void on_confirmed(void *argument, int code, const char *text)
{
	struct rpc_call *call = argument;

	if (code)
		rpc_error(call, code, NULL, "%s", text);
	else
		rpc_result(call, json_pack("{s:I}", "generation",
					   (json_int_t)call->control->running.applied.generation));
}

void rpc_config_confirm(struct rpc_call *call)
{
	if (!rpc_params(call, "{}"))
		return;
	char *by = rpc_peer(call);
	change_confirm(call->control->changes, by, on_confirmed, call);
	free(by);
}

// config.undo

struct undo {
	struct rpc_call *call;
	struct change_return back;
	char *by;
};

static void on_undone(void *argument, int code, const char *text)
{
	struct undo *undo = argument;
	const struct change_return *back = &undo->back;

	if (code)
		rpc_error(undo->call, code, NULL, "%s", text);
	else
		rpc_result(undo->call,
			   json_pack("{s:o, s:I, s:I, s:b}", "changes",
				     audit_changes(&back->changes), "from", (json_int_t)back->from,
				     "generation", (json_int_t)back->to, "waited",
				     (int)back->waited));
	config_changes_free(&undo->back.changes);
	free(undo->by);
	free(undo);
}

void rpc_config_undo(struct rpc_call *call)
{
	json_int_t levels = 1;

	if (!rpc_params(call, "{s?I}", "levels", &levels))
		return;
	if (levels < 1) {
		rpc_error(call, RPC_BAD_PARAMS, NULL, "levels is 1 or more");
		return;
	}
	struct undo *undo = alloc_zero(sizeof(*undo));
	undo->call = call;
	undo->by = rpc_peer(call);
	undo->back = (struct change_return){.levels = (uint64_t)levels, .by = undo->by};
	change_undo(call->control->changes, &undo->back, on_undone, undo);
}
