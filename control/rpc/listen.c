// SPDX-License-Identifier: BSD-3-Clause
#include "control/rpc/listen.h"

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/unix_socket.h"

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

static void make_directory(const char *path)
{
	char *copy = strdup(path);

	if (copy)
		mkdir(dirname(copy), 0755);
	free(copy);
}

int listen_open(const char *path, const char *group, gid_t *gid)
{
	int err = find_group(group, gid);

	if (err)
		return err;
	make_directory(path);
	// Everybody may ask; what a peer may change is decided by its credentials.
	int fd = unix_socket_listen(path, SOCK_STREAM, 0666, "another ixfab-control");
	if (fd < 0 || chown(path, (uid_t)-1, *gid) == 0)
		return fd;
	err = -errno;
	log_err("%s: cannot give it to group %u: %s", path, *gid, strerror(-err));
	close(fd);
	return err;
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
