// SPDX-License-Identifier: BSD-3-Clause
#include "control/fits.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/fake_dataplane.h"

static char directory[] = "/tmp/ixfab-fits-XXXXXX";
static char path[64];

static void open_all(void)
{
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/dataplane.sock", directory);
	cr_redirect_stdout();
}

static void close_all(void)
{
	unlink(path);
	rmdir(directory);
}

TestSuite(fits, .init = open_all, .fini = close_all);

// Returns the answer to a dataplane that behaves so; "said" is what was printed.
static int answer(enum fake_mischief mischief, char *said, size_t size)
{
	struct fake fake;

	fake_start(&fake, path, 2, mischief);
	int status = fits(path);
	fake_kill(&fake);
	fflush(stdout);
	size_t n = fread(said, 1, size - 1, cr_get_redirected_stdout());
	said[n] = 0;
	return status;
}

static void expect(enum fake_mischief mischief, int status, const char *part)
{
	char said[512];

	cr_expect_eq(answer(mischief, said, sizeof(said)), status);
	cr_expect_not_null(strstr(said, part), "\"%s\" is not in: %s", part, said);
}

Test(fits, one_of_our_release_does)
{
	expect(FAKE_GOOD, EXIT_SUCCESS, "fits release " IXFAB_VERSION);
}

Test(fits, one_of_another_does_not_and_the_answer_says_what_that_means)
{
	expect(FAKE_OTHER_VERSION, EXIT_FAILURE, "frames go on as they were");
}

Test(fits, one_whose_answer_has_another_size_does_not)
{
	expect(FAKE_OTHER_WELCOME, EXIT_FAILURE, "install the same release");
}

Test(fits, who_is_no_dataplane_does_not)
{
	expect(FAKE_STRANGER, EXIT_FAILURE, "is no ixfab-dataplane");
}

Test(fits, where_there_is_none_nothing_is_in_the_way)
{
	cr_expect_eq(fits(path), EXIT_SUCCESS);
}
