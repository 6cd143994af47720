// SPDX-License-Identifier: BSD-3-Clause
// export: what others read.
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/expect_line.h"

#define CONFIG                                                                                  \
	"version: 1\n"                                                                          \
	"fabric: {name: Example IX}\n"                                                          \
	"lans:\n"                                                                               \
	"  peering: {vlan: 10, prefixes: [192.0.2.0/24, '2001:db8:2::/64']}\n"                  \
	"  services: {prefixes: [198.51.100.0/24]}\n"                                           \
	"ports:\n"                                                                              \
	"  swp1:\n"                                                                             \
	"    device: tap:a\n"                                                                   \
	"    member: {asn: 64501, name: 'Example \"Net\"'}\n"                                   \
	"    lans: {peering: {macs: [020000006501], ips: [192.0.2.11, '2001:db8:2::11']}}\n"    \
	"  swp2:\n"                                                                             \
	"    device: tap:b\n"                                                                   \
	"    member: {asn: 64501, name: 'Example \"Net\"'}\n"                                   \
	"    admin: down\n"                                                                     \
	"    lans:\n"                                                                           \
	"      peering: {tagged: yes, macs: [020000006502], ips: [192.0.2.12, 192.0.2.13]}\n"   \
	"      services: {tagged: yes, vlan: 20, macs: [020000006502], ips: [198.51.100.12]}\n" \
	"  swp3:\n"                                                                             \
	"    device: tap:c\n"                                                                   \
	"    member: {asn: 64503}\n"                                                            \
	"    quarantine: yes\n"                                                                 \
	"    lans: {peering: {macs: [020000006503], ips: [192.0.2.14]}}\n"                      \
	"  swp4:\n"                                                                             \
	"    device: tap:d\n"                                                                   \
	"    lans: {peering: {macs: [020000006504], ips: [192.0.2.15]}}\n"                      \
	"  watch:\n"                                                                            \
	"    device: tap:e\n"                                                                   \
	"    member: {asn: 64499}\n"                                                            \
	"    lans: {peering: {monitor: yes, macs: [020000006505]}}\n"

static char path[64];

static void begin(void)
{
	strcpy(path, "/tmp/ixfab-test-XXXXXX");
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, CONFIG, strlen(CONFIG)), (ssize_t)strlen(CONFIG));
	close(fd);
}

static void end(void)
{
	unlink(path);
}

TestSuite(cmd_export, .init = begin, .fini = end);

static const struct fake_answer nobody[] = {{0}};

static void expect_export(const char *what, const char *text)
{
	char line[256];

	snprintf(line, sizeof(line), "ixfab export %s %s", what, path);
	expect_line(nobody, line, STATUS_OK, text, "");
}

Test(cmd_export, ethers)
{
	expect_export("ethers", "02:00:00:00:65:01 as64501-swp1\n"
				"02:00:00:00:65:02 as64501-swp2\n"
				"02:00:00:00:65:03 as64503-swp3\n"
				"02:00:00:00:65:04 swp4\n"
				"02:00:00:00:65:05 as64499-watch\n");
	expect_export("ethers --lan services", "02:00:00:00:65:02 as64501-swp2\n");
}

Test(cmd_export, clients)
{
	expect_export("arouteserver-clients",
		      "clients:\n"
		      "  - asn: 64501\n"
		      "    ip: [\"192.0.2.11\", \"2001:db8:2::11\"]\n"
		      "    description: \"Example \\\"Net\\\"\"\n"
		      "  - asn: 64501\n"
		      "    ip: [\"192.0.2.12\", \"192.0.2.13\", \"198.51.100.12\"]\n"
		      "    description: \"Example \\\"Net\\\"\"\n");
	expect_export("arouteserver-clients --lan services",
		      "clients:\n"
		      "  - asn: 64501\n"
		      "    ip: [\"198.51.100.12\"]\n"
		      "    description: \"Example \\\"Net\\\"\"\n");
}

static json_t *export_json(const struct fake_answer *answers, const char *line)
{
	struct fake_control fake;
	struct line_result result;

	fake_control_start(&fake, answers);
	run_line(&result, fake.path, line);
	cr_assert_eq(result.status, STATUS_OK, "%s", result.err);
	json_t *document = json_loads(result.out, 0, NULL);
	cr_assert_not_null(document, "%s", result.out);
	line_result_free(&result);
	fake_control_stop(&fake);
	return document;
}

