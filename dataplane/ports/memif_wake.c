// SPDX-License-Identifier: BSD-3-Clause
#define ALLOW_EXPERIMENTAL_API // rte_intr_fd_get()
#include "dataplane/ports/memif_wake.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <rte_ethdev.h>
#include <rte_interrupts.h>
#include <rte_version.h>

#include "dataplane/ports/memif_guard.h"

// ---- What DPDK 22.11 keeps of a memif device, as far as it matters here

enum { REGIONS = 256, COOKIE = 0x3e31f20, RING_IS_POLLED = 1 };

struct driver_ring { // shared with the peer
	uint32_t cookie;
	_Atomic uint16_t flags;
};

struct driver_region {
	uint8_t *memory;
	uint32_t octets;
};

struct driver_queue {
	void *pool;
	void *device;
	int type;
	uint16_t region;
	uint16_t ethdev;
	uint32_t ring_offset;
	uint16_t last_head, last_tail;
	void *frames;
	uint64_t n_frames, n_octets;
	struct rte_intr_handle *interrupt;
	uint8_t log2_ring_size;
};

struct driver_device { // a struct rte_eth_dev
	uint8_t before[0x38];
	struct driver_region *const *regions;
	uint8_t after[0x4080 - 0x40];
};

_Static_assert(offsetof(struct driver_queue, interrupt) == 0x38 &&
		       sizeof(struct driver_queue) == 0x48,
	       "as in DPDK 22.11");

extern struct driver_device rte_eth_devices[];

bool memif_wake_works(void)
{
	static const char version[] = "DPDK 22.11.";

	return strncmp(rte_version(), version, sizeof(version) - 1) == 0;
}

// ---- Rings

// Where the ring is, the peer of a server says, and the driver believes it. Beyond the region we
// would write into somebody else's memory; across two cache lines every write would lock the bus
// for all CPUs.
static bool is_within(const struct driver_region *region, uint32_t ring_offset)
{
	return region->octets >= sizeof(struct driver_ring) &&
	       ring_offset <= region->octets - sizeof(struct driver_ring) &&
	       ring_offset % _Alignof(struct driver_ring) == 0;
}

// The ring of a receive queue, or NULL without a peer.
static struct driver_ring *find_ring(const struct driver_queue *q)
{
	const struct driver_region *region = NULL;
	struct driver_ring *ring;

	if (rte_eth_devices[q->ethdev].regions && q->region < REGIONS)
		region = rte_eth_devices[q->ethdev].regions[q->region];
	if (!region || !region->memory || !is_within(region, q->ring_offset))
		return NULL;
	ring = (struct driver_ring *)(region->memory + q->ring_offset);
	return ring->cookie == COOKIE ? ring : NULL;
}

// While the peer tells of frames, the driver reads its descriptor before each burst. All peers that
// we know make descriptors that do not block; one that does would hold up the worker.
static bool never_blocks(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_NONBLOCK || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0);
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
	const struct driver_queue *q = rte_eth_fp_ops[wish->ethdev].rxq.data[wish->queue];
	// Of a device that is stopped, ethdev has queues of its own.
	struct driver_ring *ring = q && q->ethdev == wish->ethdev ? find_ring(q) : NULL;
	uint16_t flags = wish->polled ? RING_IS_POLLED : 0;
	int fd = ring ? rte_intr_fd_get(q->interrupt) : -1;

	if (fd < 0)
		return;
	if (atomic_load(&ring->flags) != flags) {
		if (!wish->polled && !never_blocks(fd))
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
