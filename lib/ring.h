// SPDX-License-Identifier: BSD-3-Clause
// A ring of messages by value between two processes that do not trust each other.
//
// One producer, one consumer, in shared memory that either may map at any address. The memory holds
// two positions and the slots, and nothing else: capacity, mask, and the side's own position live
// in a private handle (struct ring), so a hostile or dying peer can at worst hand over wrong
// messages, never send the other side out of bounds. A message is copied out before anybody looks
// into it, so it cannot change after it was checked.
//
// Why not rte_ring: its size and mask stand in the shared memory and are read at every operation,
// and it would make DPDK a dependency of control.
//
// Threads: ring_push() by the one producer, ring_pop() by the one consumer; neither waits.
#pragma once

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/message.h"

struct ring_memory {
	alignas(64) _Atomic uint32_t head; // next to be consumed; written by the consumer
	alignas(64) _Atomic uint32_t tail; // next to be produced; written by the producer
	alignas(64) struct message slots[];
};

struct ring {
	struct ring_memory *memory;
	uint32_t mask;	 // capacity - 1
	uint32_t own;	 // our position: tail of the producer, head of the consumer
	uint32_t others; // the other's position when we last looked
};

static inline size_t ring_memory_size(uint32_t capacity)
{
	return sizeof(struct ring_memory) + (size_t)capacity * sizeof(struct message);
}

// Attach to a ring of "capacity" slots, a power of two, that starts empty.
static inline void ring_init(struct ring *ring, void *memory, uint32_t capacity)
{
	*ring = (struct ring){.memory = memory, .mask = capacity - 1};
}

// The steps of a push, for rings whose slots are of another kind (lib/capture.h): whether the slot
// at "own" is free, and that it is filled.
static inline bool ring_may_push(struct ring *ring)
{
	if (ring->own - ring->others > ring->mask) {
		ring->others = atomic_load_explicit(&ring->memory->head, memory_order_acquire);
		if (ring->own - ring->others > ring->mask)
			return false; // full, or a position that cannot be
	}
	return true;
}

static inline void ring_pushed(struct ring *ring)
{
	atomic_store_explicit(&ring->memory->tail, ++ring->own, memory_order_release);
}

// The steps of a pop: whether there is something in the slot at "own", and that it was taken.
static inline bool ring_may_pop(struct ring *ring)
{
	if (ring->own == ring->others) {
		ring->others = atomic_load_explicit(&ring->memory->tail, memory_order_acquire);
		if (ring->own == ring->others)
			return false;
	}
	return true;
}

static inline void ring_popped(struct ring *ring)
{
	atomic_store_explicit(&ring->memory->head, ++ring->own, memory_order_release);
}

// Copy "message" into the ring. Returns false if the ring is full.
static inline bool ring_push(struct ring *ring, const struct message *message)
{
	if (!ring_may_push(ring))
		return false;
	memcpy(&ring->memory->slots[ring->own & ring->mask], message,
	       sizeof(message->header) + message_body_length(message));
	ring_pushed(ring);
	return true;
}

// Copy the oldest message out of the ring. Returns false if there is none. What comes out is as
// untrusted as its sender: see message_check().
static inline bool ring_pop(struct ring *ring, struct message *message)
{
	if (!ring_may_pop(ring))
		return false;
	memcpy(message, &ring->memory->slots[ring->own & ring->mask], sizeof(*message));
	ring_popped(ring);
	return true;
}

// How many messages the consumer has waiting, by its last look and a fresh one.
static inline uint32_t ring_waiting(struct ring *ring)
{
	ring->others = atomic_load_explicit(&ring->memory->tail, memory_order_acquire);
	return ring->others - ring->own;
}

// Whether the other side's position is one that it can have.
static inline bool ring_is_sane(const struct ring *ring, bool consumer)
{
	uint32_t used = consumer ? ring->others - ring->own : ring->own - ring->others;

	return used <= ring->mask + 1;
}

// How many messages the producer may still push.
static inline uint32_t ring_room(struct ring *ring)
{
	ring->others = atomic_load_explicit(&ring->memory->head, memory_order_acquire);
	uint32_t used = ring->own - ring->others;

	return used > ring->mask + 1 ? 0 : ring->mask + 1 - used;
}
