// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/session.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dataplane/manage/apply_capture.h"
#include "dataplane/manage/manager.h"
#include "lib/log.h"
#include "lib/unix_socket.h"

enum { HELLO_TIMEOUT_MS = 1000 };

static void give_to_group(const char *path, const char *group)
{
	const struct group *entry = group ? getgrnam(group) : NULL;

	if (group && !entry)
		log_warn("there is no group %s: only root may attach a control", group);
	else if (entry && chown(path, (uid_t)-1, entry->gr_gid) < 0)
		log_warn("%s: cannot give it to group %s: %s", path, group, strerror(errno));
}

int session_listen(struct session *session, const char *path, const char *group)
{
	*session = (struct session){.listen_fd = -1,
				    .control_fd = -1,
				    .command_fd = -1,
				    .reply_fd = -1};
	int fd = unix_socket_listen(path, SOCK_SEQPACKET, 0660, "another dataplane");
	if (fd < 0)
		return fd;
	session->listen_fd = fd;
	give_to_group(path, group);
	return 0;
}

void session_close(struct session *session, const char *path)
{
	if (session->listen_fd < 0)
		return;
	close(session->listen_fd);
	unlink(path);
}

static int receive_hello(int fd, struct channel_hello *hello)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	size_t n = 0;

	if (poll(&wait, 1, HELLO_TIMEOUT_MS) != 1)
		return -ETIMEDOUT;
	int err = channel_receive(fd, hello, sizeof(*hello), NULL, &n);
	if (!err && hello->magic != CHANNEL_MAGIC)
		err = -EBADMSG;
	hello->release[sizeof(hello->release) - 1] = 0;
	return err;
}

static enum channel_status judge(const struct session *session, const struct channel_hello *hello)
{
	if (hello->version != CHANNEL_VERSION) {
		log_warn("control of release %s speaks version %u of the channel, this is "
			 "release " IXFAB_VERSION
			 " with version %d: install the same release of both",
			 hello->release, hello->version, CHANNEL_VERSION);
		return CHANNEL_BAD_VERSION;
	}
	if (session->control_fd >= 0) {
		log_warn("control (pid %u) wants to attach, but pid %u is attached", hello->pid,
			 session->control_pid);
		return CHANNEL_BUSY;
	}
	return CHANNEL_OK;
}

static void give_event_rings(struct manager *manager, bool attached)
{
	struct fabric *fabric = manager->fabric;

	for (uint32_t w = 0; w < fabric->n_workers; w++)
		atomic_store_explicit(&manager->workers[w]->events,
				      attached ? &manager->session.channel.events[w] : NULL,
				      memory_order_release);
}

static int open_session(struct manager *manager, int fd, struct channel_welcome *welcome)
{
	struct session *s = &manager->session;
	int fds[CHANNEL_FDS] = {[CHANNEL_FD_STATS] = manager->stats_fd};
	int err = channel_create(&s->channel, manager->fabric->n_workers, &fds[CHANNEL_FD_MEMORY]);

	if (err)
		return err;
	s->command_fd = fds[CHANNEL_FD_COMMAND] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->reply_fd = fds[CHANNEL_FD_REPLY] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->command_fd < 0 || s->reply_fd < 0)
		err = -errno;
	s->control_fd = fd;
	if (!err)
		err = channel_send(fd, welcome, sizeof(*welcome), fds, CHANNEL_FDS);
	close(fds[CHANNEL_FD_MEMORY]);
	if (!err)
		give_event_rings(manager, true);
	return err;
}

static void welcome_init(const struct manager *manager, struct channel_welcome *welcome)
{
	const struct stats_header *header = manager->fabric->stats.header;

	*welcome = (struct channel_welcome){
		.magic = CHANNEL_MAGIC,
		.version = CHANNEL_VERSION,
		.pid = header->pid,
		.n_workers = manager->fabric->n_workers,
		.instance = header->instance,
	};
	strncpy(welcome->release, IXFAB_VERSION, sizeof(welcome->release) - 1);
}

int session_accept(struct manager *manager)
{
	struct session *s = &manager->session;
	struct channel_hello hello = {0};
	struct channel_welcome welcome;
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return -errno;
	int err = receive_hello(fd, &hello);
	if (err) {
		log_warn("somebody connected who is no control: %s", strerror(-err));
		close(fd);
		return err;
	}
	welcome_init(manager, &welcome);
	welcome.status = judge(s, &hello);
	if (welcome.status != CHANNEL_OK) {
		if (welcome.status == CHANNEL_BUSY)
			welcome.pid = s->control_pid;
		channel_send(fd, &welcome, sizeof(welcome), NULL, 0);
		close(fd);
		return -EPROTO;
	}
	s->control_pid = hello.pid;
	err = open_session(manager, fd, &welcome);
	if (err) {
		log_err("cannot attach control (pid %u): %s", hello.pid, strerror(-err));
		session_detach(manager);
		return err;
	}
	log_notice("control (pid %u, release %s) is attached", hello.pid, hello.release);
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void session_detach(struct manager *manager)
{
	struct session *s = &manager->session;

	if (s->control_fd < 0)
		return;
	give_event_rings(manager, false);
	apply_capture_end_all(manager); // waits for the workers
	channel_detach(&s->channel);
	close_fd(&s->control_fd);
	close_fd(&s->command_fd);
	close_fd(&s->reply_fd);
}
