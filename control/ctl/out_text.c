// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/out_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *out_string(const json_t *object, const char *path)
{
	const char *text = json_string_value(cell_find(object, path));

	return text ? text : "";
}

json_int_t out_integer(const json_t *object, const char *path)
{
	return json_integer_value(cell_find(object, path));
}

static char *column_text(const struct column *column, const json_t *row)
{
	if (column->format)
		return column->format(row);
	return cell_text(cell_find(row, column->path), column->kind);
}

static enum tint column_tint(const struct column *column, const char *text)
{
	bool bad = strcmp(text, "down") == 0 || strncmp(text, "disabled", 8) == 0;

	return column->kind == CELL_STATE && bad ? TINT_BAD : TINT_NONE;
}

void out_rows(struct out *out, const json_t *rows, const struct column *columns, size_t n)
{
	struct table *table = table_create();

	for (size_t c = 0; c < n; c++)
		table_column(table, columns[c].title, cell_is_number(columns[c].kind));
	for (size_t r = 0; r < json_array_size(rows); r++) {
		for (size_t c = 0; c < n; c++) {
			char *text = column_text(&columns[c], json_array_get(rows, r));

			table_cell(table, text, column_tint(&columns[c], text));
		}
	}
	table_print(table, out);
	table_destroy(table);
}

void out_fields(struct out *out, const json_t *object, const struct column *fields, size_t n)
{
	struct out plain = *out;
	struct table *table = table_create();

	table_column(table, "", false);
	table_column(table, "", false);
	for (size_t i = 0; i < n; i++) {
		char *text = column_text(&fields[i], object);

		if (strcmp(text, "-") == 0) {
			free(text);
			continue;
		}
		table_cell(table, cell_format("%s", fields[i].title), TINT_TITLE);
		table_cell(table, text, column_tint(&fields[i], text));
	}
	plain.header = false;
	table_print(table, &plain);
	table_destroy(table);
}

static void print_line(struct out *out, enum tint tint, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	tint_print(out, tint, cell_clean(text));
	fputc('\n', out->file);
	free(text);
}

void out_line(struct out *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(out, TINT_NONE, format, args);
	va_end(args);
}

void out_tinted(struct out *out, enum tint tint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(out, tint, format, args);
	va_end(args);
}
