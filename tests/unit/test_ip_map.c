// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/ip_map.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { MANY = 5000 };

static struct ip ip6(uint32_t n)
{
	struct ip ip = {.family = 6, .octets = {0x20, 0x01, 0x0d, 0xb8}};

	ip.octets[14] = (uint8_t)(n >> 8);
	ip.octets[15] = (uint8_t)n;
	return ip;
}

static struct ip ip4(uint32_t n)
{
	return (struct ip){.family = 4, .octets = {192, 0, (uint8_t)(n >> 8), (uint8_t)n}};
}

Test(ip_map, an_empty_one_knows_nothing)
{
	struct ip_map map = {0};
	struct ip ip = ip4(1);

	cr_expect_eq(ip_map_get(&map, &ip), 0);
	ip_map_set(&map, &ip, 0);
	ip_map_clear(&map, 0xff);
	cr_expect_eq(map.n, 0);
	cr_expect_null(map.slots);
	ip_map_fini(&map);
}

Test(ip_map, agrees_with_an_array)
{
	static uint8_t model[2][MANY];
	struct ip_map map = {0};
	uint32_t n = 0;

	srand(1);
	for (int i = 0; i < 20 * MANY; i++) {
		uint32_t at = (uint32_t)rand() % MANY, six = (uint32_t)rand() % 2;
		uint8_t marks = rand() % 2 ? (uint8_t)rand() : 0;
		struct ip ip = six ? ip6(at) : ip4(at);

		cr_assert_eq(ip_map_get(&map, &ip), model[six][at]);
		n = n + (marks != 0) - (model[six][at] != 0);
		ip_map_set(&map, &ip, marks);
		model[six][at] = marks;
		cr_assert_eq(map.n, n);
	}
	for (uint32_t at = 0; at < MANY; at++) {
		struct ip four = ip4(at), six = ip6(at);

		cr_assert_eq(ip_map_get(&map, &four), model[0][at]);
		cr_assert_eq(ip_map_get(&map, &six), model[1][at]);
	}
	ip_map_clear(&map, 0xfe);
	n = 0;
	for (uint32_t at = 0; at < MANY; at++) {
		struct ip four = ip4(at), six = ip6(at);

		n += (model[0][at] & 1) + (model[1][at] & 1);
		cr_assert_eq(ip_map_get(&map, &four), model[0][at] & 1);
		cr_assert_eq(ip_map_get(&map, &six), model[1][at] & 1);
	}
	cr_expect_eq(map.n, n);
	ip_map_fini(&map);
}

Test(ip_map, a_list_keeps_its_order)
{
	struct ip_list list = {0};
	uint32_t in = 0, out = 0;
	struct ip ip;

	cr_expect(!ip_list_take(&list, &ip));
	srand(2);
	while (out < MANY) {
		if (rand() % 3 && in < MANY) {
			ip = ip6(in++);
			ip_list_put(&list, &ip);
		} else if (ip_list_take(&list, &ip)) {
			struct ip wanted = ip6(out++);

			cr_assert(ip_equal(&ip, &wanted));
		}
		cr_assert_eq(list.n, in - out);
	}
	cr_expect(!ip_list_take(&list, &ip));
	cr_expect_null(list.ips);
	ip_list_fini(&list);
}
