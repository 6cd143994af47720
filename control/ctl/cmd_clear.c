// SPDX-License-Identifier: BSD-3-Clause
// `ixfab clear counters` and `ixfab clear macs`
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

void view_clear_counters(struct out *out, const json_t *result)
{
	(void)result;
	out_line(out, "Counting from zero.");
}

void view_clear_macs(struct out *out, const json_t *result)
{
	json_int_t removed = out_integer(result, "removed");

	out_line(out, "%" JSON_INTEGER_FORMAT " learned address%s removed.", removed,
		 removed == 1 ? "" : "es");
}
