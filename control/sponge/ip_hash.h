// SPDX-License-Identifier: BSD-3-Clause
// Where an address stands in a table that members fill as they like: a number which nobody outside
// can tell beforehand.
#pragma once

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "lib/ip.h"

// Once for each table.
static inline uint64_t ip_hash_seed(void)
{
	uint64_t seed;

	// Early in the boot of a machine there may be no entropy yet.
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uintptr_t)&seed;
	return seed;
}

static inline uint64_t ip_hash_mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t ip_hash(const struct ip *ip, uint64_t seed)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t words[2] = {0};

	memcpy(words, ip->octets, ip->family == 4 ? 4 : 16);
	uint64_t hash = ip_hash_mix(words[0] ^ seed, odd);
	return ip_hash_mix(hash ^ words[1] ^ ip->family, seed | 1);
}
