// SPDX-License-Identifier: BSD-3-Clause
// Configurations that are compared, applied, confirmed and undone, and who did it.
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/served.h"

TestSuite(rpc_config, .init = served_start, .fini = served_end, .timeout = 120);

Test(rpc_config, a_configuration_is_compared_and_applied)
{
	int fd = dial_in_force();
	json_t *params = json_pack("{s:s, s:s}", "file", "/etc/ixfab/new.yaml", "text",
				   "version: 1\nlans: {peering: {prefixes: [192.0.2.0/24]}}\n"
				   "ports:\n"
				   "  swp1: {device: \"iface:m1\", lans: {peering: {}}}\n");
	char *text = json_dumps(params, 0);

	const json_t *result = ask(fd, "config.diff", text);
	cr_expect_geq(count(result, "changes"), 3);
	cr_expect_null(ask(fd, "config.apply", text), "two of three ports would go");
	free(text);
	json_object_set_new(params, "force", json_true());
	text = json_dumps(params, 0);
	result = ask(fd, "config.apply", text);
	cr_expect_eq(json_integer_value(json_object_get(result, "generation")), 2);
	result = ask(fd, "show.config", "{}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "file")), "/etc/ixfab/new.yaml");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")),
			 json_string_value(json_object_get(params, "text")));
	free(text);
	json_decref(params);
	result = ask(fd, "show.ports", "{}");
	cr_expect_eq(count(result, "ports"), 1);
	result = ask(fd, "version", "{}");
	const json_t *dataplane = json_object_get(result, "dataplane");
	cr_expect(json_is_true(json_object_get(dataplane, "attached")));
	cr_expect_str_eq(json_string_value(json_object_get(dataplane, "release")), "9.9.9");
}

// The configuration of the file, with another MTU.
static const json_t *apply_changed(int fd, const char *more)
{
	json_t *params = json_pack("{s:s, s:s}", "file", "/etc/ixfab/new.yaml", "text",
				   "version: 1\n"
				   "lans: {peering: {prefixes: [192.0.2.0/24]}}\n"
				   "ports:\n"
				   "  swp1: {device: \"iface:m1\", lans: {peering: {}}}\n"
				   "  swp2: {device: \"iface:m2\", lans: {peering: {}}}\n");
	json_t *extra = json_loads(more, 0, NULL);

	json_object_update(params, extra);
	char *text = json_dumps(params, 0);
	const json_t *result = ask(fd, "config.apply", text);
	free(text);
	json_decref(extra);
	json_decref(params);
	return result;
}

Test(rpc_config, what_waits_to_be_confirmed_is_told_everywhere)
{
	int fd = dial_in_force();

	cr_expect_null(apply_changed(fd, "{\"confirm\":0}"));
	cr_expect_null(apply_changed(fd, "{\"confirm\":86401}"));
	cr_expect_null(apply_changed(fd, "{\"confirm\":\"5m\"}"));
	cr_expect_null(ask(fd, "config.confirm", "{}"));
	const json_t *result = apply_changed(fd, "{\"confirm\":true,\"message\":\"two ports\"}");
	const json_t *wait = json_object_get(result, "confirm");
	cr_expect_eq(json_integer_value(json_object_get(wait, "back_to")), 1);
	cr_expect_leq(json_integer_value(json_object_get(wait, "left")), 300);
	cr_expect_geq(json_integer_value(json_object_get(wait, "left")), 270);
	cr_expect(json_is_object(at(ask(fd, "version", "{}"), "config", "confirm")));
	result = ask(fd, "show.config", "{}");
	cr_expect(json_is_object(json_object_get(result, "confirm")));
	cr_expect_str_eq(json_string_value(json_object_get(result, "message")), "two ports");
	cr_expect(json_is_true(at(result, "saved", "differs")));
	result = ask(fd, "show.config", "{\"saved\":true}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")), served_config);
	result = ask(fd, "show.config", "{\"generation\":1}");
	cr_expect_str_eq(json_string_value(json_object_get(result, "text")), served_config);
	cr_expect_null(ask(fd, "show.config", "{\"generation\":9}"));
	cr_expect_null(ask(fd, "show.config", "{\"generation\":1,\"saved\":true}"));
	result = ask(fd, "config.history", "{}");
	const json_t *past = json_array_get(json_object_get(result, "history"), 0);
	cr_expect_eq(count(result, "history"), 2);
	cr_expect_str_eq(json_string_value(json_object_get(past, "ending")), "waits");
	cr_expect_not_null(ask(fd, "config.confirm", "{}"));
	cr_expect(json_is_null(json_object_get(ask(fd, "show.config", "{}"), "confirm")));

	cr_expect_null(ask(fd, "config.undo", "{\"levels\":0}"));
	cr_expect_null(ask(fd, "config.undo", "{\"levels\":2}"));
	result = ask(fd, "config.undo", "{}");
	cr_expect_eq(json_integer_value(json_object_get(result, "from")), 2);
	cr_expect_eq(json_integer_value(json_object_get(result, "generation")), 1);
	cr_expect_geq(count(result, "changes"), 1);
	cr_expect(json_is_false(json_object_get(result, "waited")));
	result = ask(fd, "show.config", "{}");
	cr_expect(json_is_false(at(result, "saved", "differs")));
}

