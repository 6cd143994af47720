// SPDX-License-Identifier: BSD-3-Clause
// What ports, LANs and tables are told to be.
#include <criterion/criterion.h>

#include "lib/message.h"
#include "tests/support/served.h"

TestSuite(rpc_ports, .init = served_start, .fini = served_end, .timeout = 120);

// What is in force for a member of an exchange that says nothing else.
static void expect_rules(const json_t *port)
{
	const json_t *lan = json_array_get(json_object_get(port, "lans"), 0);
	const json_t *types = at(lan, "admission", "ethertypes");

	cr_expect_eq(json_array_size(types), 3);
	cr_expect_str_eq(json_string_value(json_array_get(types, 2)), "ipv6");
	cr_expect_str_eq(json_string_value(at(lan, "admission", "broadcast")), "arp");
	cr_expect(json_is_false(at(lan, "admission", "router_advertisements")));
	cr_expect_str_eq(json_string_value(at(lan, "port_security", "mode")), "registered");
	cr_expect_eq(json_integer_value(at(lan, "port_security", "limit")), 2);
	cr_expect(json_is_false(json_object_get(lan, "monitor")));
	cr_expect_str_eq(json_string_value(at(port, "violation", "action")), "event");
	cr_expect_str_eq(json_string_value(at(port, "storm_control", "unknown_unicast")), "0.01 %");
	cr_expect_eq(json_integer_value(at(port, "loop_detection", "interval")), 5);
	cr_expect_str_eq(json_string_value(json_object_get(port, "runts")), "pass");
	cr_expect(json_is_null(json_object_get(port, "sampling")));
}

Test(rpc_ports, shows_ports_lans_and_macs)
{
	int fd = dial_in_force();

	atomic_store(&fake.shared->learned, 10);
	const json_t *result = ask(fd, "show.ports", "{\"port\":\"swp2\"}");
	const json_t *port = json_array_get(json_object_get(result, "ports"), 0);
	cr_expect_eq(count(result, "ports"), 1);
	cr_expect_str_eq(json_string_value(json_object_get(port, "link")), "up");
	cr_expect_eq(json_integer_value(json_object_get(port, "ifindex")), 2);
	cr_expect(json_is_null(json_object_get(port, "problem")));
	expect_rules(port);

	result = ask(fd, "show.macs", "{}");
	cr_expect_eq(count(result, "macs"), 12);
	cr_expect(json_is_false(json_object_get(result, "truncated")));
	result = ask(fd, "show.macs", "{\"mac\":\"0200.0000.6502\"}");
	cr_assert_eq(count(result, "macs"), 1);
	const json_t *mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(mac, "ifname")), "swp2");
	cr_expect_str_eq(json_string_value(json_object_get(mac, "state")), "static");
	cr_expect(json_is_null(json_object_get(mac, "age")));

	result = ask(fd, "show.neighbours", "{}");
	cr_assert_eq(count(result, "neighbours"), 2);
	const json_t *neighbour = json_array_get(json_object_get(result, "neighbours"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "address")), "192.0.2.9");
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "mac")), "02:00:00:00:00:09");
	neighbour = json_array_get(json_object_get(result, "neighbours"), 1);
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "address")), "2001:db8::9");
	cr_expect_str_eq(json_string_value(json_object_get(neighbour, "ifname")), "swp2");
	cr_expect(json_is_null(json_object_get(neighbour, "mac")));

	result = ask(fd, "show.lans", "{}");
	const json_t *lan = json_array_get(json_object_get(result, "lans"), 0);
	cr_expect_eq(json_integer_value(json_object_get(lan, "learned")), 10);
	cr_expect_eq(json_integer_value(json_object_get(lan, "static")), 2);
	cr_expect_eq(count(lan, "ports"), 3);

	result = ask(fd, "explain",
		     "{\"port\":\"swp1\",\"frame\":\"ffffffffffff0200000065010800\"}");
	cr_expect_eq(count(result, "stages"), 1);
	cr_expect_eq(count(result, "egress"), 1);
	result = ask(fd, "clear.macs", "{}");
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 42);
}

Test(rpc_ports, disabled_ports_are_told_and_enabled)
{
	struct port_info *info = &fake.stats.ports[0];
	int fd = dial_in_force();
	const json_t *result = ask(fd, "port.enable", "{\"port\":\"swp1\"}");

	cr_expect(json_is_false(json_object_get(result, "was_disabled")));
	cr_expect(json_is_null(json_object_get(result, "disabled")));
	info->disabled = DISABLE_LOOP;
	info->loop_other = 1;
	info->disabled_ns = UINT64_C(1767225600000000000);
	info->disables = 3;
	info->last_reason = DROP_MAC_LIMIT;
	const json_t *port = ask_port(fd, "swp1");
	const json_t *disabled = json_object_get(port, "disabled");
	cr_expect_str_eq(text_at(port, "state"), "disabled");
	cr_expect_eq(json_integer_value(json_object_get(port, "disables")), 3);
	cr_expect_str_eq(text_at(port, "last_reason"), "mac_limit");
	cr_expect_str_eq(text_at(disabled, "why"), "loop");
	cr_expect_str_eq(text_at(disabled, "other"), "swp2");
	cr_expect_eq(json_number_value(json_object_get(disabled, "since")), 1767225600);
	cr_expect(json_is_null(json_object_get(disabled, "until")));
	cr_expect(json_is_null(json_object_get(disabled, "left")));

	result = ask(fd, "port.enable", "{\"port\":\"swp1\"}");
	cr_expect(json_is_true(json_object_get(result, "was_disabled")));
	cr_expect_str_eq(text_at(json_object_get(result, "disabled"), "why"), "loop");
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "up");
}

static const json_t *ask_interface(int fd, size_t i)
{
	const json_t *result = ask(fd, "show.interfaces", "{}");

	cr_assert_eq(count(result, "interfaces"), 3);
	return json_array_get(json_object_get(result, "interfaces"), i);
}

static json_int_t counted(const json_t *interface, const char *name)
{
	return json_integer_value(at(interface, "counters", name));
}

Test(rpc_ports, interfaces_count_whatever_is_cleared)
{
	struct port_counters *counters = stats_port(&fake.stats, 0, 0);
	int fd = dial_in_force();

	counters->rx_frames = 100;
	counters->rx_octets = 10000;
	counters->rx_multicast = 30;
	counters->drops[DROP_MAC_HIJACK] = 3;
	counters->drops[DROP_RUNT] = 2;
	counters->drops[DROP_NO_BUFFER_SPACE] = 1;
	cr_expect_not_null(ask(fd, "clear.counters", "{}"));
	const json_t *interface = ask_interface(fd, 0);
	cr_expect_str_eq(text_at(interface, "name"), "swp1");
	cr_expect_str_eq(text_at(interface, "oper"), "up");
	cr_expect(json_is_true(json_object_get(interface, "connector")));
	cr_expect_eq(counted(interface, "in_octets"), 10400);
	cr_expect_eq(counted(interface, "in_unicast"), 70);
	cr_expect_eq(counted(interface, "in_discards"), 3);
	cr_expect_eq(counted(interface, "in_errors"), 2);
	cr_expect_eq(counted(interface, "out_discards"), 1);
	counters->rx_multicast = 40;
	cr_expect_eq(counted(ask_interface(fd, 0), "in_unicast"), 70, "never less");
	fake.stats.ports[0].disabled = DISABLE_LOOP;
	cr_expect_str_eq(text_at(ask_interface(fd, 0), "oper"), "down");
}
