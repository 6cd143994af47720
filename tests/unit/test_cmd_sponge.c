// SPDX-License-Identifier: BSD-3-Clause
// `ixfab show sponge`, `show dead-peers`, and what is said to the sponge, to the letter.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/expect_line.h"

#define STATES "\"states\":{\"none\":0,\"alive\":5,\"pending\":1,\"dead\":2,\"static\":3}"
#define LAN(modes)                                                                           \
	"{\"lan\":\"peering\",\"mode\":\"fast\",\"mac\":\"02:69:78:73:70:6f\"," modes STATES \
	",\"tracked\":0,\"forgotten\":4,\"queries\":6,\"octets\":1000}"
#define COUNTS                                                                                \
	"\"counts\":{\"questions\":70,\"missed\":8,\"queries\":6,\"updates\":9,\"signs\":11," \
	"\"lost\":0}"
#define DEAD                                                                                    \
	"{\"address\":\"192.0.2.77\",\"lan\":\"peering\",\"state\":\"dead\",\"since\":"         \
	"1767225600.0,\"assigned\":true,\"protected\":false,\"pending\":0,\"ifname\":\"swp3\"," \
	"\"asn\":64503,\"member\":\"Sample\",\"mac\":\"02:00:00:00:00:77\",\"queued\":5,"       \
	"\"rate\":62.5,\"questions\":20,\"queries\":3,\"asked\":1767225600.0,\"queried\":null," \
	"\"alive\":null,\"warned\":0,\"answered\":13,\"told\":2}"
#define PENDING                                                                                 \
	"{\"address\":\"2001:db8::9\",\"lan\":\"peering\",\"state\":\"pending\",\"since\":"     \
	"1767225600.0,\"assigned\":false,\"protected\":true,\"pending\":2,\"ifname\":null,"     \
	"\"asn\":null,\"member\":null,\"mac\":null,\"queued\":1,\"rate\":null,\"questions\":1," \
	"\"queries\":2,\"asked\":null,\"queried\":null,\"alive\":null,\"warned\":0,"            \
	"\"answered\":null,\"told\":null}"
#define HEADER                                                                                    \
	"LAN peering: fast, 02:69:78:73:70:6f. 2 dead, 1 pending, 5 alive, 3 static, 0 of which " \
	"nothing is known.\n"
#define FORGOTTEN "  4 addresses that nobody has were forgotten to make room.\n"
#define TOTALS                                                                                   \
	"70 questions by members, 6 by the sponge; 11 signs of life; 9 neighbours told again.\n" \
	"8 more came too fast to be looked at: questions are \"at least\".\n"

Test(cmd_sponge, addresses_are_a_table_below_what_there_is)
{
	static const struct fake_answer answers[] = {
		{"show.sponge", FAKE_RESULT,
		 "{\"version\":1,\"lans\":[" LAN("") "]," COUNTS ",\"addresses\":[" DEAD "," PENDING
						     "],\"unchanged\":9,\"truncated\":false}",
		 "{\"lan\":\"peering\",\"range\":\"192.0.2.0/24\",\"state\":\"dead\"}"},
		{0},
	};

	expect_line(
		answers, "ixfab show sponge --lan peering --state dead 192.0.2.0/24", STATUS_OK,
		HEADER FORGOTTEN TOTALS
		"\n"
		"ADDRESS      LAN      STATE                 SINCE                PORT  MEMBER  "
		"        MAC                QUEUE      RATE  QUESTIONS  ANSWERED  PORTS-TOLD  "
		"QUERIES\n"
		"192.0.2.77   peering  dead                  2026-01-01 00:00:00  swp3  AS64503 "
		"Sample  02:00:00:00:00:77      5  62.5/min         20        13           2  "
		"      3\n"
		"2001:db8::9  peering  pending 2, protected  2026-01-01 00:00:00  -     -       "
		"        -                      1         -          1         -           -  "
		"      2\n"
		"9 more are as they were at the start: ask for a range to see them.\n",
		"");
}

Test(cmd_sponge, a_summary_has_no_addresses)
{
	static const struct fake_answer answers[] = {
		{"show.sponge", FAKE_RESULT,
		 "{\"version\":1,\"lans\":[" LAN("\"learning\":true,\"dummy\":true,\"passive\":"
						 "true,\"static\":true,") "]," COUNTS "}",
		 "{\"summary\":true}"},
		{0},
	};

	expect_line(answers, "ixfab show sponge --summary", STATUS_OK,
		    HEADER "  It has just started and only listens.\n"
			   "  It answers nobody: dummy.\n"
			   "  It asks nobody: passive.\n"
			   "  No state changes by itself: static.\n" FORGOTTEN TOTALS,
		    "");
}

