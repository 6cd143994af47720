// SPDX-License-Identifier: BSD-3-Clause
// check, diff and apply.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/expect_line.h"

#define CHANGES                                                                             \
	"{\"version\":1,\"changes\":["                                                      \
	"{\"kind\":\"add\",\"what\":\"port "                                                \
	"par-1\",\"detail\":\"iface:eth3\",\"impact\":\"none\"},"                           \
	"{\"kind\":\"change\",\"what\":\"port lon-1\",\"detail\":\"mtu 1500 to 9000\","     \
	"\"impact\":\"port\"},"                                                             \
	"{\"kind\":\"remove\",\"what\":\"lan spare\",\"detail\":\"\",\"impact\":\"lan\"}]," \
	"\"warnings\":[\"f:1:1: ports.a: warning: in no LAN\"]"
#define CHANGES_TEXT                                             \
	"+ port par-1: iface:eth3\n"                             \
	"~ port lon-1: mtu 1500 to 9000 [this member notices]\n" \
	"- lan spare [the whole LAN notices]\n"                  \
	"f:1:1: ports.a: warning: in no LAN\n"

// A file with this text; its path is in "path", and "line" is a command with that path behind it.
struct file {
	char path[64];
	char line[128];
};

static void file_create(struct file *file, const char *text, size_t length)
{
	strcpy(file->path, "/tmp/ixfab-test-XXXXXX");
	int fd = mkstemp(file->path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, length), (ssize_t)length);
	close(fd);
}

static const char *with_path(struct file *file, const char *command)
{
	snprintf(file->line, sizeof(file->line), "%s %s", command, file->path);
	return file->line;
}

static void expect_file(const struct fake_answer *answers, const char *command, const char *text,
			enum status status, const char *out, const char *err)
{
	struct file file;

	file_create(&file, text, strlen(text));
	expect_line(answers, with_path(&file, command), status, out, err);
	unlink(file.path);
}

static const struct fake_answer changed[] = {
	{"config.diff", FAKE_RESULT, CHANGES "}", NULL},
	{"config.apply", FAKE_RESULT, CHANGES ",\"generation\":8}", NULL},
	{0},
};

static const struct fake_answer unchanged[] = {
	{"config.diff", FAKE_RESULT, "{\"version\":1,\"changes\":[],\"warnings\":[]}", NULL},
	{"config.apply", FAKE_RESULT,
	 "{\"version\":1,\"changes\":[],\"warnings\":[],\"generation\":7}", NULL},
	{0},
};

Test(cmd_config, diff_lists_changes_and_who_notices)
{
	expect_file(changed, "ixfab diff", "x", STATUS_OK, CHANGES_TEXT, "");
	expect_file(changed, "ixfab diff --exit-code", "x", STATUS_DIFFERENT, CHANGES_TEXT, "");
	expect_file(changed, "ixfab diff --exit-code -j", "x", STATUS_DIFFERENT, CHANGES "}\n", "");
	expect_file(unchanged, "ixfab diff --exit-code", "x", STATUS_OK, "No changes.\n", "");
}

Test(cmd_config, apply_tells_the_generation)
{
	expect_file(changed, "ixfab apply", "x", STATUS_OK,
		    CHANGES_TEXT "In force as generation 8.\n", "");
	expect_file(unchanged, "ixfab apply --force", "x", STATUS_OK, "No changes.\n", "");
}

Test(cmd_config, the_file_is_sent_as_it_is)
{
	static const char text[] = "a: \"\xc3\xa9\"\n\tb";
	char params[256];
	struct file file;

	file_create(&file, text, strlen(text));
	snprintf(params, sizeof(params),
		 "{\"file\":\"%s\",\"force\":true,\"text\":\"a: \\\"\xc3\xa9\\\"\\n\\tb\"}",
		 file.path);
	const struct fake_answer answers[] = {
		{"config.apply", FAKE_RESULT, "{\"version\":1,\"changes\":[],\"generation\":7}",
		 params},
		{0},
	};
	expect_line(answers, with_path(&file, "ixfab apply --force"), STATUS_OK, "No changes.\n",
		    "");
	unlink(file.path);
}

