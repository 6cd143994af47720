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

Test(man, every_option_of_the_daemons_is_explained)
{
	static const char *const dataplane[] = {"--workers", "--memory",  "--socket",
						"--group",   "--power",	  "--no-huge",
						"--log",     "--version", "--help"};
	static const char *const control[] = {"--dataplane", "--socket", "--state",   "--config",
					      "--group",     "--log",	 "--version", "--help"};
	char *page = read_page("ixfab-dataplane.8.scd");

	for (size_t i = 0; i < sizeof(dataplane) / sizeof(*dataplane); i++)
		expect_text(page, dataplane[i], "ixfab-dataplane.8");
	free(page);
	page = read_page("ixfab-control.8.scd");
	for (size_t i = 0; i < sizeof(control) / sizeof(*control); i++)
		expect_text(page, control[i], "ixfab-control.8");
	free(page);
}
