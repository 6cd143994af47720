// SPDX-License-Identifier: BSD-3-Clause
// The addresses of stations: numbers, one to one, to MACs that are locally administered and no
// group's.
#pragma once

#include <stdint.h>

#include "lib/mac.h"

enum addresses {
	ADDRESSES_RANDOM,     // all 40 bits behind the first octet look random
	ADDRESSES_SEQUENTIAL, // one behind the other
	ADDRESSES_OUI,	      // the first three octets alike, the last three look random
	ADDRESSES_STRIDE,     // a multiple of 4096 apart
	ADDRESSES_KINDS,
};
extern const char *const addresses_names[ADDRESSES_KINDS];

mac_t addresses_mac(enum addresses kind, uint32_t number);

// The number of a MAC of that kind, or a number that no station has.
uint64_t addresses_number(enum addresses kind, mac_t mac);
