// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/apply_guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/apply_capture.h"
#include "dataplane/manage/manager.h"
#include "dataplane/ports/guard.h"
#include "dataplane/ports/guard_policy.h"
#include "dataplane/ports/guard_sources.h"
#include "lib/log.h"

enum { CHUNK = 256 };

static struct guard *guard_of(const struct manager *manager, uint32_t p)
{
	return manager->devices[p] ? device_guard(manager->devices[p]) : NULL;
}

// The port whose rules hold for what comes by the device of "p", and on which it is counted.
static uint16_t owner_of(const struct manager *manager, uint32_t p)
{
	return manager->policy->ports[p].owner;
}

static void collect(struct manager *manager, uint32_t p, struct guard *guard)
{
	struct fabric *fabric = manager->fabric;

	guard_collect(guard, stats_port(&fabric->stats, fabric->n_workers, owner_of(manager, p)));
}

void apply_guard_leave(struct manager *manager, struct device *const *devices)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		struct guard *guard = guard_of(manager, p);

		if (!guard || devices[p] == manager->devices[p])
			continue;
		guard_suspend(guard);
		guard_wait(guard);
		collect(manager, p, guard);
	}
}

// ---- Sources

// Append the static entries of a LAN.
static size_t add_statics(const struct manager *manager, uint16_t lan, uint64_t *values, size_t n,
			  size_t room)
{
	struct fdb_entry entries[CHUNK];
	uint32_t cursor = 0;

	do {
		uint32_t found = fdb_dump(manager->lans[lan].fdb, FDB_ANY, &cursor, entries, CHUNK);

		for (uint32_t i = 0; i < found && n < room; i++) {
			if (entries[i].is_static)
				values[n++] =
					guard_source_value(lan, entries[i].mac, entries[i].port,
							   entries[i].kind == MAC_HELD);
		}
	} while (cursor);
	return n;
}

static size_t count_statics(const struct manager *manager)
{
	size_t n = 0;

	for (uint32_t l = 0; l < MAX_LANS; l++)
		n += manager->lans[l].fdb ? fdb_count_static(manager->lans[l].fdb) : 0;
	return n;
}

static uint64_t count_changes(const struct manager *manager)
{
	uint64_t n = 0;

	for (uint32_t l = 0; l < MAX_LANS; l++)
		n += manager->lans[l].fdb ? fdb_static_changes(manager->lans[l].fdb) : 0;
	return n;
}

// Returns whether the sources have changed, or -errno.
static int prepare_sources(struct manager *manager)
{
	size_t room = count_statics(manager), n = 0;
	uint64_t *values = malloc((room + 1) * sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (uint16_t l = 0; l < MAX_LANS; l++) {
		if (manager->lans[l].fdb)
			n = add_statics(manager, l, values, n, room);
	}
	int result = guard_sources_prepare(manager->guards.sources, values, n);
	manager->guards.static_changes = count_changes(manager);
	free(values);
	return result;
}

static int update_sources(struct manager *manager)
{
	bool is_new = false;
	int err = guard_sources_update(manager->guards.sources, &is_new);

	for (uint32_t p = 0; p < MAX_PORTS && !err; p++) {
		struct guard *guard = guard_of(manager, p);

		if (guard && (is_new || !guard_has_sources(guard)))
			err = guard_use_sources(guard, manager->guards.sources);
	}
	return err;
}

// ---- Policy

// Of a port that is captured, so many of the frames that would die are left to the worker, where
// they are seen: ten thousand a second, for each CPU. More would take from other ports what the
// guard is there to keep for them.
static const struct guard_meter captured = {.interval_ns = 100000, .burst_ns = 100000000};

// Of a link that its LAG does not use, all is left to the worker, who knows why it dies.
static uint32_t link_flags(const struct manager *manager, uint16_t p)
{
	return GUARD_LINK | (manager->fabric->collecting[p] ? 0 : GUARD_WATCHED);
}

// Returns whether the guard's policy differs from the one that it has, or -errno.
static int prepare(struct manager *manager, uint16_t p, struct guard *guard)
{
	uint16_t owner = owner_of(manager, p);
	struct guard_policy policy;

	guard_policy_build(&policy, manager->policy, owner, &manager->limits[owner],
			   manager->fabric->stats.ports[owner].speed);
	if (owner != p)
		policy.flags |= link_flags(manager, p);
	if (apply_capture_has_port(manager, owner))
		policy.captured = captured;
	return guard_prepare(guard, &policy);
}

// Write the policies of all guards. Returns how many differ from the one in force, or -errno.
static int prepare_all(struct manager *manager, bool *changed)
{
	int n = 0;

	for (uint16_t p = 0; p < MAX_PORTS; p++) {
		struct guard *guard = guard_of(manager, p);
		int result = guard ? prepare(manager, p, guard) : 0;

		if (result < 0)
			return result;
		changed[p] = result;
		n += result;
	}
	return n;
}

typedef int guard_action(struct guard *guard);

// Do something with those of "chosen" guards, or with all.
static int for_each(struct manager *manager, const bool *chosen, guard_action *action)
{
	int err = 0;

	for (uint32_t p = 0; p < MAX_PORTS && !err; p++) {
		struct guard *guard = guard_of(manager, p);

		if (guard && (!chosen || chosen[p]))
			err = action(guard);
	}
	return err;
}

// One wait serves all guards.
static int wait_once(struct manager *manager)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (guard_of(manager, p))
			return guard_wait(guard_of(manager, p));
	}
	return 0;
}

// Where addresses and rules change together, guards judge nothing meanwhile (guard.h).
static int tell(struct manager *manager)
{
	bool changed[MAX_PORTS] = {false};
	int sources = prepare_sources(manager);
	int n = sources < 0 ? sources : prepare_all(manager, changed);
	int err = n < 0 ? n : 0;

	if (n > 0 && sources) {
		err = for_each(manager, changed, guard_suspend);
		if (!err)
			err = wait_once(manager);
	}
	if (!err)
		err = update_sources(manager);
	if (!err && n > 0) {
		err = for_each(manager, changed, guard_commit);
		if (!err)
			err = wait_once(manager);
	}
	return err;
}

static bool has_guards(const struct manager *manager)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (guard_of(manager, p))
			return true;
	}
	return false;
}

void apply_guard(struct manager *manager)
{
	struct guards *guards = &manager->guards;

	guards->is_stale = false;
	if (!has_guards(manager))
		return;
	if (!guards->sources)
		guards->sources = guard_sources_create();
	int err = guards->sources ? tell(manager) : -errno;
	if (!err)
		return;
	log_err("XDP guards cannot be told the policy, and leave all frames to workers: %s",
		strerror(-err));
	for_each(manager, NULL, guard_suspend);
}

void apply_guard_disabled(struct manager *manager, uint16_t port)
{
	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		if (guard_of(manager, p) && owner_of(manager, p) == port)
			guard_disable(guard_of(manager, p),
				      atomic_load(&manager->fabric->disabled[port]));
	}
}

void apply_guard_tick(struct manager *manager)
{
	struct guards *guards = &manager->guards;

	for (uint32_t p = 0; p < MAX_PORTS; p++) {
		struct guard *guard = guard_of(manager, p);

		if (!guard)
			continue;
		guard_disable(guard, atomic_load(&manager->fabric->disabled[owner_of(manager, p)]));
		collect(manager, p, guard);
	}
	if (guards->is_stale ||
	    (guards->sources && count_changes(manager) != guards->static_changes))
		apply_guard(manager);
}

void apply_guard_fini(struct manager *manager)
{
	guard_sources_destroy(manager->guards.sources);
	manager->guards.sources = NULL;
}
