// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/kernel_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_SIZE = 32768 };

static int interface_ioctl(const char *name, unsigned long request, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (name)
		snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", name);
	int err = ioctl(fd, request, ifr) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static int ethtool(const char *name, void *command)
{
	struct ifreq ifr = {.ifr_data = command};

	return interface_ioctl(name, SIOCETHTOOL, &ifr);
}

static void take_attributes(struct kernel_link *link, struct rtattr *attr, int left)
{
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left)) {
		uint32_t value = 0;

		if (RTA_PAYLOAD(attr) >= sizeof(value))
			memcpy(&value, RTA_DATA(attr), sizeof(value));
		if (attr->rta_type == IFLA_MTU)
			link->mtu = value;
		else if (attr->rta_type == IFLA_MAX_MTU)
			link->mtu_max = value;
		else if (attr->rta_type == IFLA_MASTER)
			link->master = (int)value;
	}
}

static int ask_link(int fd, int index, char *reply)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_GETLINK,
			   .nlmsg_flags = NLM_F_REQUEST},
		.info = {.ifi_family = AF_UNSPEC, .ifi_index = index},
	};
	struct nlmsghdr *header = (struct nlmsghdr *)reply;

	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	ssize_t length = recv(fd, reply, REPLY_SIZE, 0);
	if (length < 0)
		return -errno;
	if (!NLMSG_OK(header, length))
		return -EBADMSG;
	if (header->nlmsg_type == NLMSG_ERROR)
		return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
	return header->nlmsg_type == RTM_NEWLINK ? 0 : -EBADMSG;
}

int kernel_link_get(const char *name, struct kernel_link *link)
{
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *header = (struct nlmsghdr *)reply;

	*link = (struct kernel_link){.index = (int)if_nametoindex(name)};
	if (!link->index)
		return -ENODEV;
	snprintf(link->name, sizeof(link->name), "%s", name);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	int err = ask_link(fd, link->index, reply);
	close(fd);
	if (err)
		return err;
	struct ifinfomsg *info = NLMSG_DATA(header);
	link->flags = info->ifi_flags;
	link->ethernet = info->ifi_type == ARPHRD_ETHER;
	take_attributes(link, IFLA_RTA(info), (int)IFLA_PAYLOAD(header));
	return 0;
}

int kernel_link_carrier(int index, bool *up)
{
	struct ifreq ifr = {.ifr_ifindex = index};

	*up = false;
	if (interface_ioctl(NULL, SIOCGIFNAME, &ifr))
		return -ENODEV;
	int err = interface_ioctl(NULL, SIOCGIFFLAGS, &ifr);
	if (!err)
		*up = (ifr.ifr_flags & IFF_UP) && (ifr.ifr_flags & IFF_RUNNING);
	return err;
}

uint32_t kernel_link_speed(const char *name)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};

	if (ethtool(name, &command))
		return 0;
	uint32_t speed = ethtool_cmd_speed(&command);
	return speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
}

int kernel_link_set_flags(const char *name, unsigned int set, unsigned int clear)
{
	struct ifreq ifr = {0};
	int err = interface_ioctl(name, SIOCGIFFLAGS, &ifr);
	unsigned int flags = ((uint16_t)ifr.ifr_flags | set) & ~clear;

	if (err || flags == (uint16_t)ifr.ifr_flags)
		return err;
	ifr.ifr_flags = (short)flags;
	return interface_ioctl(name, SIOCSIFFLAGS, &ifr);
}

int kernel_link_set_mtu(const char *name, unsigned int mtu)
{
	struct ifreq ifr = {.ifr_mtu = (int)mtu};

	return interface_ioctl(name, SIOCSIFMTU, &ifr);
}

int kernel_link_channels(const char *name, struct kernel_channels *channels)
{
	struct ethtool_channels command = {.cmd = ETHTOOL_GCHANNELS};
	int err = ethtool(name, &command);

	*channels = (struct kernel_channels){.rx = 1};
	if (err)
		return err == -EOPNOTSUPP ? 0 : err;
	channels->combined = command.max_combined > 0;
	channels->rx = command.combined_count + command.rx_count;
	if (channels->rx == 0)
		channels->rx = 1;
	return 0;
}

int kernel_link_set_channels(const char *name, unsigned int n)
{
	struct ethtool_channels command = {.cmd = ETHTOOL_GCHANNELS};
	int err = ethtool(name, &command);

	if (err)
		return err;
	command.cmd = ETHTOOL_SCHANNELS;
	if (command.max_combined) {
		command.combined_count = n;
	} else {
		command.rx_count = n;
		command.tx_count = n;
	}
	return ethtool(name, &command);
}

void kernel_link_raw_frames(const char *name)
{
	struct ethtool_value gro = {.cmd = ETHTOOL_SGRO, .data = 0};
	struct ethtool_value flags = {.cmd = ETHTOOL_GFLAGS};
	uint32_t unwanted = ETH_FLAG_LRO | ETH_FLAG_RXVLAN;

	(void)ethtool(name, &gro);
	if (ethtool(name, &flags) || !(flags.data & unwanted))
		return;
	flags.cmd = ETHTOOL_SFLAGS;
	flags.data &= ~unwanted;
	(void)ethtool(name, &flags);
}

static int open_ipv6_off(const char *name, int flags)
{
	char path[64 + IFNAMSIZ];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	int fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int kernel_link_ipv6_off(const char *name, bool *off)
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

int kernel_link_set_ipv6_off(const char *name, bool off)
{
	int fd = open_ipv6_off(name, O_WRONLY);

	if (fd < 0)
		return fd;
	int err = write(fd, off ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}

static bool belongs_to_host(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return true;
	return address->sa_family == AF_INET6 &&
	       !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

int kernel_link_address(const char *name, char *text, size_t size)
{
	struct ifaddrs *all;
	int err = -ENOENT;

	if (getifaddrs(&all) < 0)
		return -errno;
	for (struct ifaddrs *a = all; a && err; a = a->ifa_next) {
		const void *octets;

		if (!a->ifa_addr || strcmp(a->ifa_name, name) || !belongs_to_host(a->ifa_addr))
			continue;
		octets = a->ifa_addr->sa_family == AF_INET
				 ? (const void *)&((struct sockaddr_in *)a->ifa_addr)->sin_addr
				 : &((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr;
		inet_ntop(a->ifa_addr->sa_family, octets, text, (socklen_t)size);
		err = 0;
	}
	freeifaddrs(all);
	return err;
}
