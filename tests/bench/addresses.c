// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/addresses.h"

enum { FIRST_OCTET = 0x02, STRIDE_BITS = 12 };

#define NOBODY UINT64_MAX

const char *const addresses_names[ADDRESSES_KINDS] = {"random", "sequential", "oui", "stride"};

// Each step of mixing is one to one: no address comes twice, and the number is found again without
// a table.
#define FACTOR	    UINT64_C(0x9e3779b97f) // odd, so that multiplying can be undone:
#define INVERSE	    UINT64_C(0x4c19bc067f) // FACTOR * INVERSE = 1 modulo 2^40, and so modulo 2^24
#define LOW_BITS(n) ((UINT64_C(1) << (n)) - 1)

// The five octets behind the first one, as a number in reading order.
static mac_t mac_of(uint64_t octets)
{
	return __builtin_bswap64(((uint64_t)FIRST_OCTET << 40 | octets) << 16);
}

static uint64_t octets_of(mac_t mac)
{
	return mac_order(mac) & LOW_BITS(40);
}

static uint64_t mix(uint64_t number, int bits)
{
	number = number * FACTOR & LOW_BITS(bits);
	number ^= number >> (bits / 2);
	return number * FACTOR & LOW_BITS(bits);
}

static uint64_t unmix(uint64_t number, int bits)
{
	number = number * INVERSE & LOW_BITS(bits);
	number ^= number >> (bits / 2);
	return number * INVERSE & LOW_BITS(bits);
}

mac_t addresses_mac(enum addresses kind, uint32_t number)
{
	switch (kind) {
	case ADDRESSES_SEQUENTIAL:
		return mac_of(number);
	case ADDRESSES_OUI:
		return mac_of(UINT64_C(0x005e) << 24 | mix(number & LOW_BITS(24), 24));
	case ADDRESSES_STRIDE:
		return mac_of((uint64_t)number << STRIDE_BITS & LOW_BITS(40));
	default:
		return mac_of(mix(number + UINT64_C(1), 40));
	}
}

uint64_t addresses_number(enum addresses kind, mac_t mac)
{
	uint64_t octets = octets_of(mac);

	if ((mac & 0xff) != FIRST_OCTET)
		return NOBODY;
	switch (kind) {
	case ADDRESSES_SEQUENTIAL:
		return octets;
	case ADDRESSES_OUI:
		return octets >> 24 == 0x005e ? unmix(octets & LOW_BITS(24), 24) : NOBODY;
	case ADDRESSES_STRIDE:
		return octets & LOW_BITS(STRIDE_BITS) ? NOBODY : octets >> STRIDE_BITS;
	default:
		return unmix(octets, 40) - 1;
	}
}
