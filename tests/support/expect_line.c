// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/expect_line.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl/run.h"

enum { WORDS_MAX = 64 };

void run_line(struct line_result *result, const char *socket, const char *line)
{
	char *copy = strdup(line), *words[WORDS_MAX];
	size_t out_size, err_size;
	int n = 0;

	setenv("TZ", "UTC", 1);
	setenv("IXFAB_SOCKET", socket, 1);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		words[n++] = word;
	FILE *out = open_memstream(&result->out, &out_size);
	FILE *err = open_memstream(&result->err, &err_size);
	result->status = run(n, words, out, err);
	fclose(out);
	fclose(err);
	free(copy);
}

void line_result_free(struct line_result *result)
{
	free(result->out);
	free(result->err);
}

void expect_line(const struct fake_answer *answers, const char *line, enum status status,
		 const char *out, const char *err)
{
	struct fake_control fake;
	struct line_result result;

	fake_control_start(&fake, answers);
	run_line(&result, fake.path, line);
	fake_control_stop(&fake);
	cr_expect_eq(result.status, status, "%s: exit code %d", line, result.status);
	if (out)
		cr_expect_str_eq(result.out, out, "%s printed\n%s", line, result.out);
	if (err)
		cr_expect_str_eq(result.err, err, "%s complained\n%s", line, result.err);
	line_result_free(&result);
}
