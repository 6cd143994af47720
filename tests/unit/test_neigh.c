// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/neigh.h"

#include <errno.h>

#include <criterion/criterion.h>

enum { PORT = 7, OTHER_PORT = 8 };

static struct neigh_key key4(uint32_t n)
{
	return neigh_key4((uint8_t[]){192, 0, (uint8_t)(n >> 8), (uint8_t)n});
}

static struct neigh_key key6(uint32_t n, unsigned int at)
{
	uint8_t octets[16] = {0x20, 0x01, 0x0d, 0xb8};

	memcpy(&octets[at], &(uint32_t){__builtin_bswap32(n)}, 4);
	return neigh_key6(octets);
}

Test(neigh, finds_what_is_there_and_nothing_else)
{
	struct neigh *neigh = neigh_create(2);

	cr_assert_null(neigh_find(NULL, key4(1)));
	cr_assert_null(neigh_find(neigh, key4(1)));
	cr_assert_eq(neigh_add(neigh, key4(1), PORT, 0), 0);
	cr_assert_eq(neigh_add(neigh, key6(1, 12), MAX_PORTS - 1, MAC_MASK), 0);
	cr_assert_eq(neigh_add(neigh, key4(1), OTHER_PORT, 0), -EEXIST);
	cr_assert_eq(neigh_port(neigh_find(neigh, key4(1))), PORT);
	cr_assert_eq(neigh_mac(neigh_find(neigh, key4(1))), 0);
	cr_assert_eq(neigh_port(neigh_find(neigh, key6(1, 12))), MAX_PORTS - 1);
	cr_assert_eq(neigh_mac(neigh_find(neigh, key6(1, 12))), MAC_MASK);
	cr_assert_null(neigh_find(neigh, key4(2)));
	cr_assert_null(neigh_find(neigh, key6(1, 8)));
	neigh_free(neigh);
}

Test(neigh, keeps_the_port_when_a_mac_is_seen)
{
	struct neigh *neigh = neigh_create(1);

	neigh_add(neigh, key4(1), PORT, MAC(2, 0, 0, 0, 0, 1));
	neigh_seen(neigh_find(neigh, key4(1)), MAC(2, 0, 0, 0, 0, 2));
	cr_assert_eq(neigh_mac(neigh_find(neigh, key4(1))), MAC(2, 0, 0, 0, 0, 2));
	cr_assert_eq(neigh_port(neigh_find(neigh, key4(1))), PORT);
	neigh_free(neigh);
}

Test(neigh, is_full_at_some_time)
{
	struct neigh *neigh = neigh_create(4);
	uint32_t n = 0;

	while (n < 100 && neigh_add(neigh, key4(n), PORT, 0) == 0)
		n++;
	cr_assert(n >= 4 && n < 100);
	cr_assert_eq(neigh_add(neigh, key4(n), PORT, 0), -ENOSPC);
	cr_assert_null(neigh_find(neigh, key4(n)));
	neigh_free(neigh);
}

// The longest way that a search may have to go.
static uint32_t longest_run(const struct neigh *neigh)
{
	uint32_t longest = 0, run = 0;

	for (uint32_t i = 0; i <= neigh->mask; i++) {
		run = neigh->entries[i].used ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

// Exchanges number their members one after the other, from wherever in the address.
Test(neigh, spreads_addresses_that_are_numbered)
{
	enum { N = 100000, FAR = 300 };

	for (unsigned int at = 4; at <= 12; at += 4) {
		struct neigh *neigh = neigh_create(N);

		for (uint32_t i = 0; i < N; i++)
			cr_assert_eq(neigh_add(neigh, key6(i, at), PORT, 0), 0);
		cr_expect_lt(longest_run(neigh), FAR, "at %u: %u", at, longest_run(neigh));
		neigh_free(neigh);
	}
	struct neigh *neigh = neigh_create(1 << 16);
	for (uint32_t i = 0; i < 1 << 16; i++)
		cr_assert_eq(neigh_add(neigh, key4(i), PORT, 0), 0);
	cr_expect_lt(longest_run(neigh), FAR, "IPv4: %u", longest_run(neigh));
	neigh_free(neigh);
}
