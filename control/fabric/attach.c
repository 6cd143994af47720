// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/attach.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/unix_socket.h"

static int connect_to(const char *path, char *problem)
{
	struct sockaddr_un address;

	if (unix_socket_address(path, &address)) {
		snprintf(problem, PROBLEM_SIZE, "%.64s...: longer than a socket's path can be",
			 path);
		return -ENAMETOOLONG;
	}
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int err = errno;

		snprintf(problem, PROBLEM_SIZE, "no dataplane at %s (%s)", path, strerror(err));
		close(fd);
		return -err;
	}
	return fd;
}

int attach_begin(const char *path, char *problem)
{
	struct channel_hello hello = {.magic = CHANNEL_MAGIC,
				      .version = CHANNEL_VERSION,
				      .pid = (uint32_t)getpid(),
				      .release = IXFAB_VERSION};
	int fd = connect_to(path, problem);

	if (fd < 0)
		return fd;
	int err = channel_send(fd, &hello, sizeof(hello), NULL, 0);
	if (err) {
		snprintf(problem, PROBLEM_SIZE, "the dataplane at %s does not listen (%s)", path,
			 strerror(-err));
		close(fd);
		return err;
	}
	return fd;
}

static int judge_status(const struct channel_welcome *peer, const char *path, char *problem)
{
	switch (peer->status) {
	case CHANNEL_OK:
		return 0;
	case CHANNEL_BUSY:
		snprintf(problem, PROBLEM_SIZE,
			 "another control (pid %u) is attached to the dataplane at %s", peer->pid,
			 path);
		return -EBUSY;
	case CHANNEL_DENIED:
		snprintf(problem, PROBLEM_SIZE,
			 "the dataplane at %s takes no orders from this user: run control as root, "
			 "or as the dataplane's user or group",
			 path);
		return -EACCES;
	default:
		snprintf(problem, PROBLEM_SIZE, "the dataplane at %s refuses (status %u)", path,
			 peer->status);
		return -EPROTO;
	}
}

static int judge(struct channel_welcome *peer, const char *path, char *problem)
{
	if (peer->magic != CHANNEL_MAGIC) {
		snprintf(problem, PROBLEM_SIZE, "what listens at %s is no ixfab-dataplane", path);
		return -EPROTO;
	}
	peer->release[sizeof(peer->release) - 1] = 0;
	if (peer->status == CHANNEL_BAD_VERSION || peer->version != CHANNEL_VERSION) {
		snprintf(problem, PROBLEM_SIZE,
			 "the running dataplane is of release %s and this control of release %s, "
			 "and they do not understand each other (versions %u and %d of the "
			 "channel): frames go on as they were, but nothing can be changed until "
			 "%s",
			 peer->release, IXFAB_VERSION, peer->version, CHANNEL_VERSION,
			 peer->version < CHANNEL_VERSION
				 ? "the dataplane is restarted, which stops all traffic for some "
				   "seconds"
				 : "control of the dataplane's release is installed");
		return -EPROTONOSUPPORT;
	}
	return judge_status(peer, path, problem);
}

static int map_memory(struct attachment *a, const int *fds)
{
	int err = channel_attach(&a->channel, a->peer.n_workers, fds[CHANNEL_FD_MEMORY]);

	if (err)
		return err;
	err = stats_attach(&a->stats, fds[CHANNEL_FD_STATS]);
	if (!err && (a->stats.n_workers != a->peer.n_workers ||
		     a->stats.header->instance != a->peer.instance))
		err = -EPROTO;
	if (err) {
		stats_detach(&a->stats);
		channel_detach(&a->channel);
	}
	return err;
}

static void close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
}

static int take_descriptors(struct attachment *a, const int *fds, size_t n, char *problem)
{
	int err = n == CHANNEL_FDS ? map_memory(a, fds) : -EPROTO;

	if (err) {
		snprintf(problem, PROBLEM_SIZE,
			 "the dataplane (pid %u) shares memory that cannot be what it should (%s)",
			 a->peer.pid, strerror(-err));
		close_all(fds, n);
		return err;
	}
	close(fds[CHANNEL_FD_MEMORY]);
	close(fds[CHANNEL_FD_STATS]);
	a->command_fd = fds[CHANNEL_FD_COMMAND];
	a->reply_fd = fds[CHANNEL_FD_REPLY];
	return 0;
}

int attach_finish(struct attachment *a, int socket, const char *path, char *problem)
{
	int fds[CHANNEL_FDS];
	size_t n = CHANNEL_FDS;

	*a = (struct attachment){.socket = socket, .command_fd = -1, .reply_fd = -1};
	int err = channel_receive(socket, &a->peer, sizeof(a->peer), fds, &n);
	if (err == -EBADMSG) {
		snprintf(
			problem, PROBLEM_SIZE,
			"what listens at %s answers in a way that control of release %s does not "
			"understand: install the same release of ixfab-dataplane and ixfab-control",
			path, IXFAB_VERSION);
		return err;
	}
	if (err) {
		snprintf(problem, PROBLEM_SIZE, "the dataplane at %s hung up (%s)", path,
			 strerror(-err));
		return err;
	}
	err = judge(&a->peer, path, problem);
	if (err) {
		close_all(fds, n);
		return err;
	}
	return take_descriptors(a, fds, n, problem);
}

void attach_end(struct attachment *a)
{
	channel_detach(&a->channel);
	stats_detach(&a->stats);
	close(a->command_fd);
	close(a->reply_fd);
	close(a->socket);
}
