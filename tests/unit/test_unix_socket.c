// SPDX-License-Identifier: BSD-3-Clause
// Socket files: those that nobody listens behind, and those that somebody does.
#include "lib/unix_socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"

static char directory[] = "/tmp/ixfab-socket-XXXXXX";
static char path[64];

static void start(void)
{
	log_init("test", LOG_LEVEL_CRIT);
	cr_assert_not_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/socket", directory);
}

static void end(void)
{
	unlink(path);
	cr_expect_eq(rmdir(directory), 0, "only the socket was made");
}

TestSuite(unix_socket, .init = start, .fini = end);

static int dial(int type)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, type, 0);

	cr_assert_eq(unix_socket_address(path, &address), 0);
	int err = connect(fd, (void *)&address, sizeof(address)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

Test(unix_socket, it_is_listened_with_the_permissions_that_were_asked_for)
{
	mode_t mask = umask(0077);
	struct stat status;
	int fd = unix_socket_listen(path, SOCK_SEQPACKET, 0660, "another");

	cr_assert_geq(fd, 0);
	cr_expect_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0660);
	cr_expect_eq(umask(mask), 0077, "ours is as it was");
	cr_expect_eq(accept(fd, NULL, NULL), -1, "it does not block");
	cr_expect_eq(dial(SOCK_SEQPACKET), 0);
	close(fd);
}

Test(unix_socket, a_file_that_a_dead_one_left_is_replaced)
{
	close(unix_socket_listen(path, SOCK_STREAM, 0666, "another"));
	cr_expect_eq(dial(SOCK_STREAM), -ECONNREFUSED, "the file is still there");
	int fd = unix_socket_listen(path, SOCK_STREAM, 0666, "another");
	cr_assert_geq(fd, 0);
	cr_expect_eq(dial(SOCK_STREAM), 0);
	close(fd);
}

Test(unix_socket, a_living_one_is_left_alone)
{
	int fd = unix_socket_listen(path, SOCK_STREAM, 0666, "another");

	cr_assert_geq(fd, 0);
	cr_expect_eq(unix_socket_listen(path, SOCK_STREAM, 0666, "another"), -EADDRINUSE);
	cr_expect_eq(dial(SOCK_STREAM), 0);
	close(fd);
}

Test(unix_socket, paths_that_cannot_be)
{
	struct sockaddr_un address;
	char text[sizeof(address.sun_path) + 1];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	cr_expect_eq(unix_socket_address(text, &address), -ENAMETOOLONG);
	cr_expect_eq(unix_socket_listen(text, SOCK_STREAM, 0666, "another"), -ENAMETOOLONG);
	text[sizeof(text) - 2] = '\0';
	cr_expect_eq(unix_socket_address(text, &address), 0, "the longest one");
	cr_expect_eq(unix_socket_listen("/nonexistent/socket", SOCK_STREAM, 0666, "another"),
		     -ENOENT);
}
