// SPDX-License-Identifier: BSD-3-Clause
// The frame behind its head: an IPv4 header and a UDP datagram, and the time at which it was sent.
#pragma once

#include <stdint.h>
#include <string.h>

#include <rte_mempool.h>

enum { SIZE_IMIX = 0, FRAME_SIZES = 12 };

// A frame size, and what stands in such a frame, in network order.
struct frame_size {
	uint16_t length; // octets without FCS
	uint16_t ip_length;
	uint16_t ip_checksum;
	uint16_t udp_length;
};

// What frames carry, if they are asked to: fits into the shortest frame.
struct frame_stamp {
	uint64_t tsc; // when it was sent
	uint32_t number;
	uint16_t port;
	uint16_t magic;
};

enum {
	FRAME_IP_LENGTH_AT = 16,
	FRAME_IP_CHECKSUM_AT = 24,
	FRAME_UDP_LENGTH_AT = 38,
	FRAME_STAMP_AT = 42,
	FRAME_MAGIC = 0x1f4b,
};

// The sizes of frames that take turns: of 12 frames 7 with 64, 4 with 594 and 1 with 1518 octets,
// or the one "size", all with FCS. Returns how many these are: 12 or 1.
uint16_t frame_sizes(uint16_t size, struct frame_size *sizes);

// Write a whole frame; its head is for others to fill.
void frame_write(const struct frame_size *size, uint8_t *octets);

// The same into each mbuf of "pool", and its length.
void frame_fill_pool(const struct frame_size *size, struct rte_mempool *pool);

// Make a frame that frame_write() wrote one of another size.
static inline void frame_resize(const struct frame_size *size, uint8_t *octets)
{
	memcpy(octets + FRAME_IP_LENGTH_AT, &size->ip_length, 2);
	memcpy(octets + FRAME_IP_CHECKSUM_AT, &size->ip_checksum, 2);
	memcpy(octets + FRAME_UDP_LENGTH_AT, &size->udp_length, 2);
}
