// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/good_config.h"

#include <criterion/criterion.h>
#include <string.h>

#include "control/config/config.h"

struct config *read_good(const char *text)
{
	struct config_errors errors;
	struct config *config = config_read("t", text, strlen(text), &errors);

	for (size_t i = 0; i < errors.n; i++)
		cr_expect(0, "%s", errors.lines[i]);
	config_errors_free(&errors);
	cr_assert_not_null(config);
	return config;
}

struct config *read_config(const char *text)
{
	struct config_errors errors;
	struct config *config = config_read("t", text, strlen(text), &errors);

	cr_assert(config, "%s", errors.n ? errors.lines[0] : "");
	config_errors_free(&errors);
	return config;
}
