// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/nearest.h"
#include "control/when.h"
#include "lib/ip_range.h"
#include "lib/mac.h"

struct reader {
	const struct command *command;
	char *const *words;
	size_t n;
	json_t *arguments;
	char *error;
};

#define usage_error(r, ...) (snprintf((r)->error, USAGE_TEXT_SIZE, __VA_ARGS__), -EINVAL)

bool choice_has(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (const char *c = choices; *c; c += strcspn(c, "|"), c += *c == '|') {
		if (strcspn(c, "|") == length && memcmp(c, word, length) == 0)
			return true;
	}
	return false;
}

static int store_text(struct reader *r, const struct argument *argument, const char *text)
{
	json_t *value = json_string(text);

	if (!value)
		return usage_error(r, "%s is not valid UTF-8", argument->name);
	return json_object_set_new(r->arguments, argument->key, value);
}

static int store_mac(struct reader *r, const struct argument *argument, const char *word)
{
	char text[MAC_TEXT_SIZE];
	mac_t mac;

	if (mac_parse(word, &mac) < 0)
		return usage_error(r, "\"%s\" is not a MAC address: write 02:00:5e:00:53:01", word);
	return store_text(r, argument, mac_format(mac, text));
}

static int store_number(struct reader *r, const struct argument *argument, const char *word)
{
	char *end;

	errno = 0;
	long number = strtol(word, &end, 10);
	if (errno || end == word || *end || number < 1)
		return usage_error(r, "\"%s\" is not a number of 1 or more", word);
	return json_object_set_new(r->arguments, argument->key, json_integer(number));
}

static int store_span(struct reader *r, const struct argument *argument, const char *word)
{
	time_t span;

	if (when_parse_span(word, &span))
		return usage_error(r, "\"%s\" is not a span of time: write 90s, 15m, 2h or 7d",
				   word);
	return json_object_set_new(r->arguments, argument->key, json_real((double)span));
}

static int store_when(struct reader *r, const struct argument *argument, const char *word)
{
	time_t when;
	int err = when_parse(word, time(NULL), &when);

	if (err == -ERANGE)
		return usage_error(r, "\"%s\" is not in the future, or more than %d years away",
				   word, WHEN_YEARS);
	if (err)
		return usage_error(
			r, "\"%s\" is not a time: write 90s, 15m, 2h, 3d or 2026-12-01T12:00",
			word);
	return json_object_set_new(r->arguments, argument->key, json_integer(when));
}

static int store_address(struct reader *r, const struct argument *argument, const char *word)
{
	char text[IP_TEXT_SIZE];
	struct ip ip;

	if (ip_parse(word, &ip))
		return usage_error(r, "\"%s\" is not an IP address: write 192.0.2.7 or 2001:db8::7",
				   word);
	return store_text(r, argument, ip_format(&ip, text));
}

static int store_range(struct reader *r, const struct argument *argument, const char *word)
{
	struct ip_range range;

	if (strcmp(word, "all") != 0 && ip_range_parse(word, &range))
		return usage_error(r,
				   "\"%s\" is not a range: write 192.0.2.7, 192.0.2.7-192.0.2.9, "
				   "192.0.2.0/28 or all",
				   word);
	return store_text(r, argument, word);
}

static bool is_number(enum argument_kind kind)
{
	return kind == ARG_NUMBER || kind == ARG_SECONDS || kind == ARG_EVENT ||
	       kind == ARG_GENERATION || kind == ARG_LEVELS;
}

static int store(struct reader *r, const struct argument *argument, const char *word)
{
	if (argument->kind == ARG_MAC)
		return store_mac(r, argument, word);
	if (is_number(argument->kind))
		return store_number(r, argument, word);
	if (argument->kind == ARG_SPAN)
		return store_span(r, argument, word);
	if (argument->kind == ARG_WHEN)
		return store_when(r, argument, word);
	if (argument->kind == ARG_ADDRESS)
		return store_address(r, argument, word);
	if (argument->kind == ARG_RANGE)
		return store_range(r, argument, word);
	if (argument->kind == ARG_STATE && !choice_has(SPONGE_STATES, word))
		return usage_error(r, "\"%s\" is not a state: write %s", word, SPONGE_STATES);
	if (argument->kind == ARG_CHOICE && !choice_has(argument->name, word))
		return usage_error(r, "\"%s\" is not what can stand there: write %s", word,
				   argument->name);
	return store_text(r, argument, word);
}

