// SPDX-License-Identifier: BSD-3-Clause
// What the kernel tells of network interfaces: by rtnetlink(7), by ethtool's ioctl
// (linux/ethtool.h) and by getifaddrs(3).
//
// It is about the network namespace of the calling thread, as it is at the moment: nothing is kept,
// so any thread may ask. All functions return 0 or -errno, and log nothing.
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_link {
	char name[IFNAMSIZ];
	int index;
	unsigned int flags;   // IFF_UP, IFF_PROMISC, …
	unsigned int mtu;     // octets, without the Ethernet header
	unsigned int mtu_max; // 0: the kernel does not tell
	int master;	      // index of the bridge, bond, … it belongs to; 0: none
	bool ethernet;
	uint32_t xdp; // id of its XDP program; 0: none
};

// One interface. -ENODEV: there is none of that name.
int kernel_link_get(const char *name, struct kernel_link *link);

// Every interface, in the kernel's order. It may have called "take" before it fails.
typedef void kernel_link_fn(void *argument, const struct kernel_link *link);
int kernel_link_each(kernel_link_fn *take, void *argument);

// What an answer of the kernel says, "length" octets of one or more messages, each given to "take".
// Returns 1 if more answers follow, 0 at the end, or -errno: the kernel's own, or -EBADMSG.
int kernel_link_parse(const void *answer, size_t length, kernel_link_fn *take, void *argument);

// Addresses of interfaces that make them the host's, as text: IPv4, and IPv6 but link-local ones.
typedef void kernel_address_fn(void *argument, const char *name, const char *text);
int kernel_address_each(kernel_address_fn *take, void *argument);

struct kernel_channels {
	unsigned int rx;   // receive queues on which frames arrive, at least 1
	unsigned int most; // of them there could be; 0: the kernel does not tell
	bool combined;	   // they are pairs of a receive and a transmit queue
};

// An interface that knows nothing of channels has one.
int kernel_link_channels(const char *name, struct kernel_channels *channels);

// Have the kernel carry out one of ethtool's commands, or an ioctl of netdevice(7). "name" is put
// into "ifr"; NULL: it names an interface already.
int kernel_link_ethtool(const char *name, void *command);
int kernel_link_ioctl(const char *name, unsigned long request, struct ifreq *ifr);
