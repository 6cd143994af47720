// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/memif_wake.h"

#include <stdatomic.h>
#include <stddef.h>

#include <rte_ethdev.h>

#include "dataplane/ports/memif_driver.h"
#include "dataplane/ports/memif_guard.h"

bool memif_wake_works(void)
{
	return memif_driver_is_known();
}

struct wish {
	uint16_t ethdev, queue;
	bool polled;  // what the ring shall say
	bool changed; // and did not
	int fd;
};

// Inside the guard: the peer may go away at any moment, and its memory with it.
static void tell_peer(void *argument)
{
	struct wish *wish = argument;
	const struct memif_queue *q = rte_eth_fp_ops[wish->ethdev].rxq.data[wish->queue];
	// Of a device that is stopped, ethdev has queues of its own.
	struct memif_ring *ring = q && q->ethdev == wish->ethdev ? memif_find_ring(q) : NULL;
	uint16_t flags = wish->polled ? MEMIF_RING_POLLED : 0;
	int fd = ring ? memif_interrupt(q) : -1;

	if (fd < 0)
		return;
	if (atomic_load(&ring->flags) != flags) {
		if (!wish->polled && !memif_never_blocks(fd))
			return;
		atomic_store(&ring->flags, flags);
		wish->changed = true;
	}
	wish->fd = fd;
}

int memif_wake_arm(uint16_t ethdev, uint16_t queue, bool *newly)
{
	struct wish wish = {.ethdev = ethdev, .queue = queue, .fd = -1};

	if (!memif_guard_run(tell_peer, &wish))
		return -1;
	if (wish.changed)
		*newly = true;
	return wish.fd;
}

void memif_wake_disarm(uint16_t ethdev, uint16_t queue)
{
	struct wish wish = {.ethdev = ethdev, .queue = queue, .polled = true, .fd = -1};

	memif_guard_run(tell_peer, &wish);
}
