// SPDX-License-Identifier: BSD-3-Clause
// What the kernel knows of a network interface, and the few settings a port needs of it.
//
// All functions return 0 or -errno, and log nothing.
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_link {
	char name[IFNAMSIZ];
	int index;
	unsigned int flags; // IFF_UP, IFF_PROMISC, …
	unsigned int mtu;
	unsigned int mtu_max; // 0: the kernel does not tell
	int master;	      // index of the bridge, bond, … it belongs to; 0: none
	bool ethernet;
};

struct kernel_channels {
	unsigned int rx; // receive queues on which frames arrive
	bool combined;	 // they are pairs of a receive and a transmit queue
};

int kernel_link_get(const char *name, struct kernel_link *link);

// Whether the interface with this index is up and has carrier. -ENODEV: it is gone. Two cheap
// ioctls, for polling.
int kernel_link_carrier(int index, bool *up);

// Mb/s; 0: unknown.
uint32_t kernel_link_speed(const char *name);

int kernel_link_set_flags(const char *name, unsigned int set, unsigned int clear);
int kernel_link_set_mtu(const char *name, unsigned int mtu);
int kernel_link_channels(const char *name, struct kernel_channels *channels);
int kernel_link_set_channels(const char *name, unsigned int n);

// Switch off what makes the kernel hand over frames other than they came: merging (GRO, LRO) and
// taking off VLAN tags. What an interface does not know is no error.
void kernel_link_raw_frames(const char *name);

// Whether the kernel's IPv6 is off on the interface; and to switch it. Without it the kernel sends
// router solicitations and multicast reports of its own out of a member's port.
int kernel_link_ipv6_off(const char *name, bool *off);
int kernel_link_set_ipv6_off(const char *name, bool off);

// An IPv4 or global IPv6 address of the interface, as text; -ENOENT if there is none.
int kernel_link_address(const char *name, char *text, size_t size);
