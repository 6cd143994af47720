// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/iface.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "dataplane/ports/complain.h"
#include "dataplane/ports/driver_fds.h"
#include "dataplane/ports/ethdev.h"
#include "dataplane/ports/guard.h"
#include "dataplane/ports/kernel_link.h"
#include "dataplane/ports/pool.h"
#include "dataplane/ports/xdp.h"
#include "lib/log.h"

enum {
	ARGS_SIZE = PATH_MAX + 512,
	TEXT_SIZE = 256,
	// Frames of an AF_XDP queue's pool: the driver puts 2048 into the fill ring and never takes
	// them out; the rest is on its way through the fabric or waits in the transmit ring.
	XDP_FRAMES = 2048 + 1536,
	// What the kernel leaves free before a frame it receives, beyond our own headroom.
	XDP_HEADROOM = 256,
	ROOM_STEP = 64,
	FORGET_TIME_MS = 2000,
	PACKET_FRAMES = 512,	// in each of AF_PACKET's two rings
	PACKET_HEADER = 96,	// octets that its descriptors and address take from a slot
	PACKET_SLOT_STEP = 512, // so that a whole number of slots makes a whole number of pages
};

struct iface {
	struct kernel_link before; // as it was found
	bool ipv6_was_off;
	uint16_t mtu; // frame buffers and slots were made for it
	uint16_t n_pools;
	struct rte_mempool *pools[MAX_QUEUES]; // AF_XDP only
	uint32_t held[MAX_QUEUES]; // frames of each that the driver will never give back
	struct driver_fds fds;
	struct guard *guard; // NULL: none
};

static uint64_t last_close_ms; // when an AF_XDP device was closed last; 0: never

static int check_owner(const struct kernel_link *link, char *error, size_t size)
{
	char text[64] = "";

	if (!link->ethernet || (link->flags & IFF_LOOPBACK))
		return complain(error, size, EINVAL, "%s is no Ethernet interface", link->name);
	if (link->master)
		return complain(error, size, EBUSY,
				"%s belongs to %s; take it out first: ip link set dev %s nomaster",
				link->name, if_indextoname((unsigned int)link->master, text),
				link->name);
	if (kernel_link_address(link->name, text, sizeof(text)) == 0)
		return complain(
			error, size, EBUSY,
			"%s has the address %s, so it belongs to the host; if it is to be a "
			"port: ip address flush dev %s",
			link->name, text, link->name);
	return 0;
}

static int check(struct iface *iface, const char *name, uint16_t mtu, char *error, size_t size)
{
	struct kernel_link *link = &iface->before;
	int err = kernel_link_get(name, link);

	if (err == -ENODEV)
		return complain(error, size, ENODEV, "there is no interface %s (see: ip link)",
				name);
	if (err)
		return complain(error, size, -err, "cannot ask the kernel for %s: %s", name,
				strerror(-err));
	err = check_owner(link, error, size);
	if (err)
		return err;
	if (link->mtu_max && mtu > link->mtu_max)
		return complain(error, size, EINVAL,
				"MTU %u is more than %s can do; it takes at most %u", mtu, name,
				link->mtu_max);
	return 0;
}

static int take_over(struct iface *iface, uint16_t mtu, char *error, size_t size)
{
	const char *name = iface->before.name;
	int err = kernel_link_ipv6_off(name, &iface->ipv6_was_off);

	if (!err && !iface->ipv6_was_off)
		err = kernel_link_set_ipv6_off(name, true);
	if (!err)
		err = kernel_link_set_mtu(name, mtu);
	if (!err)
		err = kernel_link_set_flags(name, IFF_UP | IFF_PROMISC, 0);
	kernel_link_raw_frames(name);
	if (!err)
		return 0;
	return complain(error, size, -err, "cannot set up %s (MTU %u, up): %s", name, mtu,
			strerror(-err));
}

// Errors do not matter: the interface may have been removed.
static void give_back(struct iface *iface)
{
	const struct kernel_link *link = &iface->before;

	if (!iface->ipv6_was_off)
		(void)kernel_link_set_ipv6_off(link->name, false);
	(void)kernel_link_set_flags(link->name, 0,
				    ~link->flags & (IFF_UP | IFF_PROMISC | IFF_NOARP));
	(void)kernel_link_set_mtu(link->name, link->mtu);
}

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

	if (!err && wanted && wanted < channels.rx && kernel_link_set_channels(name, wanted) == 0)
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

static int check_options(const struct device_string *string, char *error, size_t size)
{
	static const char *const ours[] = {"iface",	  "xdp_prog",	 "queue_count",
					   "start_queue", "shared_umem", "qpairs"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		if (device_string_option(string, ours[i]))
			return complain(error, size, EINVAL,
					"the option %s is set by ixfab itself; leave it out",
					ours[i]);
	}
	return 0;
}