Test(cmd_sponge, dead_peers_are_a_table)
{
	static const struct fake_answer answers[] = {
		{"show.dead_peers", FAKE_RESULT,
		 "{\"version\":1,\"dead_peers\":[{\"ifname\":\"swp1\",\"asn\":64501,\"member\":"
		 "\"Example Net\",\"lan\":\"peering\",\"target\":\"192.0.2.77\","
		 "\"target_ifname\":\"swp3\",\"frames\":12,\"octets\":888,\"syns\":10,\"first\":"
		 "1767225600.0,\"last\":1767225660.0,\"last_syn\":1767225659.0},{\"ifname\":"
		 "\"swp2\",\"asn\":null,\"member\":null,\"lan\":\"peering\",\"target\":null,"
		 "\"target_ifname\":null,\"frames\":1,\"octets\":60,\"syns\":0,\"first\":"
		 "1767225600.0,\"last\":1767225600.0,\"last_syn\":null}]}",
		 "{\"port\":\"swp1\"}"},
		{0},
	};

	expect_line(answers, "ixfab show dead-peers --port swp1", STATUS_OK,
		    "PORT  MEMBER               LAN      SENDS-TO    OWNER  FRAMES  OCTETS  "
		    "BGP-TRIES  LAST-TRY             FIRST                LAST\n"
		    "swp1  AS64501 Example Net  peering  192.0.2.77  swp3       12   888 B  "
		    "       10  2026-01-01 00:00:59  2026-01-01 00:00:00  2026-01-01 00:01:00\n"
		    "swp2  -                    peering  -           -           1    60 B  "
		    "        0  -                    2026-01-01 00:00:00  2026-01-01 00:00:00\n",
		    "");
}

static const struct {
	const char *line;
	const char *method;
	const char *params;
	const char *result; // without its version
	const char *printed;
} said[] = {
	{"ixfab sponge 192.0.2.7", "sponge.set", "{\"range\":\"192.0.2.7\"}",
	 "\"changed\":1,\"state\":\"dead\"", "1 address is now dead.\n"},
	{"ixfab sponge --static 192.0.2.7-192.0.2.9 --lan peering --state alive", "sponge.set",
	 "{\"lan\":\"peering\",\"range\":\"192.0.2.7-192.0.2.9\",\"state\":\"alive\",\"static\":"
	 "true}",
	 "\"changed\":3,\"state\":\"static\"", "3 addresses are now static.\n"},
	{"ixfab unsponge all --state dead", "sponge.unset",
	 "{\"range\":\"all\",\"state\":\"dead\"}", "\"changed\":0,\"state\":\"alive\"",
	 "0 addresses are now alive.\n"},
	{"ixfab clear sponge 192.0.2.0/28", "sponge.clear", "{\"range\":\"192.0.2.0/28\"}",
	 "\"changed\":1", "1 address forgotten.\n"},
	{"ixfab probe 2001:db8::/120", "sponge.probe", "{\"range\":\"2001:db8::/120\"}",
	 "\"asked\":255", "Asking for 255 addresses.\n"},
	{"ixfab inform 192.0.2.1 about 192.0.2.2", "sponge.inform",
	 "{\"about\":\"192.0.2.2\",\"whom\":\"192.0.2.1\"}",
	 "\"whom\":\"192.0.2.1\",\"about\":\"192.0.2.2\"",
	 "192.0.2.1 is told where 192.0.2.2 is.\n"},
	{"ixfab clear dead-peers --lan peering", "clear.dead_peers", "{\"lan\":\"peering\"}",
	 "\"x\":0", "Nobody is known to send to addresses that are down.\n"},
};

Test(cmd_sponge, what_is_said_has_an_answer)
{
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		char result[256];

		snprintf(result, sizeof(result), "{\"version\":1,%s}", said[i].result);
		const struct fake_answer answers[] = {{said[i].method, FAKE_RESULT, result,
						       said[i].params},
						      {0}};
		expect_line(answers, said[i].line, STATUS_OK, said[i].printed, "");
	}
}

Test(cmd_sponge, what_is_no_address_is_not_asked_for)
{
	static const struct fake_answer none[] = {{0}};

	expect_line(none, "ixfab sponge 192.0.2", STATUS_USAGE, "",
		    "ixfab: \"192.0.2\" is not a range: write 192.0.2.7, 192.0.2.7-192.0.2.9, "
		    "192.0.2.0/28 or all\n"
		    "Usage: ixfab sponge [--static] [--lan LAN] [--state STATE] RANGE\n");
	expect_line(none, "ixfab unsponge", STATUS_USAGE, "", NULL);
	expect_line(none, "ixfab inform 192.0.2.1 about router", STATUS_USAGE, "", NULL);
	expect_line(none, "ixfab show sponge --state gone", STATUS_USAGE, "",
		    "ixfab: \"gone\" is not a state: write none|alive|pending|dead|static\n"
		    "Usage: ixfab show sponge [--lan LAN] [--state STATE] [--summary] [RANGE]\n");
}

