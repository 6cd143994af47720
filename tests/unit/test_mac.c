// SPDX-License-Identifier: BSD-3-Clause
#include "lib/mac.h"

#include <criterion/criterion.h>
#include <errno.h>

static const struct {
	const char *text;
	int err;
	mac_t mac;
} spellings[] = {
	{"02:00:5e:00:53:01", 0, MAC(0x02, 0x00, 0x5e, 0x00, 0x53, 0x01)},
	{"02-00-5E-00-53-FF", 0, MAC(0x02, 0x00, 0x5e, 0x00, 0x53, 0xff)},
	{"0200.5e00.5301", 0, MAC(0x02, 0x00, 0x5e, 0x00, 0x53, 0x01)},
	{"02005e005301", 0, MAC(0x02, 0x00, 0x5e, 0x00, 0x53, 0x01)},
	{"", -EINVAL, 0},
	{"02", -EINVAL, 0},
	{"02:00:5e:00:53", -EINVAL, 0},
	{"02:00:5e:00:53:01:02", -EINVAL, 0},
	{"02:00:5e:00:53:0g", -EINVAL, 0},
	{"02:00:5e-00:53:01", -EINVAL, 0},
	{"02:00:5e:00:53:01:", -EINVAL, 0},
	{":02:00:5e:00:53:01", -EINVAL, 0},
	{"020:0:5e:00:53:01", -EINVAL, 0},
	{"02005e0053011", -EINVAL, 0},
};

Test(mac, parses_every_spelling_and_nothing_else)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		mac_t mac = 0;

		cr_expect_eq(mac_parse(spellings[i].text, &mac), spellings[i].err, "%s",
			     spellings[i].text);
		cr_expect_eq(mac, spellings[i].mac, "%s", spellings[i].text);
	}
}

Test(mac, formats_what_it_parsed)
{
	char text[MAC_TEXT_SIZE];
	mac_t mac;

	cr_assert_eq(mac_parse("0A-BC-de-F0-12-34", &mac), 0);
	cr_expect_str_eq(mac_format(mac, text), "0a:bc:de:f0:12:34");
}

Test(mac, knows_group_and_reserved_addresses)
{
	for (unsigned int last = 0; last <= 0xff; last++) {
		mac_t mac = MAC(0x01, 0x80, 0xc2, 0, 0, last);

		cr_expect(mac_is_group(mac));
		cr_expect_eq(mac_is_reserved(mac), last <= 0x0f, "%02x", last);
	}
	cr_expect(!mac_is_reserved(MAC(0x01, 0x80, 0xc2, 0, 1, 0)));
	cr_expect(!mac_is_group(MAC(0x02, 0, 0, 0, 0, 1)));
	cr_expect(mac_is_group(MAC_BROADCAST));
}

Test(mac, order_is_reading_order)
{
	cr_expect_lt(mac_order(MAC(0x02, 0, 0, 0, 0, 1)), mac_order(MAC(0x02, 0, 0, 0, 1, 0)));
	cr_expect_lt(mac_order(MAC(0x02, 0xff, 0, 0, 0, 0)), mac_order(MAC(0x03, 0, 0, 0, 0, 0)));
}
