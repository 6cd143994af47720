// SPDX-License-Identifier: BSD-3-Clause
// The few settings that a port needs of its kernel interface, and how its link is. What else the
// kernel tells of interfaces is in lib/kernel_link.h.
//
// All functions return 0 or -errno, and log nothing. Manager thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Whether the interface with this index is up and has carrier. -ENODEV: it is gone. Two cheap
// ioctls, for polling.
int iface_kernel_carrier(int index, bool *up);

// Mb/s; 0: unknown.
uint32_t iface_kernel_speed(const char *name);

int iface_kernel_set_flags(const char *name, unsigned int set, unsigned int clear);
int iface_kernel_set_mtu(const char *name, unsigned int mtu);
int iface_kernel_set_channels(const char *name, unsigned int n);

// Switch off what makes the kernel hand over frames other than they came: merging (GRO, LRO) and
// taking off VLAN tags. What an interface does not know is no error.
void iface_kernel_raw_frames(const char *name);

// Whether the kernel's IPv6 is off on the interface; and to switch it. Without it the kernel sends
// router solicitations and multicast reports of its own out of a member's port.
int iface_kernel_ipv6_off(const char *name, bool *off);
int iface_kernel_set_ipv6_off(const char *name, bool off);
