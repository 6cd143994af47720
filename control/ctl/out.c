// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/ctl/out_json.h"

static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return !(no_color && *no_color) && terminal && strcmp(terminal, "dumb") != 0;
}

void out_init(struct out *out, FILE *file)
{
	*out = (struct out){.file = file, .header = true};
	out->terminal = isatty(fileno(file)) == 1;
	out->colour = out->terminal && wants_colour();
}

void out_show(struct out *out, const json_t *result, out_view *view)
{
	if (out->json)
		out_json(out, result);
	else
		view(out, result);
}
