// SPDX-License-Identifier: BSD-3-Clause
#include "lib/log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *log_program = "ixfab";
static enum log_level log_threshold = LOG_LEVEL_INFO;
static bool log_to_journal;

int log_level_parse(const char *word, enum log_level *level)
{
	static const char *const words[] = {"error", "warning", "notice", "info", "debug"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*level = (enum log_level)(LOG_LEVEL_ERR + i);
			return 0;
		}
	}
	return -EINVAL;
}

void log_init(const char *program, enum log_level level)
{
	log_program = program;
	log_threshold = level;
	log_to_journal = getenv("JOURNAL_STREAM") != NULL;
}

static const char *level_word(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_CRIT:
		return "critical: ";
	case LOG_LEVEL_ERR:
		return "error: ";
	case LOG_LEVEL_WARN:
		return "warning: ";
	default:
		return "";
	}
}

void log_write(enum log_level level, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (level > log_threshold)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (log_to_journal)
		fprintf(stderr, "<%d>%s\n", level, line);
	else
		fprintf(stderr, "%s: %s%s\n", log_program, level_word(level), line);
}
