// SPDX-License-Identifier: BSD-3-Clause
// `ixfab diff` and `ixfab apply`: a file on its way to be the configuration.
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

enum {
	FILE_MAX = 4 << 20,  // octets; control/rpc/PROTOCOL.md
	APPLY_TIMEOUT = 600, // seconds: it may open a device for every port
};

static enum status fail_file(struct session *session, const char *file)
{
	return session_fail(session, STATUS_FAILED, "cannot read %s: %s", file,
			    errno == EILSEQ ? "it is not UTF-8 text" : strerror(errno));
}

// Read all of an open file. Returns it as a JSON string, or NULL with errno.
static json_t *read_stream(FILE *stream)
{
	char *text = NULL;
	json_t *string = NULL;

	// A zero octet ends no configuration: the whole file is one "line".
	size_t size = 0;
	ssize_t length = getdelim(&text, &size, 0, stream);
	if (length < 0 && ferror(stream))
		goto out;
	if (length > FILE_MAX || !feof(stream)) {
		errno = length > FILE_MAX ? EFBIG : EILSEQ;
		goto out;
	}
	string = json_stringn(text, length < 0 ? 0 : (size_t)length);
	if (!string)
		errno = EILSEQ;
out:
	free(text);
	return string;
}

static json_t *read_file(const char *file)
{
	FILE *stream = fopen(file, "re");

	if (!stream)
		return NULL;
	json_t *text = read_stream(stream);
	int err = errno;
	fclose(stream);
	errno = err;
	return text;
}

// The parameters of config.diff and config.apply. The daemon remembers where the file lies, so it
// is told the whole path.
static json_t *build_request(const char *file, bool force)
{
	char whole[PATH_MAX];
	json_t *text = read_file(file);

	if (!text)
		return NULL;
	if (!realpath(file, whole))
		snprintf(whole, sizeof(whole), "%s", file);
	json_t *params = json_pack("{s:s, s:o}", "file", whole, "text", text);
	if (params && force)
		json_object_set_new(params, "force", json_true());
	if (!params)
		errno = EILSEQ;
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
	json_t *params = build_request(file, json_object_get(arguments, "force"));
	enum status status;

	if (!params)
		return fail_file(session, file);
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
