// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/iface_modes.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "dataplane/ports/complain.h"
#include "dataplane/ports/ethdev.h"
#include "dataplane/ports/guard.h"
#include "dataplane/ports/iface_kernel.h"
#include "dataplane/ports/pool.h"
#include "dataplane/ports/xdp.h"

enum {
	// Frames of an AF_XDP queue's pool: the driver puts 2048 into the fill ring and never takes
	// them out; the rest is on its way through the fabric or waits in the transmit ring.
	XDP_FRAMES = 2048 + 1536,
	// What the kernel leaves free before a frame it receives, beyond our own headroom.
	XDP_HEADROOM = 256,
	ROOM_STEP = 64,
	FORGET_TIME_MS = 2000,
};

static uint64_t last_close_ms; // when an AF_XDP device was closed last; 0: never

static uint16_t xdp_room(uint16_t mtu)
{
	unsigned int room = XDP_HEADROOM + RTE_PKTMBUF_HEADROOM + mtu + FRAME_OVERHEAD + TAG_SIZE;

	if (room < 2048 - sizeof(struct rte_mbuf)) // the kernel's least size of a frame
		room = 2048 - sizeof(struct rte_mbuf);
	return (uint16_t)RTE_ALIGN(room, ROOM_STEP);
}

static uint32_t xdp_frame_size(uint16_t mtu)
{
	return rte_mempool_calc_obj_size(sizeof(struct rte_mbuf) + xdp_room(mtu), 0, NULL);
}

static int check_xdp_mtu(uint16_t mtu, char *error, size_t size)
{
	uint16_t most = mtu;

	while (xdp_frame_size(most) > (uint32_t)getpagesize())
		most -= 1;
	if (most == mtu)
		return 0;
	return complain(error, size, EINVAL,
			"MTU %u is more than AF_XDP can do; it takes at most %u", mtu, most);
}

// Serve every channel; where fewer are wanted, have fewer.
static int xdp_channels(const char *name, uint16_t wanted, uint16_t *n, char *error, size_t size)
{
	struct kernel_channels channels;
	int err = kernel_link_channels(name, &channels);

	if (!err && wanted && wanted < channels.rx && iface_kernel_set_channels(name, wanted) == 0)
		err = kernel_link_channels(name, &channels);
	if (err)
		return complain(error, size, -err, "cannot ask %s for its channels: %s", name,
				strerror(-err));
	*n = (uint16_t)channels.rx;
	if (channels.rx > MAX_QUEUES || (wanted && channels.rx > wanted))
		return complain(error, size, EINVAL,
				"%s receives on %u channels, and each needs a queue: ethtool -L %s "
				"combined %u",
				name, channels.rx, name, wanted ? wanted : MAX_QUEUES);
	if (channels.rx > 1 && !channels.combined)
		return complain(
			error, size, EINVAL,
			"%s receives on %u channels without transmit channels of their own: "
			"ethtool -L %s rx 1 tx 1",
			name, channels.rx, name);
	return 0;
}

static int make_pools(struct iface *iface, uint16_t n, uint16_t mtu, char *error, size_t size)
{
	static unsigned int number;
	char name[RTE_MEMPOOL_NAMESIZE];

	for (; iface->n_pools < n; iface->n_pools++) {
		snprintf(name, sizeof(name), "xdp%u", number++);
		iface->pools[iface->n_pools] =
			pool_create_sized(name, XDP_FRAMES, xdp_room(mtu), POOL_CACHE_SMALL);
		if (!iface->pools[iface->n_pools])
			return complain(
				error, size, errno,
				"no memory for %u frames of %s: %s; give more with --memory",
				XDP_FRAMES, iface->before.name, strerror(errno));
	}
	return 0;
}

static void drop_pools(struct iface *iface)
{
	for (uint16_t q = 0; q < iface->n_pools; q++) {
		if (ethdev_keeps_frames())
			pool_retire(iface->pools[q], iface->held[q]);
		else
			pool_destroy(iface->pools[q]);
	}
	iface->n_pools = 0;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// The kernel may not yet have forgotten the sockets of an interface that is opened anew.
static bool was_just_closed(void)
{
	return last_close_ms && now_ms() - last_close_ms < FORGET_TIME_MS;
}

// Everything that can fail is tried before the driver does it (xdp.h says why).
static int prepare_xdp(struct iface *iface, char *path, uint16_t n, uint16_t mtu, char *error,
		       size_t size)
{
	const struct kernel_link *link = &iface->before;
	bool found;
	int err = xdp_clear(link, &found, error, size);

	if (!err)
		err = xdp_object_path(path, PATH_MAX, error, size);
	if (!err)
		err = xdp_try_program(link, path, error, size);
	if (!err && (xdp_memory_is_limited() || was_just_closed()))
		err = xdp_try_socket(link, (size_t)XDP_FRAMES * xdp_frame_size(mtu), error, size);
	if (!err)
		err = make_pools(iface, n, mtu, error, size);
	return err;
}

static int start_xdp(struct device *device, const char *args, uint16_t n, char *error, size_t size)
{
	struct iface *iface = device->iface;

	driver_fds_before(AF_XDP);
	int err = ethdev_plug(device, args, error, size);
	if (!err) {
		device->n_rx = n;
		device->n_tx = n;
		err = ethdev_start(device, iface->pools, 0, error, size);
	}
	driver_fds_opened(&iface->fds, AF_XDP);
	if (n == 1)
		device->wait_fd = driver_fds_socket(&iface->fds);
	for (uint16_t q = 0; q < n; q++)
		iface->held[q] = pool_in_use(iface->pools[q]);
	return err;
}

// Take everything away that start_xdp() made.
void iface_close_xdp(struct device *device)
{
	struct iface *iface = device->iface;

	// Let the driver free what was sent; it does that only when it sends.
	for (uint16_t q = 0; device->plugged && q < device->n_tx; q++)
		rte_eth_tx_burst(device->ethdev, q, NULL, 0);
	ethdev_unplug(device);
	device->wait_fd = 0;
	guard_close(iface->guard);
	driver_fds_close(&iface->fds);
	xdp_detach(iface->before.index);
	drop_pools(iface);
	last_close_ms = now_ms();
}

int iface_open_xdp(struct device *device, const struct device_string *string,
		   const struct device_wish *wish, char *error, size_t size)
{
	static unsigned int number;
	struct iface *iface = device->iface;
	char args[ARGS_SIZE], path[PATH_MAX];
	uint16_t n = 0;
	int err = check_xdp_mtu(wish->mtu, error, size);

	if (!err)
		err = xdp_channels(string->argument, wish->n_queues, &n, error, size);
	if (!err)
		err = prepare_xdp(iface, path, n, wish->mtu, error, size);
	if (err) {
		drop_pools(iface);
		return err;
	}
	snprintf(args, sizeof(args),
		 "net_af_xdp%u,iface=%s,xdp_prog=%s,queue_count=%u,busy_budget=0,force_copy=1",
		 number++, string->argument, path, n);
	iface_append_options(args, string);
	err = start_xdp(device, args, n, error, size);
	if (err) {
		iface_close_xdp(device);
		return err;
	}
	iface->guard = guard_open(iface->before.index);
	device->guard_mode = (uint8_t)guard_mode(iface->guard);
	return 0;
}
