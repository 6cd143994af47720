// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum option_id {
	OPT_SOCKET,
	OPT_JSON,
	OPT_WATCH,
	OPT_TIMEOUT,
	OPT_NO_HEADER,
	OPT_HELP,
	OPT_VERSION
};

enum option_value { VALUE_NONE, VALUE_MUST, VALUE_MAY };

static const struct option {
	enum option_id id;
	enum option_value value;
	const char *name;
	const char *brief; // its short name, or NULL
	const char *shown; // its value, for help
	const char *help;
} options_table[] = {
	{OPT_SOCKET, VALUE_MUST, "--socket", NULL, "PATH",
	 "where ixfab-control listens (environment: IXFAB_SOCKET)"},
	{OPT_JSON, VALUE_NONE, "--json", "-j", "", "print the result as JSON"},
	{OPT_WATCH, VALUE_MAY, "--watch", NULL, "[SECONDS]", "again and again, every 2 seconds"},
	{OPT_TIMEOUT, VALUE_MUST, "--timeout", NULL, "SECONDS", "wait so long for an answer"},
	{OPT_NO_HEADER, VALUE_NONE, "--no-header", NULL, "", "tables without column titles"},
	{OPT_HELP, VALUE_NONE, "--help", "-h", "", "print how to use the command"},
	{OPT_VERSION, VALUE_NONE, "--version", NULL, "", "print the version of this program"},
};

enum { N_OPTIONS = sizeof(options_table) / sizeof(*options_table) };

const char *options_name(size_t i)
{
	return i < N_OPTIONS ? options_table[i].name : NULL;
}

static const struct option *find_option(const char *word, size_t length)
{
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option *o = &options_table[i];

		if (strlen(o->name) == length && memcmp(o->name, word, length) == 0)
			return o;
		if (o->brief && strcmp(o->brief, word) == 0)
			return o;
	}
	return NULL;
}

bool options_takes_path(const char *word)
{
	const struct option *o = find_option(word, strlen(word));

	return o && strcmp(o->shown, "PATH") == 0;
}

void options_print(FILE *file)
{
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option *o = &options_table[i];
		char name[32];

		snprintf(name, sizeof(name), "%s%s%s%s%s", o->brief ? o->brief : "",
			 o->brief ? ", " : "", o->name, *o->shown ? " " : "", o->shown);
		fprintf(file, "  %-20s  %s\n", name, o->help);
	}
}

// Seconds, a day at most.
static bool parse_seconds(const char *text, double *seconds)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value <= 0 || value > 86400)
		return false;
	*seconds = value;
	return true;
}

static int set_option(struct options *options, const struct option *o, const char *value,
		      char error[USAGE_TEXT_SIZE])
{
	switch (o->id) {
	case OPT_SOCKET:
		options->socket = value;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_WATCH:
	case OPT_TIMEOUT:
		if (parse_seconds(value, o->id == OPT_WATCH ? &options->watch : &options->timeout))
			return 0;
		snprintf(error, USAGE_TEXT_SIZE, "\"%s\" is no number of seconds for %s", value,
			 o->name);
		return -EINVAL;
	case OPT_NO_HEADER:
		options->no_header = true;
		return 0;
	case OPT_HELP:
		options->help = true;
		return 0;
	case OPT_VERSION:
		options->version = true;
		return 0;
	}
	return -EINVAL;
}

// Take an option and its value. Returns how many words that took, or -EINVAL.
static int take_option(struct options *options, const struct option *o, char **words, size_t n,
		       char error[USAGE_TEXT_SIZE])
{
	const char *equals = words[0][1] == '-' ? strchr(words[0], '=') : NULL;
	double seconds;

	if (equals && o->value == VALUE_NONE) {
		snprintf(error, USAGE_TEXT_SIZE, "%s takes no value", o->name);
		return -EINVAL;
	}
	if (equals)
		return set_option(options, o, equals + 1, error) ?: 1;
	if (o->value == VALUE_NONE)
		return set_option(options, o, NULL, error) ?: 1;
	if (o->value == VALUE_MAY && (n < 2 || !parse_seconds(words[1], &seconds))) {
		options->watch = DEFAULT_WATCH;
		return 1;
	}
	if (n < 2) {
		snprintf(error, USAGE_TEXT_SIZE, "%s wants a value: %s", o->name, o->shown);
		return -EINVAL;
	}
	return set_option(options, o, words[1], error) ?: 2;
}

int options_parse(struct options *options, int argc, char **argv, char error[USAGE_TEXT_SIZE])
{
	const char *socket = getenv("IXFAB_SOCKET");

	*options = (struct options){
		.socket = socket && *socket ? socket : DEFAULT_SOCKET,
		.timeout = DEFAULT_TIMEOUT,
		.words = calloc((size_t)argc + 1, sizeof(char *)),
	};
	if (!options->words)
		return -ENOMEM;
	for (int i = 1; i < argc;) {
		const struct option *o = find_option(argv[i], strcspn(argv[i], "="));

		if (!o) {
			options->words[options->n_words++] = argv[i++];
			continue;
		}
		int taken = take_option(options, o, argv + i, (size_t)(argc - i), error);
		if (taken < 0)
			return taken;
		i += taken;
	}
	return 0;
}
