// SPDX-License-Identifier: BSD-3-Clause
// `ixfab port PORT up|down`
#include "control/ctl/command.h"
#include "control/ctl/out_text.h"

void view_port_set(struct out *out, const json_t *result)
{
	out_line(out, "Port %s is administratively %s.", out_string(result, "port"),
		 out_string(result, "admin"));
}
