// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show lags`: each link of each LAG, whether it carries frames, and why not.
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/show_lags.h"

char *lag_link_state(const json_t *link)
{
	const char *state = out_string(link, "state");
	const char *text = out_string(link, "text");

	if (json_is_true(json_object_get(link, "in_use")))
		return cell_format("in use");
	if (strcmp(state, "not in use") == 0 && *text)
		return cell_clean(cell_format("%s", text));
	return cell_clean(cell_format("%s", *state ? state : "-"));
}

char *lag_link_partner(const json_t *link)
{
	const json_t *partner = json_object_get(link, "partner");

	if (!json_is_object(partner))
		return cell_format("-");
	return cell_clean(cell_format("%s key %d port %d", out_string(partner, "system"),
				      (int)out_integer(partner, "key"),
				      (int)out_integer(partner, "port")));
}

// A letter for each flag that is set, as teamd and others write them.
static char *flag_letters(const json_t *flags)
{
	static const struct {
		const char *flag;
		char letter;
	} letters[] = {
		{"active", 'A'},     {"short_timeout", 'S'}, {"aggregating", 'G'}, {"in_sync", 'Y'},
		{"collecting", 'C'}, {"distributing", 'D'},  {"defaulted", 'F'},   {"expired", 'E'},
	};
	char text[N_COLUMNS(letters) + 1] = "";
	size_t n = 0;

	for (size_t f = 0; f < json_array_size(flags); f++) {
		const char *flag = json_string_value(json_array_get(flags, f));

		for (size_t i = 0; flag && i < N_COLUMNS(letters); i++) {
			if (strcmp(letters[i].flag, flag) == 0 && n < N_COLUMNS(letters))
				text[n++] = letters[i].letter;
		}
	}
	text[n] = 0;
	return cell_format("%s", n ? text : "-");
}

static char *link_flags(const json_t *link)
{
	return flag_letters(json_object_get(link, "flags"));
}

static char *partner_flags(const json_t *link)
{
	return flag_letters(cell_find(link, "partner.flags"));
}

static const struct column columns[] = {
	{"LAG", "lag", CELL_TEXT},
	{"LINK", "link", CELL_TEXT},
	{"STATE", NULL, CELL_STATE, lag_link_state},
	{"PARTNER", NULL, CELL_TEXT, lag_link_partner},
	{"FLAGS", NULL, CELL_TEXT, link_flags},
	{"THEIRS", NULL, CELL_TEXT, partner_flags},
	{"LACPDUS-IN", "received", CELL_COUNT},
	{"OUT", "sent", CELL_COUNT},
	{"MALFORMED", "malformed", CELL_COUNT},
};

void show_lag_links(struct out *out, const json_t *links)
{
	out_rows(out, links, columns + 1, N_COLUMNS(columns) - 1);
}

// The links of a LAG with its name; of one without links a row that says so.
static void add_rows(json_t *rows, const json_t *lag)
{
	const json_t *links = json_object_get(lag, "links");

	for (size_t i = 0; i < json_array_size(links); i++) {
		json_t *row = json_copy(json_array_get(links, i));

		json_object_set(row, "lag", json_object_get(lag, "lag"));
		json_array_append_new(rows, row);
	}
	if (json_array_size(links) == 0)
		json_array_append_new(rows,
				      json_pack("{s:O, s:s}", "lag", json_object_get(lag, "lag"),
						"state", "has no links"));
}

static void print_shortage(struct out *out, const json_t *lag)
{
	json_int_t in_use = out_integer(lag, "in_use"), least = out_integer(lag, "min_links");

	if (in_use < least)
		out_tinted(out, TINT_BAD, "%s is down: %d of its links in use, and it needs %d",
			   out_string(lag, "lag"), (int)in_use, (int)least);
}

void view_lags(struct out *out, const json_t *result)
{
	const json_t *lags = json_object_get(result, "lags");
	json_t *rows = json_array();

	for (size_t i = 0; i < json_array_size(lags); i++)
		add_rows(rows, json_array_get(lags, i));
	out_rows(out, rows, columns, N_COLUMNS(columns));
	json_decref(rows);
	for (size_t i = 0; i < json_array_size(lags); i++)
		print_shortage(out, json_array_get(lags, i));
}
