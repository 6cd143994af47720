// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/import_show.h"

#include "control/ctl/out_text.h"
#include "control/import/compare.h"

static json_t *describe_values(char *const *values, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(values[i]));
	return list;
}

json_t *import_describe(const struct import_changes *changes)
{
	static const char *const kinds[] = {
		[IMPORT_ADDED] = "add", [IMPORT_CHANGED] = "change", [IMPORT_REMOVED] = "remove"};
	json_t *list = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct import_change *change = &changes->list[i];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:o}", "kind", kinds[change->kind], "port",
					change->port, "added",
					describe_values(change->added, change->n_added), "removed",
					describe_values(change->removed, change->n_removed)));
	}
	return list;
}

static void print_change(struct out *out, const json_t *change)
{
	const char *kind = out_string(change, "kind");
	bool add = *kind == 'a', remove = *kind == 'r';
	const json_t *added = json_object_get(change, "added");
	const json_t *removed = json_object_get(change, "removed");

	out_tinted(out,
		   add	    ? TINT_GOOD
		   : remove ? TINT_BAD
			    : TINT_NONE,
		   "%c port %s",
		   add	    ? '+'
		   : remove ? '-'
			    : '~',
		   out_string(change, "port"));
	if (add || remove)
		return;
	for (size_t i = 0; i < json_array_size(removed); i++)
		out_line(out, "    - %s", json_string_value(json_array_get(removed, i)));
	for (size_t i = 0; i < json_array_size(added); i++)
		out_line(out, "    + %s", json_string_value(json_array_get(added, i)));
}

void view_import(struct out *out, const json_t *result)
{
	const json_t *changes = json_object_get(result, "changes");
	const char *file = out_string(result, "file");

	for (size_t i = 0; i < json_array_size(changes); i++)
		print_change(out, json_array_get(changes, i));
	if (json_array_size(changes) == 0)
		out_line(out, "No changes.");
	if (*file && json_is_true(json_object_get(result, "written")))
		out_line(out, "%s is written: %d ports.", file, (int)out_integer(result, "ports"));
}
