// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/command.h"

#include <ctype.h>
#include <string.h>

#include "control/ctl/nearest.h"

enum { COMMAND_WORDS_SIZE = 64 };

// How many of the typed words the command's own words take; 0 if they are not its words.
static size_t count_matching(const struct command *command, char *const *words, size_t n)
{
	const char *rest = command->words;
	size_t used = 0;

	while (*rest) {
		size_t length = strcspn(rest, " ");

		if (used == n || strlen(words[used]) != length ||
		    memcmp(words[used], rest, length) != 0)
			return 0;
		used++;
		rest += length + (rest[length] == ' ');
	}
	return used;
}

const struct command *command_find(char *const *words, size_t n, size_t *n_used)
{
	for (const struct command *command = commands; command->words; command++) {
		*n_used = count_matching(command, words, n);
		if (*n_used)
			return command;
	}
	return NULL;
}

// The first words that were typed, as many as the command has.
static void join_words(char *const *words, size_t n, const char *like, char *text, size_t size)
{
	size_t wanted = strchr(like, ' ') ? 2 : 1;

	text[0] = 0;
	for (size_t i = 0; i < n && i < wanted; i++) {
		size_t used = strlen(text);

		snprintf(text + used, size - used, "%s%s", i ? " " : "", words[i]);
	}
}

const struct command *command_nearest(char *const *words, size_t n)
{
	const struct command *nearest = NULL;
	size_t least = NEAREST_LIMIT;

	for (const struct command *command = commands; command->words; command++) {
		char typed[COMMAND_WORDS_SIZE];

		join_words(words, n, command->words, typed, sizeof(typed));
		size_t distance = edit_distance(typed, command->words);
		if (distance < least) {
			least = distance;
			nearest = command;
		}
	}
	return nearest;
}

// "--lan" wants a LAN: its value is called by its key, in capitals.
static void print_value(const struct argument *argument, FILE *file)
{
	fputc(' ', file);
	for (const char *c = argument->key; *c; c++)
		fputc(toupper((unsigned char)*c), file);
}

static void print_argument(const struct argument *argument, FILE *file)
{
	fputs(argument->name, file);
	if (argument_is_option(argument) && argument->kind != ARG_FLAG)
		print_value(argument, file);
}

void command_synopsis(const struct command *command, FILE *file)
{
	fputs(command->words, file);
	for (const struct argument *a = command->arguments; a && a->name; a++) {
		fputs(a->required ? " " : " [", file);
		print_argument(a, file);
		fputs(a->required ? "" : "]", file);
	}
}

void command_arguments(const struct command *command, FILE *file)
{
	for (const struct argument *a = command->arguments; a && a->name; a++)
		fprintf(file, "  %-12s  %s\n", a->name, a->help);
}
