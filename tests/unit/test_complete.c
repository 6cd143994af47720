// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/complete.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fake_control.h"

static const struct fake_answer answers[] = {
	{"show.ports", FAKE_RESULT,
	 "{\"version\":1,\"ports\":[{\"name\":\"lon-1\"},{\"name\":\"lon-2\"},{\"name\":\"ams-1\"}]"
	 "}",
	 NULL},
	{"show.lans", FAKE_RESULT, "{\"version\":1,\"lans\":[{\"name\":\"peering\"}]}", NULL},
	{"show.macs", FAKE_RESULT,
	 "{\"version\":1,\"macs\":[{\"mac\":\"02:00:00:00:00:01\"},{\"mac\":\"02:00:00:00:00:02\"}]"
	 "}",
	 NULL},
	{"show.neighbours", FAKE_RESULT,
	 "{\"version\":1,\"neighbours\":[{\"address\":\"192.0.2.1\"},{\"address\":\"2001:db8:2::"
	 "1\"}]"
	 "}",
	 NULL},
	{"config.history", FAKE_RESULT,
	 "{\"version\":1,\"history\":[{\"generation\":12,\"in_force\":false,\"previous\":9},"
	 "{\"generation\":11,\"in_force\":true,\"previous\":9},"
	 "{\"generation\":10,\"in_force\":false,\"previous\":9},"
	 "{\"generation\":9,\"in_force\":false,\"previous\":7},"
	 "{\"generation\":7,\"in_force\":false,\"previous\":6}]}",
	 NULL},
	{"show.events", FAKE_RESULT,
	 "{\"version\":1,\"events\":[{\"id\":7},{\"id\":8},{\"id\":71}]}", NULL},
	{0},
};

static const struct {
	const char *line; // up to the cursor
	const char *candidates;
} lines[] = {
	{"ixfab ", "show\nevents\nport\nclear\nsponge\nunsponge\nprobe\ninform\ndump\nload\ncheck\n"
		   "doctor\nsupport-bundle\ndiff\napply\nconfirm\nundo\nhistory\nimport\nexport\n"
		   "explain\ncapture\nsnmp\ncompletion\nhelp\n"},
	{"ixfab c", "clear\ncheck\nconfirm\ncapture\ncompletion\n"},
	{"ixfab x", ""},
	{"ixfab show ",
	 "ports\nport\nlags\nmacs\nneighbours\nsponge\ndead-"
	 "peers\nlans\ncounters\ndrops\nmatrix\nworkers\nsflow\ncaptures\nconfig\noverrides"
	 "\naudit\nversion\n"
	 "events\nevent\n"},
	{"ixfab show events --reason mac_",
	 "mac_hijack\nmac_duplicate\nmac_not_registered\nmac_limit\n"
	 "mac_held\nmac_released\nmac_sticky\n"},
	{"ixfab show po", "ports\nport\n"},
	{"ixfab import ", "ixp-manager\nixf\n"},
	{"ixfab import ixf --port", "--portmap\n"},
	{"ixfab import ixf --portmap ", "@files\n"},
	{"ixfab import ixf --lans ", ""},
	{"ixfab export ", "ixf\narouteserver-clients\nethers\n"},
	{"ixfab export ethers --lan ", "peering\n"},
	{"ixfab --no-header show m", "macs\nmatrix\n"},
	{"ixfab show port ", "lon-1\nlon-2\nams-1\n"},
	{"ixfab show port lon", "lon-1\nlon-2\n"},
	{"ixfab show ports ", ""},
	{"ixfab show macs --l", "--lan\n"},
	{"ixfab show macs --lan ", "peering\n"},
	{"ixfab show macs --lan peering --port a", "ams-1\n"},
	{"ixfab show matrix --",
	 "--ipv4\n--ipv6\n--socket\n--json\n--watch\n--timeout\n--no-header\n"
	 "--help\n--version\n"},
	{"ixfab port ", "lon-1\nlon-2\nams-1\n"},
	{"ixfab port lon-1 ", "up\ndown\nenable\nmac\ndrain\nundrain\npromote\nquarantine\n"},
	{"ixfab port lon-1 d", "down\ndrain\n"},
	{"ixfab port lon-1 mac ", "add\ndel\nlist\nclear\n"},
	{"ixfab port lon-1 mac add --l", "--lan\n"},
	{"ixfab port lon-1 mac add --lan ", "peering\n"},
	{"ixfab port lon-1 mac clear ", ""},
	{"ixfab port lon-1 down ", ""},
	{"ixfab apply ", "@files\n"},
	{"ixfab apply --conf", "--confirm\n"},
	{"ixfab apply --confirm ", "@files\n"},
	{"ixfab show config --s", "--saved\n--socket\n"},
	{"ixfab apply --force ", "@files\n"},
	{"ixfab show config --gen ", "12\n11\n10\n9\n7\n"},
	{"ixfab show config --gen 1", "12\n11\n10\n"},
	{"ixfab undo ", "1\n2\n"},
	{"ixfab capture --drops mac_",
	 "mac_hijack\nmac_duplicate\nmac_not_registered\nmac_limit\n"},
	{"ixfab capture --drops an", "any\n"},
	{"ixfab capture -w ", "@files\n"},
	{"ixfab capture arp ", ""},
	{"ixfab explain --port ", "lon-1\nlon-2\nams-1\n"},
	{"ixfab explain --port lon-1 ip", "ipv4\nipv6\n"},
	{"ixfab explain --port lon-1 from 02:00:00:00:00:0a t", "to\ntcp\ntell\ntype\n"},
	{"ixfab completion ", "bash\n"},
	{"ixfab help cl", "clear\n"},
	{"ixfab help clear ", "counters\nmacs\nsponge\ndead-peers\n"},
	{"ixfab sponge --state al", "alive\n"},
	{"ixfab unsponge a", "all\n"},
	{"ixfab unsponge 2", "2001:db8:2::1\n"},
	{"ixfab inform ", "192.0.2.1\n2001:db8:2::1\n"},
	{"ixfab inform 192.0.2.1 ", "about\n"},
	{"ixfab port lon-1 mac del 02", "02:00:00:00:00:01\n02:00:00:00:00:02\n"},
	{"ixfab show event 7", "7\n71\n"},
	{"ixfab doctor --w", "--workers\n--watch\n"},
	{"ixfab support-bundle -o ", "@files\n"},
	{"ixfab --socket ", "@files\n"},
	{"ixfab show ports --socket ", "@files\n"},
	{"ixfab show ports --timeout ", ""},
	{"ixfab load ", "@files\n"},
};

