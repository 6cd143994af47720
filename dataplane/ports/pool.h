// SPDX-License-Identifier: BSD-3-Clause
// Pools: where the octets of frames live (rte_mempool of mbufs).
//
// There is one general pool, into which most devices receive and in which the fabric makes its
// copies, and one small pool for each queue of an AF_XDP device, because such a device hands the
// whole pool to the kernel as its umem: of its own, the kernel pins and sees little memory (with 8
// ports on one pool of 32 k frames it would pin 8 times 68 MiB), a port whose peer does not drain
// holds nobody else's frames, and the 2048 frames that DPDK 22.11 leaves in the kernel's fill ring
// when an AF_XDP device is closed come back with the pool.
//
// Frames lie one behind the other without gaps. rte_pktmbuf_pool_create() would leave room at each
// page so that no frame lies across two, which without huge pages is nearly half of the memory,
// and which the AF_XDP driver does not expect (it takes the pool for n × size octets and so leaves
// the last frames outside of the umem).
//
// All functions but the cheap pool_free(): manager thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct rte_mempool;

enum {
	POOL_ROOM = 2048 + 128, // octets of a frame in the general pool, headroom included
	POOL_CACHE = 256,	// frames each worker keeps to itself, general pool
	POOL_CACHE_SMALL = 64,	// the same, pools of AF_XDP queues
	POOL_MIN_FRAMES = 4096,
};

// Make the general pool of at most "mib" MiB; its frames take MTUs up to pool_mtu_max(). Returns
// NULL with errno: EINVAL if that is room for less than POOL_MIN_FRAMES, ENOMEM.
struct rte_mempool *pool_create(uint32_t mib);

// Make a pool of "n" frames of "room" octets, headroom included, in one piece of memory.
// Returns NULL with errno.
struct rte_mempool *pool_create_sized(const char *name, uint32_t n, uint16_t room, uint16_t cache);

void pool_destroy(struct rte_mempool *pool);

// The largest MTU whose frames, tagged, fit into one piece of this pool.
uint16_t pool_mtu_max(const struct rte_mempool *pool);

// Frames free and in use, caches of workers included. Not exact while workers run. Any thread.
uint32_t pool_free(const struct rte_mempool *pool);
uint32_t pool_in_use(const struct rte_mempool *pool);

// Let go of a pool of which "held" frames will never come back (a driver kept them), while the
// transmit rings of other devices may still refer to others of it. It stays until pool_reap() finds
// that nobody does, or is told that nobody can.
void pool_retire(struct rte_mempool *pool, uint32_t held);
void pool_reap(bool nobody_keeps_frames);
