// SPDX-License-Identifier: BSD-3-Clause
#include "lib/unix_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"

enum { BACKLOG = 16 };

int unix_socket_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

// Whether somebody listens behind that file.
static bool is_alive(const struct sockaddr_un *address, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && connect(fd, (const void *)address, sizeof(*address)) == 0;

	if (fd >= 0)
		close(fd);
	return alive;
}

static int bind_file(int fd, const struct sockaddr_un *address, mode_t mode)
{
	mode_t mask = umask(0777 & ~mode);
	int err;

	unlink(address->sun_path);
	err = bind(fd, (const void *)address, sizeof(*address)) < 0 ? -errno : 0;
	umask(mask);
	if (!err && listen(fd, BACKLOG) < 0)
		err = -errno;
	return err;
}

int unix_socket_listen(const char *path, int type, mode_t mode, const char *others)
{
	struct sockaddr_un address;

	if (unix_socket_address(path, &address)) {
		log_err("%s: a socket's path has at most %zu characters", path,
			sizeof(address.sun_path) - 1);
		return -ENAMETOOLONG;
	}
	if (is_alive(&address, type)) {
		log_err("%s: %s listens there", path, others);
		return -EADDRINUSE;
	}
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = fd < 0 ? -errno : bind_file(fd, &address, mode);
	if (!err)
		return fd;
	log_err("%s: %s", path, strerror(-err));
	if (fd >= 0)
		close(fd);
	return err;
}