static void append_options(char *args, const struct device_string *string)
{
	size_t used = strlen(args);

	for (size_t i = 0; i < string->n_options && used < ARGS_SIZE; i++) {
		if (strcmp(string->options[i].name, "mode") == 0)
			continue;
		used += (size_t)snprintf(args + used, ARGS_SIZE - used, ",%s=%s",
					 string->options[i].name, string->options[i].value);
	}
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
static void stop_xdp(struct device *device)
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

static int open_xdp(struct device *device, const struct device_string *string,
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
	append_options(args, string);
	err = start_xdp(device, args, n, error, size);
	if (err) {
		stop_xdp(device);
		return err;
	}
	iface->guard = guard_open(iface->before.index);
	device->guard_mode = (uint8_t)guard_mode(iface->guard);
	return 0;
}

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

static int open_packet(struct device *device, const struct device_string *string,
		       const struct device_wish *wish, char *error, size_t size)
{
	struct rte_mempool *pools[MAX_QUEUES];
	struct driver_fds fds;
	char args[ARGS_SIZE];
	uint16_t n = wish->n_queues && wish->n_queues <= MAX_QUEUES ? wish->n_queues : 1;

	packet_args(args, string, wish->mtu, n);
	if (!device->is_fallback)
		append_options(args, string);
	for (uint16_t q = 0; q < n; q++)
		pools[q] = wish->pool;
	driver_fds_before(AF_PACKET);
	int err = ethdev_plug(device, args, error, size);
	if (err)
		return err;
	device->n_rx = n;
	device->n_tx = n;
	// The host must not answer ARP requests that come by a member's port.
	(void)kernel_link_set_flags(string->argument, IFF_NOARP, 0);
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

// AF_XDP, or if that cannot be for a reason that does not speak against AF_PACKET, that.
static int open_mode(struct device *device, const struct device_string *string,
		     const struct device_wish *wish, char *error, size_t size)
{
	const char *mode = device_string_option(string, "mode");
	char reason[TEXT_SIZE];

	if (mode && strcmp(mode, "packet") == 0)
		return open_packet(device, string, wish, error, size);
	int err = open_xdp(device, string, wish, reason, sizeof(reason));
	if (!err)
		return 0;
	if (mode || err == -EBUSY) {
		snprintf(error, size, "%s", reason);
		return err;
	}
	device->is_fallback = true;
	err = open_packet(device, string, wish, error, size);
	if (!err)
		log_warn("%s goes through AF_PACKET, which is slower and loses fragments of IPv4 "
			 "packets, because AF_XDP cannot be: %s",
			 string->argument, reason);
	return err;
}

int iface_open(struct device *device, const struct device_string *string,
	       const struct device_wish *wish, char *error, size_t size)
{
	struct iface *iface = calloc(1, sizeof(*iface));

	if (!iface)
		return complain(error, size, ENOMEM, "no memory for a device");
	int err = check_options(string, error, size);
	if (!err)
		err = check(iface, string->argument, wish->mtu, error, size);
	if (err) {
		free(iface);
		return err;
	}
	device->iface = iface;
	iface->mtu = wish->mtu;
	err = take_over(iface, wish->mtu, error, size);
	if (!err)
		err = open_mode(device, string, wish, error, size);
	if (!err)
		return 0;
	give_back(iface);
	device->iface = NULL;
	free(iface);
	return err;
}

void iface_close(struct device *device)
{
	struct iface *iface = device->iface;

	if (iface->n_pools)
		stop_xdp(device);
	else
		ethdev_unplug(device);
	give_back(iface);
	device->iface = NULL;
	free(iface);
}

int iface_set_mtu(struct device *device, uint16_t mtu, char *error, size_t size)
{
	const struct iface *iface = device->iface;

	if (mtu > iface->mtu)
		return complain(
			error, size, ENOTSUP,
			"the MTU of %s can grow only if the port is removed and added again",
			iface->before.name);
	int err = kernel_link_set_mtu(iface->before.name, mtu);
	if (err)
		return complain(error, size, -err, "%s does not take MTU %u: %s",
				iface->before.name, mtu, strerror(-err));
	device->mtu = mtu;
	return 0;
}

struct device_link iface_link(const struct device *device)
{
	const struct iface *iface = device->iface;
	struct device_link link = {.up = false};

	link.gone = kernel_link_carrier(iface->before.index, &link.up) == -ENODEV;
	link.back = link.gone && if_nametoindex(iface->before.name) != 0;
	link.speed = link.up ? kernel_link_speed(iface->before.name) : 0;
	return link;
}

struct guard *iface_guard(const struct device *device)
{
	return device->iface->guard;
}
