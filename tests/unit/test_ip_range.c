// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ip_range.h"

#include <criterion/criterion.h>
#include <errno.h>

static const struct {
	const char *text;
	const char *first;
	const char *last;
	uint64_t count;
} ranges[] = {
	{"192.0.2.7", "192.0.2.7", "192.0.2.7", 1},
	{"2001:db8::7", "2001:db8::7", "2001:db8::7", 1},
	{"192.0.2.7-192.0.2.7", "192.0.2.7", "192.0.2.7", 1},
	{"192.0.2.250-192.0.3.5", "192.0.2.250", "192.0.3.5", 12},
	{"192.0.2.0/28", "192.0.2.0", "192.0.2.15", 16},
	{"192.0.2.9/28", "192.0.2.0", "192.0.2.15", 16},
	{"192.0.2.9/32", "192.0.2.9", "192.0.2.9", 1},
	{"0.0.0.0/0", "0.0.0.0", "255.255.255.255", UINT64_C(1) << 32},
	{"2001:db8::100-2001:db8::20f", "2001:db8::100", "2001:db8::20f", 272},
	{"2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", UINT64_MAX},
	{"2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", UINT64_C(1) << 63},
	{"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", UINT64_MAX},
};

Test(ip_range, is_an_address_two_or_a_prefix)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		struct ip_range range;
		char text[IP_TEXT_SIZE];

		cr_assert_eq(ip_range_parse(ranges[i].text, &range), 0, "%s", ranges[i].text);
		cr_expect_str_eq(ip_format(&range.first, text), ranges[i].first);
		cr_expect_str_eq(ip_format(&range.last, text), ranges[i].last);
		cr_expect_eq(ip_range_count(&range), ranges[i].count, "%s", ranges[i].text);
		cr_expect(ip_range_contains(&range, &range.first), "%s", ranges[i].text);
		cr_expect(ip_range_contains(&range, &range.last), "%s", ranges[i].text);
	}
}

Test(ip_range, all_else_is_none)
{
	static const char *const texts[] = {
		"",
		"all",
		"192.0.2",
		"192.0.2.7-",
		"-192.0.2.7",
		"192.0.2.7-192.0.2.6",
		"192.0.2.7-2001:db8::7",
		"192.0.2.7-9",
		"192.0.2.7 - 192.0.2.9",
		"192.0.2.7-192.0.2.8-192.0.2.9",
		"192.0.2.0/33",
		"192.0.2.0/",
		"192.0.2.0/24-192.0.2.1",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000-::1",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ip_range range;

		cr_expect_eq(ip_range_parse(texts[i], &range), -EINVAL, "%s", texts[i]);
	}
}

Test(ip_range, holds_what_is_between)
{
	struct ip_range range;
	struct ip ip;

	cr_assert_eq(ip_range_parse("192.0.2.250-192.0.3.5", &range), 0);
	ip = range.first;
	for (int i = 0; i < 12; i++, ip_next(&ip))
		cr_expect(ip_range_contains(&range, &ip));
	cr_expect(!ip_range_contains(&range, &ip), "the next");
	cr_assert_eq(ip_parse("192.0.2.249", &ip), 0);
	cr_expect(!ip_range_contains(&range, &ip));
	cr_assert_eq(ip_parse("c000:2ff::", &ip), 0);
	cr_expect(!ip_range_contains(&range, &ip), "the same octets in the other family");
	cr_assert_eq(ip_parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &ip), 0);
	ip_next(&ip);
	cr_assert_eq(ip_parse("::", &range.first), 0);
	cr_expect(ip_equal(&ip, &range.first));
}
