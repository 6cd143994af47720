// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/complete.h"

#include <stdlib.h>
#include <string.h>

#include "control/ctl/arguments.h"
#include "control/ctl/command.h"
#include "control/ctl/frame_words.h"
#include "control/ctl/options.h"
#include "lib/drops.h"

// Nobody waits longer for a key.
#define COMPLETE_TIMEOUT 1.0

struct completion {
	FILE *out;
	const char *typed; // what stands before the cursor of the last word
	const char *socket;
};

static void offer_part(const struct completion *c, const char *word, size_t length)
{
	if (strncmp(word, c->typed, strlen(c->typed)) == 0 && strlen(c->typed) <= length)
		fprintf(c->out, "%.*s\n", (int)length, word);
}

static void offer(const struct completion *c, const char *word)
{
	offer_part(c, word, strlen(word));
}

// Offer a string, or a number.
static void offer_json(const struct completion *c, const json_t *value)
{
	char number[24];

	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		offer(c, number);
	} else if (json_is_string(value)) {
		offer(c, json_string_value(value));
	}
}

// Ask the daemon. Returns NULL if it does not answer.
static json_t *ask(const struct completion *c, const char *method)
{
	struct client_failure failure;
	struct client client;

	client_init(&client, c->socket, COMPLETE_TIMEOUT);
	json_t *result = client_call(&client, method, NULL, &failure);
	client_failure_clear(&failure);
	client_close(&client);
	return result;
}

// Ask for a list of objects, and offer what each has under "key".
static void offer_answer(const struct completion *c, const char *method, const char *list,
			 const char *key)
{
	json_t *result = ask(c, method);
	const json_t *objects = json_object_get(result, list);

	for (size_t i = 0; i < json_array_size(objects); i++)
		offer_json(c, json_object_get(json_array_get(objects, i), key));
	json_decref(result);
}

// The entry of a generation; NULL if it is not kept.
static const json_t *find_past(const json_t *history, const json_t *generation)
{
	for (size_t i = 0; i < json_array_size(history); i++) {
		const json_t *past = json_array_get(history, i);

		if (json_equal(json_object_get(past, "generation"), generation))
			return past;
	}
	return NULL;
}

static const json_t *find_in_force(const json_t *history)
{
	for (size_t i = 0; i < json_array_size(history); i++) {
		const json_t *past = json_array_get(history, i);

		if (json_is_true(json_object_get(past, "in_force")))
			return past;
	}
	return NULL;
}

// As many levels as there are configurations before the one in force.
static void offer_levels(const struct completion *c)
{
	json_t *result = ask(c, "config.history");
	const json_t *history = json_object_get(result, "history");
	const json_t *past = find_in_force(history);
	char number[24];

	for (size_t level = 1; level <= json_array_size(history); level++) {
		past = find_past(history, json_object_get(past, "previous"));
		if (!past)
			break;
		snprintf(number, sizeof(number), "%zu", level);
		offer(c, number);
	}
	json_decref(result);
}

static void offer_choices(const struct completion *c, const char *choices)
{
	while (*choices) {
		size_t length = strcspn(choices, "|");

		offer_part(c, choices, length);
		choices += length + (choices[length] == '|');
	}
}

static void offer_value(const struct completion *c, const struct argument *argument);

// The next of a command's own words.
static void offer_word(const struct completion *c, const struct command *command, const char *word,
		       size_t length)
{
	const struct argument *a = command->arguments;

	if (!command_word_is_argument(word, length)) {
		offer_part(c, word, length);
		return;
	}
	while (strlen(a->name) != length || memcmp(a->name, word, length) != 0)
		a++;
	offer_value(c, a);
}

// The word after "n" typed ones, of every command that begins with them.
static void offer_commands(const struct completion *c, char *const *words, size_t n)
{
	const char *last = "";
	size_t last_length = 0;

	for (const struct command *command = commands; command->words; command++) {
		size_t length;
		const char *next = command_word_at(command, n, &length);

		if (command_prefix(command, words, n) < n)
			continue;
		// Commands with the same first words stand together in the table.
		if (!next || (length == last_length && memcmp(next, last, length) == 0))
			continue;
		offer_word(c, command, next, length);
		last = next;
		last_length = length;
	}
}

