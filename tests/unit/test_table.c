// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "control/ctl/cell.h"
#include "control/ctl/out_json.h"
#include "control/ctl/out_text.h"

// Collects what is printed.
struct page {
	struct out out;
	char *text;
	size_t size;
};

static void page_open(struct page *page)
{
	page->out = (struct out){.file = open_memstream(&page->text, &page->size), .header = true};
}

static void page_expect(struct page *page, const char *expected)
{
	fclose(page->out.file);
	cr_expect_str_eq(page->text, expected);
	free(page->text);
}

static struct table *two_rows(void)
{
	struct table *table = table_create();

	table_column(table, "NAME", false);
	table_column(table, "N", true);
	table_column(table, "REST", false);
	table_cell(table, cell_format("a"), TINT_NONE);
	table_cell(table, cell_format("1"), TINT_NONE);
	table_cell(table, cell_format("x"), TINT_NONE);
	table_cell(table, cell_format("\xc3\xa9tage"), TINT_BAD);
	table_cell(table, cell_format("12345"), TINT_NONE);
	table_cell(table, cell_format("%s", ""), TINT_NONE);
	return table;
}

Test(table, columns_are_aligned_and_lines_end_where_text_ends)
{
	struct table *table = two_rows();
	struct page page;

	page_open(&page);
	table_print(table, &page.out);
	page_expect(&page, "NAME       N  REST\n"
			   "a          1  x\n"
			   "\xc3\xa9tage  12345\n");
	table_destroy(table);
}

Test(table, without_header_columns_are_as_narrow_as_their_cells)
{
	struct table *table = table_create();
	struct page page;

	table_column(table, "A-LONG-TITLE", false);
	table_column(table, "B", true);
	table_cell(table, cell_format("a"), TINT_NONE);
	table_cell(table, cell_format("b"), TINT_NONE);
	page_open(&page);
	page.out.header = false;
	table_print(table, &page.out);
	page_expect(&page, "a  b\n");
	table_destroy(table);
}

Test(table, colours_do_not_count_as_width)
{
	struct table *table = two_rows();
	struct page page;

	page_open(&page);
	page.out.colour = true;
	page.out.header = false;
	table_print(table, &page.out);
	page_expect(&page, "a          1  x\n"
			   "\033[31m\xc3\xa9tage\033[0m  12345\n");
	table_destroy(table);
}

Test(table, empty_table_is_its_header)
{
	struct table *table = table_create();
	struct page page;

	table_column(table, "A", false);
	table_column(table, "B", false);
	page_open(&page);
	table_print(table, &page.out);
	page_expect(&page, "A  B\n");
	table_destroy(table);
}

static const struct {
	enum cell_kind kind;
	const char *json;
	const char *text;
} cells[] = {
	{CELL_TEXT, "\"lon-1\"", "lon-1"},
	{CELL_TEXT, "\"\\u001b[2J\\u007f\\u0085\"", "?[2J???"},
	{CELL_TEXT, "null", "-"},
	{CELL_TEXT, "true", "yes"},
	{CELL_TEXT, "false", "no"},
	{CELL_TEXT, "7", "7"},
	{CELL_TEXT, "[]", "-"},
	{CELL_TEXT, "[\"a\", 2]", "a, 2"},
	{CELL_TEXT, "{}", "-"},
	{CELL_COUNT, "18446744073", "18446744073"},
	{CELL_COUNT, "9223372036854775807", "9223372036854775807"},
	{CELL_OCTETS, "0", "0 B"},
	{CELL_OCTETS, "999", "999 B"},
	{CELL_OCTETS, "1000", "1.00 kB"},
	{CELL_OCTETS, "9994", "9.99 kB"},
	{CELL_OCTETS, "9996", "10.0 kB"},
	{CELL_OCTETS, "99960", "100 kB"},
	{CELL_OCTETS, "999499", "999 kB"},
	{CELL_OCTETS, "999600", "1.00 MB"},
	{CELL_OCTETS, "1234567890", "1.23 GB"},
	{CELL_OCTETS, "9000000000000000000", "9.00 EB"},
	{CELL_SPEED, "100", "100M"},
	{CELL_SPEED, "2500", "2.5G"},
	{CELL_SPEED, "100000", "100G"},
	{CELL_SPEED, "null", "-"},
	{CELL_SECONDS, "0", "0s"},
	{CELL_SECONDS, "59.9", "59s"},
	{CELL_SECONDS, "200", "3m20s"},
	{CELL_SECONDS, "7500", "2h05m"},
	{CELL_SECONDS, "100000", "1d03h"},
	{CELL_SECONDS, "-5", "0s"},
	{CELL_TIME, "1767225599.75", "2025-12-31 23:59:59"},
	{CELL_TIME, "0", "-"},
	{CELL_RATIO, "0.125", "12.5 %"},
	{CELL_RATIO, "1", "100.0 %"},
	{CELL_STATE, "\"up\"", "up"},
};

Test(table, cells_read_as_people_write)
{
	setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		json_t *value = json_loads(cells[i].json, JSON_DECODE_ANY, NULL);
		char *text = cell_text(value, cells[i].kind);

		cr_expect_not_null(value, "%s", cells[i].json);
		cr_expect_str_eq(text, cells[i].text, "%s: %s", cells[i].json, text);
		free(text);
		json_decref(value);
	}
}

Test(table, fields_leave_out_what_is_not_there)
{
	static const struct column fields[] = {
		{"Name", "name", CELL_TEXT},
		{"Speed", "speed", CELL_SPEED},
		{"Inner", "a.b", CELL_COUNT},
	};
	json_t *object = json_loads("{\"name\":\"x\",\"speed\":null,\"a\":{\"b\":3}}", 0, NULL);
	struct page page;

	page_open(&page);
	out_fields(&page.out, object, fields, N_COLUMNS(fields));
	page_expect(&page, "Name   x\n"
			   "Inner  3\n");
	json_decref(object);
}

Test(table, json_is_compact_or_indented)
{
	json_t *object = json_loads("{\"b\":1767225599.25,\"a\":[0.1,\"x\"]}", 0, NULL);
	struct page page;

	page_open(&page);
	out_json(&page.out, object);
	page_expect(&page, "{\"b\":1767225599.25,\"a\":[0.1,\"x\"]}\n");
	page_open(&page);
	page.out.terminal = true;
	out_json(&page.out, object);
	page_expect(&page, "{\n  \"b\": 1767225599.25,\n  \"a\": [\n    0.1,\n    \"x\"\n  ]\n}\n");
	json_decref(object);
}
