// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ip.h"

#include <criterion/criterion.h>
#include <errno.h>

static const struct {
	const char *text;
	int err;
	uint8_t family;
	const char *shown;
} addresses[] = {
	{"192.0.2.1", 0, 4, "192.0.2.1"},
	{"255.255.255.255", 0, 4, "255.255.255.255"},
	{"2001:DB8:0:0::1", 0, 6, "2001:db8::1"},
	{"::", 0, 6, "::"},
	{"", -EINVAL, 0, NULL},
	{"192.0.2", -EINVAL, 0, NULL},
	{"192.0.2.256", -EINVAL, 0, NULL},
	{"192.0.2.1 ", -EINVAL, 0, NULL},
	{"2001:db8::1::2", -EINVAL, 0, NULL},
	{"fe80::1%eth0", -EINVAL, 0, NULL},
	{"192.0.2.1/24", -EINVAL, 0, NULL},
};

Test(ip, parses_both_families_and_nothing_else)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		char text[IP_TEXT_SIZE];
		struct ip ip;

		cr_expect_eq(ip_parse(addresses[i].text, &ip), addresses[i].err, "%s",
			     addresses[i].text);
		cr_expect_eq(ip.family, addresses[i].family, "%s", addresses[i].text);
		if (addresses[i].shown)
			cr_expect_str_eq(ip_format(&ip, text), addresses[i].shown);
	}
}

static const struct {
	const char *text;
	int err;
	const char *masked;
} prefixes[] = {
	{"192.0.2.0/24", 0, "192.0.2.0/24"},
	{"0.0.0.0/0", 0, "0.0.0.0/0"},
	{"192.0.2.1/32", 0, "192.0.2.1/32"},
	{"2001:db8:2::/64", 0, "2001:db8:2::/64"},
	{"2001:db8::1/128", 0, "2001:db8::1/128"},
	{"192.0.2.1/24", -EDOM, "192.0.2.0/24"},
	{"192.0.2.129/25", -EDOM, "192.0.2.128/25"},
	{"2001:db8::8000:1/113", -EDOM, "2001:db8::8000:0/113"},
	{"192.0.2.0", -EINVAL, NULL},
	{"192.0.2.0/", -EINVAL, NULL},
	{"192.0.2.0/33", -EINVAL, NULL},
	{"192.0.2.0/-1", -EINVAL, NULL},
	{"192.0.2.0/ 24", -EINVAL, NULL},
	{"192.0.2.0/24x", -EINVAL, NULL},
	{"192.0.2.0/99999999999999999999", -EINVAL, NULL},
	{"2001:db8::/129", -EINVAL, NULL},
	{"/24", -EINVAL, NULL},
	{"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa/64", -EINVAL, NULL},
};

Test(ip, parses_prefixes_and_tells_host_bits)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		char text[IP_PREFIX_TEXT_SIZE];
		struct ip_prefix prefix;

		cr_expect_eq(ip_prefix_parse(prefixes[i].text, &prefix), prefixes[i].err, "%s",
			     prefixes[i].text);
		if (!prefixes[i].masked)
			continue;
		ip_prefix_mask(&prefix);
		cr_expect_str_eq(ip_prefix_format(&prefix, text), prefixes[i].masked);
	}
}

static const struct {
	const char *prefix, *ip;
	bool contains, network, broadcast;
} members[] = {
	{"192.0.2.0/24", "192.0.2.1", true, false, false},
	{"192.0.2.0/24", "192.0.2.0", true, true, false},
	{"192.0.2.0/24", "192.0.2.255", true, false, true},
	{"192.0.2.0/24", "192.0.3.0", false, false, false},
	{"192.0.2.0/24", "192.0.1.255", false, false, false},
	{"192.0.2.0/24", "2001:db8::", false, false, false},
	{"192.0.2.64/26", "192.0.2.127", true, false, true},
	{"192.0.2.0/30", "192.0.2.3", true, false, true},
	{"192.0.2.0/31", "192.0.2.0", true, false, false},
	{"192.0.2.0/31", "192.0.2.1", true, false, false},
	{"192.0.2.1/32", "192.0.2.1", true, false, false},
	{"2001:db8::/64", "2001:db8::", true, true, false},
	{"2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true, false, false},
	{"2001:db8::/64", "2001:db8:0:1::", false, false, false},
	{"2001:db8::/127", "2001:db8::", true, false, false},
};

Test(ip, knows_what_a_prefix_holds)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct ip_prefix prefix;
		struct ip ip;

		cr_assert_eq(ip_prefix_parse(members[i].prefix, &prefix), 0);
		cr_assert_eq(ip_parse(members[i].ip, &ip), 0);
		cr_expect_eq(ip_prefix_contains(&prefix, &ip), members[i].contains, "%s",
			     members[i].ip);
		cr_expect_eq(ip_is_network(&prefix, &ip), members[i].network, "%s", members[i].ip);
		cr_expect_eq(ip_is_broadcast(&prefix, &ip), members[i].broadcast, "%s",
			     members[i].ip);
	}
}

static const struct {
	const char *a, *b;
	bool overlaps;
} pairs[] = {
	{"192.0.2.0/24", "192.0.2.0/24", true},	    {"192.0.2.0/24", "192.0.2.128/25", true},
	{"192.0.2.0/25", "192.0.2.128/25", false},  {"192.0.2.0/24", "192.0.3.0/24", false},
	{"2001:db8::/32", "2001:db8:2::/64", true}, {"0.0.0.0/0", "::/0", false},
};

Test(ip, prefixes_overlap_both_ways)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct ip_prefix a, b;

		cr_assert_eq(ip_prefix_parse(pairs[i].a, &a), 0);
		cr_assert_eq(ip_prefix_parse(pairs[i].b, &b), 0);
		cr_expect_eq(ip_prefix_overlaps(&a, &b), pairs[i].overlaps, "%s", pairs[i].a);
		cr_expect_eq(ip_prefix_overlaps(&b, &a), pairs[i].overlaps, "%s", pairs[i].a);
	}
}

Test(ip, addresses_are_equal_within_their_family)
{
	struct ip a, b;

	cr_assert_eq(ip_parse("192.0.2.1", &a), 0);
	cr_assert_eq(ip_parse("192.0.2.1", &b), 0);
	cr_expect(ip_equal(&a, &b));
	b.family = 6;
	cr_expect(!ip_equal(&a, &b));
	cr_assert_eq(ip_parse("192.0.2.2", &b), 0);
	cr_expect(!ip_equal(&a, &b));
}