static void expect_candidates(const char *line, const char *expected)
{
	char *copy = strdup(line), *words[16], *text;
	static char empty[1];
	size_t n = 0, size;
	FILE *out = open_memstream(&text, &size);

	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	if (line[strlen(line) - 1] == ' ')
		words[n++] = empty;
	cr_expect_eq(complete(words + 1, n - 1, out), STATUS_OK);
	fclose(out);
	cr_expect_str_eq(text, expected, "%s: %s", line, text);
	free(text);
	free(copy);
}

Test(complete, words_that_could_follow)
{
	struct fake_control fake;

	fake_control_start(&fake, answers);
	setenv("IXFAB_SOCKET", fake.path, 1);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		expect_candidates(lines[i].line, lines[i].candidates);
	fake_control_stop(&fake);
}

Test(complete, without_a_daemon_there_are_no_names)
{
	setenv("IXFAB_SOCKET", "/nonexistent", 1);
	expect_candidates("ixfab show port ", "");
	expect_candidates("ixfab undo ", "");
	expect_candidates("ixfab port lon-1 mac ", "add\ndel\nlist\nclear\n");
}

// What the shell makes of the line up to the cursor.
static void expect_shell(const char *line, const char *expected)
{
	char command[2048], reply[1024] = "";

	snprintf(command, sizeof(command),
		 "cd \"$SOURCE_ROOT/control/ctl\" && exec bash -c '. completions/ixfab.bash; "
		 "compopt() { echo -n \"compopt $* \"; }; COMP_LINE=\"$IXFAB %s\"; "
		 "COMP_POINT=${#COMP_LINE}; _ixfab; echo -n \"${COMPREPLY[*]}\"'",
		 line);
	FILE *shell = popen(command, "r");
	cr_assert_not_null(shell);
	size_t length = fread(reply, 1, sizeof(reply) - 1, shell);
	reply[length] = 0;
	cr_expect_eq(pclose(shell), 0, "%s", line);
	cr_expect_str_eq(reply, expected, "%s: %s", line, reply);
}

Test(complete, bash_is_given_the_words)
{
	struct fake_control fake;

	fake_control_start(&fake, answers);
	setenv("IXFAB_SOCKET", fake.path, 1);
	expect_shell("show p", "ports port");
	expect_shell("show port l", "lon-1 lon-2");
	expect_shell("explain --port lon-1 from 02:00:00:00:00:0a br", "broadcast");
	expect_shell("xyzzy ", "");
	expect_shell("show macs 02:00:00:00:00:0", "01 02");
	expect_shell("unsponge 2001:db8:2:", ":1");
	expect_shell("show port * ", "");
	expect_shell("apply quot", "compopt -o filenames quote.sed");
	fake_control_stop(&fake);
}
