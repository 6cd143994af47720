// SPDX-License-Identifier: BSD-3-Clause
// A device: a DPDK ethdev made at run time from a device string.
//
//   pci:ADDR                       pci:0000:01:00.0, a NIC bound to vfio-pci (or mlx5)
//   iface:NAME[,OPTION=VALUE…]     a kernel interface, through AF_XDP; where that cannot be,
//                                  through AF_PACKET, with a warning. mode=xdp|packet insists.
//   memif:SOCKET[,id=N][,role=server|client][,OPTION=VALUE…]
//   vhost:SOCKET[,client=0|1]      a virtual machine
//   tap:NAME                       a tap interface is made, and the kernel is the peer
//   devargs:ARGS                   anything DPDK's vdev and PCI buses know, as it is
//
// All functions: manager thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_spinlock.h>

#include "lib/limits.h"

struct rte_mempool;

struct device {
	char string[DEVICE_SIZE]; // as it was asked for
	char driver[NAME_SIZE];
	uint16_t ethdev;
	uint16_t n_rx; // receive queues in use
	uint16_t n_tx; // transmit queues in use
	uint16_t mtu;
	uint64_t mac;			     // lib/mac.h
	bool is_fallback;		     // AF_PACKET though AF_XDP was asked for
	rte_spinlock_t tx_locks[MAX_QUEUES]; // for workers that share a transmit queue
};

struct device_wish {
	uint16_t mtu;	    // octets of payload
	uint16_t n_queues;  // receive queues; 0: one for each worker, as far as the device has them
	uint16_t n_workers; // transmit queues wanted
	struct rte_mempool *pool;
};

struct device_link {
	bool up;
	uint32_t speed; // Mb/s; 0: unknown
};

// Check the form of a device string without touching any device. Returns 0 or -EINVAL with the
// reason and the right form in "error". Needs no EAL.
int device_check(const char *string, char *error, size_t size);

// Make and start the device. Returns NULL with errno; "error" then says in words for operators what
// is wrong and what would be right (no such interface; in use by whom; MTU above what it can do;
// …).
struct device *device_open(const char *string, const struct device_wish *wish, char *error,
			   size_t size);

// Stop the device and give everything back. No worker may know it any more.
void device_close(struct device *device);

// Change the MTU of a running device. Returns 0 or -errno (-ENOTSUP, -EINVAL), with "error" set.
int device_set_mtu(struct device *device, uint16_t mtu, char *error, size_t size);

// The state of the link now, without waiting.
struct device_link device_link(const struct device *device);