static int unknown_option(struct reader *r, const char *word)
{
	const struct argument *nearest = NULL;
	size_t least = NEAREST_LIMIT;

	for (const struct argument *a = r->command->arguments; a && a->name; a++) {
		size_t distance = edit_distance(word, a->name);

		if (argument_is_option(a) && distance < least) {
			least = distance;
			nearest = a;
		}
	}
	if (nearest)
		return usage_error(r, "unknown option \"%s\" of \"%s\": did you mean %s?", word,
				   r->command->words, nearest->name);
	return usage_error(r, "unknown option \"%s\" of \"%s\"", word, r->command->words);
}

// Read one option and its value. Returns how many words that took, or -EINVAL.
static int read_option(struct reader *r, size_t at)
{
	const char *word = r->words[at];
	size_t length = strcspn(word, "=");
	const struct argument *a = r->command->arguments;

	while (a && a->name && (strlen(a->name) != length || memcmp(a->name, word, length) != 0))
		a++;
	if (!a || !a->name)
		return unknown_option(r, word);
	if (a->kind == ARG_FLAG) {
		if (word[length])
			return usage_error(r, "%s takes no value", a->name);
		return json_object_set_new(r->arguments, a->key, json_true()) ?: 1;
	}
	if (word[length])
		return store(r, a, word + length + 1) ?: 1;
	if (a->kind == ARG_SECONDS)
		return json_object_set_new(r->arguments, a->key, json_true()) ?: 1;
	if (at + 1 == r->n)
		return usage_error(r, "%s wants a value: %s", a->name, a->help);
	return store(r, a, r->words[at + 1]) ?: 2;
}

static int store_one_more(struct reader *r, const struct argument *argument, const char *word)
{
	json_t *list = json_object_get(r->arguments, argument->key);

	if (!list) {
		list = json_array();
		json_object_set_new(r->arguments, argument->key, list);
	}
	if (json_array_append_new(list, json_string(word)) < 0)
		return usage_error(r, "%s is not valid UTF-8", argument->name);
	return 0;
}

// The next argument without a name of its own that has no value yet, or never has enough.
static const struct argument *next_positional(const struct reader *r)
{
	for (const struct argument *a = r->command->arguments; a && a->name; a++) {
		if (argument_is_option(a))
			continue;
		if (argument_takes_rest(a) || !json_object_get(r->arguments, a->key))
			return a;
	}
	return NULL;
}

static int read_positional(struct reader *r, const char *word)
{
	const struct argument *a = next_positional(r);

	if (!a)
		return usage_error(r, "\"%s\" is one word too many for \"%s\"", word,
				   r->command->words);
	return (argument_takes_rest(a) ? store_one_more(r, a, word) : store(r, a, word)) ?: 1;
}

static int complete_arguments(struct reader *r)
{
	for (const struct argument *a = r->command->arguments; a && a->name; a++) {
		if (json_object_get(r->arguments, a->key))
			continue;
		if (a->required)
			return usage_error(r, "%s is missing: %s", a->name, a->help);
		if (a->fallback && store_text(r, a, a->fallback) < 0)
			return -EINVAL;
	}
	return 0;
}

// The arguments that stand among the words of the command. Returns how many words it has, or
// -EINVAL.
static int read_command(struct reader *r)
{
	size_t length;
	int n = 0;

	for (const char *w = r->command->words; (w = command_next_word(w, &length)); w += length) {
		const struct argument *a = r->command->arguments;

		if (command_word_is_argument(w, length)) {
			while (strlen(a->name) != length || memcmp(a->name, w, length) != 0)
				a++;
			if (store(r, a, r->words[n]) < 0)
				return -EINVAL;
		}
		n++;
	}
	return n;
}

static int read_words(struct reader *r)
{
	int n = read_command(r);

	if (n < 0)
		return n;
	for (size_t at = (size_t)n; at < r->n;) {
		bool option = r->words[at][0] == '-' && r->words[at][1];
		int taken = option ? read_option(r, at) : read_positional(r, r->words[at]);

		if (taken < 0)
			return taken;
		at += (size_t)taken;
	}
	return complete_arguments(r);
}

json_t *arguments_parse(const struct command *command, char *const *words, size_t n,
			char error[USAGE_TEXT_SIZE])
{
	struct reader r = {command, words, n, json_object(), error};

	if (read_words(&r) < 0) {
		json_decref(r.arguments);
		return NULL;
	}
	return r.arguments;
}
