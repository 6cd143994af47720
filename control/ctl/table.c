// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/table.h"

#include <stdlib.h>

#include "control/ctl/cell.h"

struct table_column {
	char *title;
	bool right;
};

struct table_cell {
	char *text;
	enum tint tint;
};

struct table {
	struct table_column *columns;
	size_t n_columns;
	struct table_cell *cells;
	size_t n_cells;
	size_t room; // cells that "cells" has memory for
};

static void *grow(void *old, size_t n, size_t size)
{
	void *new = reallocarray(old, n, size);

	if (!new) {
		fprintf(stderr, "ixfab: out of memory\n");
		exit(EXIT_FAILURE);
	}
	return new;
}

struct table *table_create(void)
{
	struct table *table = grow(NULL, 1, sizeof(*table));

	*table = (struct table){0};
	return table;
}

void table_destroy(struct table *table)
{
	for (size_t i = 0; i < table->n_columns; i++)
		free(table->columns[i].title);
	for (size_t i = 0; i < table->n_cells; i++)
		free(table->cells[i].text);
	free(table->columns);
	free(table->cells);
	free(table);
}

void table_column(struct table *table, const char *title, bool right)
{
	table->columns = grow(table->columns, table->n_columns + 1, sizeof(*table->columns));
	table->columns[table->n_columns++] =
		(struct table_column){cell_clean(cell_format("%s", title)), right};
}

void table_cell(struct table *table, char *text, enum tint tint)
{
	if (table->n_cells == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->cells = grow(table->cells, table->room, sizeof(*table->cells));
	}
	table->cells[table->n_cells++] = (struct table_cell){text, tint};
}

// Characters of UTF-8 text, not its octets.
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void tint_print(struct out *out, enum tint tint, const char *text)
{
	static const char *const codes[] = {"", "\033[1m", "\033[32m", "\033[31m"};

	if (out->colour && tint != TINT_NONE)
		fprintf(out->file, "%s%s\033[0m", codes[tint], text);
	else
		fputs(text, out->file);
}

static void pad(struct out *out, size_t n)
{
	fprintf(out->file, "%*s", (int)n, "");
}

static void print_row(const struct table *table, struct out *out, const size_t *widths,
		      const struct table_cell *row)
{
	size_t owed = 0; // spaces that are printed only if more text follows

	for (size_t c = 0; c < table->n_columns; c++) {
		size_t space = widths[c] - text_width(row[c].text);

		if (*row[c].text) {
			pad(out, owed + (table->columns[c].right ? space : 0));
			tint_print(out, row[c].tint, row[c].text);
			owed = table->columns[c].right ? 0 : space;
		} else {
			owed += space;
		}
		owed += 2;
	}
	fputc('\n', out->file);
}

static size_t column_width(const struct table *table, size_t column, bool header)
{
	size_t width = header ? text_width(table->columns[column].title) : 0;

	for (size_t i = column; i < table->n_cells; i += table->n_columns) {
		size_t cell = text_width(table->cells[i].text);

		if (cell > width)
			width = cell;
	}
	return width;
}

void table_print(const struct table *table, struct out *out)
{
	struct table_cell *titles = grow(NULL, table->n_columns, sizeof(*titles));
	size_t *widths = grow(NULL, table->n_columns, sizeof(*widths));

	for (size_t c = 0; c < table->n_columns; c++) {
		titles[c] = (struct table_cell){table->columns[c].title, TINT_TITLE};
		widths[c] = column_width(table, c, out->header);
	}
	if (out->header)
		print_row(table, out, widths, titles);
	for (size_t i = 0; i + table->n_columns <= table->n_cells; i += table->n_columns)
		print_row(table, out, widths, &table->cells[i]);
	free(titles);
	free(widths);
}
