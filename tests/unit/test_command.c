// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/command.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/arguments.h"
#include "control/ctl/nearest.h"
#include "control/ctl/options.h"

enum { WORDS_MAX = 32 };

struct line {
	char copy[512];
	char *words[WORDS_MAX];
	size_t n;
};

static void split(struct line *line, const char *text)
{
	*line = (struct line){.n = 0};
	snprintf(line->copy, sizeof(line->copy), "%s", text);
	for (char *word = strtok(line->copy, " "); word; word = strtok(NULL, " "))
		line->words[line->n++] = word;
}

Test(command, every_command_is_complete)
{
	for (const struct command *c = commands; c->words; c++) {
		cr_expect_not_null(c->help, "%s", c->words);
		cr_expect_not_null(c->run, "%s", c->words);
		if (c->run == run_request || c->view) {
			cr_expect_not_null(c->method, "%s", c->words);
			cr_expect_not_null(c->view, "%s", c->words);
		}
		for (const struct argument *a = c->arguments; a && a->name; a++) {
			cr_expect_not_null(a->key, "%s %s", c->words, a->name);
			cr_expect_not_null(a->help, "%s %s", c->words, a->name);
		}
	}
}

Test(command, every_command_finds_itself)
{
	for (const struct command *c = commands; c->words; c++) {
		struct line line;
		size_t n_used;

		split(&line, c->words);
		for (size_t i = 0; i < line.n; i++)
			line.words[i][strcspn(line.words[i], "|")] = 0;
		cr_expect_eq(command_find(line.words, line.n, &n_used), c, "%s", c->words);
		cr_expect_eq(n_used, line.n);
	}
}

static const struct {
	const char *typed;
	const char *meant; // NULL: nothing is like it
} typos[] = {
	{"show prots", "show ports"},
	{"shwo macs", "show macs"},
	{"show mac", "show macs"},
	{"aply", "apply"},
	{"hlep show", "help"},
	{"xyzzyplugh", NULL},
	{"show interfaces", NULL},
	{"port lon-1 dwon", "port PORT up|down"},
	{"prot lon-1 up", "port PORT up|down"},
	{"port lon-1 mac ad", "port PORT mac add"},
	{"port lon-1 darin", "port PORT drain"},
};

Test(command, typos_are_understood)
{
	for (size_t i = 0; i < sizeof(typos) / sizeof(*typos); i++) {
		const struct command *nearest;
		struct line line;

		split(&line, typos[i].typed);
		nearest = command_nearest(line.words, line.n);
		cr_expect_eq(nearest != NULL, typos[i].meant != NULL, "%s", typos[i].typed);
		if (nearest && typos[i].meant)
			cr_expect_str_eq(nearest->words, typos[i].meant);
	}
}

Test(command, distance_counts_edits)
{
	cr_expect_eq(edit_distance("", ""), 0);
	cr_expect_eq(edit_distance("", "abc"), 3);
	cr_expect_eq(edit_distance("abc", "abc"), 0);
	cr_expect_eq(edit_distance("abc", "acb"), 1);
	cr_expect_eq(edit_distance("abc", "axc"), 1);
	cr_expect_eq(edit_distance("kitten", "sitting"), 3);
}

static const struct {
	const char *line;      // command and arguments
	const char *arguments; // as JSON, keys sorted; NULL: an error
	const char *error;
} lines[] = {
	{"show ports", "{}", NULL},
	{"show ports x", NULL, "\"x\" is one word too many for \"show ports\""},
	{"show port lon-1", "{\"port\":\"lon-1\"}", NULL},
	{"show port", NULL, "NAME is missing: the port"},
	{"show macs --lan=peering 0200.5E00.5301 --port lon-1",
	 "{\"lan\":\"peering\",\"mac\":\"02:00:5e:00:53:01\",\"port\":\"lon-1\"}", NULL},
	{"show macs 02:00", NULL, "\"02:00\" is not a MAC address: write 02:00:5e:00:53:01"},
	{"show macs --lan", NULL, "--lan wants a value: only of this LAN"},
	{"show macs --lna x", NULL,
	 "unknown option \"--lna\" of \"show macs\": did you mean --lan?"},
	{"show macs --frobnicate", NULL, "unknown option \"--frobnicate\" of \"show macs\""},
	{"show matrix --ipv4=yes", NULL, "--ipv4 takes no value"},
	{"port lon-1 down", "{\"admin\":\"down\",\"port\":\"lon-1\"}", NULL},
	{"port lon-1 down x", NULL, "\"x\" is one word too many for \"port PORT up|down\""},
	{"port lon-1 mac add 0200.5E00.5301 --lan=peering",
	 "{\"lan\":\"peering\",\"mac\":\"02:00:5e:00:53:01\",\"port\":\"lon-1\"}", NULL},
	{"port mac mac del 02005e005301", "{\"mac\":\"02:00:5e:00:53:01\",\"port\":\"mac\"}", NULL},
	{"port lon-1 mac add", NULL, "MAC is missing: the address"},
	{"port lon-1 mac add 02005e005301 --until soon", NULL,
	 "\"soon\" is not a time: write 90s, 15m, 2h, 3d or 2026-12-01T12:00"},
	{"port lon-1 drain --for 0s", NULL,
	 "\"0s\" is not a time: write 90s, 15m, 2h, 3d or 2026-12-01T12:00"},
	{"port lon-1 drain --for 2001-01-01T00:00", NULL,
	 "\"2001-01-01T00:00\" is not in the future, or more than 10 years away"},
	{"port lon-1 quarantine", "{\"port\":\"lon-1\"}", NULL},
	{"port \xff drain", NULL, "PORT is not valid UTF-8"},
	{"check", "{\"file\":\"/etc/ixfab/ixfab.yaml\"}", NULL},
	{"apply --force a.yaml", "{\"file\":\"a.yaml\",\"force\":true}", NULL},
	{"diff a.yaml b.yaml", NULL, "\"b.yaml\" is one word too many for \"diff\""},
	{"explain from x --port lon-1 ra", "{\"frame\":[\"from\",\"x\",\"ra\"],\"port\":\"lon-1\"}",
	 NULL},
	{"explain ra", NULL, "--port is missing: the port by which it comes"},
};

