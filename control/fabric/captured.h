// SPDX-License-Identifier: BSD-3-Clause
// Captured frames out of a worker's ring. Used by the fabric only.
#pragma once

#include <stdint.h>

struct capture_record;
struct ring;

typedef void captured_fn(void *argument, const struct capture_record *record);

// Hand over those that wait, "most" at most; "take" may be NULL. Returns 0, or -EBADMSG if there
// was something that is no frame, or a position that cannot be: that was skipped.
int captured_drain(struct ring *ring, uint32_t most, captured_fn *take, void *argument);