#define DUMP                                                                                     \
	"{\"version\":1,\"saved\":1767225600.0,\"lans\":{\"peering\":{\"192.0.2.77\":{"          \
	"\"state\":\"DEAD\",\"since\":1767225600.0,\"mac\":null,\"port\":null},\"192.0.2.78\":{" \
	"\"state\":\"STATIC\",\"since\":1767225600.0,\"mac\":null,\"port\":null}},\"spare\":{}}}"

static const struct fake_answer dumps[] = {
	{"sponge.dump", FAKE_RESULT, "{\"version\":1,\"dump\":" DUMP "}", "{}"},
	{"sponge.load", FAKE_RESULT, "{\"version\":1,\"taken\":2}",
	 "{\"dump\":{\"lans\":{\"peering\":{\"192.0.2.77\":{\"mac\":null,\"port\":null,\"since\":"
	 "1767225600.0,\"state\":\"DEAD\"},\"192.0.2.78\":{\"mac\":null,\"port\":null,\"since\":"
	 "1767225600.0,\"state\":\"STATIC\"}}},\"saved\":1767225600.0,\"version\":1},\"force\":"
	 "false}"},
	{0},
};

Test(cmd_sponge, a_dump_is_json)
{
	expect_line(dumps, "ixfab dump", STATUS_OK,
		    "{\n"
		    " \"version\": 1,\n"
		    " \"saved\": 1767225600.0,\n"
		    " \"lans\": {\n"
		    "  \"peering\": {\n"
		    "   \"192.0.2.77\": {\n"
		    "    \"state\": \"DEAD\",\n"
		    "    \"since\": 1767225600.0,\n"
		    "    \"mac\": null,\n"
		    "    \"port\": null\n"
		    "   },\n"
		    "   \"192.0.2.78\": {\n"
		    "    \"state\": \"STATIC\",\n"
		    "    \"since\": 1767225600.0,\n"
		    "    \"mac\": null,\n"
		    "    \"port\": null\n"
		    "   }\n"
		    "  },\n"
		    "  \"spare\": {}\n"
		    " }\n"
		    "}\n",
		    "");
}

Test(cmd_sponge, a_dump_goes_to_a_file_and_back)
{
	char path[] = "/tmp/ixfab-test-dump-XXXXXX", line[128], printed[128];
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	snprintf(line, sizeof(line), "ixfab dump %s", path);
	snprintf(printed, sizeof(printed), "2 states in %s.\n", path);
	expect_line(dumps, line, STATUS_OK, printed, "");
	snprintf(line, sizeof(line), "ixfab load %s", path);
	expect_line(dumps, line, STATUS_OK, "2 states of 2 taken up.\n", "");
	unlink(path);
	expect_line(dumps, line, STATUS_FAILED, "", NULL);
	expect_line(dumps, "ixfab dump /nonexistent/dump", STATUS_FAILED, "",
		    "ixfab: /nonexistent/dump: No such file or directory\n");
}

Test(cmd_sponge, a_long_dump_goes_in_pieces)
{
	// Each piece is taken as one state: two of them make two.
	static const struct fake_answer answers[] = {{"sponge.load", FAKE_RESULT,
						      "{\"version\":1,\"taken\":1}", NULL},
						     {0}};
	char path[] = "/tmp/ixfab-test-dump-XXXXXX", line[128];
	FILE *file = fdopen(mkstemp(path), "w");

	cr_assert_not_null(file);
	fputs("{\"version\":1,\"saved\":1,\"lans\":{\"a\":{", file);
	for (int i = 0; i < 10001; i++)
		fprintf(file, "%s\"192.0.2.%d.%d\":{\"state\":\"STATIC\"}", i ? "," : "", i / 256,
			i % 256);
	fputs("}}}", file);
	fclose(file);
	snprintf(line, sizeof(line), "ixfab load --force %s", path);
	expect_line(answers, line, STATUS_OK, "2 states of 10001 taken up.\n", "");
	unlink(path);
}

Test(cmd_sponge, what_is_no_dump_is_not_loaded)
{
	static const struct fake_answer none[] = {{0}};

	expect_line(none, "ixfab load /etc/hostname", STATUS_FAILED, "", NULL);
}
