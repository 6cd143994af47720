// SPDX-License-Identifier: BSD-3-Clause
// A device: a DPDK ethdev made at run time from a device string (lib/device_string.h).
//
//   pci:ADDR                       a NIC bound to vfio-pci (or mlx5)
//   iface:NAME[,OPTION=VALUE…]     a kernel interface, through AF_XDP; where that cannot be,
//                                  through AF_PACKET, with a warning. mode=xdp|packet insists.
//                                  Other options go to the driver, e.g. force_copy=0.
//   memif:SOCKET[,id=N][,role=server|client][,OPTION=VALUE…]
//                                  role: server unless said; a client's server must be there when
//                                  it is opened. Its rings have 1024 slots (rsize=10): at a million
//                                  frames a second, a peer may be away for a millisecond.
//   vhost:SOCKET[,client=0|1]      a virtual machine
//   tap:NAME                       a tap interface is made, and the kernel is the peer
//   devargs:ARGS                   anything DPDK's vdev and PCI buses know, as it is
//
// Debian's DPDK takes 32 devices (RTE_MAX_ETHPORTS); one more is refused.
//
// What the path of a frame may rely on, checked in the drivers' source (22.11.11):
//
// - A frame may be transmitted on several ports at once by reference count (rte_mbuf_refcnt), as
//   long as nobody writes to it meanwhile. af_packet, memif, vhost, tap, pcap and null copy before
//   tx_burst returns, NICs and net_ring read it later and free it by count. af_xdp would transmit
//   frames of its own pool in place, but no frame of that pool can leave by the same queue, and
//   frames of any other pool it copies: it has a pool of its own for that reason, among others
//   (pool.h). No offload is on that takes frames for unshared (FAST_FREE).
// - Frames to transmit are in one piece and direct (rte_pktmbuf_copy(), never _clone() or
// _chain()):
//   af_xdp reads pkt_len octets from the first segment, and finds the memory of its own frames by
//   the address of the mbuf. No longer than the device's MTU and a tag: af_xdp does not check that
//   a frame fits into its buffer.
// - Received frames are direct and unshared, and carry their tag in the frame. They come in more
//   than one piece (nb_segs) only if they are longer than pool_mtu_max() allows, so a check against
//   the MTU finds them: memif and vhost peers may send such. AF_PACKET may hand over the beginning
//   of a frame that was too long; that beginning is longer than the MTU too.
// - rx_burst and tx_burst of one queue are for one thread each at a time; a receive queue and the
//   transmit queue of the same number may be used by two.
// - What tx_burst takes is not always sent: AF_PACKET and AF_XDP say yes while the interface is
// down.
//
// AF_PACKET differs from all others in what it forwards: fragments of IPv4 packets are put together
// by the kernel (the driver asks for it) and are too long then, and an outer tag of 802.1ad becomes
// one of 802.1Q.
//
// All functions: manager thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_spinlock.h>

#include "lib/limits.h"

struct guard;
struct iface;
struct rte_mempool;

struct device {
	char string[DEVICE_SIZE]; // as it was asked for
	char driver[NAME_SIZE];
	uint16_t ethdev;
	uint16_t n_rx; // receive queues in use
	uint16_t n_tx; // transmit queues in use
	uint16_t mtu;
	int wait_fd; // readable when a frame has come by its one receive queue; 0: none tells that
	bool is_memif;	     // and its peer can be asked to tell of frames: memif_wake.h
	uint64_t mac;	     // lib/mac.h
	bool is_fallback;    // AF_PACKET though AF_XDP was asked for
	uint8_t guard_mode;  // enum port_guard
	bool stale;	     // the next commit opens it anew (manage/watch.c)
	uint16_t mtu_max;    // what a frame buffer holds (private)
	bool plugged;	     // DPDK has the device (private)
	struct iface *iface; // the kernel interface behind it, or NULL (private)
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
	bool gone;	// its interface was removed: only closing and opening it again can help
	bool back;	// but there is another one of that name now
	uint32_t speed; // Mb/s; 0: unknown
};

// Make and start the device. Returns NULL with errno; "error" then says in words for operators what
// is wrong and what would be right (no such interface; in use by whom; MTU above what it can do;
// …).
struct device *device_open(const char *string, const struct device_wish *wish, char *error,
			   size_t size);

// Stop the device and give everything back. No worker may know it any more.
void device_close(struct device *device);

// Change the MTU of a running device. Returns 0 or -errno with "error" set; then it is what it was.
// -ENOTSUP: possible only by closing the device and opening it again.
int device_set_mtu(struct device *device, uint16_t mtu, char *error, size_t size);

// The state of the link now, without waiting: what the driver knows, or for a kernel interface,
// whose drivers always say "up", its carrier. Poll it; 100 ms is fine (two cheap system calls at
// most).
struct device_link device_link(const struct device *device);

// The XDP guard in front of the device, or NULL.
struct guard *device_guard(const struct device *device);
