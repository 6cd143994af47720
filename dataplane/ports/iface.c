// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/iface.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/ports/complain.h"
#include "dataplane/ports/ethdev.h"
#include "dataplane/ports/iface_kernel.h"
#include "dataplane/ports/iface_modes.h"
#include "lib/kernel_link.h"
#include "lib/log.h"

// The first one that an interface has.
struct address {
	const char *name;
	char text[64]; // "": none
};

static void take_address(void *argument, const char *name, const char *text)
{
	struct address *address = argument;

	if (!address->text[0] && strcmp(name, address->name) == 0)
		snprintf(address->text, sizeof(address->text), "%s", text);
}

static int check_owner(const struct kernel_link *link, char *error, size_t size)
{
	struct address address = {.name = link->name};
	char master[IFNAMSIZ] = "";

	if (!link->ethernet || (link->flags & IFF_LOOPBACK))
		return complain(error, size, EINVAL, "%s is no Ethernet interface", link->name);
	if (link->master)
		return complain(error, size, EBUSY,
				"%s belongs to %s; take it out first: ip link set dev %s nomaster",
				link->name, if_indextoname((unsigned int)link->master, master),
				link->name);
	(void)kernel_address_each(take_address, &address);
	if (address.text[0])
		return complain(
			error, size, EBUSY,
			"%s has the address %s, so it belongs to the host; if it is to be a "
			"port: ip address flush dev %s",
			link->name, address.text, link->name);
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
	int err = iface_kernel_ipv6_off(name, &iface->ipv6_was_off);

	if (!err && !iface->ipv6_was_off)
		err = iface_kernel_set_ipv6_off(name, true);
	if (!err)
		err = iface_kernel_set_mtu(name, mtu);
	if (!err)
		err = iface_kernel_set_flags(name, IFF_UP | IFF_PROMISC, 0);
	iface_kernel_raw_frames(name);
	if (!err)
		return 0;
	return complain(error, size, -err, "cannot set up %s (MTU %u, up): %s", name, mtu,
			strerror(-err));
}

// Errors do not matter: the interface may have been removed. Then another one may have its name,
// and be a port already.
static void give_back(struct iface *iface)
{
	const struct kernel_link *link = &iface->before;

	if (if_nametoindex(link->name) != (unsigned int)link->index)
		return;
	if (!iface->ipv6_was_off)
		(void)iface_kernel_set_ipv6_off(link->name, false);
	(void)iface_kernel_set_flags(link->name, 0,
				     ~link->flags & (IFF_UP | IFF_PROMISC | IFF_NOARP));
	(void)iface_kernel_set_mtu(link->name, link->mtu);
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

void iface_append_options(char *args, const struct device_string *string)
{
	size_t used = strlen(args);

	for (size_t i = 0; i < string->n_options && used < ARGS_SIZE; i++) {
		if (strcmp(string->options[i].name, "mode") == 0)
			continue;
		used += (size_t)snprintf(args + used, ARGS_SIZE - used, ",%s=%s",
					 string->options[i].name, string->options[i].value);
	}
}

// AF_XDP, or if that cannot be for a reason that does not speak against AF_PACKET, that.
static int open_mode(struct device *device, const struct device_string *string,
		     const struct device_wish *wish, char *error, size_t size)
{
	const char *mode = device_string_option(string, "mode");
	char reason[256];

	if (mode && strcmp(mode, "packet") == 0)
		return iface_open_packet(device, string, wish, error, size);
	int err = iface_open_xdp(device, string, wish, reason, sizeof(reason));
	if (!err)
		return 0;
	if (mode || err == -EBUSY) {
		snprintf(error, size, "%s", reason);
		return err;
	}
	device->is_fallback = true;
	err = iface_open_packet(device, string, wish, error, size);
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
		iface_close_xdp(device);
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
	int err = iface_kernel_set_mtu(iface->before.name, mtu);
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

	link.gone = iface_kernel_carrier(iface->before.index, &link.up) == -ENODEV;
	link.back = link.gone && if_nametoindex(iface->before.name) != 0;
	link.speed = link.up ? iface_kernel_speed(iface->before.name) : 0;
	return link;
}

struct guard *iface_guard(const struct device *device)
{
	return device->iface->guard;
}
