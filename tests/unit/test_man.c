// SPDX-License-Identifier: BSD-3-Clause
// The manual pages name every command, option, word and reason that there is.
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/command.h"
#include "control/ctl/frame_words.h"
#include "control/ctl/options.h"
#include "lib/drops.h"

// A page without the marks of its markup, and every line break a space.
static char *read_page(const char *name)
{
	char path[512], *text = malloc(1 << 20);
	size_t length = 0;
	int c, last = 0;

	snprintf(path, sizeof(path), "%s/control/man/%s", getenv("SOURCE_ROOT"), name);
	FILE *file = fopen(path, "r");
	cr_assert_not_null(file, "%s", path);
	while ((c = fgetc(file)) != EOF && length < (1 << 20) - 1) {
		bool mark = c == '*' || c == '\\' || c == '\t';

		if (c == '\n')
			c = ' ';
		if (mark || (c == ' ' && last == ' '))
			continue;
		last = c;
		text[length++] = (char)c;
	}
	text[length] = 0;
	fclose(file);
	return text;
}

static void expect_text(const char *page, const char *text, const char *where)
{
	cr_expect_not_null(strstr(page, text), "%s does not have: %s", where, text);
}

static void expect_command(const char *page, const struct command *command)
{
	char *synopsis;
	size_t size;
	FILE *file = open_memstream(&synopsis, &size);

	command_synopsis(command, file);
	fclose(file);
	expect_text(page, synopsis, "ixfab.1");
	free(synopsis);
}

// Values are underlined: "_PORT_". No command, option or word has an underscore of its own.
static void remove_underscores(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '_')
			*to++ = *from;
	}
	*to = 0;
}

Test(man, every_command_and_option_is_explained)
{
	char *page = read_page("ixfab.1.scd");

	remove_underscores(page);
	for (const struct command *command = commands; command->words; command++)
		expect_command(page, command);
	for (size_t i = 0; options_name(i); i++)
		expect_text(page, options_name(i), "ixfab.1");
	for (size_t i = 0; frame_keywords[i]; i++)
		expect_text(page, frame_keywords[i], "ixfab.1");
	free(page);
}

Test(man, every_reason_is_explained)
{
	char *page = read_page("ixfab.1.scd");

	for (int i = 1; i < DROP_COUNT; i++) {
		char entry[256];

		snprintf(entry, sizeof(entry), "%s %s", drop_infos[i].name, drop_infos[i].text);
		expect_text(page, entry, "ixfab.1");
	}
	free(page);
}

Test(man, every_reason_of_an_event_is_explained)
{
	static const char *const entries[] = {
#define INCIDENT(NAME, name, level, text) #name " " text,
#include "control/events/incident.def"
#undef INCIDENT
	};
	char *page = read_page("ixfab.1.scd");

	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		expect_text(page, entries[i], "ixfab.1");
	free(page);
}

// What a program prints when it is asked for help.
static char *read_help(const char *variable)
{
	char command[512], *text = calloc(1, 1 << 14);

	snprintf(command, sizeof(command), "'%s' --help", getenv(variable));
	FILE *pipe = popen(command, "r");
	cr_assert(pipe && text);
	text[fread(text, 1, (1 << 14) - 1, pipe)] = 0;
	cr_expect_eq(pclose(pipe), 0, "%s", command);
	return text;
}

// Every option with its short name, and every default that is a number.
static void expect_help(const char *page, const char *help, const char *where)
{
	char text[64], option[48], number[16], letter;
	size_t n = 0;

	for (const char *at = help; (at = strstr(at, "--")); at += 2) {
		if (sscanf(at, "--%40[a-z-]", option) != 1)
			continue;
		if (at - help > 4 && sscanf(at - 4, "-%c, ", &letter) == 1)
			snprintf(text, sizeof(text), "-%c, --%s", letter, option);
		else
			snprintf(text, sizeof(text), "--%s", option);
		expect_text(page, text, where);
		n++;
	}
	cr_expect_gt(n, 5, "%s: %s", where, help);
	for (const char *at = help; (at = strstr(at, "(default: ")); at++) {
		if (sscanf(at, "(default: %15[0-9])", number) != 1)
			continue;
		snprintf(text, sizeof(text), "Default: %s.", number);
		expect_text(page, text, where);
	}
}

Test(man, every_option_of_the_daemons_is_explained)
{
	static const struct {
		const char *variable;
		const char *page;
	} daemons[] = {
		{"IXFAB_CONTROL", "ixfab-control.8.scd"},
		{"IXFAB_DATAPLANE", "ixfab-dataplane.8.scd"},
	};

	for (size_t i = 0; i < sizeof(daemons) / sizeof(*daemons); i++) {
		char *page = read_page(daemons[i].page), *help = read_help(daemons[i].variable);

		expect_help(page, help, daemons[i].page);
		free(help);
		free(page);
	}
}

Test(man, every_exit_code_is_explained)
{
	static const char *const codes[] = {
		[STATUS_OK] = "0 Done.",
		[STATUS_FAILED] = "1 Failed",
		[STATUS_USAGE] = "2 The command line is wrong.",
		[STATUS_UNREACHABLE] = "3 ixfab-control does not answer.",
		[STATUS_NOT_PERMITTED] = "4 Not permitted.",
		[STATUS_DIFFERENT] = "5 diff --exit-code found changes.",
	};
	char *page = read_page("ixfab.1.scd");

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		expect_text(page, codes[i], "ixfab.1");
	free(page);
	// Those of the daemons are the same but for what they have no use for.
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "ixfab-control.8.scd" : "ixfab-dataplane.8.scd";

		page = read_page(name);
		expect_text(page, "0 It was told to end", name);
		expect_text(page, "1 It could not start", name);
		expect_text(page, codes[STATUS_USAGE], name);
		free(page);
	}
}

// A page that is not right would not be built; this is what people look for first.
Test(man, every_page_has_its_sections)
{
	static const char *const pages[] = {"ixfab.1.scd", "ixfab-control.8.scd",
					    "ixfab-dataplane.8.scd"};
	static const char *const sections[] = {"# NAME ",    "# SYNOPSIS ",   "# DESCRIPTION ",
					       "# OPTIONS ", "# EXIT CODES ", "# SEE ALSO "};

	for (size_t p = 0; p < sizeof(pages) / sizeof(*pages); p++) {
		char *page = read_page(pages[p]);

		for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
			expect_text(page, sections[i], pages[p]);
		free(page);
	}
}
