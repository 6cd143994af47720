// SPDX-License-Identifier: BSD-3-Clause
// `ixfab diff`, `ixfab apply` and `ixfab undo`: a file on its way to be the configuration, and
// back.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/files.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/override.h"

enum {
	APPLY_TIMEOUT = 600, // seconds: it may open a device for every port
};

static enum status fail_file(struct session *session, const char *file,
			     struct config_errors *errors)
{
	if (errors->n)
		session_fail(session, STATUS_FAILED, "%s", errors->lines[0]);
	else
		session_fail(session, STATUS_FAILED, "%s: cannot be read: it is not UTF-8 text",
			     file);
	config_errors_free(errors);
	return STATUS_FAILED;
}

// Read a file and what belongs to it. Returns a JSON string, or NULL.
static json_t *read_files(const char *file, struct config_errors *errors)
{
	size_t length;
	char *text = config_files_read(file, NULL, &length, errors);
	json_t *string = text && strlen(text) == length ? json_stringn(text, length) : NULL;

	free(text);
	return string;
}

// The whole path of a file: the daemon remembers where it lies. The file itself may be a link, and
// what belongs to it is beside the link.
static void find_whole(const char *file, char whole[PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	char *directory =
		cell_format("%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
	char *real = realpath(directory, NULL);

	if (real)
		snprintf(whole, PATH_MAX, "%s%s%s", real, strcmp(real, "/") ? "/" : "", base);
	else
		snprintf(whole, PATH_MAX, "%s", file);
	free(real);
	free(directory);
}

// The parameters of config.diff and config.apply; "wish" has the latter's, and may be NULL.
static json_t *build_request(const char *file, const json_t *wish, struct config_errors *errors)
{
	char whole[PATH_MAX];
	json_t *text = read_files(file, errors);

	if (!text)
		return NULL;
	find_whole(file, whole);
	return json_pack("{s:s, s:o, s:O*, s:O*, s:O*}", "file", whole, "text", text, "force",
			 json_object_get(wish, "force"), "confirm",
			 json_object_get(wish, "confirm"), "message",
			 json_object_get(wish, "message"));
}

static void print_warnings(struct out *out, const json_t *warnings)
{
	for (size_t i = 0; i < json_array_size(warnings); i++)
		out_line(out, "%s", json_string_value(json_array_get(warnings, i)) ?: "");
}

static void view_changes(struct out *out, const json_t *result)
{
	const json_t *changes = json_object_get(result, "changes");

	out_changes(out, changes, "");
	if (json_array_size(changes) == 0)
		out_line(out, "No changes.");
	print_warnings(out, json_object_get(result, "warnings"));
}

static void view_diff(struct out *out, const json_t *result)
{
	const json_t *overrides = json_object_get(result, "overrides");

	view_changes(out, result);
	for (size_t i = 0; i < json_array_size(overrides); i++) {
		const json_t *override = json_array_get(overrides, i);
		char *text = override_text(override);
		bool goes = strcmp(out_string(override, "effect"), "goes") == 0;

		out_line(out, "! port %s: %s, %s", out_string(override, "port"), text,
			 goes ? "set by hand, goes with this configuration"
			      : "set by hand, stands above this configuration");
		free(text);
	}
	out_wait(out, json_object_get(result, "confirm"));
}

static void view_applied(struct out *out, const json_t *result)
{
	int generation = (int)out_integer(result, "generation");

	view_changes(out, result);
	if (json_array_size(json_object_get(result, "changes")))
		out_line(out, "In force as generation %d.", generation);
	if (json_is_true(json_object_get(result, "confirmed")))
		out_line(out, "Generation %d is confirmed by that.", generation);
	out_wait(out, json_object_get(result, "confirm"));
}

void view_undone(struct out *out, const json_t *result)
{
	int from = (int)out_integer(result, "from");

	out_changes(out, json_object_get(result, "changes"), "");
	out_line(out, "Generation %d is undone%s, generation %d is in force again.", from,
		 json_is_true(json_object_get(result, "waited")) ? " before it was confirmed" : "",
		 (int)out_integer(result, "generation"));
	out_line(out, "To have it again: ixfab show config --gen %d > FILE, and apply that.", from);
}

// Send the file and show what comes back. "result" receives a reference on success.
static enum status send_file(struct session *session, const char *method, json_t *arguments,
			     out_view *view, json_t **result)
{
	const char *file = json_string_value(json_object_get(arguments, "file"));
	bool applies = strcmp(method, "config.apply") == 0;
	struct config_errors errors = {0};
	json_t *params = build_request(file, applies ? arguments : NULL, &errors);
	enum status status;

	if (!params)
		return fail_file(session, file, &errors);
	*result = session_call(session, method, params, &status);
	json_decref(params);
	if (*result)
		out_show(&session->out, *result, view);
	return status;
}

enum status run_diff(struct session *session, const struct command *command, json_t *arguments)
{
	json_t *result = NULL;
	enum status status = send_file(session, "config.diff", arguments, view_diff, &result);

	(void)command;
	if (json_object_get(arguments, "exit_code") &&
	    json_array_size(json_object_get(result, "changes")))
		status = STATUS_DIFFERENT;
	json_decref(result);
	return status;
}

static void be_patient(struct session *session)
{
	if (session->client.timeout < APPLY_TIMEOUT)
		session->client.timeout = APPLY_TIMEOUT;
}

enum status run_apply(struct session *session, const struct command *command, json_t *arguments)
{
	json_t *result = NULL;

	if (json_object_get(arguments, "dry_run"))
		return run_diff(session, command, arguments);
	be_patient(session);
	enum status status = send_file(session, command->method, arguments, view_applied, &result);
	json_decref(result);
	return status;
}

enum status run_undo(struct session *session, const struct command *command, json_t *arguments)
{
	be_patient(session);
	return run_request(session, command, arguments);
}
