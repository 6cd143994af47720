// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/show_rules.h"

#include <stdlib.h>
#include <string.h>

#include "control/ctl/out_text.h"

// Append to a text that malloc() made. Returns the longer one.
static char *append(char *text, const char *more)
{
	char *longer = cell_format("%s%s", text, more);

	free(text);
	return longer;
}

// A key as it is written in a file.
static char *append_key(char *text, const char *key)
{
	char *word = cell_format("%s%s", *text ? ", " : "", key);

	for (char *c = word; *c; c++) {
		if (*c == '_')
			*c = '-';
	}
	text = append(text, word);
	free(word);
	return text;
}

static char *append_value(char *text, const json_t *value)
{
	char *word;

	if (json_is_null(value))
		return append(text, " never");
	if (!json_is_array(value)) {
		word = cell_text(value, CELL_TEXT);
		text = append(append(text, " "), word);
		free(word);
		return text;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		word = cell_text(json_array_get(value, i), CELL_TEXT);
		text = append(append(text, " "), word);
		free(word);
	}
	return text;
}

char *show_rules_text(const json_t *group)
{
	char *text = cell_format("%s", "");
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)group, key, value) {
		if (json_is_false(value))
			continue;
		text = append_key(text, key);
		if (!json_is_true(value))
			text = append_value(text, value);
	}
	return cell_clean(text);
}

static void add_row(struct table *table, const json_t *object, const char *key, const char *title,
		    const char *lan)
{
	const json_t *group = json_object_get(object, key);

	if (!json_is_object(group))
		return;
	table_cell(table, cell_format("%s", title), TINT_NONE);
	table_cell(table, cell_clean(cell_format("%s", lan)), TINT_NONE);
	table_cell(table, show_rules_text(group), TINT_NONE);
}

static struct table *create(void)
{
	struct table *table = table_create();

	table_column(table, "RULE", false);
	table_column(table, "LAN", false);
	table_column(table, "IN FORCE", false);
	return table;
}

void show_rules(struct out *out, const json_t *port)
{
	const json_t *lans = json_object_get(port, "lans");

	if (!json_is_object(json_object_get(port, "violation")))
		return;
	struct table *table = create();
	for (size_t i = 0; i < json_array_size(lans); i++) {
		const json_t *lan = json_array_get(lans, i);

		add_row(table, lan, "admission", "admission", out_string(lan, "lan"));
		add_row(table, lan, "port_security", "port-security", out_string(lan, "lan"));
	}
	add_row(table, port, "violation", "violation", "-");
	add_row(table, port, "storm_control", "storm-control", "-");
	add_row(table, port, "loop_detection", "loop-detection", "-");
	add_row(table, port, "link_flaps", "link-flaps", "-");
	fputc('\n', out->file);
	table_print(table, out);
	table_destroy(table);
}
