// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show config`, `ixfab confirm` and `ixfab history`
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

static const char *impact_text(const json_t *change)
{
	const char *impact = out_string(change, "impact");

	if (strcmp(impact, "port") == 0)
		return " [this member notices]";
	if (strcmp(impact, "lan") == 0)
		return " [the whole LAN notices]";
	return "";
}

static void print_change(struct out *out, const json_t *change, const char *indent)
{
	const char *kind = out_string(change, "kind"), *detail = out_string(change, "detail");
	bool add = strcmp(kind, "add") == 0, remove = strcmp(kind, "remove") == 0;

	out_tinted(out,
		   add	    ? TINT_GOOD
		   : remove ? TINT_BAD
			    : TINT_NONE,
		   "%s%c %s%s%s%s", indent,
		   add	    ? '+'
		   : remove ? '-'
			    : '~',
		   out_string(change, "what"), *detail ? ": " : "", detail, impact_text(change));
}

void out_changes(struct out *out, const json_t *changes, const char *indent)
{
	for (size_t i = 0; i < json_array_size(changes); i++)
		print_change(out, json_array_get(changes, i), indent);
}

// "until 2026-01-01 12:05:00 (4m50s), else generation 7 comes back"
static char *wait_text(const json_t *wait)
{
	char *until = cell_text(json_object_get(wait, "until"), CELL_TIME);
	char *left = cell_text(json_object_get(wait, "left"), CELL_SECONDS);
	char *text = cell_format("until %s (%s), else generation %d comes back", until, left,
				 (int)out_integer(wait, "back_to"));

	free(until);
	free(left);
	return text;
}

void out_wait(struct out *out, const json_t *wait)
{
	if (!json_is_object(wait))
		return;
	char *text = wait_text(wait);
	out_tinted(out, TINT_BAD, "What is in force waits for \"ixfab confirm\" %s.", text);
	free(text);
}

void view_confirmed(struct out *out, const json_t *result)
{
	out_line(out, "Generation %d is confirmed.", (int)out_integer(result, "generation"));
}

static char *past_ending(const json_t *past)
{
	const char *ending = out_string(past, "ending"), *by = out_string(past, "ended_by");

	if (*by)
		return cell_clean(cell_format("%s by %s", ending, by));
	return cell_clean(cell_format("%s", ending));
}

static char *past_generation(const json_t *past)
{
	return cell_format("%d%s", (int)out_integer(past, "generation"),
			   json_is_true(json_object_get(past, "in_force")) ? " *" : "");
}

void view_history(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"GENERATION", NULL, CELL_TEXT, past_generation},
		{"APPLIED", "applied", CELL_TIME},
		{"BY", "by", CELL_TEXT},
		{"ENDING", NULL, CELL_TEXT, past_ending},
		{"ENDED", "ended", CELL_TIME},
		{"FILE", "file", CELL_TEXT},
		{"MESSAGE", "message", CELL_TEXT},
	};
	const json_t *history = json_object_get(result, "history");

	if (json_array_size(history))
		out_rows(out, history, columns, N_COLUMNS(columns));
	else
		out_line(out, "No configuration was applied yet.");
	out_wait(out, json_object_get(result, "confirm"));
}

// ---- show config

// As comments, so that what is printed is a configuration itself.
static void print_origin(struct out *out, const json_t *result)
{
	char *applied = cell_text(json_object_get(result, "applied"), CELL_TIME);
	char *by = cell_text(json_object_get(result, "by"), CELL_TEXT);
	const char *message = out_string(result, "message");

	if (json_is_integer(json_object_get(result, "generation")))
		out_line(out, "# generation %d, applied %s by %s from %s%s%s",
			 (int)out_integer(result, "generation"), applied, by,
			 out_string(result, "file"), *message ? ": " : "", message);
	else
		out_line(out, "# %s, as it is now", out_string(result, "file"));
	free(applied);
	free(by);
}

static void print_difference(struct out *out, const json_t *result)
{
	const json_t *saved = json_object_get(result, "saved");
	const char *problem = out_string(saved, "problem");

	if (*problem)
		out_line(out, "# the file cannot be read: %s", problem);
	else if (json_is_true(json_object_get(saved, "differs")))
		out_line(out, "# %s says something else than what is in force",
			 out_string(saved, "file"));
}

static void print_wait(struct out *out, const json_t *result)
{
	const json_t *wait = json_object_get(result, "confirm");

	if (!json_is_object(wait))
		return;
	char *text = wait_text(wait);
	out_line(out, "# what is in force waits for \"ixfab confirm\" %s", text);
	free(text);
}

void view_config(struct out *out, const json_t *result)
{
	if (out->header) {
		print_origin(out, result);
		print_wait(out, result);
		print_difference(out, result);
	}
	fputs(out_string(result, "text"), out->file);
}
