// SPDX-License-Identifier: BSD-3-Clause
// Results for people: what stands in a table is data, and so is its order.
#pragma once

#include <stddef.h>

#include "control/ctl/cell.h"
#include "control/ctl/out.h"
#include "control/ctl/table.h"

struct column {
	const char *title;
	const char *path; // of the value in the row's object: "lan", "memory.octets"
	enum cell_kind kind;
	// Text of the cell out of the whole row, where one value does not tell; free the result.
	char *(*format)(const json_t *row);
};

// Print a list of objects as a table.
void out_rows(struct out *out, const json_t *rows, const struct column *columns, size_t n);

// Print one object as lines "Title  value", leaving out what it does not have.
void out_fields(struct out *out, const json_t *object, const struct column *fields, size_t n);

// Print one line; control characters in it become '?'.
__attribute__((format(printf, 2, 3))) void out_line(struct out *out, const char *format, ...);

// As out_line(), in a colour.
__attribute__((format(printf, 3, 4))) void out_tinted(struct out *out, enum tint tint,
						      const char *format, ...);

// Say that the configuration in force waits to be confirmed; nothing if "wait" is none.
void out_wait(struct out *out, const json_t *wait);

// Print changes of a configuration, each behind "indent".
void out_changes(struct out *out, const json_t *changes, const char *indent);

// The string at "path", or "" if there is none.
const char *out_string(const json_t *object, const char *path);

// The integer at "path", or 0.
json_int_t out_integer(const json_t *object, const char *path);

#define N_COLUMNS(columns) (sizeof(columns) / sizeof(*(columns)))
