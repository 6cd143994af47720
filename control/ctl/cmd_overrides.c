// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show overrides`
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/out_text.h"
#include "control/ctl/override.h"

static const struct {
	const char *what;
	const char *text;
} kinds[] = {
	{"admin", "administratively"},	    {"drain", "drained"},
	{"promote", "out of quarantine"},   {"mac", "may use"},
	{"sticky", "has learned for good"},
};

static char *override_what(const json_t *override)
{
	const char *what = out_string(override, "what"), *text = what;
	const char *value = out_string(override, "value"), *lan = out_string(override, "lan");

	for (size_t i = 0; i < N_COLUMNS(kinds); i++) {
		if (strcmp(kinds[i].what, what) == 0)
			text = kinds[i].text;
	}
	return cell_clean(
		cell_format("%s%s%s%s%s", text, *value ? " " : "", value, *lan ? " in " : "", lan));
}

// Put "more" behind "text", which is freed, as "format" has it with one %s; "-" adds nothing.
static char *append(char *text, const char *before, char *more)
{
	char *longer = strcmp(more, "-") == 0 ? cell_format("%s", text)
					      : cell_format("%s%s%s", text, before, more);

	free(text);
	free(more);
	return longer;
}

char *override_text(const json_t *override)
{
	char *text = override_what(override);

	text = append(text, " since ", cell_text(json_object_get(override, "since"), CELL_TIME));
	text = append(text, " by ", cell_text(json_object_get(override, "by"), CELL_TEXT));
	return append(text, ", until ", cell_text(json_object_get(override, "until"), CELL_TIME));
}

void view_overrides(struct out *out, const json_t *result)
{
	static const struct column columns[] = {
		{"PORT", "port", CELL_TEXT},	{"WHAT", NULL, CELL_TEXT, override_what},
		{"SINCE", "since", CELL_TIME},	{"UNTIL", "until", CELL_TIME},
		{"LEFT", "left", CELL_SECONDS}, {"BY", "by", CELL_TEXT},
	};
	const json_t *overrides = json_object_get(result, "overrides");
	const json_t *aside = json_object_get(result, "aside");

	if (json_array_size(overrides))
		out_rows(out, overrides, columns, N_COLUMNS(columns));
	else
		out_line(out, "Nothing stands above the configuration.");
	if (json_array_size(aside) == 0)
		return;
	out_line(out, "Put aside, and back if the configuration in force is not confirmed:");
	out_rows(out, aside, columns, N_COLUMNS(columns));
}