static void offer_reasons(const struct completion *c)
{
	static const char *const others[] = {
#define INCIDENT(NAME, name, level, text) #name,
#include "control/events/incident.def"
#undef INCIDENT
	};

	for (int i = DROP_NONE + 1; i < DROP_COUNT; i++) {
		if (drop_makes_event((enum drop_reason)i))
			offer(c, drop_infos[i].name);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		offer(c, others[i]);
}

static void offer_drops(const struct completion *c)
{
	offer(c, "any");
	for (int i = DROP_NONE + 1; i < DROP_COUNT; i++)
		offer(c, drop_infos[i].name);
}

static void offer_value(const struct completion *c, const struct argument *argument)
{
	switch (argument->kind) {
	case ARG_PORT:
		offer_answer(c, "show.ports", "ports", "name");
		break;
	case ARG_LAN:
		offer_answer(c, "show.lans", "lans", "name");
		break;
	case ARG_FILE:
		fputs("@files\n", c->out);
		break;
	case ARG_CHOICE:
		offer_choices(c, argument->name);
		break;
	case ARG_MAC:
		offer_answer(c, "show.macs", "macs", "mac");
		break;
	case ARG_RANGE:
		offer(c, "all");
		offer_answer(c, "show.neighbours", "neighbours", "address");
		break;
	case ARG_ADDRESS:
		offer_answer(c, "show.neighbours", "neighbours", "address");
		break;
	case ARG_EVENT:
		offer_answer(c, "show.events", "events", "id");
		break;
	case ARG_GENERATION:
		offer_answer(c, "config.history", "history", "generation");
		break;
	case ARG_LEVELS:
		offer_levels(c);
		break;
	case ARG_STATE:
		offer_choices(c, SPONGE_STATES);
		break;
	case ARG_REASON:
		offer_reasons(c);
		break;
	case ARG_DROP:
		offer_drops(c);
		break;
	case ARG_FRAME:
		for (size_t i = 0; frame_keywords[i]; i++)
			offer(c, frame_keywords[i]);
		break;
	default:
		break;
	}
}

static const struct argument *find_option(const struct command *command, const char *name)
{
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		if (argument_is_option(a) && strcmp(a->name, name) == 0)
			return a;
	}
	return NULL;
}

static void offer_options(const struct completion *c, const struct command *command)
{
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		if (argument_is_option(a))
			offer(c, a->name);
	}
	for (size_t i = 0; options_name(i); i++)
		offer(c, options_name(i));
}

// The "n"-th argument behind the command's words that has no name of its own.
static const struct argument *positional(const struct command *command, size_t n)
{
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		if (argument_is_option(a) || command_has_in_words(command, a))
			continue;
		if (argument_takes_rest(a) || n-- == 0)
			return a;
	}
	return NULL;
}

// Behind the words of a command: "words" are the finished ones.
static void offer_arguments(const struct completion *c, const struct command *command,
			    char *const *words, size_t n)
{
	const struct argument *argument = NULL;
	size_t n_positional = 0;

	for (size_t i = 0; i < n; i++) {
		const struct argument *option = find_option(command, words[i]);

		if (option && option->kind != ARG_FLAG && option->kind != ARG_SECONDS) {
			argument = i + 1 == n ? option : NULL;
			i++;
		} else if (!option) {
			n_positional++;
		}
	}
	if (!argument && c->typed[0] == '-') {
		offer_options(c, command);
		return;
	}
	if (!argument)
		argument = positional(command, n_positional);
	if (argument && argument->kind == ARG_COMMAND)
		offer_commands(c, words, n);
	else if (argument)
		offer_value(c, argument);
}

enum status complete(char *const *words, size_t n, FILE *out)
{
	static char program[] = "ixfab";
	char **line = calloc(n + 2, sizeof(char *));
	char error[USAGE_TEXT_SIZE];
	struct options options = {0};
	size_t n_used;

	if (!line || n == 0) {
		free(line);
		return STATUS_OK;
	}
	if (n > 1 && options_takes_path(words[n - 2]))
		fputs("@files\n", out);
	line[0] = program;
	memcpy(line + 1, words, (n - 1) * sizeof(char *));
	if (options_parse(&options, (int)n, line, error) == 0) {
		struct completion c = {out, words[n - 1], options.socket};
		const struct command *command =
			command_find(options.words, options.n_words, &n_used);

		if (command)
			offer_arguments(&c, command, options.words + n_used,
					options.n_words - n_used);
		offer_commands(&c, options.words, options.n_words);
	}
	free(options.words);
	free(line);
	return STATUS_OK;
}
