// SPDX-License-Identifier: BSD-3-Clause
// `ixfab diff` and `ixfab apply`: a file on its way to be the configuration.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "control/config/config.h"
#include "control/config/files.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

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

// The parameters of config.diff and config.apply.
static json_t *build_request(const char *file, bool force, struct config_errors *errors)
{
	char whole[PATH_MAX];
	json_t *text = read_files(file, errors);

	if (!text)
		return NULL;
	find_whole(file, whole);
	json_t *params = json_pack("{s:s, s:o}", "file", whole, "text", text);
	if (params && force)
		json_object_set_new(params, "force", json_true());
	return params;
}

static const char *impact_text(const json_t *change)
{
	const char *impact = out_string(change, "impact");

	if (strcmp(impact, "port") == 0)
		return " [this member notices]";
	if (strcmp(impact, "lan") == 0)
		return " [the whole LAN notices]";
	return "";
}

static void print_change(struct out *out, const json_t *change)
{
	const char *kind = out_string(change, "kind"), *detail = out_string(change, "detail");
	bool add = strcmp(kind, "add") == 0, remove = strcmp(kind, "remove") == 0;

	out_tinted(out,
		   add	    ? TINT_GOOD
		   : remove ? TINT_BAD
			    : TINT_NONE,
		   "%c %s%s%s%s",
		   add	    ? '+'
		   : remove ? '-'
			    : '~',
		   out_string(change, "what"), *detail ? ": " : "", detail, impact_text(change));
}

static void print_warnings(struct out *out, const json_t *warnings)
{
	for (size_t i = 0; i < json_array_size(warnings); i++)
		out_line(out, "%s", json_string_value(json_array_get(warnings, i)) ?: "");
}

static void view_changes(struct out *out, const json_t *result)
{
	const json_t *changes = json_object_get(result, "changes");

	for (size_t i = 0; i < json_array_size(changes); i++)
		print_change(out, json_array_get(changes, i));
	if (json_array_size(changes) == 0)
		out_line(out, "No changes.");
	print_warnings(out, json_object_get(result, "warnings"));
}

static void view_applied(struct out *out, const json_t *result)
{
	view_changes(out, result);
	if (json_array_size(json_object_get(result, "changes")))
		out_line(out, "In force as generation %d.", (int)out_integer(result, "generation"));
}

// Send the file and show what comes back. "result" receives a reference on success.
static enum status send_file(struct session *session, const char *method, json_t *arguments,
			     out_view *view, json_t **result)
{
	const char *file = json_string_value(json_object_get(arguments, "file"));
	struct config_errors errors = {0};
	json_t *params = build_request(file, json_object_get(arguments, "force"), &errors);
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
	enum status status = send_file(session, "config.diff", arguments, view_changes, &result);

	(void)command;
	if (json_object_get(arguments, "exit_code") &&
	    json_array_size(json_object_get(result, "changes")))
		status = STATUS_DIFFERENT;
	json_decref(result);
	return status;
}

enum status run_apply(struct session *session, const struct command *command, json_t *arguments)
{
	json_t *result = NULL;

	(void)command;
	if (session->client.timeout < APPLY_TIMEOUT)
		session->client.timeout = APPLY_TIMEOUT;
	enum status status = send_file(session, "config.apply", arguments, view_applied, &result);
	json_decref(result);
	return status;
}
