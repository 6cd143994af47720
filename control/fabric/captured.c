// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/captured.h"

#include <errno.h>
#include <stddef.h>

#include "lib/capture.h"

int captured_drain(struct ring *ring, uint32_t most, captured_fn *take, void *argument)
{
	static struct capture_record record;
	int err = 0;

	ring_waiting(ring);
	if (!ring_is_sane(ring, true)) {
		ring->own = ring->others; // start over from where it says it is
		return -EBADMSG;
	}
	for (uint32_t n = 0; n < most && capture_pop(ring, &record); n++) {
		if (capture_check(&record.header))
			err = -EBADMSG;
		else if (take)
			take(argument, &record);
	}
	return err;
}
