// SPDX-License-Identifier: BSD-3-Clause
// Whether an address is of a LAN, as far as its prefixes tell.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dataplane/tables/policy.h"

static inline bool prefix_has(const struct policy_prefix_conf *prefix, const uint8_t *address)
{
	unsigned int octets = prefix->length / 8, bits = prefix->length % 8;

	if (memcmp(prefix->address, address, octets) != 0)
		return false;
	return bits == 0 || (prefix->address[octets] ^ address[octets]) >> (8 - bits) == 0;
}

// Whether it is in a prefix of the LAN.
static inline bool prefix_of_lan(const struct policy_lan *lan, uint8_t family,
				 const uint8_t *address)
{
	for (uint16_t i = 0; i < lan->n_prefixes; i++) {
		if (lan->prefixes[i].family == family && prefix_has(&lan->prefixes[i], address))
			return true;
	}
	return false;
}