#define WAIT "{\"by\":\"alice\",\"until\":1767225600.0,\"left\":290,\"back_to\":7}"
#define WAIT_TEXT                                                                          \
	"What is in force waits for \"ixfab confirm\" until 2026-01-01 00:00:00 (4m50s), " \
	"else generation 7 comes back.\n"

Test(cmd_config, apply_to_be_confirmed)
{
	char params[256];
	struct file file;

	file_create(&file, "x", 1);
	for (int i = 0; i < 2; i++) {
		snprintf(params, sizeof(params),
			 "{\"confirm\":%s,\"file\":\"%s\",\"message\":\"new\",\"text\":\"x\"}",
			 i ? "90" : "true", file.path);
		const struct fake_answer answers[] = {
			{"config.apply", FAKE_RESULT,
			 CHANGES ",\"generation\":8,\"confirm\":" WAIT "}", params},
			{0},
		};
		expect_line(answers,
			    with_path(&file, i ? "ixfab apply -m new --confirm=90"
					       : "ixfab apply --confirm -m new"),
			    STATUS_OK, CHANGES_TEXT "In force as generation 8.\n" WAIT_TEXT, "");
	}
	expect_line(changed, "ixfab apply --confirm=0 x", STATUS_USAGE, "", NULL);
	expect_line(changed, "ixfab apply --confirm=soon x", STATUS_USAGE, "", NULL);
	unlink(file.path);
}

Test(cmd_config, a_dry_run_is_a_diff)
{
	static const struct fake_answer answers[] = {
		{"config.diff", FAKE_RESULT,
		 CHANGES
		 ",\"overrides\":[{\"port\":\"lon-1\",\"what\":\"admin\",\"value\":\"down\","
		 "\"lan\":null,\"since\":1767225600.0,\"until\":null,\"left\":null,"
		 "\"by\":\"alice\",\"effect\":\"stays\"},{\"port\":\"spare\",\"what\":\"mac\","
		 "\"value\":\"02:00:00:00:00:09\",\"lan\":\"peering\",\"since\":null,"
		 "\"until\":1767225600.0,\"left\":5,\"by\":null,\"effect\":\"goes\"}],"
		 "\"confirm\":" WAIT "}",
		 NULL},
		{0},
	};

	expect_file(
		answers, "ixfab apply --dry-run --confirm", "x", STATUS_OK,
		CHANGES_TEXT
		"! port lon-1: administratively down since 2026-01-01 00:00:00 by alice, set by "
		"hand, stands above this configuration\n"
		"! port spare: may use 02:00:00:00:00:09 in peering, until 2026-01-01 00:00:00, "
		"set by hand, goes with this configuration\n" WAIT_TEXT,
		"");
}

Test(cmd_config, what_was_confirmed_and_undone)
{
	static const struct fake_answer answers[] = {
		{"config.confirm", FAKE_RESULT, "{\"version\":1,\"generation\":8}", "{}"},
		{"config.undo", FAKE_RESULT,
		 CHANGES ",\"from\":8,\"generation\":6,\"waited\":true}", "{\"levels\":2}"},
		{0},
	};

	expect_line(answers, "ixfab confirm", STATUS_OK, "Generation 8 is confirmed.\n", "");
	expect_line(answers, "ixfab undo 2", STATUS_OK,
		    "+ port par-1: iface:eth3\n"
		    "~ port lon-1: mtu 1500 to 9000 [this member notices]\n"
		    "- lan spare [the whole LAN notices]\n"
		    "Generation 8 is undone before it was confirmed, generation 6 is in force "
		    "again.\n"
		    "To have it again: ixfab show config --gen 8 > FILE, and apply that.\n",
		    "");
}

Test(cmd_config, history_tells_how_each_ended)
{
	static const struct fake_answer answers[] = {
		{"config.history", FAKE_RESULT,
		 "{\"version\":1,\"history\":[{\"generation\":8,\"in_force\":true,\"applied\":"
		 "1767225600.0,\"by\":\"alice\",\"file\":\"/f\",\"message\":\"new\",\"previous\":7,"
		 "\"ending\":\"waits\",\"ended\":null,\"ended_by\":null},{\"generation\":7,"
		 "\"in_force\":false,\"applied\":1767225600.0,\"by\":\"bob\",\"file\":\"/f\","
		 "\"message\":null,\"previous\":null,\"ending\":\"confirmed\",\"ended\":"
		 "1767225600.0,\"ended_by\":\"carol\"}],\"confirm\":" WAIT "}",
		 NULL},
		{0},
	};

	expect_line(answers, "ixfab history --no-header", STATUS_OK,
		    "8 *  2026-01-01 00:00:00  alice  waits               -                    /f  "
		    "new\n"
		    "7    2026-01-01 00:00:00  bob    confirmed by carol  2026-01-01 00:00:00  /f  "
		    "-\n" WAIT_TEXT,
		    "");
}

