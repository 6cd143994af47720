// SPDX-License-Identifier: BSD-3-Clause
#include "control/config/diff_note.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/alloc.h"

void diff_note(struct diff *d, enum change_kind kind, enum change_impact impact, const char *format,
	       ...)
{
	struct config_changes *changes = d->changes;
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	changes->list = alloc_array(changes->list, changes->n + 1, sizeof(*changes->list));
	struct config_change *change = &changes->list[changes->n++];
	*change = (struct config_change){.kind = kind,
					 .impact = impact,
					 .detail = alloc_text(text, strlen(text))};
	snprintf(change->what, sizeof(change->what), "%s%s%s", d->noun, *d->name ? " " : "",
		 d->name);
}

void diff_number(struct diff *d, const char *key, uint32_t old, uint32_t new, const char *zero,
		 enum change_impact impact)
{
	char a[16], b[16];

	if (old == new)
		return;
	snprintf(a, sizeof(a), "%u", old);
	snprintf(b, sizeof(b), "%u", new);
	diff_note(d, CHANGE_CHANGE, impact, "%s %s -> %s", key, old || !zero ? a : zero,
		  new || !zero ? b : zero);
}

void diff_bool(struct diff *d, const char *key, bool old, bool new, enum change_impact impact)
{
	if (old != new)
		diff_note(d, CHANGE_CHANGE, impact, "%s %s -> %s", key, old ? "yes" : "no",
			  new ? "yes" : "no");
}

void diff_text(struct diff *d, const char *key, const char *old, const char *new,
	       enum change_impact impact)
{
	old = old && *old ? old : "none";
	new = new &&*new ? new : "none";
	if (strcmp(old, new) != 0)
		diff_note(d, CHANGE_CHANGE, impact, "%s %s -> %s", key, old, new);
}
