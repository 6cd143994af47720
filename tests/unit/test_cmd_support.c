// SPDX-License-Identifier: BSD-3-Clause
// A support bundle has all that "show" tells, twice, and is made without a daemon, too.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/config/schema.h"
#include "control/ctl/command.h"
#include "tests/support/expect_line.h"

static char directory[] = "/tmp/ixfab-support.XXXXXX";

static const struct fake_answer answers[] = {
	{"show.ports", FAKE_RESULT, "{\"version\":1,\"ports\":[{\"name\":\"lon-1\"}]}", NULL},
	{"show.lans", FAKE_ERROR, "{\"code\":1,\"message\":\"no dataplane is attached\"}", NULL},
	{"show.events", FAKE_RESULT, "{\"version\":1,\"events\":[]}", "{\"limit\":1000}"},
	{0},
};

static char *read_bundle(const char *name)
{
	char command[256], *text = calloc(1, 1 << 16);

	snprintf(command, sizeof(command), "tar -xzOf %s/b.tar.gz --wildcards '*/%s'", directory,
		 name);
	FILE *pipe = popen(command, "r");
	text[fread(text, 1, (1 << 16) - 1, pipe)] = '\0';
	cr_expect_eq(pclose(pipe), 0, "%s", name);
	return text;
}

static void expect_in(const char *name, const char *part)
{
	char *text = read_bundle(name);

	cr_expect_not_null(strstr(text, part), "%s has no %s: %s", name, part, text);
	free(text);
}

static void run_bundle(struct line_result *result, const char *socket)
{
	char line[256], path[96];

	snprintf(path, sizeof(path), "%s/c.yaml", directory);
	FILE *file = fopen(path, "w");
	fputs("version: 1\nlans: {}\nports: {}\n", file);
	fclose(file);
	snprintf(line, sizeof(line), "ixfab support-bundle -o %s/b.tar.gz --interval 1 %s",
		 directory, path);
	run_line(result, socket, line);
}

static void make_directory(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
	static const char *const names[] = {"b.tar.gz", "c.yaml"};
	char path[96];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	cr_expect_eq(rmdir(directory), 0, "something is left");
}

TestSuite(cmd_support, .init = make_directory, .fini = remove_directory);

Test(cmd_support, everything_that_show_tells)
{
	struct fake_control fake;
	struct line_result result;

	fake_control_start(&fake, answers);
	run_bundle(&result, fake.path);
	cr_expect_eq(result.status, STATUS_OK, "%s", result.err);
	cr_expect_not_null(strstr(result.out, "Not in it: passwords"));
	cr_expect_null(strstr(result.out, "Without what"));
	line_result_free(&result);
	expect_in("show-1/ports.json", "\"name\":\"lon-1\"");
	expect_in("show-2/ports.json", "\"name\":\"lon-1\"");
	expect_in("show-2/events.json", "\"events\":[]");
	expect_in("show-1/lans.failed", "no dataplane is attached");
	expect_in("config.yaml", "version: 1");
	expect_in("doctor.json", "\"findings\"");
	expect_in("machine/proc/version", "Linux");
	expect_in("README", "Not in it");
	fake_control_stop(&fake);
}

Test(cmd_support, without_a_daemon)
{
	struct line_result result;

	run_bundle(&result, "/nonexistent/control.sock");
	cr_expect_eq(result.status, STATUS_OK, "%s", result.err);
	cr_expect_not_null(strstr(result.out, "Without what ixfab-control would say"));
	line_result_free(&result);
	expect_in("show-FAILED", "/nonexistent/control.sock");
	expect_in("README", "ixfab-control did not answer");
	expect_in("config.yaml", "version: 1");
}

Test(cmd_support, where_it_cannot_be_written)
{
	expect_line(answers, "ixfab support-bundle -o /nonexistent/b.tar.gz", STATUS_FAILED, "",
		    "ixfab: /nonexistent/b.tar.gz: No such file or directory\n");
}

static void expect_no_secret(const struct schema *rows)
{
	static const char *const words[] = {"secret", "password", "key", "token", "community"};

	for (const struct schema *row = rows; row->key; row++) {
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			cr_expect_null(strstr(row->key, words[i]),
				       "%s: support-bundle must leave that out, and say so",
				       row->key);
		if (row->rows)
			expect_no_secret(row->rows);
	}
}

// The bundle has the configuration as it is, and says that there is no password in it.
Test(cmd_support, the_configuration_has_no_secrets)
{
	expect_no_secret(config_schema);
}
