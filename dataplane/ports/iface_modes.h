// SPDX-License-Identifier: BSD-3-Clause
// The two ways to open a kernel interface as a device, AF_XDP and AF_PACKET. For iface*.c.
//
// All functions: manager thread only; 0 or -errno with words for operators in "error".
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/ports/device.h"
#include "dataplane/ports/driver_fds.h"
#include "lib/device_string.h"
#include "lib/kernel_link.h"
#include "lib/limits.h"

struct rte_mempool;

enum { ARGS_SIZE = PATH_MAX + 512 }; // of what DPDK's driver is told

struct iface {
	struct kernel_link before; // as it was found
	bool ipv6_was_off;
	uint16_t mtu; // frame buffers and slots were made for it
	uint16_t n_pools;
	struct rte_mempool *pools[MAX_QUEUES]; // AF_XDP only
	uint32_t held[MAX_QUEUES]; // frames of each that the driver will never give back
	struct driver_fds fds;
	struct guard *guard; // NULL: none
};

// Append what the device string says beyond what is ours to "args", of ARGS_SIZE.
void iface_append_options(char *args, const struct device_string *string);

// Needs device->iface. If it fails, nothing is left of it.
int iface_open_xdp(struct device *device, const struct device_string *string,
		   const struct device_wish *wish, char *error, size_t size);

// Unplugs the device, too.
void iface_close_xdp(struct device *device);

// The same by AF_PACKET; it is closed by unplugging it.
int iface_open_packet(struct device *device, const struct device_string *string,
		      const struct device_wish *wish, char *error, size_t size);