static void expect_json(const json_t *document, const char *key, const char *text)
{
	char *found = json_dumps(json_object_get(document, key),
				 JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	cr_expect_str_eq(found, text, "%s: %s", key, found);
	free(found);
}

#define MEMBERS(state1, speed1, state2)                                                        \
	"[{\"asnum\":64501,\"connection_list\":["                                              \
	"{\"if_list\":[{" speed1 "\"switch_id\":1}],\"ixp_id\":3,\"state\":\"" state1 "\","    \
	"\"vlan_list\":[{\"ipv4\":{\"address\":\"192.0.2.11\","                                \
	"\"mac_addresses\":[\"02:00:00:00:65:01\"]},\"ipv6\":{\"address\":\"2001:db8:2::11\"," \
	"\"mac_addresses\":[\"02:00:00:00:65:01\"]},\"vlan_id\":10}]},"                        \
	"{\"if_list\":[{\"switch_id\":1}],\"ixp_id\":3,\"state\":\"" state2 "\","              \
	"\"vlan_list\":[{\"ipv4\":{\"address\":\"192.0.2.12\","                                \
	"\"mac_addresses\":[\"02:00:00:00:65:02\"]},\"vlan_id\":10},"                          \
	"{\"ipv4\":{\"address\":\"192.0.2.13\","                                               \
	"\"mac_addresses\":[\"02:00:00:00:65:02\"]},\"vlan_id\":10},"                          \
	"{\"ipv4\":{\"address\":\"198.51.100.12\","                                            \
	"\"mac_addresses\":[\"02:00:00:00:65:02\"]},\"vlan_id\":4097}]}],"                     \
	"\"member_type\":\"peering\",\"name\":\"Example \\\"Net\\\"\"}"

Test(cmd_export, ixf_of_a_file)
{
	char line[256];

	snprintf(line, sizeof(line), "ixfab export ixf --ixp-id 3 --ixf-id 77 %s", path);
	json_t *document = export_json(nobody, line);
	expect_json(document, "version", "\"1.0\"");
	expect_json(document, "member_list", MEMBERS("active", "", "inactive") "]");
	expect_json(
		document, "ixp_list",
		"[{\"ixf_id\":77,\"ixp_id\":3,\"shortname\":\"Example IX\",\"switch\":[{\"id\":1,"
		"\"name\":\"Example IX\",\"software\":\"ixfab " IXFAB_VERSION "\"}],\"vlan\":["
		"{\"id\":10,\"ipv4\":{\"mask_length\":24,\"prefix\":\"192.0.2.0\"},\"ipv6\":{"
		"\"mask_length\":64,\"prefix\":\"2001:db8:2::\"},\"name\":\"peering\"},"
		"{\"id\":4097,\"ipv4\":{\"mask_length\":24,\"prefix\":\"198.51.100.0\"},"
		"\"name\":\"services\"}]}]");
	cr_expect_eq(strlen(json_string_value(json_object_get(document, "timestamp"))), 20);
	json_decref(document);
}

// A port in quarantine that was promoted is a member; one that an operator put down is inactive.
Test(cmd_export, ixf_of_what_runs)
{
	json_t *shown = json_pack("{s:i, s:s, s:s}", "version", 1, "file", "f", "text", CONFIG);
	char *text = json_dumps(shown, JSON_COMPACT);
	const struct fake_answer answers[] = {
		{"show.config", FAKE_RESULT, text, NULL},
		{"show.ports", FAKE_RESULT,
		 "{\"ports\":[{\"name\":\"swp1\",\"admin\":\"down\",\"speed\":10000,\"quarantine\":"
		 "false},{\"name\":\"swp2\",\"admin\":\"up\",\"speed\":null,\"quarantine\":false},"
		 "{\"name\":\"swp3\",\"admin\":\"up\",\"quarantine\":false},"
		 "{\"name\":\"strange\",\"admin\":\"up\",\"quarantine\":false}]}",
		 NULL},
		{0},
	};
	json_t *document = export_json(answers, "ixfab export ixf --ixp-id 3");

	expect_json(document, "member_list",
		    MEMBERS("inactive", "\"if_speed\":10000,",
			    "active") ","
				      "{\"asnum\":64503,\"connection_list\":[{\"if_list\":[{"
				      "\"switch_id\":1}],"
				      "\"ixp_id\":3,\"state\":\"active\",\"vlan_list\":[{\"ipv4\":{"
				      "\"address\":"
				      "\"192.0.2.14\",\"mac_addresses\":[\"02:00:00:00:65:03\"]},"
				      "\"vlan_id\":10}]}],"
				      "\"member_type\":\"peering\"}]");
	json_decref(document);
	json_decref(shown);
	free(text);
}

Test(cmd_export, failures)
{
	static const struct fake_answer none[] = {{"show.config", FAKE_RESULT,
						   "{\"version\":1,\"text\":null}", NULL},
						  {0}};
	char line[256];

	expect_line(none, "ixfab export ethers", STATUS_FAILED, "",
		    "ixfab: there is no configuration yet\n");
	expect_line(nobody, "ixfab export ethers /nonexistent", STATUS_FAILED, "",
		    "/nonexistent: cannot be read: No such file or directory\n");
	snprintf(line, sizeof(line), "ixfab export ixf --lan none %s", path);
	expect_line(nobody, line, STATUS_FAILED, "", "ixfab: there is no LAN \"none\"\n");
}
