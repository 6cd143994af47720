// SPDX-License-Identifier: BSD-3-Clause
// `ixfab capture`: frames in words, as JSON, or into a pcapng file; and `ixfab show captures`.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/ctl/capture_file.h"
#include "control/ctl/capture_filter.h"
#include "control/ctl/capture_line.h"
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "lib/capture.h"

// ---- What is asked for

// The words of the filter with spaces between them; NULL without one. Free the result.
static char *join_filter(const json_t *words)
{
	char *text = NULL;

	for (size_t i = 0; i < json_array_size(words); i++) {
		char *longer = cell_format("%s%s%s", text ? text : "", text ? " " : "",
					   json_string_value(json_array_get(words, i)));

		free(text);
		text = longer;
	}
	return text;
}

static enum status add_filter(struct session *session, const json_t *arguments, json_t *params)
{
	char *text = join_filter(json_object_get(arguments, "filter"));
	char error[FILTER_ERROR_SIZE];

	if (!text)
		return STATUS_OK;
	json_t *program = capture_filter_compile(text, error);
	if (program) {
		json_object_set_new(params, "filter", json_string(text));
		json_object_set_new(params, "program", program);
	}
	free(text);
	return program ? STATUS_OK : session_fail(session, STATUS_USAGE, "%s", error);
}

static json_t *make_params(struct session *session, const json_t *arguments, enum status *status)
{
	static const char *const keys[] = {"port", "drops", "count", "snap"};
	const json_t *seconds = json_object_get(arguments, "seconds");
	json_t *params = json_object();

	for (size_t i = 0; i < N_COLUMNS(keys); i++) {
		json_t *value = json_object_get(arguments, keys[i]);

		if (value)
			json_object_set(params, keys[i], value);
	}
	if (seconds)
		json_object_set_new(params, "seconds",
				    json_integer((json_int_t)json_real_value(seconds)));
	*status = add_filter(session, arguments, params);
	return params;
}

// ---- Being interrupted

static struct {
	int fd;
	const char *line;
	size_t length;
} ending;

// Ask for the end; what comes until then is still shown. A second time it ends us.
static void on_interrupt(int number)
{
	int error = errno;

	(void)number;
	if (write(ending.fd, ending.line, ending.length) < 0)
		_exit(STATUS_UNREACHABLE);
	errno = error;
}

