// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/run.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/ctl/arguments.h"
#include "control/ctl/cell.h"
#include "control/ctl/command.h"
#include "control/ctl/complete.h"
#include "control/ctl/options.h"

enum status session_fail(struct session *session, enum status status, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(session->err, "ixfab: %s\n", cell_clean(text));
	return status;
}

static void print_complaints(struct session *session, const json_t *complaints)
{
	for (size_t i = 0; i < json_array_size(complaints); i++) {
		char *text = cell_text(json_array_get(complaints, i), CELL_TEXT);

		fprintf(session->err, "%s\n", text);
		free(text);
	}
}

json_t *session_call(struct session *session, const char *method, json_t *params,
		     enum status *status)
{
	struct client_failure failure;
	json_t *result = client_call(&session->client, method, params, &failure);

	*status = STATUS_OK;
	if (!result) {
		*status = session_fail(session, failure.status, "%s", failure.text);
		print_complaints(session, failure.complaints);
		client_failure_clear(&failure);
	}
	return result;
}

enum status run_request(struct session *session, const struct command *command, json_t *arguments)
{
	enum status status;
	json_t *result = session_call(session, command->method, arguments, &status);

	if (result)
		out_show(&session->out, result, command->view);
	json_decref(result);
	return status;
}

static void wait_for(double seconds)
{
	struct timespec time = {(time_t)seconds};

	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
	nanosleep(&time, NULL);
}

// A terminal is drawn anew; anything else gets one result after the other.
static enum status watch(struct session *session, const struct command *command, json_t *arguments,
			 double seconds)
{
	for (;;) {
		if (session->out.terminal)
			fputs("\033[H\033[2J", session->out.file);
		enum status status = command->run(session, command, arguments);
		if (status != STATUS_OK || fflush(session->out.file) != 0)
			return status;
		wait_for(seconds);
	}
}

static enum status run_command(const struct options *options, const struct command *command,
			       json_t *arguments, FILE *out, FILE *err)
{
	struct session session = {.err = err};
	enum status status;

	client_init(&session.client, options->socket, options->timeout);
	out_init(&session.out, out);
	session.out.json = options->json;
	session.out.header = !options->no_header;
	if (options->watch > 0)
		status = watch(&session, command, arguments, options->watch);
	else
		status = command->run(&session, command, arguments);
	client_close(&session.client);
	return status;
}

static enum status fail_usage(FILE *err, const struct command *command, const char *error)
{
	struct session session = {.err = err};

	session_fail(&session, STATUS_USAGE, "%s", error);
	if (command) {
		fputs("Usage: ixfab ", err);
		command_synopsis(command, err);
		fputc('\n', err);
	} else {
		fputs("\"ixfab help\" lists the commands.\n", err);
	}
	return STATUS_USAGE;
}

// The words that may follow the first "n" typed ones: "ports, port, macs".
static void list_following(char *const *words, size_t n, char *error)
{
	const char *last = "";
	size_t used = 0, last_length = 0;

	error[0] = 0;
	for (const struct command *c = commands; c->words && used < USAGE_TEXT_SIZE; c++) {
		size_t length;
		const char *next = command_word_at(c, n, &length);

		if (command_prefix(c, words, n) < n)
			continue;
		// Commands with the same first words stand together in the table.
		if (!next || (length == last_length && memcmp(next, last, length) == 0))
			continue;
		used += (size_t)snprintf(error + used, USAGE_TEXT_SIZE - used, "%s%.*s",
					 used ? ", " : "", (int)length, next);
		last = next;
		last_length = length;
	}
}

enum { TYPED_SIZE = 160 };

static void complain_command(const struct options *options, char *error, size_t size)
{
	size_t n_right = command_longest_prefix(options->words, options->n_words);
	const struct command *meant = command_nearest(options->words, options->n_words);
	char right[TYPED_SIZE], typed[TYPED_SIZE], following[USAGE_TEXT_SIZE];
	size_t n_typed = n_right + 1 < options->n_words ? n_right + 1 : options->n_words;

	command_join(options->words, n_right, right, sizeof(right));
	list_following(options->words, n_right, following);
	if (n_right == options->n_words) {
		snprintf(error, size, "\"%s\" wants another word: %s", right, following);
		return;
	}
	if (meant && n_right == 0 && strchr(meant->words, ' ') && options->n_words > 1)
		n_typed = 2;
	command_join(options->words, n_typed, typed, sizeof(typed));
	if (meant)
		snprintf(error, size, "unknown command \"%s\": did you mean \"%s\"?", typed,
			 meant->words);
	else if (n_right)
		snprintf(error, size, "\"%.64s\" cannot follow \"%s\": there are %s",
			 options->words[n_right], right, following);
	else
		snprintf(error, size, "unknown command \"%.64s\"", options->words[0]);
}

static enum status unknown_command(const struct options *options, FILE *err)
{
	char error[3 * USAGE_TEXT_SIZE];

	complain_command(options, error, sizeof(error));
	return fail_usage(err, NULL, error);
}

// Ask for the words of a command's help instead of running it.
static enum status show_help(const struct options *options, FILE *out, FILE *err)
{
	struct session session = {.err = err};
	json_t *arguments = json_object(), *words = json_array();

	for (size_t i = 0; i < options->n_words; i++)
		json_array_append_new(words, json_string(options->words[i]));
	json_object_set_new(arguments, "command", words);
	out_init(&session.out, out);
	enum status status = run_help(&session, NULL, arguments);
	json_decref(arguments);
	return status;
}

static enum status dispatch(const struct options *options, FILE *out, FILE *err)
{
	char error[USAGE_TEXT_SIZE] = "";
	size_t n_used;

	if (options->n_words == 0)
		return fail_usage(err, NULL, "no command");
	const struct command *command = command_find(options->words, options->n_words, &n_used);
	if (!command)
		return unknown_command(options, err);
	json_t *arguments = arguments_parse(command, options->words, options->n_words, error);
	if (!arguments)
		return fail_usage(err, command, error);
	enum status status = run_command(options, command, arguments, out, err);
	json_decref(arguments);
	return status;
}

static enum status run_options(const struct options *options, FILE *out, FILE *err)
{
	if (options->version) {
		fprintf(out, "ixfab %s\n", IXFAB_VERSION);
		return STATUS_OK;
	}
	if (options->help)
		return show_help(options, out, err);
	return dispatch(options, out, err);
}

enum status run(int argc, char **argv, FILE *out, FILE *err)
{
	char error[USAGE_TEXT_SIZE] = "";
	struct options options;
	enum status status;

	if (argc > 1 && strcmp(argv[1], "__complete") == 0)
		return complete(argv + 2, (size_t)(argc - 2), out);
	if (options_parse(&options, argc, argv, error) < 0)
		status = fail_usage(err, NULL, error);
	else
		status = run_options(&options, out, err);
	free(options.words);
	// A result that did not reach its file is none.
	if ((fflush(out) != 0 || ferror(out)) && status == STATUS_OK) {
		fprintf(err, "ixfab: cannot write the result: %s\n", strerror(errno));
		status = STATUS_FAILED;
	}
	return status;
}
