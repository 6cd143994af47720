// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/command.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "control/ctl/nearest.h"

enum { COMMAND_WORDS_SIZE = 128 };

const char *command_next_word(const char *words, size_t *length)
{
	words += strspn(words, " ");
	*length = strcspn(words, " ");
	return *length ? words : NULL;
}

const char *command_word_at(const struct command *command, size_t n, size_t *length)
{
	const char *word = command_next_word(command->words, length);

	while (word && n--)
		word = command_next_word(word + *length, length);
	return word;
}

bool command_word_is_argument(const char *word, size_t length)
{
	return isupper((unsigned char)*word) || memchr(word, '|', length);
}

static size_t count_words(const struct command *command)
{
	size_t n = 0, length;

	for (const char *w = command->words; (w = command_next_word(w, &length)); w += length)
		n++;
	return n;
}

// Whether "typed" can stand where the command has "word".
static bool fits(const char *word, size_t length, const char *typed)
{
	if (isupper((unsigned char)*word))
		return typed[0] != '-';
	for (size_t at = 0; at < length;) {
		size_t part = strcspn(word + at, "| ");

		if (strlen(typed) == part && memcmp(typed, word + at, part) == 0)
			return true;
		at += part + 1;
	}
	return false;
}

size_t command_prefix(const struct command *command, char *const *words, size_t n)
{
	size_t used = 0, length;

	for (const char *w = command->words; (w = command_next_word(w, &length)); w += length) {
		if (used == n || !fits(w, length, words[used]))
			break;
		used++;
	}
	return used;
}

const struct command *command_find(char *const *words, size_t n, size_t *n_used)
{
	const struct command *found = NULL;

	*n_used = 0;
	for (const struct command *command = commands; command->words; command++) {
		size_t used = command_prefix(command, words, n);

		if (used > *n_used && used == count_words(command)) {
			found = command;
			*n_used = used;
		}
	}
	return found;
}

size_t command_longest_prefix(char *const *words, size_t n)
{
	size_t longest = 0;

	for (const struct command *command = commands; command->words; command++) {
		size_t used = command_prefix(command, words, n);

		longest = used > longest ? used : longest;
	}
	return longest;
}

void command_join(char *const *words, size_t n, char *text, size_t size)
{
	text[0] = 0;
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(text);

		snprintf(text + used, size - used, "%s%s", i ? " " : "", words[i]);
	}
}

// Of "up|down" the one that was most likely meant.
static void add_choice(char *text, size_t size, const char *word, size_t length, const char *typed)
{
	size_t least = SIZE_MAX;

	for (size_t at = 0; at < length;) {
		char choice[COMMAND_WORDS_SIZE];
		size_t part = strcspn(word + at, "| ");

		snprintf(choice, sizeof(choice), "%.*s", (int)part, word + at);
		size_t distance = edit_distance(choice, typed);
		if (distance < least)
			snprintf(text, size, "%s", choice);
		least = distance < least ? distance : least;
		at += part + 1;
	}
}

// The command's words, with what was typed in place of names.
static void fill_in(const struct command *command, char *const *words, size_t n, char *text,
		    size_t size)
{
	size_t used = 0, i = 0, length;

	text[0] = 0;
	for (const char *w = command->words; (w = command_next_word(w, &length)); w += length) {
		const char *typed = i < n ? words[i] : "";

		if (i++ && used + 1 < size)
			text[used++] = ' ';
		if (isupper((unsigned char)*w))
			snprintf(text + used, size - used, "%s", typed);
		else
			add_choice(text + used, size - used, w, length, typed);
		used = strlen(text);
	}
}

const struct command *command_nearest(char *const *words, size_t n)
{
	const struct command *nearest = NULL;
	size_t longest = command_longest_prefix(words, n);
	size_t least = NEAREST_LIMIT;

	for (const struct command *command = commands; command->words; command++) {
		char typed[COMMAND_WORDS_SIZE], like[COMMAND_WORDS_SIZE];
		size_t n_words = count_words(command);

		if (command_prefix(command, words, n) < longest)
			continue;
		command_join(words, n < n_words ? n : n_words, typed, sizeof(typed));
		fill_in(command, words, n, like, sizeof(like));
		size_t distance = edit_distance(typed, like);
		if (distance < least) {
			least = distance;
			nearest = command;
		}
	}
	return nearest;
}

bool command_has_in_words(const struct command *command, const struct argument *argument)
{
	size_t length;

	for (const char *w = command->words; (w = command_next_word(w, &length)); w += length) {
		if (command_word_is_argument(w, length) && strlen(argument->name) == length &&
		    memcmp(argument->name, w, length) == 0)
			return true;
	}
	return false;
}

// "--lan" wants a LAN: its value is called by its key, in capitals.
static void print_value(const struct argument *argument, FILE *file)
{
	if (argument->kind == ARG_SECONDS) {
		fputs("[=SECONDS]", file);
		return;
	}
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
		if (command_has_in_words(command, a))
			continue;
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