// Of one and the same time; "rest" has the id, the method and its params.
#define DEED(by, claim, rest) \
	"{\"time\":1767225600.0,\"uid\":0,\"by\":\"" by "\",\"claim\":" claim "," rest "}"
#define DEED_PORT                                                                    \
	"\"id\":1,\"method\":\"port.set\",\"params\":{\"port\":\"lon-1\",\"admin\":" \
	"\"down\",\"until\":1767225600}"
#define DEED_CLEAR "\"id\":2,\"method\":\"clear.macs\",\"params\":{\"lan\":\"peering\"}"
#define DEED_APPLY                                                                     \
	"\"id\":3,\"method\":\"config.apply\",\"params\":{\"file\":\"/f\",\"confirm\"" \
	":90,\"message\":\"a b\"},\"changes\":[{\"kind\":\"add\",\"what\":\"port x\"," \
	"\"detail\":\"\",\"impact\":\"port\"}],\"more\":4,\"generation\":8"
#define DEED_CAPTURE                                                                      \
	"\"id\":5,\"method\":\"capture.begin\",\"params\":{\"port\":\"lon-1\",\"filter\"" \
	":\"ip and tcp\",\"seconds\":60}"
#define DEED_NEW "\"id\":4,\"method\":\"new.one\",\"params\":{}"

Test(cmd_config, the_audit_log_shows_commands)
{
	static const char audit[] = "{\"version\":1,\"audit\":[" //
		DEED("root", "\"eve\"", DEED_PORT) ","		 //
		DEED("alice", "null", DEED_CLEAR) ","		 //
		DEED("alice", "null", DEED_APPLY) ","		 //
		DEED("x", "null", DEED_NEW) ","			 //
		DEED("bob", "null", DEED_CAPTURE) "]}";
	static const struct fake_answer answers[] = {
		{"show.audit", FAKE_RESULT, audit, "{\"limit\":4}"},
		{0},
	};

	expect_line(answers, "ixfab show audit -n 4", STATUS_OK,
		    "2026-01-01 00:00:00  root (claims eve): port lon-1 down --for \"2026-01-01 "
		    "00:00:00\"\n"
		    "2026-01-01 00:00:00  alice: clear macs --lan peering\n"
		    "2026-01-01 00:00:00  alice: apply --confirm=90 -m \"a b\" /f => generation 8\n"
		    "    + port x [this member notices]\n"
		    "    and 4 more\n"
		    "2026-01-01 00:00:00  x: new.one\n"
		    "2026-01-01 00:00:00  bob: capture --port lon-1 --for 60s \"ip and tcp\"\n",
		    "");
}

Test(cmd_config, what_stands_above)
{
	static const struct fake_answer answers[] = {
		{"show.overrides", FAKE_RESULT,
		 "{\"version\":1,\"overrides\":[{\"port\":\"lon-1\",\"what\":\"drain\",\"value\":"
		 "null,"
		 "\"lan\":null,\"since\":1767225600.0,\"until\":1767225600.0,\"left\":90,"
		 "\"by\":\"alice\"}],\"aside\":[{\"port\":\"ams-1\",\"what\":\"promote\","
		 "\"value\":null,\"lan\":null,\"since\":null,\"until\":null,\"left\":null,"
		 "\"by\":null}]}",
		 NULL},
		{0},
	};

	expect_line(answers, "ixfab show overrides --no-header", STATUS_OK,
		    "lon-1  drained  2026-01-01 00:00:00  2026-01-01 00:00:00  1m30s  alice\n"
		    "Put aside, and back if the configuration in force is not confirmed:\n"
		    "ams-1  out of quarantine  -  -  -  -\n",
		    "");
}

