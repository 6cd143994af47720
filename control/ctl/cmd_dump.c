// SPDX-License-Identifier: BSD-3-Clause
// `ixfab dump` and `ixfab load`: the states of addresses on their way to a file and back.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

enum { LOAD_PIECE = 10000 }; // addresses in one request, whose length is limited

static size_t count_states(const json_t *dump)
{
	const json_t *lan;
	const char *name;
	size_t n = 0;

	json_object_foreach ((json_t *)json_object_get(dump, "lans"), name, lan)
		n += json_object_size(lan);
	return n;
}

static int write_file(const char *path, const json_t *dump)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;
	int err = json_dumpf(dump, file, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) ? -EIO : 0;
	fputc('\n', file);
	if (fclose(file) != 0 && !err)
		err = -errno;
	return err;
}

static void view_dump(struct out *out, const json_t *result)
{
	out_line(out, "%" JSON_INTEGER_FORMAT " states in %s.", out_integer(result, "states"),
		 out_string(result, "file"));
}

static enum status put_dump(struct session *session, const json_t *dump, const char *path)
{
	if (!path) {
		json_dumpf(dump, session->out.file, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
		fputc('\n', session->out.file);
		return STATUS_OK;
	}
	int err = write_file(path, dump);
	if (err)
		return session_fail(session, STATUS_FAILED, "%s: %s", path, strerror(-err));
	json_t *result = json_pack("{s:i, s:s, s:I}", "version", 1, "file", path, "states",
				   (json_int_t)count_states(dump));
	out_show(&session->out, result, view_dump);
	json_decref(result);
	return STATUS_OK;
}

enum status run_dump(struct session *session, const struct command *command, json_t *arguments)
{
	json_t *path = json_incref(json_object_get(arguments, "file"));
	enum status status;

	(void)command;
	json_object_del(arguments, "file");
	json_t *result = session_call(session, "sponge.dump", arguments, &status);
	if (result)
		status =
			put_dump(session, json_object_get(result, "dump"), json_string_value(path));
	json_decref(result);
	json_decref(path);
	return status;
}

static void view_load(struct out *out, const json_t *result)
{
	out_line(out, "%" JSON_INTEGER_FORMAT " states of %" JSON_INTEGER_FORMAT " taken up.",
		 out_integer(result, "taken"), out_integer(result, "states"));
}

// Send "states" of a LAN, and add to "taken" how many were taken up.
static enum status send_piece(struct session *session, const json_t *dump, const char *lan,
			      json_t *states, bool force, json_int_t *taken)
{
	json_t *piece = json_copy((json_t *)dump);
	enum status status;

	json_object_set_new(piece, "lans", json_pack("{s:O}", lan, states));
	json_t *params = json_pack("{s:o, s:b}", "dump", piece, "force", (int)force);
	json_t *result = session_call(session, "sponge.load", params, &status);
	*taken += out_integer(result, "taken");
	json_decref(result);
	json_decref(params);
	return status;
}

static enum status send_lan(struct session *session, const json_t *dump, const char *lan,
			    json_t *all, bool force, json_int_t *taken)
{
	json_t *states = json_object(), *state;
	enum status status = STATUS_OK;
	const char *address;

	json_object_foreach (all, address, state) {
		json_object_set(states, address, state);
		if (json_object_size(states) < LOAD_PIECE)
			continue;
		status = send_piece(session, dump, lan, states, force, taken);
		json_object_clear(states);
		if (status != STATUS_OK)
			break;
	}
	if (json_object_size(states))
		status = send_piece(session, dump, lan, states, force, taken);
	json_decref(states);
	return status;
}

static enum status load(struct session *session, const json_t *dump, bool force)
{
	json_t *lans = json_object_get(dump, "lans"), *states;
	enum status status = STATUS_OK;
	json_int_t taken = 0;
	const char *lan;

	json_object_foreach (lans, lan, states) {
		status = send_lan(session, dump, lan, states, force, &taken);
		if (status != STATUS_OK)
			return status;
	}
	json_t *result = json_pack("{s:i, s:I, s:I}", "version", 1, "taken", taken, "states",
				   (json_int_t)count_states(dump));
	out_show(&session->out, result, view_load);
	json_decref(result);
	return status;
}

enum status run_load(struct session *session, const struct command *command, json_t *arguments)
{
	const char *path = json_string_value(json_object_get(arguments, "file"));
	bool force = json_object_get(arguments, "force");
	enum status status;
	json_error_t error;
	json_t *dump = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	(void)command;
	if (!dump)
		return session_fail(session, STATUS_FAILED, "%s:%d: %s", path, error.line,
				    error.text);
	if (json_is_object(json_object_get(dump, "lans")))
		status = load(session, dump, force);
	else
		status = session_fail(session, STATUS_FAILED,
				      "%s: this is no dump: write what \"ixfab dump\" has written",
				      path);
	json_decref(dump);
	return status;
}
