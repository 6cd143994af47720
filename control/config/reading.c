// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/reading.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "control/config/schema.h"
#include "control/config/tree.h"
#include "control/config/value.h"

void reading_enter(struct reading *r, const char *key)
{
	enum { KEY_SHOWN = 40 };
	size_t end = r->length;

	if (end)
		r->path[end++] = '.';
	for (size_t n = 0; n < KEY_SHOWN && key[n] && end < sizeof(r->path) - 1; n++)
		r->path[end++] = iscntrl((unsigned char)key[n]) ? '?' : key[n];
	r->path[end] = 0;
	r->length = end;
}

void reading_enter_index(struct reading *r, size_t index)
{
	int n = snprintf(r->path + r->length, sizeof(r->path) - r->length, "[%zu]", index);

	r->length += (size_t)n;
}

void reading_leave(struct reading *r, size_t length)
{
	r->length = length;
	r->path[length] = 0;
}

void complain_kind(struct reading *r, const struct node *node, const char *wanted)
{
	static const char *const kinds[] = {
		[NODE_LIST] = "a list", [NODE_MAP] = "keys", [NODE_TEXT] = "a single value"};

	if (node->kind != NODE_UNREADABLE)
		wrong(r, node, "%s, not %s", wanted, kinds[node->kind]);
}

void read_single(struct reading *r, const struct schema *row, const struct node *node, void *field)
{
	char error[VALUE_ERROR_SIZE], form[128];

	if (node->kind == NODE_TEXT) {
		if (!config_value_read(row, node, field, error))
			wrong(r, node, "%s", error);
		return;
	}
	snprintf(error, sizeof(error), "must be %s", config_value_form(row, form, sizeof(form)));
	complain_kind(r, node, error);
}
