// SPDX-License-Identifier: BSD-3-Clause
// config.diff and config.apply.
#include <stdio.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/config/diff.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
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
	json_t *list = json_array();

	config_diff(old, new, &changes);
	for (size_t i = 0; i < changes.n; i++) {
		const struct config_change *change = &changes.list[i];

		json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "kind",
						      change_kind_name(change->kind), "what",
						      rpc_string(change->what), "detail",
						      rpc_string(change->detail), "impact",
						      change_impact_name(change->impact)));
	}
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

void rpc_config_diff(struct rpc_call *call)
{
	const char *file;
	const char *text;
	size_t length;
	json_t *result;

	if (!rpc_params(call, "{s:s, s:s%}", "file", &file, "text", &text, &length))
		return;
	struct config *config = read_config(call, file, text, length, &result);
	if (config)
		rpc_result(call, result);
	config_free(config);
}

// config.apply

struct apply {
	struct rpc_call *call;
	json_t *result;
};

static void on_applied(void *argument, int code, const char *text)
{
	struct apply *apply = argument;

	if (code) {
		json_decref(apply->result);
		rpc_error(apply->call, code, NULL, "%s", text);
	} else {
		json_object_set_new(
			apply->result, "generation",
			json_integer((json_int_t)apply->call->control->running.applied.generation));
		rpc_result(apply->call, apply->result);
	}
	free(apply);
}

void rpc_config_apply(struct rpc_call *call)
{
	const char *file;
	const char *text;
	size_t length;
	json_t *result;
	int force = 0;

	if (!rpc_params(call, "{s:s, s:s%, s?b}", "file", &file, "text", &text, &length, "force",
			&force))
		return;
	struct config *config = read_config(call, file, text, length, &result);
	if (!config)
		return;
	if (!rpc_needs_dataplane(call)) {
		config_free(config);
		json_decref(result);
		return;
	}
	struct apply *apply = alloc_zero(sizeof(*apply));
	*apply = (struct apply){.call = call, .result = result};
	char *by = rpc_peer(call);
	change_apply(call->control->changes, config, file, by, force != 0, on_applied, apply);
	free(by);
}
