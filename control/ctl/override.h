// SPDX-License-Identifier: BSD-3-Clause
// What stands above the configuration, in words.
#pragma once

#include <jansson.h>

// "administratively down since 2026-01-01 12:00:00 by alice, until 2026-01-01 14:00:00 (1h05m)".
// Free the result.
char *override_text(const json_t *override);
