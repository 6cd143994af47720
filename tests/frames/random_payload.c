// SPDX-License-Identifier: BSD-3-Clause
#include "tests/frames/random_payload.h"

#include <string.h>

static uint32_t (*below)(uint32_t n);

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void make_arp(uint8_t *at)
{
	static const uint8_t start[] = {0, 1, 8, 0, 6, 4, 0, 1};

	memcpy(at, start, sizeof(start));
	at[7] = (uint8_t)below(4);
}

static void make_ipv4(uint8_t *at, uint16_t n)
{
	static const uint8_t protocols[] = {1, 1, 6, 17, 89};
	static const uint8_t addresses[][4] = {{192, 0, 2, 0},
					       {192, 0, 2, 255},
					       {192, 0, 2, 7},
					       {255, 255, 255, 255},
					       {10, 0, 0, 255}};
	uint32_t header = below(4) ? 5 : below(16);

	at[0] = (uint8_t)(4 << 4 | header);
	put16(at + 2, below(4) ? n : below(n + 10U));
	put16(at + 6, below(4) ? 0x4000 : below(3));
	at[9] = protocols[below(5)];
	if (below(2))
		memcpy(at + 16, addresses[below(5)], 4);
	at[header * 4] = below(2) ? 5 : 8;
}

// A chain of headers to ICMPv6 or something else, as far as there is room.
static void make_ipv6(uint8_t *at, uint16_t n)
{
	static const uint8_t nexts[] = {0, 43, 44, 51, 60, 135, 139, 140};
	static const uint8_t uppers[] = {58, 58, 58, 6, 17, 59};
	static const uint8_t ends[] = {0, 1, 7, 8, 19, 20}; // of TCP and UDP, or just before
	uint32_t headers = below(2) ? 0 : below(14);
	uint8_t *next = at + 6;
	unsigned int offset = 40;

	at[0] = 0x60;
	put16(at + 4, below(8) ? n - 40U : below(n));
	for (; headers > 0 && offset + 8 < n; headers--) {
		*next = nexts[below(8)];
		next = at + offset;
		at[offset + 1] = (uint8_t)below(2);
		put16(at + offset + 2, below(4) ? 1 : below(100));
		offset += *next == 44 ? 8 : (at[offset + 1] + 1U) * 8;
	}
	*next = below(4) ? uppers[below(6)] : (uint8_t)below(256);
	if (below(8) == 0)
		put16(at + 4, offset - 40U + ends[below(6)]);
	if (offset < n)
		at[offset] = (uint8_t)(126 + below(20));
}

void random_payload(uint16_t type, uint8_t *at, uint16_t n, uint32_t (*chance)(uint32_t n))
{
	below = chance;
	if (type == 0x0806 && n >= 28)
		make_arp(at);
	else if (type == 0x0800 && n >= 64)
		make_ipv4(at, n);
	else if (type == 0x86dd && n >= 48)
		make_ipv6(at, n);
}
