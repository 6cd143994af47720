// SPDX-License-Identifier: BSD-3-Clause
#define ALLOW_EXPERIMENTAL_API // rte_intr_fd_get()
#include "dataplane/ports/memif_driver.h"

#include <fcntl.h>
#include <string.h>

#include <rte_interrupts.h>
#include <rte_version.h>

struct driver_data { // a struct rte_eth_dev_data
	uint8_t before[0x60];
	struct memif_device *device;
};

struct driver_device { // a struct rte_eth_dev
	uint8_t before[0x30];
	struct driver_data *data;
	struct memif_region *const *regions;
	uint8_t after[0x4080 - 0x40];
};

extern struct driver_device rte_eth_devices[];

bool memif_driver_is_known(void)
{
	static const char version[] = "DPDK 22.11.";

	return strncmp(rte_version(), version, sizeof(version) - 1) == 0;
}

const struct memif_device *memif_find_device(uint16_t ethdev)
{
	return rte_eth_devices[ethdev].data->device;
}

const struct memif_region *memif_find_region(uint16_t ethdev, uint32_t region)
{
	struct memif_region *const *regions = rte_eth_devices[ethdev].regions;

	if (!regions || region >= MEMIF_REGIONS || !regions[region] || !regions[region]->memory)
		return NULL;
	return regions[region];
}

// Beyond the region we would write into somebody else's memory; across two cache lines every write
// would lock the bus for all CPUs.
static bool is_within(const struct memif_queue *q, const struct memif_region *region)
{
	size_t size = sizeof(struct memif_ring) +
		      (sizeof(struct memif_descriptor) << q->log2_ring_size % 64);

	return q->log2_ring_size <= MEMIF_LOG2_SIZE_MAX && region->octets >= size &&
	       q->ring_offset <= region->octets - size &&
	       q->ring_offset % sizeof(struct memif_descriptor) == 0;
}

struct memif_ring *memif_find_ring(const struct memif_queue *q)
{
	const struct memif_region *region = memif_find_region(q->ethdev, q->region);
	struct memif_ring *ring;

	if (!region || !is_within(q, region))
		return NULL;
	ring = (struct memif_ring *)(region->memory + q->ring_offset);
	return ring->cookie == MEMIF_COOKIE ? ring : NULL;
}

int memif_interrupt(const struct memif_queue *q)
{
	return rte_intr_fd_get(q->interrupt);
}

bool memif_never_blocks(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_NONBLOCK || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0);
}
