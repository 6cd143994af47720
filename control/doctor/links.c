// SPDX-License-Identifier: BSD-3-Clause
#include "control/doctor/links.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control/alloc.h"

enum { REPLY_SIZE = 65536 };

struct reading {
	struct link_facts *links;
	size_t n;
};

// ---- XDP programs

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void read_program_name(struct link_facts *link)
{
	union bpf_attr attr = {.prog_id = link->xdp};
	struct bpf_prog_info info = {0};
	int fd = link->xdp ? bpf(BPF_PROG_GET_FD_BY_ID, &attr) : -1;

	if (fd < 0)
		return;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
		snprintf(link->xdp_name, sizeof(link->xdp_name), "%s", info.name);
	close(fd);
}

// ---- Netlink

static void take_xdp(struct link_facts *link, struct rtattr *attr, int left)
{
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left)) {
		if (attr->rta_type == IFLA_XDP_PROG_ID && RTA_PAYLOAD(attr) >= sizeof(link->xdp))
			memcpy(&link->xdp, RTA_DATA(attr), sizeof(link->xdp));
	}
}

static void take_attribute(struct link_facts *link, const struct rtattr *attr)
{
	unsigned int value = 0;

	if (RTA_PAYLOAD(attr) >= sizeof(value))
		memcpy(&value, RTA_DATA(attr), sizeof(value));
	switch (attr->rta_type & NLA_TYPE_MASK) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%s", (const char *)RTA_DATA(attr));
		break;
	case IFLA_MTU:
		link->mtu = value;
		break;
	case IFLA_MAX_MTU:
		link->mtu_max = value;
		break;
	case IFLA_MASTER:
		if (!if_indextoname(value, link->master))
			snprintf(link->master, sizeof(link->master), "%u", value);
		break;
	case IFLA_XDP:
		take_xdp(link, RTA_DATA(attr), (int)RTA_PAYLOAD(attr));
		break;
	default:
		break;
	}
}

static void take_link(struct reading *reading, struct nlmsghdr *header)
{
	const struct ifinfomsg *info = NLMSG_DATA(header);
	struct rtattr *attr = IFLA_RTA(NLMSG_DATA(header));
	int left = (int)IFLA_PAYLOAD(header);

	reading->links = alloc_array(reading->links, reading->n + 1, sizeof(*reading->links));
	struct link_facts *link = &reading->links[reading->n++];
	*link = (struct link_facts){.flags = info->ifi_flags,
				    .ethernet = info->ifi_type == ARPHRD_ETHER};
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		take_attribute(link, attr);
}

// Returns 1 to go on, 0 at the end of the list, or -errno.
static int take_messages(struct reading *reading, struct nlmsghdr *header, size_t length)
{
	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		if (header->nlmsg_type == NLMSG_DONE)
			return 0;
		if (header->nlmsg_type == NLMSG_ERROR)
			return ((const struct nlmsgerr *)NLMSG_DATA(header))->error ?: -EBADMSG;
		if (header->nlmsg_type == RTM_NEWLINK)
			take_link(reading, header);
	}
	return 1;
}

static int read_list(struct reading *reading, int fd, char *reply)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_GETLINK,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.info = {.ifi_family = AF_UNSPEC},
	};
	int more = 1;

	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	while (more > 0) {
		ssize_t length = recv(fd, reply, REPLY_SIZE, 0);

		if (length < 0)
			return -errno;
		more = take_messages(reading, (struct nlmsghdr *)reply, (size_t)length);
	}
	return more;
}

// ---- ethtool

static int ethtool(int fd, const char *name, void *command)
{
	struct ifreq ifr = {.ifr_data = command};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ioctl(fd, SIOCETHTOOL, &ifr) < 0 ? -errno : 0;
}

// What an interface does not know it does not have.
static void read_settings(struct link_facts *link, int fd)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	struct ethtool_value gro = {.cmd = ETHTOOL_GGRO}, flags = {.cmd = ETHTOOL_GFLAGS};

	link->rx = 1;
	link->pairs = true;
	if (ethtool(fd, link->name, &channels) == 0) {
		link->rx = channels.combined_count + channels.rx_count ?: 1;
		link->pairs = channels.max_combined > 0;
		link->most = channels.max_combined ? channels.max_combined : channels.max_rx;
	}
	link->gro = ethtool(fd, link->name, &gro) == 0 && gro.data;
	if (ethtool(fd, link->name, &flags) == 0) {
		link->lro = flags.data & ETH_FLAG_LRO;
		link->rx_vlan = flags.data & ETH_FLAG_RXVLAN;
	}
}

// ---- Addresses

static const void *host_address(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (address && address->sa_family == AF_INET)
		return &((const struct sockaddr_in *)address)->sin_addr;
	if (address && address->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
		return &in6->sin6_addr;
	return NULL;
}

static void read_addresses(struct reading *reading)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return;
	for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
		struct link_facts *link =
			(struct link_facts *)links_find(reading->links, reading->n, a->ifa_name);
		const void *octets = host_address(a->ifa_addr);

		if (link && octets)
			inet_ntop(a->ifa_addr->sa_family, octets, link->address,
				  sizeof(link->address));
	}
	freeifaddrs(all);
}

int links_read(struct link_facts **links, size_t *n)
{
	struct reading reading = {0};
	char *reply = alloc_zero(REPLY_SIZE);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int err = fd < 0 ? -errno : read_list(&reading, fd, reply);

	for (size_t i = 0; i < reading.n && !err; i++) {
		read_settings(&reading.links[i], fd);
		read_program_name(&reading.links[i]);
	}
	if (!err)
		read_addresses(&reading);
	if (fd >= 0)
		close(fd);
	free(reply);
	if (err) {
		free(reading.links);
		return err;
	}
	*links = reading.links;
	*n = reading.n;
	return 0;
}

const struct link_facts *links_find(const struct link_facts *links, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].name, name) == 0)
			return &links[i];
	}
	return NULL;
}
