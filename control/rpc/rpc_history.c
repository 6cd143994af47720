// SPDX-License-Identifier: BSD-3-Clause
// config.history, show.config and show.audit: which configurations there were, and who did what.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/files.h"
#include "control/control.h"
#include "control/rpc/rpc.h"

enum { AUDIT_LIMIT = 100 };

// ---- config.history

struct history {
	const struct running *running;
	json_t *list;
};

static const char *how_ended(const struct running *running, const struct state_past *past)
{
	static const char *const words[] = {
		[ENDING_NONE] = "applied",	[ENDING_CONFIRMED] = "confirmed",
		[ENDING_UNDONE] = "undone",	[ENDING_TIMEOUT] = "not confirmed",
		[ENDING_REPLACED] = "replaced",
	};

	if (past->generation == running->applied.generation && running->applied.wait.deadline > 0)
		return "waits";
	return words[past->ending];
}

static void add_past(void *argument, const struct state_past *past)
{
	struct history *history = argument;

	json_array_append_new(
		history->list,
		json_pack("{s:I, s:b, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "generation",
			  (json_int_t)past->generation, "in_force",
			  (int)(past->generation == history->running->applied.generation),
			  "applied", rpc_time(past->applied), "by", rpc_string(past->by), "file",
			  rpc_string(past->file), "message",
			  *past->message ? rpc_string(past->message) : json_null(), "previous",
			  rpc_known(past->previous), "ending", how_ended(history->running, past),
			  "ended", rpc_time(past->ended), "ended_by",
			  *past->ended_by ? rpc_string(past->ended_by) : json_null()));
}

void rpc_config_history(struct rpc_call *call)
{
	struct history history = {&call->control->running, json_array()};

	if (!rpc_params(call, "{}")) {
		json_decref(history.list);
		return;
	}
	if (state_tell_history(call->control->state, add_past, &history)) {
		json_decref(history.list);
		rpc_error(call, RPC_STATE, NULL, "%s", state_problem(call->control->state));
		return;
	}
	rpc_result(call, json_pack("{s:o, s:o}", "history", history.list, "confirm",
				   rpc_wait(call->control)));
}

// ---- show.config

static json_t *describe_config(const struct state_config *config, const char *text, size_t length)
{
	const char *message = config->message;

	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "generation",
			 (json_int_t)config->generation, "applied", rpc_time(config->applied), "by",
			 rpc_string(config->by), "file", rpc_string(config->file), "message",
			 message && *message ? rpc_string(message) : json_null(), "text",
			 text ? json_stringn(text, length) : json_null());
}

// The file as control would read it at its next start; NULL with "problem" set.
static char *read_saved(const struct control *control, size_t *length, json_t **problem)
{
	struct config_errors errors = {0};
	char *text = config_files_read(control->config_path, NULL, length, &errors);

	*problem = text ? json_null() : rpc_string(errors.n ? errors.lines[0] : "cannot be read");
	config_errors_free(&errors);
	return text;
}

static json_t *describe_saved(const struct control *control, const char *text, size_t length,
			      json_t *problem)
{
	const struct config *config = control->running.config;
	bool differs = !config || !text || config->text_length != length ||
		       memcmp(config->text, text, length) != 0;

	return json_pack("{s:o, s:b, s:o}", "file", rpc_string(control->config_path), "differs",
			 (int)differs, "problem", problem);
}

static void show_saved(struct rpc_call *call)
{
	size_t length = 0;
	json_t *problem;
	char *text = read_saved(call->control, &length, &problem);
	json_t *saved = describe_saved(call->control, text, length, problem);

	rpc_result(call,
		   json_pack("{s:n, s:n, s:n, s:o, s:n, s:o, s:o, s:o}", "generation", "applied",
			     "by", "file", rpc_string(call->control->config_path), "message",
			     "text", text ? json_stringn(text, length) : json_null(), "confirm",
			     rpc_wait(call->control), "saved", saved));
	free(text);
}

static void show_generation(struct rpc_call *call, uint64_t generation)
{
	struct state *state = call->control->state;
	struct state_config stored;
	int err = state_load_generation(state, generation, &stored);

	if (err == -ENOENT)
		rpc_error(call, RPC_NOT_FOUND, NULL,
			  "there is no generation %lu: \"ixfab history\" lists them",
			  (unsigned long)generation);
	else if (err)
		rpc_error(call, RPC_STATE, NULL, "%s", state_problem(state));
	else
		rpc_result(call, describe_config(&stored, stored.text, stored.length));
	state_config_fini(&stored);
}

static void show_running(struct rpc_call *call)
{
	const struct running *running = &call->control->running;
	const struct config *config = running->config;
	json_t *result = describe_config(&running->applied, config ? config->text : NULL,
					 config ? config->text_length : 0);
	size_t length = 0;
	json_t *problem;
	char *text = read_saved(call->control, &length, &problem);

	json_object_set_new(result, "confirm", rpc_wait(call->control));
	json_object_set_new(result, "saved", describe_saved(call->control, text, length, problem));
	free(text);
	rpc_result(call, result);
}

void rpc_show_config(struct rpc_call *call)
{
	json_int_t generation = 0;
	int running = 0, saved = 0;

	if (!rpc_params(call, "{s?b, s?b, s?I}", "running", &running, "saved", &saved, "generation",
			&generation))
		return;
	if ((running != 0) + (saved != 0) + (generation != 0) > 1)
		rpc_error(call, RPC_BAD_PARAMS, NULL, "say one of running, saved and a generation");
	else if (saved)
		show_saved(call);
	else if (generation)
		show_generation(call, (uint64_t)generation);
	else
		show_running(call);
}

// ---- show.audit

static void add_deed(void *argument, const struct state_deed *deed)
{
	json_t *detail = json_loads(deed->detail, 0, NULL);
	json_t *object =
		json_pack("{s:I, s:o, s:o, s:o, s:o, s:s, s:O*, s:O*, s:O*, s:O*, s:O*}", "id",
			  (json_int_t)deed->id, "time", rpc_time(deed->time), "uid",
			  deed->uid < 0 ? json_null() : json_integer(deed->uid), "by",
			  rpc_string(deed->by), "claim",
			  *deed->claim ? rpc_string(deed->claim) : json_null(), "method",
			  deed->method, "params", json_object_get(detail, "params"), "changes",
			  json_object_get(detail, "changes"), "more",
			  json_object_get(detail, "more"), "from", json_object_get(detail, "from"),
			  "generation", json_object_get(detail, "generation"));

	json_array_append_new(argument, object);
	json_decref(detail);
}

void rpc_show_audit(struct rpc_call *call)
{
	json_int_t limit = AUDIT_LIMIT;
	json_t *list = json_array();

	if (!rpc_params(call, "{s?I}", "limit", &limit)) {
		json_decref(list);
		return;
	}
	if (limit < 1 || limit > STATE_DEEDS) {
		json_decref(list);
		rpc_error(call, RPC_BAD_PARAMS, NULL, "limit is 1 to %d", STATE_DEEDS);
		return;
	}
	if (state_tell_deeds(call->control->state, (size_t)limit, add_deed, list)) {
		json_decref(list);
		rpc_error(call, RPC_STATE, NULL, "%s", state_problem(call->control->state));
		return;
	}
	rpc_result(call, json_pack("{s:o}", "audit", list));
}
