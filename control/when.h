// SPDX-License-Identifier: BSD-3-Clause
// Moments in the future, as operators write them and as they read them.
#pragma once

#include <time.h>

enum { WHEN_TEXT_SIZE = 40, WHEN_YEARS = 10 };

// Read a span of time: 90s, 15m, 2h, 3d, 1h30m (the larger units first). Seconds. Returns 0,
// -EINVAL, or -ERANGE (more than WHEN_YEARS).
int when_parse_span(const char *text, time_t *span);

// Read a span of time from "now" on, or a moment in local time
// (2026-12-01T12:00, with seconds if wanted; 2026-12-01 is its beginning). Returns 0, -EINVAL (it
// is neither), or -ERANGE (it is not after "now", or more than WHEN_YEARS away).
int when_parse(const char *text, time_t now, time_t *when);

// Write "until 2026-12-01 12:00:00", or "without end" for 0, into "text" of WHEN_TEXT_SIZE.
// Seconds since 1970. Returns "text".
char *when_format(double when, char *text);
