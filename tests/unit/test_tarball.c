// SPDX-License-Identifier: BSD-3-Clause
// Archives are what tar(1) takes them for, and are there whole or not at all.
#include "control/ctl/tarball.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TIME = 1764500000 };

static char directory[] = "/tmp/ixfab-tarball.XXXXXX";
static char path[64];

static void make_directory(void)
{
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/a.tar.gz", directory);
}

static void remove_directory(void)
{
	unlink(path);
	cr_expect_eq(rmdir(directory), 0, "something is left in %s", directory);
}

TestSuite(tarball, .init = make_directory, .fini = remove_directory);

// What "tar" prints with these arguments.
static void expect_tar(const char *arguments, const char *expected)
{
	char command[256], reply[4096] = "";

	snprintf(command, sizeof(command), "TZ=UTC tar -f %s %s", path, arguments);
	FILE *pipe = popen(command, "r");
	cr_assert_not_null(pipe);
	reply[fread(reply, 1, sizeof(reply) - 1, pipe)] = '\0';
	cr_expect_eq(pclose(pipe), 0, "%s", command);
	cr_expect_str_eq(reply, expected, "%s: %s", arguments, reply);
}

Test(tarball, tar_understands_it)
{
	struct tarball *tarball = tarball_create(path, TIME);
	char block[512];
	struct stat status;
	size_t size;

	memset(block, 'x', sizeof(block));
	cr_assert_not_null(tarball);
	tarball_add(tarball, "top/one", "hello\n", 6);
	tarball_add(tarball, "top/empty", "", 0);
	tarball_add(tarball, "top/block", block, sizeof(block));
	cr_expect_neq(access(path, F_OK), 0); // not before it is whole
	cr_expect_eq(tarball_finish(tarball, true, &size), 0);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0600);
	cr_expect_eq(status.st_size, size);
	expect_tar("-z -t -v --full-time",
		   "-rw-r--r-- root/root         6 2025-11-30 10:53:20 top/one\n"
		   "-rw-r--r-- root/root         0 2025-11-30 10:53:20 top/empty\n"
		   "-rw-r--r-- root/root       512 2025-11-30 10:53:20 top/block\n");
	expect_tar("-z -x -O top/one", "hello\n");
	expect_tar("-z -x -O top/block | tr -d x | wc -c", "0\n");
}

Test(tarball, one_that_is_not_kept_leaves_nothing)
{
	struct tarball *tarball = tarball_create(path, TIME);
	size_t size;

	tarball_add(tarball, "one", "1", 1);
	cr_expect_eq(tarball_finish(tarball, false, &size), 0);
	cr_expect_neq(access(path, F_OK), 0);
}

Test(tarball, names_that_do_not_fit)
{
	struct tarball *tarball = tarball_create(path, TIME);
	char name[TARBALL_NAME_MAX + 1];
	size_t size;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	tarball_add(tarball, name, "1", 1);
	cr_expect_eq(tarball_finish(tarball, true, &size), -E2BIG);
	cr_expect_neq(access(path, F_OK), 0);
}

Test(tarball, without_a_directory_there_is_none)
{
	cr_expect_null(tarball_create("/nonexistent/a.tar.gz", TIME));
	cr_expect_eq(errno, ENOENT);
}

// As on a full disk; zlib hands octets on only now and then.
Test(tarball, what_does_not_fit_leaves_the_old_one)
{
	struct rlimit limit = {4096, 4096};
	char *noise = malloc(1 << 20);
	FILE *old = fopen(path, "w");
	struct stat status;
	size_t size;

	fputs("old", old);
	fclose(old);
	srandom(1);
	for (size_t i = 0; i < 1 << 20; i++)
		noise[i] = (char)random();
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	struct tarball *tarball = tarball_create(path, TIME);
	tarball_add(tarball, "noise", noise, 1 << 20);
	cr_expect_lt(tarball_finish(tarball, true, &size), 0);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_size, 3);
	free(noise);
}
