// SPDX-License-Identifier: BSD-3-Clause
// The schema against what is written about it: the manual page explains every key, and the example
// is a configuration.
#include "control/config/schema.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/good_config.h"

static char *page;

// The whole text of a file of the source tree.
static char *read_source(const char *name)
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4096], *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/%s", root ? root : ".", name);
	FILE *file = fopen(path, "re");
	cr_assert_not_null(file, "%s", path);
	cr_assert_gt(getdelim(&text, &size, 0, file), 0);
	fclose(file);
	return text;
}

// The part of the page from "begin" to the next "end", to be freed.
static char *cut(const char *text, const char *begin, const char *end)
{
	const char *from = strstr(text, begin);

	if (!from)
		return NULL;
	const char *to = strstr(from + strlen(begin), end);
	return to ? strndup(from, (size_t)(to - from)) : strdup(from);
}

static void expect_words(const char *where, const struct schema *row, const char *entry)
{
	char words[64];

	if (row->type == SCHEMA_NUMBER && row->min != row->max) {
		snprintf(words, sizeof(words), "%u to %u", row->min, row->max);
		cr_expect(strstr(entry, words), "%s %s: no range %s", where, row->key, words);
	}
	if (row->max && row->type != SCHEMA_NUMBER && row->type != SCHEMA_PREFIXES) {
		snprintf(words, sizeof(words), " %u", row->max);
		cr_expect(strstr(entry, words), "%s %s: no limit %u", where, row->key, row->max);
	}
	for (size_t i = 0; row->words && row->words[i]; i++)
		cr_expect(strstr(entry, row->words[i]), "%s %s: no %s", where, row->key,
			  row->words[i]);
	if (row->zero)
		cr_expect(strstr(entry, row->zero), "%s %s: no %s", where, row->key, row->zero);
}

// Every value that is not there has a default, or must be there.
static void expect_default(const char *where, const struct schema *row, const char *entry)
{
	char words[64] = "Default: ";

	if (row->required)
		snprintf(words, sizeof(words), "Required");
	else if (row->type == SCHEMA_MAP)
		snprintf(words, sizeof(words), "Optional");
	else if (row->derive || row->inherited)
		;
	else if (row->type == SCHEMA_NUMBER && row->absent)
		snprintf(words, sizeof(words), "Default: *%u*", row->absent);
	else if (row->type == SCHEMA_BOOL)
		snprintf(words, sizeof(words), "Default: *%s*", row->absent ? "yes" : "no");
	else if (row->type == SCHEMA_WORD)
		snprintf(words, sizeof(words), "Default: *%s*", row->words[row->absent]);
	cr_expect(strstr(entry, words), "%s %s: no \"%s\"", where, row->key, words);
}

// A line break of the page counts as a space.
static void join_lines(char *text)
{
	for (char *c = strstr(text, "\n\t"); c; c = strstr(c, "\n\t")) {
		c[0] = ' ';
		memmove(c + 1, c + 2, strlen(c + 2) + 1);
	}
}

static void expect_row(const char *where, const struct schema *row, const char *section)
{
	char begin[64];

	snprintf(begin, sizeof(begin), "\n*%s:*", row->key);
	char *entry = cut(section, begin, "\n\n");
	cr_expect(entry, "%s: %s is not explained", where, row->key);
	if (!entry)
		return;
	join_lines(entry);
	expect_words(where, row, entry);
	expect_default(where, row, entry);
	free(entry);
}

static const char *name_of(const struct schema *row)
{
	return row->type == SCHEMA_NAMES ? ".NAME" : row->type == SCHEMA_LANS ? ".LAN" : "";
}

// Tables that stand below several keys are explained below the first of them.
static bool is_known(const struct schema *rows)
{
	static const struct schema *known[64];
	static size_t n;

	for (size_t i = 0; i < n; i++) {
		if (known[i] == rows)
			return true;
	}
	cr_assert_lt(n, sizeof(known) / sizeof(*known));
	known[n++] = rows;
	return false;
}

static size_t expect_rows(const char *where, const struct schema *rows)
{
	char heading[128];
	size_t n = 0;

	if (is_known(rows))
		return 0;
	snprintf(heading, sizeof(heading), "\n## %s\n", *where ? where : "top level");
	char *section = cut(page, heading, "\n#");
	cr_assert(section, "%s has no section", where);
	for (const struct schema *row = rows; row->key; row++, n++) {
		char below[112];

		cr_expect_lt(row - rows, SCHEMA_ROWS_MAX);
		expect_row(where, row, section);
		snprintf(below, sizeof(below), "%s%s%s%s", where, *where ? "." : "", row->key,
			 name_of(row));
		if (row->rows)
			n += expect_rows(below, row->rows);
	}
	free(section);
	return n;
}

// How many keys the page has an entry for.
static size_t count_entries(void)
{
	char *keys = cut(page, "\n# KEYS\n", "\n# ");
	size_t n = 0;

	for (char *c = strstr(keys, "\n\n*"); c; c = strstr(c + 1, "\n\n*"))
		n++;
	free(keys);
	return n;
}

Test(config_schema, is_what_the_manual_page_explains)
{
	page = read_source("control/man/ixfab.yaml.5.scd");
	cr_expect_eq(expect_rows("", config_schema), count_entries(), "a key that is not there");
	free(page);
}

Test(config_schema, reads_the_example)
{
	char *text = read_source("examples/ixfab.yaml");

	config_free(read_good(text));
	free(text);
}

Test(config_schema, reads_the_example_of_the_manual_page)
{
	page = read_source("control/man/ixfab.yaml.5.scd");
	char *text = cut(page, "\n```\nversion", "```\n\n#");

	cr_assert_not_null(text);
	config_free(read_good(text + strlen("\n```\n")));
	free(text);
	free(page);
}
