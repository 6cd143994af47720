// SPDX-License-Identifier: BSD-3-Clause
// MAC addresses as one 64-bit word.
//
// The word is a little-endian load of the six octets as they stand in the frame, with the two
// upper octets zero. So a MAC is read from a frame by one load and one mask, compared in one
// instruction, and the group bit (IEEE 802-2014, 8.2) is bit 0. The order of two words is not the
// order of the addresses as people write them: sort with mac_order().
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t mac_t;

#define MAC_MASK      UINT64_C(0x0000ffffffffffff)
#define MAC_BROADCAST MAC_MASK
enum { MAC_TEXT_SIZE = 18 }; // "02:00:5e:00:53:01" and its terminating zero

// Build the word from octets in the order of the wire.
#define MAC(a, b, c, d, e, f)                                                                    \
	((mac_t)(a) | (mac_t)(b) << 8 | (mac_t)(c) << 16 | (mac_t)(d) << 24 | (mac_t)(e) << 32 | \
	 (mac_t)(f) << 40)

// To whom the slow protocols speak (IEEE 802.3 annex 57A).
#define MAC_SLOW MAC(0x01, 0x80, 0xc2, 0, 0, 0x02)

// Read the MAC at "octets". Eight octets must be readable there: true for both addresses of every
// frame of at least 14 octets.
static inline mac_t mac_load(const void *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof(word));
	return word & MAC_MASK;
}

static inline void mac_store(mac_t mac, void *octets)
{
	memcpy(octets, &mac, 6);
}

static inline bool mac_is_group(mac_t mac)
{
	return mac & 1;
}

// 01:80:c2:00:00:00 to 0f: never forwarded by a bridge (IEEE 802.1Q-2018, table 8-1).
static inline bool mac_is_reserved(mac_t mac)
{
	return (mac & UINT64_C(0xf0ffffffffff)) == MAC(0x01, 0x80, 0xc2, 0, 0, 0);
}

// The address as a number in reading order, for sorting.
static inline uint64_t mac_order(mac_t mac)
{
	return __builtin_bswap64(mac) >> 16;
}

// Parse any of the spellings operators paste: 02:00:5e:00:53:01, 02-00-5e-00-53-01,
// 0200.5e00.5301, 02005e005301; upper or lower case. Returns 0, or -EINVAL.
int mac_parse(const char *text, mac_t *mac);

// Write "xx:xx:xx:xx:xx:xx" in lower case into "text" of MAC_TEXT_SIZE. Returns "text".
char *mac_format(mac_t mac, char *text);
