// SPDX-License-Identifier: BSD-3-Clause
// A table of text: columns as wide as their widest cell, two spaces between them, numbers on the
// right, no spaces at the ends of lines.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "control/ctl/out.h"

enum tint { TINT_NONE, TINT_TITLE, TINT_GOOD, TINT_BAD };

struct table;

struct table *table_create(void);
void table_destroy(struct table *table);

// Add a column, before the first cell. "right": its cells stand on the right.
void table_column(struct table *table, const char *title, bool right);

// Add the next cell, row by row. The table takes "text", which malloc() made.
void table_cell(struct table *table, char *text, enum tint tint);

void table_print(const struct table *table, struct out *out);

// Print "text" in a colour if "out" shows any.
void tint_print(struct out *out, enum tint tint, const char *text);
