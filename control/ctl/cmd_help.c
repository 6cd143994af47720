// SPDX-License-Identifier: BSD-3-Clause
// `ixfab help`, and the completion script.
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/options.h"

enum { HELP_WORDS = 8 }; // no command has more

static bool starts_with_words(const struct command *command, const char *word)
{
	size_t length = word ? strlen(word) : 0;

	return !word || (strncmp(command->words, word, length) == 0 &&
			 (command->words[length] == ' ' || !command->words[length]));
}

// Every command that begins with "word", or simply every command.
static size_t list_commands(const char *word, FILE *file)
{
	size_t n = 0;

	for (const struct command *command = commands; command->words; command++) {
		if (!starts_with_words(command, word))
			continue;
		fputs("  ", file);
		command_synopsis(command, file);
		fprintf(file, "\n          %s\n", command->help);
		n++;
	}
	return n;
}

static void print_overview(FILE *file)
{
	fputs("Usage: ixfab [OPTIONS] COMMAND\n\nCommands:\n", file);
	list_commands(NULL, file);
	fputs("\nOptions:\n", file);
	options_print(file);
	fputs("\nExit codes: 0 done, 1 failed, 2 usage, 3 ixfab-control does not answer,\n"
	      "4 not permitted, 5 diff --exit-code found changes. More: man ixfab\n",
	      file);
}

static void print_command(const struct command *command, FILE *file)
{
	fputs("Usage: ixfab ", file);
	command_synopsis(command, file);
	fprintf(file, "\n%s\n", command->help);
	if (command->arguments)
		fputs("\n", file);
	command_arguments(command, file);
}

enum status run_help(struct session *session, const struct command *self, json_t *arguments)
{
	const json_t *list = json_object_get(arguments, "command");
	char *words[HELP_WORDS] = {NULL};
	size_t n = json_array_size(list) < HELP_WORDS ? json_array_size(list) : HELP_WORDS;
	size_t n_used;

	(void)self;
	for (size_t i = 0; i < n; i++)
		words[i] = (char *)json_string_value(json_array_get(list, i));
	if (n == 0) {
		print_overview(session->out.file);
		return STATUS_OK;
	}
	const struct command *command = command_find(words, n, &n_used);
	if (command) {
		print_command(command, session->out.file);
		return STATUS_OK;
	}
	if (list_commands(words[0], session->out.file))
		return STATUS_OK;
	fprintf(session->err, "ixfab: no command begins with \"%s\"\n", words[0]);
	return STATUS_USAGE;
}

static const char bash_script[] =
#include "ixfab.bash.inc"
	;

enum status run_completion(struct session *session, const struct command *self, json_t *arguments)
{
	(void)self;
	(void)arguments; // bash is the only shell there is
	fputs(bash_script, session->out.file);
	return STATUS_OK;
}
