// SPDX-License-Identifier: BSD-3-Clause
// What DPDK 22.11 keeps of a memif device, as far as it matters to us. Its driver has no interface
// for what memif_wake.h and memif_burst.h do, so they reach into its own structures, of that
// version only.
//
// Rings and what their descriptors point to are in memory that the peer shares and may write at any
// moment, and the peer of a server says where in it they are. So nothing there is believed: words
// are read once, and places are looked at only if they are in the peer's own memory. It may be
// unmapped at any moment, too (memif_guard.h).
//
// Threads: the worker that has the queue, inside the guard.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MEMIF_REGIONS = 256,
	MEMIF_LOG2_SIZE_MAX = 14, // of a ring
	MEMIF_COOKIE = 0x3e31f20,
};

enum memif_ring_flags { MEMIF_RING_POLLED = 1 }; // the receiver need not be told of frames

enum memif_role { MEMIF_SERVER, MEMIF_CLIENT };
enum memif_device_flags { MEMIF_CONNECTED = 1 << 1 };

// Of a descriptor's first word.
enum {
	MEMIF_NEXT = 1,		 // 16 bits of flags: the frame goes on in the next descriptor
	MEMIF_REGION_SHIFT = 16, // 16 bits
	MEMIF_LENGTH_SHIFT = 32, // 32 bits: octets
};

struct memif_descriptor {
	_Atomic uint64_t first;
	_Atomic uint64_t second; // low 32 bits: where in the region the octets are
};

struct memif_ring { // shared with the peer
	uint32_t cookie;
	_Atomic uint16_t flags;				    // enum memif_ring_flags
	_Atomic uint16_t head;				    // the client moves it
	_Atomic uint16_t tail __attribute__((aligned(64))); // the server moves it
	struct memif_descriptor descriptors[] __attribute__((aligned(64)));
};

struct memif_region {
	uint8_t *memory;
	uint64_t octets;
};

struct memif_device { // private data of a device
	uint32_t id;
	uint32_t role;		// enum memif_role
	_Atomic uint32_t flags; // enum memif_device_flags; the interrupt thread changes them
};

struct memif_queue {
	struct rte_mempool *pool;
	void *unused;
	int type;
	uint16_t region;
	uint16_t ethdev;
	uint32_t ring_offset;
	uint16_t last_head, last_tail;
	void *frames;
	uint64_t n_frames, n_octets;
	struct rte_intr_handle *interrupt;
	uint8_t log2_ring_size;
};

_Static_assert(offsetof(struct memif_ring, tail) == 64 &&
		       offsetof(struct memif_ring, descriptors) == 128 &&
		       offsetof(struct memif_queue, interrupt) == 0x38 &&
		       sizeof(struct memif_queue) == 0x48,
	       "as in DPDK 22.11");

// Whether the driver is the one that we know. Any thread.
bool memif_driver_is_known(void);

// Its role, and whether there is a peer.
const struct memif_device *memif_find_device(uint16_t ethdev);

// The ring of a queue, or NULL while there is no peer, or if it is not in the peer's memory whole.
struct memif_ring *memif_find_ring(const struct memif_queue *q);

// A region of the peer of a device, or NULL.
const struct memif_region *memif_find_region(uint16_t ethdev, uint32_t region);

// The descriptor by which peers tell of frames, or -1.
int memif_interrupt(const struct memif_queue *q);

// Keep a peer's descriptor from holding us up. All peers that we know make some that do not block.
// False: that cannot be had.
bool memif_never_blocks(int fd);
