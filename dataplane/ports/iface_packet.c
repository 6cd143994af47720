// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/iface_modes.h"

#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <rte_common.h>

#include "dataplane/ports/ethdev.h"
#include "dataplane/ports/iface_kernel.h"

enum {
	PACKET_FRAMES = 512,	// in each of AF_PACKET's two rings
	PACKET_HEADER = 96,	// octets that its descriptors and address take from a slot
	PACKET_SLOT_STEP = 512, // so that a whole number of slots makes a whole number of pages
};

// The driver hears what the host itself sends out of the interface, too; that is not a member's.
static void ignore_outgoing(const struct driver_fds *fds)
{
	int yes = 1;

	for (size_t i = 0; i < fds->n; i++)
		(void)setsockopt(fds->fds[i].fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
				 sizeof(yes));
}

// Slots hold a frame one octet longer than any that may pass, so that what was cut off is still too
// long; and the driver wants blocks to be a whole number of slots.
static void packet_args(char *args, const struct device_string *string, uint16_t mtu, uint16_t n)
{
	static unsigned int number;
	unsigned int slot =
		RTE_ALIGN(mtu + FRAME_OVERHEAD + TAG_SIZE + 1 + PACKET_HEADER, PACKET_SLOT_STEP);
	unsigned int block = slot;

	while (block % (unsigned int)getpagesize())
		block += slot;
	unsigned int frames = PACKET_FRAMES / (block / slot) * (block / slot);
	snprintf(args, ARGS_SIZE,
		 "net_af_packet%u,iface=%s,qpairs=%u,framesz=%u,blocksz=%u,framecnt=%u", number++,
		 string->argument, n, slot, block, frames);
}

int iface_open_packet(struct device *device, const struct device_string *string,
		      const struct device_wish *wish, char *error, size_t size)
{
	struct rte_mempool *pools[MAX_QUEUES];
	struct driver_fds fds;
	char args[ARGS_SIZE];
	uint16_t n = wish->n_queues && wish->n_queues <= MAX_QUEUES ? wish->n_queues : 1;

	packet_args(args, string, wish->mtu, n);
	if (!device->is_fallback)
		iface_append_options(args, string);
	for (uint16_t q = 0; q < n; q++)
		pools[q] = wish->pool;
	driver_fds_before(AF_PACKET);
	int err = ethdev_plug(device, args, error, size);
	if (err)
		return err;
	device->n_rx = n;
	device->n_tx = n;
	// The host must not answer ARP requests that come by a member's port.
	(void)iface_kernel_set_flags(string->argument, IFF_NOARP, 0);
	err = ethdev_start(device, pools, 0, error, size);
	if (err) {
		ethdev_unplug(device);
		return err;
	}
	driver_fds_opened(&fds, AF_PACKET);
	ignore_outgoing(&fds);
	if (n == 1)
		device->wait_fd = driver_fds_socket(&fds);
	return 0;
}
