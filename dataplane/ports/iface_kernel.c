// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/iface_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/kernel_link.h"

int iface_kernel_carrier(int index, bool *up)
{
	struct ifreq ifr = {.ifr_ifindex = index};

	*up = false;
	if (kernel_link_ioctl(NULL, SIOCGIFNAME, &ifr))
		return -ENODEV;
	int err = kernel_link_ioctl(NULL, SIOCGIFFLAGS, &ifr);
	if (!err)
		*up = (ifr.ifr_flags & IFF_UP) && (ifr.ifr_flags & IFF_RUNNING);
	return err;
}

uint32_t iface_kernel_speed(const char *name)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};

	if (kernel_link_ethtool(name, &command))
		return 0;
	uint32_t speed = ethtool_cmd_speed(&command);
	return speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
}

int iface_kernel_set_flags(const char *name, unsigned int set, unsigned int clear)
{
	struct ifreq ifr = {0};
	int err = kernel_link_ioctl(name, SIOCGIFFLAGS, &ifr);
	unsigned int flags = ((uint16_t)ifr.ifr_flags | set) & ~clear;

	if (err || flags == (uint16_t)ifr.ifr_flags)
		return err;
	ifr.ifr_flags = (short)flags;
	return kernel_link_ioctl(name, SIOCSIFFLAGS, &ifr);
}

int iface_kernel_set_mtu(const char *name, unsigned int mtu)
{
	struct ifreq ifr = {.ifr_mtu = (int)mtu};

	return kernel_link_ioctl(name, SIOCSIFMTU, &ifr);
}

int iface_kernel_set_channels(const char *name, unsigned int n)
{
	struct ethtool_channels command = {.cmd = ETHTOOL_GCHANNELS};
	int err = kernel_link_ethtool(name, &command);

	if (err)
		return err;
	command.cmd = ETHTOOL_SCHANNELS;
	if (command.max_combined) {
		command.combined_count = n;
	} else {
		command.rx_count = n;
		command.tx_count = n;
	}
	return kernel_link_ethtool(name, &command);
}

void iface_kernel_raw_frames(const char *name)
{
	struct ethtool_value gro = {.cmd = ETHTOOL_SGRO, .data = 0};
	struct ethtool_value flags = {.cmd = ETHTOOL_GFLAGS};
	uint32_t unwanted = ETH_FLAG_LRO | ETH_FLAG_RXVLAN;

	(void)kernel_link_ethtool(name, &gro);
	if (kernel_link_ethtool(name, &flags) || !(flags.data & unwanted))
		return;
	flags.cmd = ETHTOOL_SFLAGS;
	flags.data &= ~unwanted;
	(void)kernel_link_ethtool(name, &flags);
}

static int open_ipv6_off(const char *name, int flags)
{
	char path[64 + IFNAMSIZ];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	int fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int iface_kernel_ipv6_off(const char *name, bool *off)
{
	char digit = '1';
	int fd = open_ipv6_off(name, O_RDONLY);

	*off = true; // a kernel without IPv6 has no such file
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	int err = read(fd, &digit, 1) == 1 ? 0 : -EIO;
	*off = digit != '0';
	close(fd);
	return err;
}

int iface_kernel_set_ipv6_off(const char *name, bool off)
{
	int fd = open_ipv6_off(name, O_WRONLY);

	if (fd < 0)
		return fd;
	int err = write(fd, off ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}
