// SPDX-License-Identifier: BSD-3-Clause
#include "lib/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/capture.h"

static size_t channel_size(uint32_t n_workers)
{
	return ring_memory_size(CHANNEL_COMMANDS) + ring_memory_size(CHANNEL_REPLIES) +
	       (n_workers + 1) * ring_memory_size(CHANNEL_EVENTS) +
	       n_workers * capture_ring_size(CHANNEL_CAPTURED);
}

static void channel_point(struct channel *channel, void *base, uint32_t n_workers)
{
	uint8_t *at = base;

	*channel = (struct channel){.base = base,
				    .size = channel_size(n_workers),
				    .n_workers = n_workers};
	ring_init(&channel->commands, at, CHANNEL_COMMANDS);
	at += ring_memory_size(CHANNEL_COMMANDS);
	ring_init(&channel->replies, at, CHANNEL_REPLIES);
	at += ring_memory_size(CHANNEL_REPLIES);
	for (uint32_t w = 0; w <= n_workers; w++) {
		ring_init(&channel->events[w], at, CHANNEL_EVENTS);
		at += ring_memory_size(CHANNEL_EVENTS);
	}
	for (uint32_t w = 0; w < n_workers; w++) {
		ring_init(&channel->captured[w], at, CHANNEL_CAPTURED);
		at += capture_ring_size(CHANNEL_CAPTURED);
	}
}

static int channel_map(struct channel *channel, uint32_t n_workers, int fd)
{
	void *base = mmap(NULL, channel_size(n_workers), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_NORESERVE, fd, 0);

	if (base == MAP_FAILED)
		return -errno;
	channel_point(channel, base, n_workers);
	return 0;
}

int channel_create(struct channel *channel, uint32_t n_workers, int *fd)
{
	int err;
	int file = memfd_create("ixfab-channel", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (file < 0)
		return -errno;
	if (ftruncate(file, (off_t)channel_size(n_workers)) < 0 ||
	    fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
		err = -errno;
		goto err_close;
	}
	err = channel_map(channel, n_workers, file);
	if (err)
		goto err_close;
	*fd = file;
	return 0;

err_close:
	close(file);
	return err;
}

int channel_attach(struct channel *channel, uint32_t n_workers, int fd)
{
	struct stat file;
	int seals = fcntl(fd, F_GET_SEALS);

	if (n_workers == 0 || n_workers > MAX_WORKERS || fstat(fd, &file) < 0 ||
	    (size_t)file.st_size != channel_size(n_workers))
		return -EPROTO;
	if (seals < 0 || !(seals & F_SEAL_SHRINK))
		return -EPROTO;
	return channel_map(channel, n_workers, fd);
}

void channel_detach(struct channel *channel)
{
	if (channel->base)
		munmap(channel->base, channel->size);
	*channel = (struct channel){0};
}

int channel_send(int socket, const void *packet, size_t length, const int *fds, size_t n)
{
	char control[CMSG_SPACE(sizeof(int) * CHANNEL_FDS)] = {0};
	struct iovec iov = {.iov_base = (void *)packet, .iov_len = length};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (n) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * n);
	}
	return sendmsg(socket, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static size_t take_fds(struct msghdr *msg, int *fds)
{
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	}
	return n;
}

int channel_receive(int socket, void *packet, size_t length, int *fds, size_t *n)
{
	char control[CMSG_SPACE(sizeof(int) * CHANNEL_FDS)];
	int received[CHANNEL_FDS];
	struct iovec iov = {.iov_base = packet, .iov_len = length};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	size_t room = *n;
	ssize_t got = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);

	*n = 0;
	if (got < 0)
		return -errno;
	if (got == 0)
		return -ECONNRESET;
	size_t count = take_fds(&msg, received);
	if ((size_t)got != length || (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || count > room) {
		for (size_t i = 0; i < count; i++)
			close(received[i]);
		return -EBADMSG;
	}
	for (size_t i = 0; i < count; i++)
		fds[i] = received[i];
	*n = count;
	return 0;
}
