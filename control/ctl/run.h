// SPDX-License-Identifier: BSD-3-Clause
// One run of the tool, from its command line to its exit code.
#pragma once

#include <stdio.h>

#include "control/ctl/status.h"

enum status run(int argc, char **argv, FILE *out, FILE *err);
