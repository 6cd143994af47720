// SPDX-License-Identifier: BSD-3-Clause
// Exit codes, and what is said when something is wrong.
#include "control/ctl/run.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/expect_line.h"

static const struct fake_answer nothing[] = {{0}};

static const struct {
	const char *line;
	const char *complaint;
} usages[] = {
	{"ixfab", "ixfab: no command\n\"ixfab help\" lists the commands.\n"},
	{"ixfab shwo ports", "ixfab: unknown command \"shwo ports\": did you mean \"show ports\"?\n"
			     "\"ixfab help\" lists the commands.\n"},
	{"ixfab show",
	 "ixfab: \"show\" wants another word: ports, port, lags, macs, neighbours, sponge, "
	 "dead-peers, lans, counters, "
	 "drops, matrix, workers, sflow, captures, config, overrides, audit, "
	 "version, events, event\n"
	 "\"ixfab help\" lists the commands.\n"},
	{"ixfab clear everything",
	 "ixfab: \"everything\" cannot follow \"clear\": there are "
	 "counters, macs, sponge, dead-peers\n\"ixfab help\" lists the commands.\n"},
	{"ixfab xyzzyplugh",
	 "ixfab: unknown command \"xyzzyplugh\"\n\"ixfab help\" lists the commands.\n"},
	{"ixfab show ports --socket",
	 "ixfab: --socket wants a value: PATH\n\"ixfab help\" lists the commands.\n"},
	{"ixfab port lon-1 dwon", "ixfab: unknown command \"port lon-1 dwon\": did you mean \"port "
				  "PORT up|down\"?\n\"ixfab help\" lists the commands.\n"},
	{"ixfab port lon-1 enable --lan", "ixfab: unknown option \"--lan\" of \"port PORT "
					  "enable\"\nUsage: ixfab port PORT enable\n"},
	{"ixfab show macs --prot x",
	 "ixfab: unknown option \"--prot\" of \"show macs\": did you mean --port?\n"
	 "Usage: ixfab show macs [--lan LAN] [--port PORT] [MAC]\n"},
	{"ixfab \033[31m",
	 "ixfab: unknown command \"?[31m\"\n\"ixfab help\" lists the commands.\n"},
	{"ixfab help xyzzy", "ixfab: no command begins with \"xyzzy\"\n"},
};

Test(run, wrong_usage_says_what_would_be_right)
{
	for (size_t i = 0; i < sizeof(usages) / sizeof(*usages); i++)
		expect_line(nothing, usages[i].line, STATUS_USAGE, "", usages[i].complaint);
}

Test(run, long_words_are_only_cut)
{
	char line[4096] = "ixfab show ";
	struct line_result result;

	memset(line + strlen(line), 'x', 3000);
	run_line(&result, "/nonexistent", line);
	cr_expect_eq(result.status, STATUS_USAGE);
	line_result_free(&result);
}

Test(run, help_and_version_need_nobody)
{
	expect_line(nothing, "ixfab --version", STATUS_OK, "ixfab " IXFAB_VERSION "\n", "");
	expect_line(nothing, "ixfab help clear macs", STATUS_OK,
		    "Usage: ixfab clear macs [--lan LAN] [--port PORT] [MAC]\n"
		    "Forget learned addresses; static ones stay.\n\n"
		    "  --lan         only of this LAN\n"
		    "  --port        only on this port\n"
		    "  MAC           only this address\n",
		    "");
	expect_line(nothing, "ixfab clear macs x --help", STATUS_OK, NULL, "");
	expect_line(nothing, "ixfab --help", STATUS_OK, NULL, "");
	expect_line(nothing, "ixfab help clear", STATUS_OK,
		    "  clear counters [PORT]\n"
		    "          Count from zero.\n"
		    "  clear macs [--lan LAN] [--port PORT] [MAC]\n"
		    "          Forget learned addresses; static ones stay.\n"
		    "  clear sponge [--lan LAN] [--state STATE] RANGE\n"
		    "          Forget what is known of addresses: the next question makes them "
		    "pending.\n"
		    "  clear dead-peers [--lan LAN]\n"
		    "          Forget who sent to addresses that are down.\n",
		    "");
}

Test(run, daemon_away)
{
	struct line_result result;

	run_line(&result, "/nonexistent/control.sock", "ixfab show ports");
	cr_expect_eq(result.status, STATUS_UNREACHABLE);
	cr_expect_str_eq(result.out, "");
	cr_expect_str_eq(result.err,
			 "ixfab: cannot reach ixfab-control at /nonexistent/control.sock (No "
			 "such file or directory): is it running, and with that socket?\n");
	line_result_free(&result);
}

Test(run, socket_path_too_long)
{
	struct line_result result;
	char path[300];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	run_line(&result, path, "ixfab show ports");
	cr_expect_eq(result.status, STATUS_UNREACHABLE);
	line_result_free(&result);
}

// Root may open any socket, so the test lets go of that first.
Test(run, socket_of_others)
{
	struct fake_control fake;
	struct line_result result;

	fake_control_start(&fake, nothing);
	cr_assert_eq(chmod(fake.path, 0), 0);
	if (geteuid() == 0)
		cr_assert_eq(seteuid(65534), 0);
	run_line(&result, fake.path, "ixfab show ports");
	if (geteuid() != getuid())
		cr_assert_eq(seteuid(0), 0);
	fake_control_stop(&fake);
	cr_expect_eq(result.status, STATUS_NOT_PERMITTED);
	cr_expect_not_null(strstr(result.err, "no permission to use"));
	line_result_free(&result);
}

