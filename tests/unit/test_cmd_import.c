// SPDX-License-Identifier: BSD-3-Clause
// import: what is written, what is told, and when nothing is.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/expect_line.h"

#define FEED(entries) "{\"layer2interfaces\":[" entries "]}"
#define PORT(n, mac) \
	"{\"name\":\"swp" #n "\",\"vlans\":[{\"number\":10,\"macaddresses\":[" mac "]}]}"
#define MAC(n)	"\"02:00:00:00:65:0" #n "\""
#define HEAD	"# Made by \"ixfab import ixp-manager\"; the next import replaces it.\n"
#define MADE(n) "  swp" #n ":\n    lans:\n      peering:\n        macs: [" MAC(n) "]\n"

// Nobody is to be asked: a daemon that is would be an error.
static const struct fake_answer nobody[] = {{0}};

static char directory[64];

static char *in_directory(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_directory(name), "w");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

static char *read_file(const char *name)
{
	FILE *file = fopen(in_directory(name), "r");
	char *text = calloc(1, 1 << 16);

	if (file) {
		cr_expect_lt(fread(text, 1, 1 << 16, file), 1 << 16);
		fclose(file);
		return text;
	}
	free(text);
	return NULL;
}

static void begin(void)
{
	strcpy(directory, "/tmp/ixfab-test-XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(mkdir(in_directory("conf.d"), 0700), 0);
	write_file("ixfab.yaml", "version: 1\nlans: {peering: {vlan: 10}}\nports:\n"
				 "  swp1: {device: 'tap:a'}\n  swp2: {device: 'tap:b'}\n"
				 "  swp3: {device: 'tap:c'}\n");
}

static void end(void)
{
	static const char *const names[] = {"conf.d/members.yaml", "ixfab.yaml", "feed", "map"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_directory(names[i]));
	rmdir(in_directory("conf.d"));
	cr_expect_eq(rmdir(directory), 0, "something was left behind");
}

TestSuite(cmd_import, .init = begin, .fini = end);

// Import "feed" to members.yaml, with further arguments.
static void import(const char *feed, const char *more, enum status status, const char *out,
		   const char *err)
{
	char line[512], wanted[512];

	write_file("feed", feed);
	snprintf(line, sizeof(line),
		 "ixfab import ixp-manager %s/feed --config %s/ixfab.yaml -o "
		 "%s/conf.d/members.yaml%s",
		 directory, directory, directory, more);
	snprintf(wanted, sizeof(wanted), out ? out : "", directory);
	expect_line(nobody, line, status, out ? wanted : NULL, err);
}

static void expect_members(const char *text)
{
	char *found = read_file("conf.d/members.yaml");

	if (text)
		cr_expect_str_eq(found, text);
	else
		cr_expect_null(found);
	free(found);
}

Test(cmd_import, writes_and_tells)
{
	import(FEED(PORT(1, MAC(1))), "", STATUS_OK,
	       "+ port swp1\n%s/conf.d/members.yaml is written: 1 ports.\n", "");
	expect_members(HEAD "ports:\n" MADE(1));
	import(FEED(PORT(1, MAC(1))), "", STATUS_OK, "No changes.\n", "");
	import(FEED(PORT(1, MAC(4)) "," PORT(2, MAC(2))), "", STATUS_OK,
	       "~ port swp1\n"
	       "    - lans.peering.macs 02:00:00:00:65:01\n"
	       "    + lans.peering.macs 02:00:00:00:65:04\n"
	       "+ port swp2\n"
	       "%s/conf.d/members.yaml is written: 2 ports.\n",
	       "");
	import(FEED(PORT(2, MAC(2))), "", STATUS_OK,
	       "- port swp1\n%s/conf.d/members.yaml is written: 1 ports.\n", "");
	expect_members(HEAD "ports:\n" MADE(2));
}

Test(cmd_import, what_it_writes_can_be_applied)
{
	char line[512];

	import(FEED(PORT(1, MAC(1)) "," PORT(2, MAC(2))), "", STATUS_OK, NULL, "");
	snprintf(line, sizeof(line), "ixfab check %s", in_directory("ixfab.yaml"));
	expect_line(nobody, line, STATUS_OK, NULL, NULL);
}

Test(cmd_import, a_feed_that_takes_all_away_is_refused)
{
	static const char *const feeds[] = {
		FEED(""),
		// No MACs: IXP Manager can be told to keep them to itself.
		FEED(PORT(1, "") "," PORT(2, "")),
		// Other ports only.
		FEED("{\"name\":\"swp3\",\"vlans\":[]}"),
	};

	import(FEED(PORT(1, MAC(1)) "," PORT(2, MAC(2))), "", STATUS_OK, NULL, "");
	for (size_t i = 0; i < sizeof(feeds) / sizeof(*feeds); i++) {
		import(feeds[i], "", STATUS_FAILED, NULL, NULL);
		expect_members(HEAD "ports:\n" MADE(1) MADE(2));
	}
	import(FEED(""), "", STATUS_FAILED, "- port swp1\n- port swp2\n",
	       "ixfab: 2 of 2 ports would lose what they have; if that is meant, write --force\n");
	import(FEED(""), " --force", STATUS_OK, NULL, "");
	expect_members(HEAD "ports: {}\n");
}

Test(cmd_import, nothing_is_written_on_an_error)
{
	static const char *const feeds[] = {
		"",
		"{",
		"[]",
		"{\"layer2interfaces\":7}",
		FEED(PORT(1, MAC(1)) "," PORT(1, MAC(2))),
		FEED(PORT(1, MAC(1)) "," PORT(2, MAC(1))),
		"{\"member_list\":[]}",
	};

	for (size_t i = 0; i < sizeof(feeds) / sizeof(*feeds); i++) {
		import(feeds[i], "", STATUS_FAILED, "", NULL);
		expect_members(NULL);
		import(feeds[i], " --force", STATUS_FAILED, "", NULL);
		expect_members(NULL);
	}
}

// What is right alone can be wrong beside the rest: here, more MACs than the LAN allows.
Test(cmd_import, nothing_is_written_that_would_be_refused)
{
	const char *feed = FEED(PORT(1, MAC(1) "," MAC(2) "," MAC(3)));
	char complaint[512];

	snprintf(
		complaint, sizeof(complaint),
		"%s/conf.d/members.yaml:6:58: ports.swp1.lans.peering.macs[2]: port-security takes "
		"at most 2 here; write port-security: {limit: 3}, or drop some\n"
		"ixfab: the configuration would be wrong; if it is to be written, write --force\n",
		directory);
	import(feed, "", STATUS_FAILED, "", complaint);
	expect_members(NULL);
	import(feed, " --force", STATUS_OK, NULL, NULL);
	unlink(in_directory("conf.d/members.yaml"));
	write_file("ixfab.yaml",
		   "version: 1\nlans: {peering: {vlan: 10}}\nports:\n"
		   "  swp1: {device: 'tap:a', lans: {peering: {port-security: {limit: "
		   "3}}}}\n");
	import(feed, "", STATUS_OK, NULL, "");
}

Test(cmd_import, a_file_that_is_no_import_is_kept)
{
	write_file("conf.d/members.yaml", "ports: [\n");
	import(FEED(PORT(1, MAC(1))), "", STATUS_FAILED, NULL, NULL);
	expect_members("ports: [\n");
	import(FEED(PORT(1, MAC(1))), " --force", STATUS_OK, NULL, NULL);
	expect_members(HEAD "ports:\n" MADE(1));
}

Test(cmd_import, without_output_the_yaml_goes_to_standard_output)
{
	char line[512];

	write_file("feed", FEED(PORT(1, MAC(1))));
	snprintf(line, sizeof(line), "ixfab import ixp-manager %s/feed --config %s/ixfab.yaml",
		 directory, directory);
	expect_line(nobody, line, STATUS_OK, HEAD "ports:\n" MADE(1), "+ port swp1\n");
	expect_members(NULL);
	strcat(line, " -j");
	expect_line(nobody, line, STATUS_OK,
		    "{\"version\":1,\"file\":null,\"written\":false,\"ports\":1,\"changes\":[{"
		    "\"kind\":\"add\",\"port\":\"swp1\",\"added\":[\"lans.peering.macs "
		    "02:00:00:00:65:01\"],\"removed\":[]}],\"complaints\":[],\"text\":\"# Made by "
		    "\\\"ixfab import ixp-manager\\\"; the next import replaces it.\\nports:\\n  "
		    "swp1:\\n    lans:\\n      peering:\\n        macs: "
		    "[\\\"02:00:00:00:65:01\\\"]\\n\"}\n",
		    "");
}

Test(cmd_import, options)
{
	import(FEED("{\"name\":\"new\",\"vlans\":[]}"), " --device tap:%", STATUS_OK, NULL, NULL);
	expect_members(HEAD "ports:\n  new:\n    device: \"tap:new\"\n");
	import(FEED(PORT(1, MAC(1))), " --device tap:% --force", STATUS_OK, NULL, NULL);
	expect_members(HEAD "ports:\n" MADE(1));
	import(FEED(PORT(1, MAC(1))), " --lans 10=nowhere", STATUS_FAILED, "",
	       "ixfab: --lans: \"10=nowhere\" is not a VLAN of the feed and a LAN of the fabric; "
	       "write 10=peering, or 10=- to leave it out\n");
	import(FEED(PORT(1, MAC(1))), " --lans ten", STATUS_FAILED, "", NULL);
	import(FEED(PORT(1, MAC(1))), " --portmap /nonexistent", STATUS_FAILED, "",
	       "/nonexistent: cannot be read: No such file or directory\n");
	import(FEED(PORT(1, MAC(1))), " --forced", STATUS_USAGE, "", NULL);
	expect_members(HEAD "ports:\n" MADE(1));
}

Test(cmd_import, port_maps_that_are_wrong)
{
	static const char *const maps[] = {
		"- swp1\n", "a: [b]\n", "a: b c\n", "a: b\na: c\n", "AS64501: b\n64501: c\n",
		"[a]: b\n", "{"};
	char more[128];

	snprintf(more, sizeof(more), " --portmap %s/map", directory);
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		write_file("map", maps[i]);
		import(FEED(PORT(1, MAC(1))), more, STATUS_FAILED, "", NULL);
		expect_members(NULL);
	}
}

