// SPDX-License-Identifier: BSD-3-Clause
#include "lib/kernel_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_SIZE = 32768 }; // the kernel makes none that is longer

// ---- Netlink

static uint32_t number_of(const struct rtattr *attr)
{
	uint32_t value = 0;

	if (RTA_PAYLOAD(attr) >= sizeof(value))
		memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

static void take_name(struct kernel_link *link, const struct rtattr *attr)
{
	snprintf(link->name, sizeof(link->name), "%.*s", (int)RTA_PAYLOAD(attr),
		 (const char *)RTA_DATA(attr));
}

static void take_xdp(struct kernel_link *link, const struct rtattr *attr, int left)
{
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left)) {
		if (attr->rta_type == IFLA_XDP_PROG_ID)
			link->xdp = number_of(attr);
	}
}

static void take_attribute(struct kernel_link *link, const struct rtattr *attr)
{
	switch (attr->rta_type & NLA_TYPE_MASK) {
	case IFLA_IFNAME:
		take_name(link, attr);
		break;
	case IFLA_MTU:
		link->mtu = number_of(attr);
		break;
	case IFLA_MAX_MTU:
		link->mtu_max = number_of(attr);
		break;
	case IFLA_MASTER:
		link->master = (int)number_of(attr);
		break;
	case IFLA_XDP:
		take_xdp(link, RTA_DATA(attr), (int)RTA_PAYLOAD(attr));
		break;
	default:
		break;
	}
}

static int take_link(const struct nlmsghdr *header, kernel_link_fn *take, void *argument)
{
	const struct ifinfomsg *info = NLMSG_DATA(header);
	const struct rtattr *attr = IFLA_RTA(info);
	int left = (int)IFLA_PAYLOAD(header);

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return -EBADMSG;
	struct kernel_link link = {.index = info->ifi_index,
				   .flags = info->ifi_flags,
				   .ethernet = info->ifi_type == ARPHRD_ETHER};
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		take_attribute(&link, attr);
	take(argument, &link);
	return header->nlmsg_flags & NLM_F_MULTI ? 1 : 0;
}

static int error_of(const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) || error->error >= 0)
		return -EBADMSG;
	return error->error;
}

int kernel_link_parse(const void *answer, size_t length, kernel_link_fn *take, void *argument)
{
	const struct nlmsghdr *header = answer;
	int more = -EBADMSG;

	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		if (header->nlmsg_type == NLMSG_DONE)
			return 0;
		if (header->nlmsg_type == NLMSG_ERROR)
			return error_of(header);
		more = header->nlmsg_type == RTM_NEWLINK ? take_link(header, take, argument)
							 : -EBADMSG;
		if (more <= 0)
			return more;
	}
	return more;
}

static int read_answers(int fd, kernel_link_fn *take, void *argument)
{
	char answer[ANSWER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int more = 1;

	while (more > 0) {
		ssize_t length = recv(fd, answer, sizeof(answer), MSG_TRUNC);

		if (length < 0)
			return -errno;
		if ((size_t)length > sizeof(answer))
			return -EMSGSIZE;
		more = kernel_link_parse(answer, (size_t)length, take, argument);
	}
	return more;
}

// 0: all of them.
static int ask(int index, kernel_link_fn *take, void *argument)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_GETLINK,
			   .nlmsg_flags = NLM_F_REQUEST | (index ? 0 : NLM_F_DUMP)},
		.info = {.ifi_family = AF_UNSPEC, .ifi_index = index},
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	int err = send(fd, &request, sizeof(request), 0) < 0 ? -errno
							     : read_answers(fd, take, argument);
	close(fd);
	return err;
}

static void keep(void *argument, const struct kernel_link *link)
{
	*(struct kernel_link *)argument = *link;
}

int kernel_link_get(const char *name, struct kernel_link *link)
{
	int index = (int)if_nametoindex(name);

	*link = (struct kernel_link){0};
	return index ? ask(index, keep, link) : -ENODEV;
}

int kernel_link_each(kernel_link_fn *take, void *argument)
{
	return ask(0, take, argument);
}

// ---- Addresses

static const void *octets_of(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (address && address->sa_family == AF_INET)
		return &((const struct sockaddr_in *)address)->sin_addr;
	if (address && address->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
		return &in6->sin6_addr;
	return NULL;
}

int kernel_address_each(kernel_address_fn *take, void *argument)
{
	char text[INET6_ADDRSTRLEN];
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return -errno;
	for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
		const void *octets = octets_of(a->ifa_addr);

		if (octets && inet_ntop(a->ifa_addr->sa_family, octets, text, sizeof(text)))
			take(argument, a->ifa_name, text);
	}
	freeifaddrs(all);
	return 0;
}

// ---- ioctls

int kernel_link_ioctl(const char *name, unsigned long request, struct ifreq *ifr)
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

int kernel_link_ethtool(const char *name, void *command)
{
	struct ifreq ifr = {.ifr_data = command};

	return kernel_link_ioctl(name, SIOCETHTOOL, &ifr);
}

int kernel_link_channels(const char *name, struct kernel_channels *channels)
{
	struct ethtool_channels command = {.cmd = ETHTOOL_GCHANNELS};
	int err = kernel_link_ethtool(name, &command);

	*channels = (struct kernel_channels){.rx = 1};
	if (err)
		return err == -EOPNOTSUPP ? 0 : err;
	channels->combined = command.max_combined > 0;
	channels->most = channels->combined ? command.max_combined : command.max_rx;
	channels->rx = command.combined_count + command.rx_count ?: 1;
	return 0;
}