// What the daemon may send instead of a result.
static const struct {
	enum fake_kind kind;
	const char *text;
	enum status status;
	const char *complaint;
} refusals[] = {
	{FAKE_ERROR, "{\"code\":3,\"message\":\"only the group ixfab may do that\"}",
	 STATUS_NOT_PERMITTED, "ixfab: only the group ixfab may do that\n"},
	{FAKE_ERROR, "{\"code\":4,\"message\":\"there is no port lon-9\\u001b[2J\"}", STATUS_FAILED,
	 "ixfab: there is no port lon-9?[2J\n"},
	{FAKE_ERROR,
	 "{\"code\":1,\"message\":\"the configuration is wrong\",\"data\":"
	 "[\"f:1:2: ports.a: x\",\"f:3:4: ports.b: y\"]}",
	 STATUS_FAILED,
	 "ixfab: the configuration is wrong\nf:1:2: ports.a: x\nf:3:4: ports.b: y\n"},
	{FAKE_ERROR, "{}", STATUS_FAILED, "ixfab: ixfab-control refused without saying why\n"},
	{FAKE_RAW, "", STATUS_UNREACHABLE, "ixfab: ixfab-control hung up before it answered\n"},
	{FAKE_RAW, "{\"jsonrpc\":\"2.0\",\"id\":1,\"resu", STATUS_UNREACHABLE,
	 "ixfab: ixfab-control hung up in the middle of its answer\n"},
	{FAKE_RAW, "HTTP/1.1 400 Bad Request\r\n\r\n", STATUS_FAILED, NULL},
	{FAKE_RAW, "\xff\xfe\n", STATUS_FAILED, NULL},
	{FAKE_RAW, "[1,2,3]\n", STATUS_FAILED, NULL},
	{FAKE_RAW, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}\n", STATUS_FAILED, NULL},
	{FAKE_RAW, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n", STATUS_FAILED, NULL},
};

Test(run, refusals_and_nonsense)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct fake_answer answers[] = {
			{"show.ports", refusals[i].kind, refusals[i].text, NULL},
			{0},
		};

		expect_line(answers, "ixfab show ports", refusals[i].status, "",
			    refusals[i].complaint);
		expect_line(answers, "ixfab -j show ports", refusals[i].status, "",
			    refusals[i].complaint);
	}
}

// A result without anything that was expected in it is no reason to fall over.
Test(run, empty_results)
{
	static const char *const lines[][2] = {
		{"show.ports", "ixfab show ports"},
		{"show.ports", "ixfab show port x"},
		{"show.macs", "ixfab show macs"},
		{"show.lans", "ixfab show lans"},
		{"show.neighbours", "ixfab show neighbours"},
		{"show.counters", "ixfab show counters"},
		{"show.drops", "ixfab show drops"},
		{"show.matrix", "ixfab show matrix"},
		{"show.workers", "ixfab show workers"},
		{"show.sflow", "ixfab show sflow"},
		{"show.config", "ixfab show config"},
		{"version", "ixfab show version"},
		{"port.set", "ixfab port x up"},
		{"clear.macs", "ixfab clear macs"},
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const struct fake_answer answers[] = {
			{lines[i][0], FAKE_RESULT, "{\"version\":1}", NULL},
			{0},
		};

		expect_line(answers, lines[i][1], STATUS_OK, NULL, "");
	}
}

Test(run, silence_ends)
{
	static const struct fake_answer answers[] = {
		{"show.ports", FAKE_SILENCE, NULL, NULL},
		{0},
	};

	expect_line(answers, "ixfab --timeout 0.05 show ports", STATUS_UNREACHABLE, "",
		    "ixfab: no answer from ixfab-control for 0.05 seconds\n");
}

Test(run, json_is_the_result_as_it_is)
{
	static const struct fake_answer answers[] = {
		{"show.macs", FAKE_RESULT,
		 "{\"version\":1,\"macs\":[],\"later\":{\"addition\":[1.5,null]}}", "{}"},
		{0},
	};

	expect_line(answers, "ixfab show macs -j", STATUS_OK,
		    "{\"version\":1,\"macs\":[],\"later\":{\"addition\":[1.5,null]}}\n", "");
}

// Looks again until the daemon hangs up, over one connection.
Test(run, watching_ends_with_the_daemon)
{
	static const struct fake_answer answers[] = {
		{"clear.counters", FAKE_RAW,
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"version\":1}}\n"
		 "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"version\":1}}\n",
		 NULL},
		{0},
	};

	expect_line(answers, "ixfab clear counters --watch 0.001", STATUS_UNREACHABLE,
		    "Counting from zero.\nCounting from zero.\n",
		    "ixfab: ixfab-control hung up before it answered\n");
}

Test(run, a_full_disk_is_a_failure)
{
	char program[] = "ixfab", version[] = "--version", *words[] = {program, version};
	FILE *full = fopen("/dev/full", "w");
	char *text;
	size_t size;
	FILE *err = open_memstream(&text, &size);

	cr_assert_not_null(full);
	cr_expect_eq(run(2, words, full, err), STATUS_FAILED);
	fclose(err);
	fclose(full);
	cr_expect_str_eq(text, "ixfab: cannot write the result: No space left on device\n");
	free(text);
}
