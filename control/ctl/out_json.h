// SPDX-License-Identifier: BSD-3-Clause
// Results for programs.
#pragma once

#include "control/ctl/out.h"

// Print the value on one line, or indented on a terminal, and a newline.
void out_json(struct out *out, const json_t *value);
