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

// What follows "show"?
static void list_following(const char *word, char *error)
{
	size_t length = strlen(word), used = 0;

	for (const struct command *c = commands; c->words; c++) {
		if (strncmp(c->words, word, length) != 0 || c->words[length] != ' ')
			continue;
		used += (size_t)snprintf(error + used, USAGE_TEXT_SIZE - used, "%s%s",
					 used ? ", " : "", c->words + length + 1);
		if (used >= USAGE_TEXT_SIZE)
			return;
	}
}

// The command that was meant. Behind a first word that is right, only one that begins with it.
static const struct command *guess(const struct options *options, bool first_is_right)
{
	const struct command *nearest = command_nearest(options->words, options->n_words);
	size_t length = strlen(options->words[0]);

	if (nearest && first_is_right && strncmp(nearest->words, options->words[0], length) != 0)
		return NULL;
	return nearest;
}

static enum status unknown_command(const struct options *options, FILE *err)
{
	const char *first = options->words[0];
	const char *second = options->n_words > 1 ? options->words[1] : NULL;
	char following[USAGE_TEXT_SIZE] = "", error[2 * USAGE_TEXT_SIZE];

	list_following(first, following);
	const struct command *meant = guess(options, *following);
	bool both = meant && strchr(meant->words, ' ') && second;
	if (*following && !second)
		snprintf(error, sizeof(error), "\"%.64s\" wants another word: %s", first,
			 following);
	else if (meant)
		snprintf(error, sizeof(error),
			 "unknown command \"%.64s%s%.64s\": did you mean \"%s\"?", first,
			 both ? " " : "", both ? second : "", meant->words);
	else if (*following)
		snprintf(error, sizeof(error), "\"%.64s\" cannot follow \"%.64s\": there are %s",
			 second, first, following);
	else
		snprintf(error, sizeof(error), "unknown command \"%.64s\"", first);
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
	json_t *arguments =
		arguments_parse(command, options->words + n_used, options->n_words - n_used, error);
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
