// SPDX-License-Identifier: BSD-3-Clause
// One JSON value as people read it.
#pragma once

#include <jansson.h>
#include <stdbool.h>

enum cell_kind {
	CELL_TEXT,    // strings, numbers, yes and no; a list is joined by commas
	CELL_COUNT,   // a number, every digit of it
	CELL_OCTETS,  // a number of octets: "1.50 MB"
	CELL_SPEED,   // Mb/s: "10G"
	CELL_SECONDS, // a span of time: "3m20s"
	CELL_TIME,    // seconds since 1970, in local time
	CELL_RATIO,   // 0 to 1: "12.5 %"
	CELL_STATE,   // "up" or "down"
};

// Write the value as text; what is not there, or null, is "-". Control characters become '?', so
// that nothing a member or a daemon wrote can play with the terminal. Free the result.
char *cell_text(const json_t *value, enum cell_kind kind);

// Find "a.b.c" inside of objects. Returns NULL if it is not there.
const json_t *cell_find(const json_t *object, const char *path);

bool cell_is_number(enum cell_kind kind); // stands on the right of its column

// Replace control characters in place. Returns "text".
char *cell_clean(char *text);

// As asprintf(); a program that has no memory for a line of text ends.
__attribute__((format(printf, 1, 2))) char *cell_format(const char *format, ...);
