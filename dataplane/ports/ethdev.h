// SPDX-License-Identifier: BSD-3-Clause
// What every device needs of DPDK, whatever is behind it: plug in, configure, start, unplug.
//
// All functions: manager thread only. Those with "error" return 0 or -errno and put words for
// operators there.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/limits.h"

struct device;
struct device_wish;
struct rte_mempool;

// What is known of a driver that it does not tell itself.
struct ethdev_traits {
	const char *driver;
	// Its queues are pairs, and the peer must have as many: 1 unless asked for.
	bool paired;
	// It may refer to a frame's memory after it said that it took the frame.
	bool keeps_frames;
};

const struct ethdev_traits *ethdev_traits(const char *driver);

// Whether there is a device whose driver keeps frames.
bool ethdev_keeps_frames(void);

// Make the device that "args" describes (DPDK devargs) and fill in device->ethdev, driver, mac.
int ethdev_plug(struct device *device, const char *args, char *error, size_t size);

// Choose how many queues to use: device->n_rx and n_tx.
int ethdev_choose_queues(struct device *device, const struct device_wish *wish, char *error,
			 size_t size);

// Configure and start it; queue i receives into pools[i]. "mtu" 0: the driver need not know.
int ethdev_start(struct device *device, struct rte_mempool *const *pools, uint16_t mtu, char *error,
		 size_t size);

// Stop and remove it.
void ethdev_unplug(struct device *device);
