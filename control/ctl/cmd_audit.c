// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show audit`: who did what, as the commands that do it.
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

// The command of a method; NULL: none is known.
static const struct command *find_command(const char *method)
{
	for (const struct command *command = commands; command->words; command++) {
		if (command->method && strcmp(command->method, method) == 0)
			return command;
	}
	return NULL;
}

static void print_value(FILE *file, const struct argument *argument, const json_t *value)
{
	bool is_time = argument->kind == ARG_WHEN;
	char *text = cell_text(value, is_time ? CELL_TIME : CELL_TEXT);

	fprintf(file, is_time || strchr(text, ' ') ? "\"%s\"" : "%s", text);
	if (argument->kind == ARG_SPAN)
		fputc('s', file);
	free(text);
}

static const struct argument *find_argument(const struct command *command, const char *word,
					    size_t length)
{
	const struct argument *a = command->arguments;

	while (a && a->name && (strlen(a->name) != length || memcmp(a->name, word, length) != 0))
		a++;
	return a && a->name ? a : NULL;
}

static void print_words(FILE *file, const struct command *command, const json_t *params)
{
	size_t length;

	for (const char *w = command->words; (w = command_next_word(w, &length)); w += length) {
		const struct argument *a = command_word_is_argument(w, length)
						   ? find_argument(command, w, length)
						   : NULL;

		if (w != command->words)
			fputc(' ', file);
		if (a)
			print_value(file, a, json_object_get(params, a->key));
		else
			fprintf(file, "%.*s", (int)length, w);
	}
}

static void print_arguments(FILE *file, const struct command *command, const json_t *params)
{
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		const json_t *value = json_object_get(params, a->key);

		if (!value || json_is_false(value) || command_has_in_words(command, a))
			continue;
		fputc(' ', file);
		if (argument_is_option(a))
			fputs(a->name, file);
		if (json_is_true(value))
			continue;
		if (argument_is_option(a))
			fputc(a->kind == ARG_SECONDS ? '=' : ' ', file);
		print_value(file, a, value);
	}
}

// What an operator typed to have that done, or could have.
static char *deed_text(const json_t *deed)
{
	const struct command *command = find_command(out_string(deed, "method"));
	const json_t *params = json_object_get(deed, "params");
	char *text = NULL;
	size_t size;

	if (!command)
		return cell_clean(cell_format("%s", out_string(deed, "method")));
	FILE *file = open_memstream(&text, &size);
	if (!file)
		return cell_format("%s", command->words);
	print_words(file, command, params);
	print_arguments(file, command, params);
	fclose(file);
	return cell_clean(text);
}

static void print_deed(struct out *out, const json_t *deed)
{
	char *time = cell_text(json_object_get(deed, "time"), CELL_TIME);
	char *text = deed_text(deed);
	const char *claim = out_string(deed, "claim");
	json_int_t generation = out_integer(deed, "generation"), more = out_integer(deed, "more");
	char *result = generation ? cell_format(" => generation %d", (int)generation)
				  : cell_format("%s", "");

	out_line(out, "%s  %s%s%s%s: %s%s", time, out_string(deed, "by"), *claim ? " (claims " : "",
		 claim, *claim ? ")" : "", text, result);
	out_changes(out, json_object_get(deed, "changes"), "    ");
	if (more)
		out_line(out, "    and %d more", (int)more);
	free(time);
	free(text);
	free(result);
}

void view_audit(struct out *out, const json_t *result)
{
	const json_t *audit = json_object_get(result, "audit");

	for (size_t i = 0; i < json_array_size(audit); i++)
		print_deed(out, json_array_get(audit, i));
	if (json_array_size(audit) == 0)
		out_line(out, "Nothing was changed yet.");
}