Test(cmd_import, a_directory_that_cannot_be_written)
{
	char line[512];

	write_file("feed", FEED(PORT(1, MAC(1))));
	snprintf(line, sizeof(line),
		 "ixfab import ixp-manager %s/feed --config %s/ixfab.yaml -o /nonexistent/m.yaml",
		 directory, directory);
	expect_line(nobody, line, STATUS_FAILED, "",
		    "ixfab: cannot write /nonexistent/m.yaml: No such file or directory\n");
}

#define IXF                                                                                \
	"{\"ixp_list\":[{\"ixp_id\":1},{\"ixp_id\":2}],\"member_list\":[{\"asnum\":64501," \
	"\"connection_list\":["                                                            \
	"{\"ixp_id\":1,\"vlan_list\":[{\"vlan_id\":5,\"mac_address\":\"020000006501\"},"   \
	"{\"vlan_id\":6,\"mac_address\":\"020000006502\"}]},"                              \
	"{\"ixp_id\":2,\"vlan_list\":[{\"vlan_id\":5,\"mac_address\":\"020000006503\"}]}]}]}"

Test(cmd_import, an_exchange_and_a_vlan_are_chosen)
{
	char line[1024];

	write_file("feed", IXF);
	write_file("map", "64501: swp1\n");
	snprintf(line, sizeof(line),
		 "ixfab import ixf --config %s/ixfab.yaml --portmap %s/map %s/feed", directory,
		 directory, directory);
	expect_line(nobody, line, STATUS_FAILED, "", NULL);
	strcat(line, " --ixp-id 1 --vlan-id 6");
	expect_line(nobody, line, STATUS_OK,
		    "# Made by \"ixfab import ixf\"; the next import replaces it.\nports:\n"
		    "  swp1:\n    member: {asn: 64501}\n    lans:\n      peering:\n"
		    "        macs: [\"02:00:00:00:65:02\"]\n",
		    "+ port swp1\n");
	strcat(line, " --ixp-id 3");
	expect_line(nobody, line, STATUS_FAILED, "", NULL);
	snprintf(line, sizeof(line), "ixfab import ixf %s/feed", directory);
	expect_line(nobody, line, STATUS_USAGE, "", NULL);
}
