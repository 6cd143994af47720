// SPDX-License-Identifier: BSD-3-Clause
// The manager: the dataplane's one thread that is no worker. It sleeps until control says
// something, a link changes, or a second has passed.
//
// It owns all that workers only read: the policy, the tables' life, devices, the channel to
// control. Everything in this folder runs on its thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/manage/service.h"
#include "dataplane/manage/storms.h"
#include "dataplane/manage/window.h"
#include "dataplane/ports/device.h"
#include "dataplane/tables/draft.h"
#include "dataplane/tables/fdb.h"
#include "dataplane/tables/hosts.h"
#include "dataplane/tables/policy.h"
#include "dataplane/worker.h"
#include "lib/channel.h"

// The tables of a LAN in force. Each outlives policies as long as the LAN keeps its name, and the
// table's size.
struct lan_table {
	struct fdb *fdb;	     // NULL: no such LAN
	struct hosts *hosts;	     // NULL: nothing is told of hosts
	uint32_t size;		     // of the FDB
	uint32_t n_hosts;	     // that there is room for
	bool was_full;		     // of hosts, and that was logged
	uint16_t moves, move_window; // as in policy_lan_conf
	uint32_t move_hold;
	char name[NAME_SIZE];
};

// The one control that is attached.
struct session {
	int listen_fd;
	int control_fd; // -1: none
	uint32_t control_pid;
	int command_fd; // eventfd: control has put commands into the ring
	int reply_fd;	// eventfd: the manager has put replies into the ring, or made room
	struct channel channel;
};

// What the manager remembers of how a port behaves (disable.h, violations.h, storms.h).
struct conduct {
	uint64_t until_ns; // CLOCK_MONOTONIC: when a disabled port is enabled; 0: not by itself
	uint64_t drops[DROP_COUNT]; // violations, as counted at the last look
	struct window violating;
	struct window flapping;
	struct storm_watch storm;
};

// The XDP guards of all devices (apply_guard.h).
struct guards {
	struct guard_sources *sources; // NULL: no guard was told anything yet
	uint64_t static_changes;       // of all FDBs, at the last look
	bool is_stale;		       // what they were told is no longer so
};

struct capturing;
struct duplicates;
struct lags;
struct loop;
struct sticky;

struct manager {
	struct fabric *fabric;
	struct worker **workers;	   // [fabric->n_workers]
	struct worker *dry;		   // explain's, which no thread runs
	struct policy *policy;		   // in force; NULL before the first commit
	struct draft draft;		   // what control is saying
	struct policy_port_conf *ports;	   // [MAX_PORTS]: what the policy in force was made of
	struct policy_limits_conf *limits; // [MAX_PORTS]: likewise
	struct conduct *conduct;	   // [MAX_PORTS]
	struct device *devices[MAX_PORTS]; // by slot
	struct lan_table lans[MAX_LANS];   // by LAN number
	struct fdb_quota quota;
	struct guards guards;
	struct session session;
	struct service service;
	struct ring injects;		  // the end that we write: see inject.h
	struct ring notices[MAX_WORKERS]; // the end that we read: see notices.h
	int stats_fd;
	int epoll_fd;
	int tick_fd; // timerfd
	uint64_t last_age_ns;
	uint64_t last_storms_ns;
	struct capturing *capturing;
	struct loop *loop;
	struct lags *lags;
	struct duplicates *duplicates;
	struct sticky *sticky;
};

// Prepare everything that runs on "socket_path" and for "workers". "group" may attach beside root
// and our own user; (gid_t)-1: nobody else may. Returns 0 or -errno, and says what was wrong.
int manager_init(struct manager *manager, struct fabric *fabric, struct worker **workers,
		 int stats_fd, const char *socket_path, const char *group);

// Serve until fabric->stop, or until a signal arrives at "signal_fd".
void manager_run(struct manager *manager, int signal_fd);

// Stop ports and give everything back. Workers have ended.
void manager_fini(struct manager *manager, const char *socket_path);

// Wait until every worker has passed between two bursts since now.
void manager_wait_workers(struct manager *manager);

// Forget what was learned on a port: it is not reached there any more.
void manager_forget_port(struct manager *manager, uint16_t port);

// Answer a command. The last answer has no MESSAGE_MORE. There is always room: see command.c.
void manager_reply(struct manager *manager, const struct message *reply);

// Tell control something without being asked. Returns false if no control is attached, or if it
// does not keep up.
bool manager_event(struct manager *manager, const struct message *event);
