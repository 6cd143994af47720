// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/bad_config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "control/config/config.h"

bool complaints_of(const char *text, size_t length, char *complaints, size_t size)
{
	struct config_errors errors;
	struct config *config = config_read("t", text, length, &errors);
	size_t used = 0;

	complaints[0] = 0;
	for (size_t i = 0; i < errors.n && used < size; i++) {
		cr_expect(strncmp(errors.lines[i], "t:", 2) == 0, "%s", errors.lines[i]);
		used += (size_t)snprintf(complaints + used, size - used, "%s\n",
					 errors.lines[i] + 2);
	}
	config_errors_free(&errors);
	config_free(config);
	return config;
}

static void try_row(const struct bad_config *row, const char *begin)
{
	char text[2048], complaints[4096];

	snprintf(text, sizeof(text), "%s%s", begin, row->text);
	bool good = complaints_of(text, strlen(text), complaints, sizeof(complaints));
	cr_expect_eq(good, row->good, "%s", row->name);
	cr_expect(strcmp(complaints, row->complaints) == 0, "%s:\n%s\ninstead of\n%s", row->name,
		  complaints, row->complaints);
}

void expect_complaints(const struct bad_config *rows, size_t n, const char *begin)
{
	for (size_t i = 0; i < n; i++)
		try_row(&rows[i], begin);
}