static void end_on_interrupt(int fd)
{
	static const char line[] = "{\"jsonrpc\":\"2.0\",\"method\":\"capture.end\",\"id\":0}\n";
	struct sigaction action = {.sa_handler = on_interrupt,
				   .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};

	ending.fd = fd;
	ending.line = line;
	ending.length = sizeof(line) - 1;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

// ---- What comes

static void print_json(struct out *out, const json_t *object)
{
	json_dumpf(object, out->file, JSON_COMPACT | JSON_REAL_PRECISION(16));
	fputc('\n', out->file);
}

static int show_frame(struct session *session, struct capture_file *file, const json_t *frame)
{
	if (file)
		return capture_file_put(file, frame);
	if (session->out.json) {
		print_json(&session->out, frame);
	} else {
		char *line = capture_line(frame);

		out_line(&session->out, "%s", line);
		free(line);
	}
	return fflush(session->out.file) ? -errno : 0;
}

static void tell_count(struct session *session, const json_t *ended, const char *key,
		       const char *what)
{
	json_int_t n = out_integer(ended, key);

	if (n)
		fprintf(session->err, "%" JSON_INTEGER_FORMAT " frame%s %s\n", n, n == 1 ? "" : "s",
			what);
}

// Standard output may be the file, so this goes where complaints go, as with tcpdump.
static enum status show_end(struct session *session, const json_t *ended, bool is_output_free)
{
	const char *why = out_string(ended, "ended");

	if (session->out.json && is_output_free) {
		print_json(&session->out, ended);
	} else {
		fprintf(session->err, "%" JSON_INTEGER_FORMAT " captured\n",
			out_integer(ended, "frames"));
		tell_count(session, ended, "missed", "missed: they came too fast");
		tell_count(session, ended, "unseen",
			   "not looked at: workers give captures a tenth of their time");
		tell_count(session, ended, "died_in_guard",
			   "died in XDP guards, where they are not seen, whatever the filter");
	}
	if (strcmp(why, "port") == 0)
		return session_fail(session, STATUS_FAILED, "the port has gone");
	if (strcmp(why, "dataplane") == 0)
		return session_fail(session, STATUS_FAILED, "the dataplane went away");
	return STATUS_OK;
}

// Until the end. "ended" receives what the daemon says of it, or NULL.
static enum status follow(struct session *session, struct capture_file *file, json_t **ended)
{
	struct client_failure failure;
	int err = 0;

	*ended = NULL;
	while (!err) {
		json_t *said = client_wait(&session->client, "captured", &failure);

		if (!said)
			return session_fail(session, failure.status, "%s", failure.text);
		if (json_object_get(said, "ended")) {
			*ended = said;
			return STATUS_OK;
		}
		err = show_frame(session, file, json_object_get(said, "frame"));
		json_decref(said);
	}
	return session_fail(session, STATUS_FAILED, "cannot write a frame: %s", strerror(-err));
}

// The file that was asked for, or NULL; "status" tells whether that is a failure.
static struct capture_file *open_file(struct session *session, const json_t *arguments,
				      enum status *status)
{
	const char *path = json_string_value(json_object_get(arguments, "output"));
	json_int_t snap = out_integer(arguments, "snap");
	const char *port = json_string_value(json_object_get(arguments, "port"));
	struct capture_file *file = NULL;

	if (path)
		file = capture_file_create(path, session->out.file,
					   snap ? (uint32_t)snap : CAPTURE_OCTETS, port);
	if (path && !file)
		*status = session_fail(session, STATUS_FAILED, "%s: %s", path, strerror(errno));
	return file;
}

static enum status capture(struct session *session, const json_t *arguments, bool is_output_free)
{
	enum status status = STATUS_OK;
	struct capture_file *file = open_file(session, arguments, &status);
	json_t *ended = NULL;

	if (status != STATUS_OK)
		return status; // the connection is closed, and the capture ends
	end_on_interrupt(session->client.fd);
	status = follow(session, file, &ended);
	int err = file ? capture_file_close(file, ended) : 0;
	if (err && status == STATUS_OK)
		status = session_fail(session, STATUS_FAILED, "cannot write the file: %s",
				      strerror(-err));
	if (ended && status == STATUS_OK)
		status = show_end(session, ended, is_output_free);
	json_decref(ended);
	return status;
}

enum status run_capture(struct session *session, const struct command *command, json_t *arguments)
{
	const char *path = json_string_value(json_object_get(arguments, "output"));
	enum status status;
	json_t *params = make_params(session, arguments, &status);
	json_t *result = NULL;

	(void)command;
	if (status == STATUS_OK)
		result = session_call(session, "capture.begin", params, &status);
	if (result)
		status = capture(session, arguments, !path || strcmp(path, "-") != 0);
	json_decref(result);
	json_decref(params);
	return status;
}

void view_captures(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"CAPTURE", "capture", CELL_COUNT}, {"BY", "by", CELL_TEXT},
		{"SINCE", "since", CELL_TIME},	    {"PORT", "port", CELL_TEXT},
		{"DROPS", "drops", CELL_TEXT},	    {"FILTER", "filter", CELL_TEXT},
		{"FRAMES", "frames", CELL_COUNT},
	};
	const json_t *captures = json_object_get(result, "captures");

	if (json_array_size(captures))
		out_rows(out, captures, columns, N_COLUMNS(columns));
	else
		out_line(out, "Nobody captures.");
}