Test(cmd_config, refusal_without_force)
{
	static const struct fake_answer answers[] = {
		{"config.apply", FAKE_ERROR,
		 "{\"code\":5,\"message\":\"this removes 3 of 4 ports: say --force\"}", NULL},
		{0},
	};

	expect_file(answers, "ixfab apply", "x", STATUS_FAILED, "",
		    "ixfab: this removes 3 of 4 ports: say --force\n");
}

Test(cmd_config, files_that_are_no_text)
{
	struct file file;

	expect_line(unchanged, "ixfab apply /nonexistent", STATUS_FAILED, "",
		    "ixfab: /nonexistent: cannot be read: No such file or directory\n");
	expect_line(unchanged, "ixfab apply /", STATUS_FAILED, "",
		    "ixfab: /: cannot be read: Is a directory\n");
	expect_line(unchanged, "ixfab apply /dev/zero", STATUS_FAILED, "",
		    "ixfab: /dev/zero: larger than 4 MiB; no configuration needs so much\n");
	file_create(&file, "a\0b", 3);
	expect_line(unchanged, with_path(&file, "ixfab diff"), STATUS_FAILED, "", NULL);
	unlink(file.path);
	expect_file(unchanged, "ixfab diff", "\xff", STATUS_FAILED, "", NULL);
	expect_file(unchanged, "ixfab diff", "", STATUS_OK, "No changes.\n", "");
}

Test(cmd_config, file_too_large)
{
	size_t length = (4 << 20) + 1;
	char *text = malloc(length);
	struct file file;

	memset(text, '#', length);
	file_create(&file, text, length);
	expect_line(unchanged, with_path(&file, "ixfab apply"), STATUS_FAILED, "", NULL);
	unlink(file.path);
	free(text);
}

#define GOOD                                                                                       \
	"version: 1\n"                                                                             \
	"fabric: {name: Example IX}\n"                                                             \
	"lans: {peering: {prefixes: [192.0.2.0/24]}}\n"                                            \
	"ports: {lon-1: {device: \"iface:eth1\", lans: {peering: {macs: [\"02:00:00:00:00:0a\"], " \
	"ips: [192.0.2.1]}}}}\n"

// Nobody listens at the socket: check needs nobody.
Test(cmd_config, check_counts_what_is_right)
{
	struct line_result result;
	char expected[256];
	struct file file;

	file_create(&file, GOOD, strlen(GOOD));
	run_line(&result, "/nonexistent", with_path(&file, "ixfab check"));
	snprintf(expected, sizeof(expected), "%s is right: 1 port, 1 LAN.\n", file.path);
	cr_expect_eq(result.status, STATUS_OK);
	cr_expect_str_eq(result.out, expected);
	cr_expect_str_eq(result.err, "");
	line_result_free(&result);
	run_line(&result, "/nonexistent", with_path(&file, "ixfab check -j"));
	snprintf(expected, sizeof(expected),
		 "{\"version\":1,\"file\":\"%s\",\"valid\":true,\"complaints\":[],\"ports\":1,"
		 "\"lans\":1}\n",
		 file.path);
	cr_expect_eq(result.status, STATUS_OK);
	cr_expect_str_eq(result.out, expected);
	line_result_free(&result);
	unlink(file.path);
}

Test(cmd_config, check_prints_every_complaint)
{
	static const char bad[] = "version: 1\nfabric: {name: X}\nlans: {}\nports: {a: {device: 5, "
				  "wrong: 1}, b: {nothing: 2}}\n";
	struct line_result result;
	struct file file;

	file_create(&file, bad, strlen(bad));
	run_line(&result, "/nonexistent", with_path(&file, "ixfab check"));
	cr_expect_eq(result.status, STATUS_FAILED);
	cr_expect_str_eq(result.out, "");
	cr_expect_not_null(strstr(result.err, ":4:"), "%s", result.err);
	cr_expect_not_null(strstr(result.err, "ports.a.wrong"), "%s", result.err);
	cr_expect_not_null(strstr(result.err, "ports.b.nothing"), "%s", result.err);
	line_result_free(&result);
	run_line(&result, "/nonexistent", with_path(&file, "ixfab check -j"));
	cr_expect_eq(result.status, STATUS_FAILED);
	cr_expect_not_null(strstr(result.out, "\"valid\":false"));
	cr_expect_str_eq(result.err, "");
	line_result_free(&result);
	unlink(file.path);
}
