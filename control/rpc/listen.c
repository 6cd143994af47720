// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/listen.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/log.h"

enum { BACKLOG = 16 };

static int find_group(const char *name, gid_t *gid)
{
	const struct group *group = name ? getgrnam(name) : NULL;

	*gid = getegid();
	if (!name)
		return 0;
	if (!group) {
		log_err("there is no group %s", name);
		return -ENOENT;
	}
	*gid = group->gr_gid;
	return 0;
}

static bool is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && connect(fd, (const void *)address, sizeof(*address)) == 0;

	if (fd >= 0)
		close(fd);
	return alive;
}

static void make_directory(const char *path)
{
	char *copy = strdup(path);

	if (copy)
		mkdir(dirname(copy), 0755);
	free(copy);
}

static int bind_file(int fd, const struct sockaddr_un *address, gid_t gid)
{
	const char *path = address->sun_path;

	if (is_alive(address))
		return -EADDRINUSE;
	make_directory(path);
	unlink(path);
	// Everybody may ask; what a peer may change is decided by its credentials.
	mode_t mask = umask(0111);
	int err = bind(fd, (const void *)address, sizeof(*address)) < 0 ? -errno : 0;
	umask(mask);
	if (!err && chown(path, (uid_t)-1, gid) < 0)
		err = -errno;
	if (!err && listen(fd, BACKLOG) < 0)
		err = -errno;
	return err;
}

int listen_open(const char *path, const char *group, gid_t *gid)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int err = find_group(group, gid);

	if (err)
		return err;
	if (strlen(path) >= sizeof(address.sun_path)) {
		log_err("%s: a socket's path has at most %zu characters", path,
			sizeof(address.sun_path) - 1);
		return -ENAMETOOLONG;
	}
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = bind_file(fd, &address, *gid);
	if (err) {
		log_err("%s: %s", path,
			err == -EADDRINUSE ? "another ixfab-control listens there"
					   : strerror(-err));
		close(fd);
		return err;
	}
	return fd;
}

static bool is_member(int socket, gid_t gid)
{
	gid_t groups[256];
	socklen_t size = sizeof(groups);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		return false;
	for (size_t i = 0; i < size / sizeof(*groups); i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

int listen_peer(int socket, gid_t gid, struct server_peer *peer)
{
	struct ucred credentials;
	socklen_t size = sizeof(credentials);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
		return -errno;
	peer->uid = credentials.uid;
	peer->pid = credentials.pid;
	peer->may_change = credentials.uid == 0 || credentials.uid == geteuid() ||
			   credentials.gid == gid || is_member(socket, gid);
	return 0;
}