static const json_t *last_deed(int fd)
{
	const json_t *audit = json_object_get(ask(fd, "show.audit", "{\"limit\":1}"), "audit");

	return json_array_get(audit, 0);
}

Test(rpc_config, what_is_done_is_noted_with_who_did_it)
{
	int fd = dial_in_force();

	cr_expect_eq(ask_code(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"claim\":\"mallory\\u001b[31m\","
				  "\"method\":\"port.set\",\"params\":{\"port\":\"swp1\","
				  "\"admin\":\"down\"}}\n"),
		     0);
	const json_t *deed = last_deed(fd);
	cr_expect_str_eq(json_string_value(json_object_get(deed, "method")), "port.set");
	cr_expect_str_eq(json_string_value(json_object_get(deed, "claim")), "mallory??31m");
	cr_expect_eq(json_integer_value(json_object_get(deed, "uid")), geteuid());
	cr_expect_str_eq(json_string_value(at(deed, "params", "port")), "swp1");
	const json_t *above = json_object_get(ask(fd, "show.overrides", "{}"), "overrides");
	cr_expect_eq(json_array_size(above), 1);
	const json_t *override = json_array_get(above, 0);
	cr_expect_str_eq(json_string_value(json_object_get(override, "what")), "admin");
	cr_expect_str_eq(json_string_value(json_object_get(override, "value")), "down");
	cr_expect(strstr(json_string_value(json_object_get(override, "by")), "(claims mallory"));

	// What fails, what only looks, and what changes nothing is not noted.
	json_int_t id = json_integer_value(json_object_get(deed, "id"));
	ask(fd, "port.set", "{\"port\":\"swp9\",\"admin\":\"down\"}");
	ask(fd, "show.ports", "{}");
	cr_expect_eq(json_integer_value(json_object_get(last_deed(fd), "id")), id);
	const json_t *result = apply_changed(fd, "{}");
	cr_expect_not_null(result);
	deed = last_deed(fd);
	cr_expect_eq(json_integer_value(json_object_get(deed, "id")), id + 1);
	cr_expect_null(at(deed, "params", "text"), "that is in the history");
	cr_expect(json_equal(json_object_get(deed, "changes"), json_object_get(result, "changes")));
	cr_expect_eq(json_integer_value(json_object_get(deed, "generation")), 2);
	apply_changed(fd, "{}");
	cr_expect_eq(json_integer_value(json_object_get(last_deed(fd), "id")), id + 1);
	cr_expect_null(ask(fd, "show.audit", "{\"limit\":0}"));
	cr_expect_null(ask(fd, "show.audit", "{\"limit\":1001}"));
}
