// SPDX-License-Identifier: BSD-3-Clause
// What operators set by hand.
#include <criterion/criterion.h>

#include "tests/support/served.h"

TestSuite(rpc_edit, .init = served_start, .fini = served_end, .timeout = 120);

Test(rpc_edit, ports_are_drained_and_undrained)
{
	int fd = dial_in_force();
	const json_t *port = ask_port(fd, "swp1");

	cr_expect_str_eq(text_at(port, "state"), "up");
	cr_expect(json_is_null(json_object_get(port, "drained")));
	const json_t *result = ask(fd, "port.drain", "{\"port\":\"swp1\"}");
	cr_expect(json_is_true(json_object_get(result, "drained")));
	cr_expect(json_is_null(json_object_get(result, "until")));
	cr_expect_eq(fake.shared->drained, 1);
	port = ask_port(fd, "swp1");
	cr_expect_str_eq(text_at(port, "state"), "drained");
	const json_t *drained = json_object_get(port, "drained");
	cr_expect(json_is_number(json_object_get(drained, "since")));
	cr_expect(json_is_null(json_object_get(drained, "until")));
	cr_expect(json_is_null(json_object_get(drained, "left")));
	cr_expect(json_is_false(json_object_get(drained, "near_zero")));
	result = ask(fd, "port.drain", "{\"port\":\"swp1\",\"until\":1e10}");
	cr_expect_null(result, "that is too far");

	// What is said of a port that is switched off is that.
	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"down\"}");
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "admin down");
	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"up\"}");
	cr_expect_not_null(ask(fd, "port.undrain", "{\"port\":\"swp1\"}"));
	cr_expect_eq(fake.shared->drained, 0);
	cr_expect_str_eq(text_at(ask_port(fd, "swp1"), "state"), "up");
}

Test(rpc_edit, addresses_are_added_shown_and_taken_back)
{
	static const char params[] = "{\"port\":\"swp1\",\"mac\":\"02:00:00:00:65:09\"}";
	int fd = dial_in_force();
	const json_t *result = ask(fd, "port.mac.add", params);

	cr_expect_str_eq(text_at(result, "lan"), "peering");
	cr_expect(json_is_true(json_object_get(result, "usual")));
	cr_expect_eq(json_integer_value(json_object_get(result, "left")), 86400);
	result = ask(fd, "port.mac.list", "{\"port\":\"swp1\"}");
	cr_expect_eq(count(result, "macs"), 2);
	const json_t *mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(text_at(mac, "type"), "registered");
	mac = json_array_get(json_object_get(result, "macs"), 1);
	cr_expect_str_eq(text_at(mac, "type"), "temporary");
	cr_expect_str_eq(text_at(mac, "mac"), "02:00:00:00:65:09");
	cr_expect(*text_at(mac, "by"));
	result = ask(fd, "show.macs", "{\"mac\":\"02:00:00:00:65:09\"}");
	mac = json_array_get(json_object_get(result, "macs"), 0);
	cr_expect_str_eq(text_at(mac, "state"), "temporary");
	cr_expect_gt(json_integer_value(json_object_get(mac, "left")), 86000);
	cr_expect_str_eq(text_at(mac, "ifname"), "swp1");

	result = ask(fd, "port.mac.del", params);
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 1);
	result = ask(fd, "port.mac.list", "{\"port\":\"swp1\"}");
	cr_expect_eq(count(result, "macs"), 1);
	result = ask(fd, "port.mac.clear", "{\"port\":\"swp1\"}");
	cr_expect_eq(json_integer_value(json_object_get(result, "removed")), 0);
}

Test(rpc_edit, a_diff_tells_what_was_set_by_hand)
{
	static const char diff[] =
		"{\"file\":\"f\",\"text\":\"version: 1\\nlans: {peering: {}}\\nports:\\n"
		"  swp1: {device: 'iface:m1', lans: {peering: {}}}\\n\"}";
	int fd = dial_in_force();

	ask(fd, "port.set", "{\"port\":\"swp1\",\"admin\":\"down\"}");
	ask(fd, "port.drain", "{\"port\":\"swp2\"}");
	const json_t *list = json_object_get(ask(fd, "config.diff", diff), "overrides");
	cr_assert_eq(json_array_size(list), 2);
	const json_t *stays = json_array_get(list, 0), *goes = json_array_get(list, 1);
	cr_expect_str_eq(json_string_value(json_object_get(stays, "port")), "swp1");
	cr_expect_str_eq(json_string_value(json_object_get(stays, "effect")), "stays");
	cr_expect_str_eq(json_string_value(json_object_get(goes, "what")), "drain");
	cr_expect_str_eq(json_string_value(json_object_get(goes, "effect")), "goes");
	cr_expect_eq(count(ask(fd, "show.overrides", "{}"), "overrides"), 2, "nothing has gone");
}
