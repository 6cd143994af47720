// SPDX-License-Identifier: BSD-3-Clause
// Runs a command line of ixfab against a table of answers, inside the test.
#pragma once

#include "control/ctl/status.h"
#include "tests/support/fake_control.h"

struct line_result {
	enum status status;
	char *out;
	char *err;
};

// Run "line", which is split at spaces, with the daemon at "socket". Release with
// line_result_free().
void run_line(struct line_result *result, const char *socket, const char *line);

void line_result_free(struct line_result *result);

// Run "line" against "answers" and expect this exit code and these texts. NULL: any text.
void expect_line(const struct fake_answer *answers, const char *line, enum status status,
		 const char *out, const char *err);
