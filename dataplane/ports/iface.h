// SPDX-License-Identifier: BSD-3-Clause
// Devices on kernel interfaces: AF_XDP, and AF_PACKET where that cannot be.
//
// While a device is open, its interface is up, promiscuous, without the kernel's IPv6 and without
// merging of frames; iface_close() puts back what it found. An interface that has an address
// belongs to the host and is refused, as is one that belongs to a bridge or bond.
//
// AF_XDP runs in copy mode with a pool for each queue, and serves every channel of the interface: a
// frame on a channel without a socket would be lost.
//
// All functions: manager thread only; 0 or -errno with words for operators in "error".
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dataplane/ports/device.h"
#include "lib/device_string.h"

int iface_open(struct device *device, const struct device_string *string,
	       const struct device_wish *wish, char *error, size_t size);

// Unplugs the device, too.
void iface_close(struct device *device);

int iface_set_mtu(struct device *device, uint16_t mtu, char *error, size_t size);

struct device_link iface_link(const struct device *device);

// The XDP guard, or NULL: the device runs over AF_PACKET, or the guard's maps cannot be reached.
struct guard *iface_guard(const struct device *device);
