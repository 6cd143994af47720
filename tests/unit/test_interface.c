// SPDX-License-Identifier: BSD-3-Clause
// The counters of a port in the words of IF-MIB.
#include "control/interface.h"

#include <criterion/criterion.h>

#include "lib/stats.h"

static struct interface interface;
static struct port_info info = {.incarnation = 1, .admin_up = 1, .link = LINK_UP, .speed = 10000};
static struct port_counters port;

static struct interface_counters read_interface(void)
{
	struct interface_counters to;

	interface_read(&interface, &info, &port, &to);
	return to;
}

Test(interface, frames_and_octets)
{
	port = (struct port_counters){.rx_frames = 100,
				      .rx_octets = 6000,
				      .rx_multicast = 7,
				      .rx_broadcast = 20,
				      .tx_frames = 50,
				      .tx_octets = 5000,
				      .tx_multicast = 3,
				      .tx_broadcast = 4};
	struct interface_counters told = read_interface();
	cr_expect_eq(told.speed, UINT64_C(10000000000));
	cr_expect_eq(told.in_octets, 6400, "with FCS");
	cr_expect_eq(told.in_unicast, 73);
	cr_expect_eq(told.in_multicast, 7);
	cr_expect_eq(told.in_broadcast, 20);
	cr_expect_eq(told.out_octets, 5200);
	cr_expect_eq(told.out_unicast, 43);
	cr_expect_eq(told.out_multicast, 3);
	cr_expect_eq(told.out_broadcast, 4);
}

Test(interface, each_reason_is_counted_once)
{
	for (int reason = DROP_NONE + 1; reason < DROP_COUNT; reason++) {
		port = (struct port_counters){0};
		port.drops[reason] = 9;
		const struct interface_counters told = read_interface();
		bool wrong = reason == DROP_RUNT || reason == DROP_PKT_TOO_SMALL ||
			     reason == DROP_PKT_TOO_BIG;
		bool out = drop_infos[reason].side == DROP_SIDE_OUT;

		cr_expect_eq(told.in_errors, wrong ? 9 : 0, "%s", drop_infos[reason].name);
		cr_expect_eq(told.out_discards, out ? 9 : 0, "%s", drop_infos[reason].name);
		cr_expect_eq(told.in_discards, wrong || out ? 0 : 9, "%s", drop_infos[reason].name);
	}
}

Test(interface, a_link_has_what_came_and_left_by_it)
{
	info.kind = PORT_LINK;
	port = (struct port_counters){.link_rx_frames = 10,
				      .link_rx_octets = 600,
				      .link_tx_frames = 5,
				      .link_tx_octets = 500};
	struct interface_counters told = read_interface();
	cr_expect_eq(told.in_octets, 640);
	cr_expect_eq(told.in_unicast, 10);
	cr_expect_eq(told.out_octets, 520);
	cr_expect_eq(told.out_unicast, 5);
	cr_expect(!told.is_lag);
	cr_expect_eq(port.rx_octets, 0, "what is counted is left as it is");
}

Test(interface, a_lag_is_one_and_has_all_of_it)
{
	info.kind = PORT_LAG;
	port = (struct port_counters){.rx_frames = 10, .rx_octets = 600, .rx_broadcast = 4};
	struct interface_counters told = read_interface();
	cr_expect(told.is_lag);
	cr_expect_eq(told.in_octets, 640);
	cr_expect_eq(told.in_unicast, 6);
	cr_expect_eq(told.in_broadcast, 4);
}

Test(interface, up_and_down)
{
	cr_expect(read_interface().admin_up && read_interface().oper_up);
	info.disabled = 1;
	cr_expect(read_interface().admin_up && !read_interface().oper_up);
	info.disabled = 0;
	info.link = LINK_DOWN;
	cr_expect(read_interface().admin_up && !read_interface().oper_up);
	info.link = LINK_UP;
	info.admin_up = 0;
	cr_expect(!read_interface().admin_up && !read_interface().oper_up);
}

// Multicast was read a little later than the frames it is of.
Test(interface, what_is_left_never_goes_back)
{
	port = (struct port_counters){.rx_frames = 90};
	cr_expect_eq(read_interface().in_unicast, 90);
	port.rx_frames = 100;
	port.rx_multicast = 32;
	cr_expect_eq(read_interface().in_unicast, 90);
	port.rx_frames = 132;
	cr_expect_eq(read_interface().in_unicast, 100);
	info.incarnation++;
	port = (struct port_counters){.rx_frames = 3};
	cr_expect_eq(read_interface().in_unicast, 3, "another life begins at zero");
}

Test(interface, all_numbers_have_64_bits)
{
	port = (struct port_counters){.rx_frames = UINT64_C(0x100000007),
				      .rx_broadcast = 2,
				      .drops[DROP_RUNT] = UINT64_C(0x200000003)};
	cr_expect_eq(read_interface().in_unicast, UINT64_C(0x100000005));
	cr_expect_eq(read_interface().in_errors, UINT64_C(0x200000003));
}
