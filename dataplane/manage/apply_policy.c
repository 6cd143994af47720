// SPDX-License-Identifier: BSD-3-Clause
// A commit in five steps. Until the swap, whatever fails is undone and nothing has changed:
//
//   check     the draft as a whole; no slot may pass from one port to another in one commit
//   devices   find the ones that stay, open the new ones, set MTUs
//   tables    find those of LANs that stay, make the new ones
//   swap      one pointer; wait until every worker has passed between two bursts
//   retire    registered MACs, XDP guards, port_info; close and free what no worker knows any more
#include "dataplane/manage/apply_policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/apply_capture.h"
#include "dataplane/manage/apply_guard.h"
#include "dataplane/manage/apply_macs.h"
#include "dataplane/manage/disable.h"
#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/lag.h"
#include "dataplane/manage/lan_tables.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/meters.h"
#include "dataplane/manage/notices.h"
#include "dataplane/manage/port_info.h"
#include "dataplane/manage/service.h"
#include "dataplane/manage/sticky.h"
#include "lib/clock.h"
#include "lib/log.h"

// What a commit has prepared, and how to take it back.
struct commit {
	struct device *devices[MAX_PORTS]; // by slot, of the new policy
	bool opened[MAX_PORTS];		   // by this commit
	uint16_t old_mtu[MAX_PORTS];	   // 0: not changed by this commit
	struct lan_table lans[MAX_LANS];
	struct policy *policy;
};

static bool same_name(const char *a, const char *b)
{
	return strncmp(a, b, NAME_SIZE) == 0;
}

static int check_slots(struct manager *manager)
{
	struct draft *draft = &manager->draft;

	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		if (!manager->policy || !manager->policy->ports[p].used || !draft->port_used[p])
			continue;
		if (!same_name(manager->ports[p].name, draft->ports[p].name))
			return draft_complain(draft, EBUSY, p, FDB_ANY,
					      "port %s: slot %u still belongs to port %s; give it "
					      "another one",
					      draft->ports[p].name, p, manager->ports[p].name);
	}
	return 0;
}

// The running device that port "p" of the draft can go on with, wherever it is plugged in now.
static struct device *find_device(const struct manager *manager, uint16_t p)
{
	const struct policy_port_conf *wish = &manager->draft.ports[p];

	for (uint32_t slot = 0; slot < MAX_PORTS; slot++) {
		struct device *device = manager->devices[slot];

		if (device && !device->stale && strcmp(device->string, wish->device) == 0 &&
		    manager->ports[slot].n_queues == wish->n_queues)
			return device;
	}
	return NULL;
}

static int adjust_mtu(struct manager *manager, struct commit *commit, uint16_t p)
{
	struct policy_port_conf *wish = &manager->draft.ports[p];
	struct device *device = commit->devices[p];
	uint16_t old = device->mtu;
	char text[160];

	if (old == wish->mtu)
		return 0;
	int err = device_set_mtu(device, wish->mtu, text, sizeof(text));
	if (err)
		return draft_complain(&manager->draft, -err, p, FDB_ANY, "port %s: %s", wish->name,
				      text);
	commit->old_mtu[p] = old;
	return 0;
}

static int open_device(struct manager *manager, struct commit *commit, uint16_t p)
{
	struct policy_port_conf *port = &manager->draft.ports[p];
	struct device_wish wish = {
		.mtu = port->mtu,
		.n_queues = port->n_queues,
		.n_workers = (uint16_t)manager->fabric->n_workers,
		.pool = manager->fabric->pool,
	};
	char text[160];

	commit->devices[p] = device_open(port->device, &wish, text, sizeof(text));
	if (!commit->devices[p])
		return draft_complain(&manager->draft, errno, p, FDB_ANY, "port %s: %s", port->name,
				      text);
	commit->opened[p] = true;
	return 0;
}

// Opening devices takes time, for which partners of LAGs do not wait.
static void breathe(struct manager *manager)
{
	uint64_t now_ns = clock_steady_ns();

	service_tick(manager, now_ns);
	notices_run(manager, now_ns);
	lag_tick(manager, now_ns);
}

static int prepare_devices(struct manager *manager, struct commit *commit)
{
	int err = 0;

	for (uint16_t p = 0; p < MAX_PORTS && !err; p++) {
		if (!manager->draft.port_used[p] || draft_is_lag(&manager->draft, p))
			continue;
		commit->devices[p] = find_device(manager, p);
		err = commit->devices[p] ? adjust_mtu(manager, commit, p)
					 : open_device(manager, commit, p);
		breathe(manager);
	}
	return err;
}