Test(command, arguments_are_read_or_refused)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char error[USAGE_TEXT_SIZE] = "";
		struct line line;
		size_t n_used;

		split(&line, lines[i].line);
		const struct command *command = command_find(line.words, line.n, &n_used);
		cr_assert_not_null(command, "%s", lines[i].line);
		json_t *arguments = arguments_parse(command, line.words, line.n, error);
		cr_expect_eq(arguments != NULL, lines[i].arguments != NULL, "%s: %s", lines[i].line,
			     error);
		char *text = json_dumps(arguments, JSON_COMPACT | JSON_SORT_KEYS);
		if (text && lines[i].arguments)
			cr_expect_str_eq(text, lines[i].arguments);
		if (lines[i].error)
			cr_expect_str_eq(error, lines[i].error);
		free(text);
		json_decref(arguments);
	}
}

Test(command, names_that_are_not_utf8_are_refused)
{
	char error[USAGE_TEXT_SIZE] = "";
	struct line line;
	size_t n_used;

	split(&line, "show port \xff");
	const struct command *command = command_find(line.words, line.n, &n_used);
	cr_expect_null(arguments_parse(command, line.words, line.n, error));
	cr_expect_str_eq(error, "NAME is not valid UTF-8");
}

static const struct {
	const char *line;
	int err;
	double watch;
	const char *socket;
	bool json;
	size_t n_words;
} option_lines[] = {
	{"ixfab show ports", 0, 0, "/run/ixfab/control.sock", false, 2},
	{"ixfab -j show --socket /s ports", 0, 0, "/s", true, 2},
	{"ixfab show ports --socket=/s --json", 0, 0, "/s", true, 2},
	{"ixfab show ports --watch", 0, 2, "/run/ixfab/control.sock", false, 2},
	{"ixfab --watch 0.5 show ports", 0, 0.5, "/run/ixfab/control.sock", false, 2},
	{"ixfab --watch show ports", 0, 2, "/run/ixfab/control.sock", false, 2},
	{"ixfab --watch=7 show port 5", 0, 7, "/run/ixfab/control.sock", false, 3},
	{"ixfab show macs --lan x", 0, 0, "/run/ixfab/control.sock", false, 4},
	{"ixfab --watch=0 show ports", -EINVAL},
	{"ixfab --watch=nan show ports", -EINVAL},
	{"ixfab --timeout x", -EINVAL},
	{"ixfab --json=1 x", -EINVAL},
	{"ixfab show ports --socket", -EINVAL},
};

Test(command, options_stand_anywhere)
{
	unsetenv("IXFAB_SOCKET");
	for (size_t i = 0; i < sizeof(option_lines) / sizeof(*option_lines); i++) {
		char error[USAGE_TEXT_SIZE];
		struct options options;
		struct line line;

		split(&line, option_lines[i].line);
		cr_expect_eq(options_parse(&options, (int)line.n, line.words, error),
			     option_lines[i].err, "%s", option_lines[i].line);
		if (option_lines[i].err == 0) {
			cr_expect_float_eq(options.watch, option_lines[i].watch, 0, "%s",
					   option_lines[i].line);
			cr_expect_str_eq(options.socket, option_lines[i].socket);
			cr_expect_eq(options.json, option_lines[i].json);
			cr_expect_eq(options.n_words, option_lines[i].n_words);
		}
		free(options.words);
	}
}

Test(command, socket_comes_from_the_environment)
{
	char error[USAGE_TEXT_SIZE];
	struct options options;
	struct line line;

	split(&line, "ixfab show ports");
	setenv("IXFAB_SOCKET", "/elsewhere", 1);
	cr_assert_eq(options_parse(&options, (int)line.n, line.words, error), 0);
	cr_expect_str_eq(options.socket, "/elsewhere");
	free(options.words);
}
