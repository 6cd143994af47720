// SPDX-License-Identifier: BSD-3-Clause
// Log lines on stderr: for people when it is a terminal or a file, with a "<N>" priority
// (sd-daemon(3)) when it goes to the journal. Any thread may log, but never a worker.
#pragma once

#include <stdarg.h>

enum log_level {
	LOG_LEVEL_CRIT = 2, // somebody should look at once
	LOG_LEVEL_ERR = 3,
	LOG_LEVEL_WARN = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7
};

#define LOG_LEVEL_WORDS "error, warning, notice, info or debug"

// Read a level from one of LOG_LEVEL_WORDS. Returns 0 or -EINVAL.
int log_level_parse(const char *word, enum log_level *level);

// Set the program's name, which starts every line, and the least urgent level that is printed.
void log_init(const char *program, enum log_level level);

__attribute__((format(printf, 2, 3))) void log_write(enum log_level level, const char *format, ...);

#define log_err(...)	log_write(LOG_LEVEL_ERR, __VA_ARGS__)
#define log_warn(...)	log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_notice(...) log_write(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...)	log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)	log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
