// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/device.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_log.h>

#include "dataplane/ports/complain.h"
#include "dataplane/ports/ethdev.h"
#include "dataplane/ports/iface.h"
#include "dataplane/ports/memif_burst.h"
#include "dataplane/ports/memif_guard.h"
#include "dataplane/ports/memif_wake.h"
#include "dataplane/ports/pool.h"
#include "lib/device_string.h"
#include "lib/kernel_link.h"
#include "lib/log.h"

enum { ARGS_SIZE = 512 };

// A server's socket that nobody listens on any more is what a killed process left; the driver would
// stumble over it.
static void remove_stale_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 &&
	    errno == ECONNREFUSED)
		unlink(path);
	if (fd >= 0)
		close(fd);
}

static int check_directory(const char *path, char *error, size_t size)
{
	char directory[DEVICE_SIZE];
	const char *slash = strrchr(path, '/');

	snprintf(directory, sizeof(directory), "%.*s", slash > path ? (int)(slash - path) : 1,
		 path);
	if (access(directory, W_OK | X_OK) == 0)
		return 0;
	return complain(error, size, errno, "the socket's directory %s cannot be used: %s",
			directory, strerror(errno));
}

static const char *option_or(const struct device_string *string, const char *name,
			     const char *otherwise)
{
	const char *value = device_string_option(string, name);

	return value ? value : otherwise;
}

// Append the options that were given, as they are.
static void append_options(char *args, size_t size, const struct device_string *string)
{
	size_t used = strlen(args);

	for (size_t i = 0; i < string->n_options && used < size; i++)
		used += (size_t)snprintf(args + used, size - used, ",%s=%s",
					 string->options[i].name, string->options[i].value);
}

// Names of vdevs must not be used twice.
static unsigned int next_number(void)
{
	static unsigned int number;

	return number++;
}

static int memif_args(const struct device_string *string, char *args, char *error, size_t size)
{
	if (strcmp(option_or(string, "zero-copy", "no"), "no") != 0)
		return complain(error, size, EINVAL,
				"zero-copy=yes would let the peer write into all our frames; leave "
				"it out");
	int err = check_directory(string->argument, error, size);
	if (err)
		return err;
	if (strcmp(option_or(string, "role", "server"), "server") == 0)
		remove_stale_socket(string->argument);
	else if (access(string->argument, F_OK) < 0)
		return complain(error, size, ENOENT,
				"nobody serves %s yet; start the other side first, or let it be "
				"the client: role=server",
				string->argument);
	snprintf(args, ARGS_SIZE, "net_memif%u,socket=%s,socket-abstract=no,role=server",
		 next_number(), string->argument);
	append_options(args, ARGS_SIZE, string);
	return 0;
}

static int vhost_args(const struct device_string *string, uint16_t n_queues, char *args,
		      char *error, size_t size)
{
	if (strcmp(option_or(string, "client", "0"), "0") == 0)
		remove_stale_socket(string->argument);
	snprintf(args, ARGS_SIZE, "net_vhost%u,iface=%s,queues=%u", next_number(), string->argument,
		 n_queues ? n_queues : 1);
	append_options(args, ARGS_SIZE, string);
	return check_directory(string->argument, error, size);
}

static int tap_args(const struct device_string *string, char *args, char *error, size_t size)
{
	struct kernel_link link;

	if (kernel_link_get(string->argument, &link) == 0)
		return complain(error, size, EEXIST,
				"there is an interface %s already; a tap is made anew: choose "
				"another name, or write iface:%s to use that one",
				string->argument, string->argument);
	snprintf(args, ARGS_SIZE, "net_tap%u,iface=%s", next_number(), string->argument);
	return 0;
}

static int pci_args(const struct device_string *string, char *args, char *error, size_t size)
{
	char path[64 + DEVICE_SIZE], target[PATH_MAX];
	const char *address = string->argument;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", address);
	if (access(path, F_OK) < 0)
		return complain(error, size, ENODEV, "there is no PCI device %s (see: lspci)",
				address);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", address);
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = '\0';
	const char *driver = strrchr(target, '/') ? strrchr(target, '/') + 1 : "no driver";
	if (strncmp(driver, "mlx", 3) != 0 && strncmp(driver, "vfio", 4) != 0 &&
	    strncmp(driver, "uio", 3) != 0 && strncmp(driver, "igb_uio", 7) != 0)
		return complain(error, size, EBUSY,
				"%s is bound to %s; bind it to vfio-pci: driverctl set-override %s "
				"vfio-pci",
				address, driver, address);
	snprintf(args, ARGS_SIZE, "%s", address);
	return 0;
}