static int prepare_policy(struct manager *manager, struct commit *commit)
{
	struct policy_device *devices = calloc(MAX_PORTS, sizeof(*devices));
	struct hosts *hosts[MAX_LANS];
	struct fdb *fdbs[MAX_LANS];

	for (uint32_t l = 0; l < MAX_LANS; l++) {
		hosts[l] = commit->lans[l].hosts;
		fdbs[l] = commit->lans[l].fdb;
	}
	for (uint32_t p = 0; devices && p < MAX_PORTS; p++) {
		struct device *d = commit->devices[p];

		if (d)
			devices[p] = (struct policy_device){.ethdev = d->ethdev,
							    .n_rx = d->n_rx,
							    .n_tx = d->n_tx,
							    .mtu = d->mtu,
							    .wait_fd = d->wait_fd,
							    .is_memif = d->is_memif,
							    .tx_locks = d->tx_locks};
	}
	if (devices)
		commit->policy = policy_build(&manager->draft, fdbs, hosts, devices,
					      manager->fabric->n_workers, manager->policy);
	free(devices);
	return commit->policy ? 0
			      : draft_complain(&manager->draft, ENOMEM, FDB_ANY, FDB_ANY,
					       "no memory for the policy");
}

static void undo(const struct manager *manager, struct commit *commit)
{
	char text[160];

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (commit->opened[p])
			device_close(commit->devices[p]);
		else if (commit->old_mtu[p])
			device_set_mtu(commit->devices[p], commit->old_mtu[p], text, sizeof(text));
	}
	lan_tables_drop(commit->lans, manager->lans);
}

static bool uses_device(const struct commit *commit, const struct device *device)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (commit->devices[p] == device)
			return true;
	}
	return false;
}

static void retire_devices(struct manager *manager, const struct commit *commit)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (!manager->devices[p] || uses_device(commit, manager->devices[p]))
			continue;
		device_close(manager->devices[p]);
		service_tick(manager, clock_steady_ns());
	}
	memcpy(manager->devices, commit->devices, sizeof(manager->devices));
	memcpy(manager->ports, manager->draft.ports, MAX_PORTS * sizeof(*manager->ports));
	memcpy(manager->limits, manager->draft.limits, MAX_PORTS * sizeof(*manager->limits));
	meters_set_all(manager);
}

static void swap(struct manager *manager, struct commit *commit)
{
	struct stats_header *header = manager->fabric->stats.header;
	struct policy *old = manager->policy;
	struct fdb *old_tables[MAX_LANS];

	for (uint32_t l = 0; l < MAX_LANS; l++)
		old_tables[l] = manager->lans[l].fdb;
	sticky_prepare(manager, commit->lans);
	apply_macs_prepare(manager, commit->lans);
	apply_guard_leave(manager, commit->devices);
	port_info_prepare(manager, commit->policy, commit->devices);
	apply_capture_leave(manager, commit->policy);
	lag_prepare(manager, commit->policy, clock_steady_ns());
	manager->policy = commit->policy;
	atomic_store_explicit(&manager->fabric->policy, commit->policy, memory_order_release);
	manager_wait_workers(manager);

	lan_tables_retire(manager, commit->lans);
	lan_tables_set_limits(manager);
	sticky_commit(manager);
	duplicates_commit(manager, old_tables);
	apply_macs(manager);
	lan_tables_flush_left(manager, old);
	disable_commit(manager);
	port_info_retire(manager, old);
	lag_commit(manager, clock_steady_ns());
	retire_devices(manager, commit);
	apply_guard(manager);
	atomic_store(&header->generation, commit->policy->generation);
	atomic_store(&header->digest, commit->policy->digest);
	policy_free(old);
}

void apply_policy_commit(struct manager *manager, const struct message *command)
{
	struct draft *draft = &manager->draft;
	struct commit *commit = calloc(1, sizeof(*commit));
	struct message reply;

	int err = commit ? draft_check(draft)
			 : draft_complain(draft, ENOMEM, FDB_ANY, FDB_ANY, "no memory to commit");
	if (!err)
		err = check_slots(manager);
	if (!err)
		err = prepare_devices(manager, commit);
	if (!err)
		err = lan_tables_prepare(manager, commit->lans);
	if (!err)
		err = prepare_policy(manager, commit);
	if (err) {
		if (commit)
			undo(manager, commit);
		message_init(&reply, REPLY_ERROR, command->header.sequence);
		reply.error = draft->error;
		log_warn("a policy was refused: %s", draft->error.text);
	} else {
		swap(manager, commit);
		message_init(&reply, REPLY_DONE, command->header.sequence);
		reply.done.value = manager->policy->generation;
		log_info("policy %lu is in force", (unsigned long)reply.done.value);
	}
	free(commit);
	draft_abort(draft);
	manager_reply(manager, &reply);
}

void apply_policy_fini(struct manager *manager)
{
	atomic_store(&manager->fabric->policy, NULL);
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (manager->devices[p])
			device_close(manager->devices[p]);
	}
	lan_tables_drop(manager->lans, NULL);
	apply_guard_fini(manager);
	policy_free(manager->policy);
	manager->policy = NULL;
}
