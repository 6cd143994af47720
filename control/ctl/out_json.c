// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/out_json.h"

// Sixteen digits tell a microsecond in a time since 1970, and write 0.1 as 0.1.
enum { REAL_DIGITS = 16 };

void out_json(struct out *out, const json_t *value)
{
	size_t layout = out->terminal ? JSON_INDENT(2) : JSON_COMPACT;

	json_dumpf(value, out->file, layout | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS));
	fputc('\n', out->file);
}