static int make_args(const struct device_string *string, const struct device_wish *wish, char *args,
		     char *error, size_t size)
{
	switch (string->kind) {
	case DEVICE_PCI:
		return pci_args(string, args, error, size);
	case DEVICE_MEMIF:
		return memif_args(string, args, error, size);
	case DEVICE_VHOST:
		return vhost_args(string, wish->n_queues, args, error, size);
	case DEVICE_TAP:
		return tap_args(string, args, error, size);
	default:
		snprintf(args, ARGS_SIZE, "%s", string->argument);
		return 0;
	}
}

static int open_plain(struct device *device, const struct device_string *string,
		      const struct device_wish *wish, char *error, size_t size)
{
	struct rte_mempool *pools[MAX_QUEUES];
	char args[ARGS_SIZE];
	int err = make_args(string, wish, args, error, size);

	for (int q = 0; q < MAX_QUEUES; q++)
		pools[q] = wish->pool;
	if (!err)
		err = ethdev_plug(device, args, error, size);
	if (!err)
		err = ethdev_choose_queues(device, wish, error, size);
	if (!err)
		err = ethdev_start(device, pools, wish->mtu, error, size);
	if (!err && strcmp(device->driver, "net_memif") == 0) {
		err = memif_guard(device->ethdev);
		if (!err)
			memif_burst_install(device->ethdev);
		device->is_memif = memif_wake_works();
	}
	if (err)
		ethdev_unplug(device);
	return err;
}

// Drivers complain where we try things on purpose, and tell at length what went well. What is wrong
// with a device, operators hear in our words.
static void quieten_drivers(void)
{
	static const struct {
		const char *type;
		uint32_t level;
	} drivers[] = {
		{"pmd.net.af_xdp", RTE_LOG_CRIT},
		{"pmd.net.tap", RTE_LOG_CRIT},
		{"pmd.net.memif", RTE_LOG_ERR},
		{"lib.vhost.config", RTE_LOG_WARNING},
	};
	static bool done;

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers) && !done; i++)
		rte_log_set_level_pattern(drivers[i].type, drivers[i].level);
	done = true;
}

static int check_mtu(const struct device *device, uint16_t mtu, char *error, size_t size)
{
	if (mtu <= device->mtu_max)
		return 0;
	return complain(error, size, EINVAL,
			"MTU %u is more than a frame buffer holds; it takes at most %u", mtu,
			device->mtu_max);
}

static int open_kind(struct device *device, const struct device_string *string,
		     const struct device_wish *wish, char *error, size_t size)
{
	int err = check_mtu(device, wish->mtu, error, size);

	if (err)
		return err;
	return string->kind == DEVICE_IFACE ? iface_open(device, string, wish, error, size)
					    : open_plain(device, string, wish, error, size);
}

struct device *device_open(const char *string, const struct device_wish *wish, char *error,
			   size_t size)
{
	struct device_string parsed;
	int err = device_string_parse(string, &parsed, error, size);
	struct device *device = err ? NULL : calloc(1, sizeof(*device));

	quieten_drivers();
	pool_reap(!ethdev_keeps_frames());
	if (!err && !device)
		err = complain(error, size, ENOMEM, "no memory for a device");
	if (!err) {
		snprintf(device->string, sizeof(device->string), "%s", string);
		device->mtu = wish->mtu;
		device->mtu_max = pool_mtu_max(wish->pool);
		for (int q = 0; q < MAX_QUEUES; q++)
			rte_spinlock_init(&device->tx_locks[q]);
		err = open_kind(device, &parsed, wish, error, size);
	}
	if (!err)
		return device;
	log_warn("%s: %s", string, error);
	free(device);
	errno = -err;
	return NULL;
}

void device_close(struct device *device)
{
	if (device->iface)
		iface_close(device);
	else
		ethdev_unplug(device);
	free(device);
	pool_reap(!ethdev_keeps_frames());
}

int device_set_mtu(struct device *device, uint16_t mtu, char *error, size_t size)
{
	int err = check_mtu(device, mtu, error, size);

	if (err)
		return err;
	if (device->iface)
		return iface_set_mtu(device, mtu, error, size);
	err = rte_eth_dev_set_mtu(device->ethdev, mtu);
	if (err && err != -ENOTSUP)
		return complain(error, size, -err, "the driver %s does not take MTU %u: %s",
				device->driver, mtu, rte_strerror(-err));
	device->mtu = mtu;
	return 0;
}

struct device_link device_link(const struct device *device)
{
	struct device_link link = {.up = false};
	struct rte_eth_link now;

	if (device->iface)
		return iface_link(device);
	if (rte_eth_link_get_nowait(device->ethdev, &now) == 0) {
		link.up = now.link_status == RTE_ETH_LINK_UP;
		link.speed = now.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : now.link_speed;
	}
	return link;
}

struct guard *device_guard(const struct device *device)
{
	return device->iface ? iface_guard(device) : NULL;
}
