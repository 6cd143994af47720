// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/manager.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "dataplane/manage/apply_capture.h"
#include "dataplane/manage/apply_guard.h"
#include "dataplane/manage/apply_policy.h"
#include "dataplane/manage/command.h"
#include "dataplane/manage/disable.h"
#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/explain.h"
#include "dataplane/manage/inject.h"
#include "dataplane/manage/lag.h"
#include "dataplane/manage/loop.h"
#include "dataplane/manage/notices.h"
#include "dataplane/manage/session.h"
#include "dataplane/manage/sticky.h"
#include "dataplane/manage/violations.h"
#include "dataplane/manage/watch.h"
#include "lib/clock.h"
#include "lib/log.h"

enum { TICK_MS = 100 };

static int watch_fd(struct manager *manager, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(manager->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int start_ticking(struct manager *manager)
{
	struct itimerspec every = {
		.it_interval.tv_nsec = TICK_MS * 1000000,
		.it_value.tv_nsec = TICK_MS * 1000000,
	};

	manager->tick_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (manager->tick_fd < 0 || timerfd_settime(manager->tick_fd, 0, &every, NULL) < 0)
		return -errno;
	return watch_fd(manager, manager->tick_fd);
}

static int make_memory(struct manager *manager)
{
	manager->ports = calloc(MAX_PORTS, sizeof(*manager->ports));
	manager->limits = calloc(MAX_PORTS, sizeof(*manager->limits));
	manager->conduct = calloc(MAX_PORTS, sizeof(*manager->conduct));
	return manager->ports && manager->limits && manager->conduct ? 0 : -ENOMEM;
}

static void free_memory(struct manager *manager)
{
	free(manager->ports);
	free(manager->limits);
	free(manager->conduct);
}

int manager_init(struct manager *manager, struct fabric *fabric, struct worker **workers,
		 int stats_fd, const char *socket_path, const char *group)
{
	*manager = (struct manager){.fabric = fabric, .workers = workers, .stats_fd = stats_fd};

	int err = draft_init(&manager->draft);
	if (err)
		return err;
	err = make_memory(manager);
	if (!err)
		err = explain_init(manager);
	if (!err)
		err = notices_init(manager);
	if (!err)
		err = inject_init(manager);
	if (!err)
		err = loop_init(manager);
	if (!err)
		err = lag_init(manager);
	if (!err)
		err = duplicates_init(manager);
	if (!err)
		err = sticky_init(manager);
	if (!err)
		err = apply_capture_init(manager);
	if (err)
		goto err_memory;
	err = session_listen(&manager->session, socket_path, group);
	if (err)
		goto err_memory;
	manager->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	err = manager->epoll_fd < 0 ? -errno : watch_fd(manager, manager->session.listen_fd);
	if (!err)
		err = start_ticking(manager);
	if (err)
		goto err_listen;
	return 0;

err_listen:
	session_close(&manager->session, socket_path);
err_memory:
	apply_capture_fini(manager);
	sticky_fini(manager);
	duplicates_fini(manager);
	lag_fini(manager);
	loop_fini(manager);
	inject_fini(manager);
	notices_fini(manager);
	explain_fini(manager);
	free_memory(manager);
	draft_fini(&manager->draft);
	log_err("cannot start the manager: %s", strerror(-err));
	return err;
}

void manager_wait_workers(struct manager *manager)
{
	struct rte_rcu_qsbr *quiescent = manager->fabric->quiescent;
	uint64_t token = rte_rcu_qsbr_start(quiescent);

	// A worker may share our CPU: let it run rather than spin.
	while (!rte_rcu_qsbr_check(quiescent, token, false))
		sched_yield();
}

void manager_forget_port(struct manager *manager, uint16_t port)
{
	for (uint32_t l = 0; l < MAX_LANS; l++) {
		if (manager->lans[l].fdb)
			fdb_flush(manager->lans[l].fdb, port, 0);
	}
}

void manager_reply(struct manager *manager, const struct message *reply)
{
	if (!ring_push(&manager->session.channel.replies, reply))
		log_warn("control does not read its replies: %s was lost",
			 message_type_name(reply->header.type));
}

bool manager_event(struct manager *manager, const struct message *event)
{
	struct channel *channel = &manager->session.channel;

	return manager->session.control_fd >= 0 &&
	       ring_push(&channel->events[channel->n_workers], event);
}

static void attach(struct manager *manager)
{
	if (session_accept(manager))
		return;
	if (watch_fd(manager, manager->session.control_fd) ||
	    watch_fd(manager, manager->session.command_fd)) {
		session_detach(manager);
		return;
	}
	sticky_attach(manager);
}

// Control sends nothing on the socket after its hello, so whatever comes ends the session.
static void hang_up(struct manager *manager)
{
	log_notice("control (pid %u) is gone; forwarding goes on with the last policy",
		   manager->session.control_pid);
	session_detach(manager);
	draft_abort(&manager->draft);
}

static void drain_fd(int fd)
{
	uint64_t value;

	if (read(fd, &value, sizeof(value)) < 0 && errno != EAGAIN)
		log_warn("cannot read an event descriptor: %s", strerror(errno));
}

static void tick(struct manager *manager)
{
	uint64_t now_ns = clock_steady_ns();

	drain_fd(manager->tick_fd);
	service_tick(manager, now_ns);
	apply_capture_tick(manager, now_ns);
	apply_guard_tick(manager);
	notices_run(manager, now_ns);
	violations_tick(manager, now_ns);
	duplicates_tick(manager, now_ns);
	sticky_tick(manager, now_ns);
	storms_tick(manager, now_ns);
	disable_tick(manager, now_ns);
	loop_tick(manager, now_ns);
	watch_links(manager, now_ns);
	lag_tick(manager, now_ns);
	watch_ageing(manager, now_ns);
	watch_memory(manager);
	if (manager->session.control_fd >= 0)
		command_run(manager); // what waited for room in the reply ring
}

void manager_run(struct manager *manager, int signal_fd)
{
	struct session *session = &manager->session;

	watch_fd(manager, signal_fd);
	service_start(manager, clock_steady_ns());
	for (;;) {
		struct epoll_event event;
		int n = epoll_wait(manager->epoll_fd, &event, 1, -1);

		if (n < 0 && errno != EINTR) {
			log_err("epoll_wait: %s", strerror(errno));
			return;
		}
		if (n <= 0)
			continue;
		if (event.data.fd == signal_fd) {
			return;
		} else if (event.data.fd == manager->tick_fd) {
			tick(manager);
		} else if (event.data.fd == session->listen_fd) {
			attach(manager);
		} else if (event.data.fd == session->control_fd) {
			hang_up(manager);
		} else if (event.data.fd == session->command_fd) {
			drain_fd(session->command_fd);
			command_run(manager);
		}
	}
}

void manager_fini(struct manager *manager, const char *socket_path)
{
	session_detach(manager);
	session_close(&manager->session, socket_path);
	apply_policy_fini(manager);
	apply_capture_fini(manager);
	sticky_fini(manager);
	duplicates_fini(manager);
	lag_fini(manager);
	loop_fini(manager);
	inject_fini(manager);
	notices_fini(manager);
	explain_fini(manager);
	draft_fini(&manager->draft);
	free_memory(manager);
	close(manager->tick_fd);
	close(manager->epoll_fd);
}
