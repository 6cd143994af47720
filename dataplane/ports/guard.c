// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/guard.h"

#include <errno.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dataplane/ports/guard_sources.h"
#include "lib/log.h"

enum guard_map { MAP_POLICIES, MAP_SWITCH, MAP_SOURCES, MAP_COUNTS, MAPS };

enum { MAPS_MAX = 16 }; // of a program

static const struct {
	const char *name;
	uint32_t value_size;
} maps[MAPS] = {
	[MAP_POLICIES] = {"guard_policies", sizeof(struct guard_policy)},
	[MAP_SWITCH] = {"guard_switch", sizeof(struct guard_switch)},
	[MAP_SOURCES] = {"guard_sources", sizeof(uint32_t)},
	[MAP_COUNTS] = {"guard_counts", sizeof(struct guard_counts)},
};

struct guard {
	enum port_guard mode;
	int fds[MAPS];
	const struct guard_sources *sources; // NULL: none
	struct guard_switch now;
	struct guard_policy policies[GUARD_BUFFERS];
	uint32_t prepared;	   // in_force after the next commit
	struct guard_counts total; // at the last guard_collect()
	int n_cpus;
	struct guard_counts *by_cpu; // [n_cpus]
};

static const uint32_t only; // key of maps of one element

static int set(const struct guard *guard, enum guard_map map, const uint32_t *key,
	       const void *value)
{
	int err = bpf_map_update_elem(guard->fds[map], key, value, BPF_ANY);

	if (err)
		log_err("cannot write %s: %s", maps[map].name, strerror(-err));
	return err;
}

// ---- Life

// Keep the map behind "id" if it is one of ours.
static int take_map(struct guard *guard, uint32_t id)
{
	struct bpf_map_info info = {0};
	uint32_t length = sizeof(info);
	int fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return fd;
	int err = bpf_obj_get_info_by_fd(fd, &info, &length);
	for (int m = 0; m < MAPS && !err; m++) {
		if (guard->fds[m] >= 0 || strcmp(info.name, maps[m].name) != 0 ||
		    info.value_size != maps[m].value_size)
			continue;
		guard->fds[m] = fd;
		return 0;
	}
	close(fd);
	return err;
}

static int take_maps(struct guard *guard, int program_fd)
{
	uint32_t ids[MAPS_MAX];
	struct bpf_prog_info info = {.nr_map_ids = MAPS_MAX, .map_ids = (uintptr_t)ids};
	uint32_t length = sizeof(info);
	int err = bpf_obj_get_info_by_fd(program_fd, &info, &length);

	for (uint32_t i = 0; i < info.nr_map_ids && i < MAPS_MAX && !err; i++)
		err = take_map(guard, ids[i]);
	for (int m = 0; m < MAPS && !err; m++) {
		if (guard->fds[m] < 0)
			err = -EPROTO; // the object file is of another version
	}
	return err;
}

struct guard *guard_open_program(int program_fd)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return NULL;
	memset(guard->fds, 0xff, sizeof(guard->fds));
	guard->n_cpus = libbpf_num_possible_cpus();
	int err = guard->n_cpus < 0 ? guard->n_cpus : take_maps(guard, program_fd);
	if (!err)
		guard->by_cpu = calloc((size_t)guard->n_cpus, sizeof(*guard->by_cpu));
	if (!err && guard->by_cpu)
		return guard;
	log_warn("cannot reach the maps of an XDP program: %s", strerror(err ? -err : ENOMEM));
	guard_close(guard);
	errno = err ? -err : ENOMEM;
	return NULL;
}

struct guard *guard_open(int ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err = bpf_xdp_query(ifindex, 0, &query);
	uint32_t id = query.prog_id ? query.prog_id : query.drv_prog_id;
	int fd = err ? err : bpf_prog_get_fd_by_id(id ? id : query.skb_prog_id);

	if (fd < 0) {
		log_warn("cannot reach an XDP program: %s", strerror(-fd));
		errno = -fd;
		return NULL;
	}
	struct guard *guard = guard_open_program(fd);
	close(fd);
	if (guard)
		guard->mode = query.attach_mode == XDP_ATTACHED_SKB ? GUARD_GENERIC : GUARD_NATIVE;
	return guard;
}

void guard_close(struct guard *guard)
{
	if (!guard)
		return;
	for (int m = 0; m < MAPS; m++) {
		if (guard->fds[m] >= 0)
			close(guard->fds[m]);
	}
	free(guard->by_cpu);
	free(guard);
}

enum port_guard guard_mode(const struct guard *guard)
{
	return guard ? guard->mode : GUARD_NONE;
}

// ---- Policy

static uint32_t other(uint32_t in_force)
{
	return in_force == 1 ? 2 : 1;
}

int guard_prepare(struct guard *guard, const struct guard_policy *policy)
{
	uint32_t in_force = guard->now.in_force, next = other(in_force) - 1;

	guard->prepared = in_force;
	if (in_force && memcmp(&guard->policies[in_force - 1], policy, sizeof(*policy)) == 0)
		return 0;
	int err = set(guard, MAP_POLICIES, &next, policy);
	if (err)
		return err;
	guard->policies[next] = *policy;
	guard->prepared = next + 1;
	return 1;
}

// Only one field changes, and of that only one octet: no frame sees a half of it.
static int turn(struct guard *guard, struct guard_switch next)
{
	int err = set(guard, MAP_SWITCH, &only, &next);

	if (!err)
		guard->now = next;
	return err;
}

int guard_commit(struct guard *guard)
{
	return turn(guard, (struct guard_switch){guard->prepared, guard->now.disabled});
}

int guard_suspend(struct guard *guard)
{
	return turn(guard, (struct guard_switch){0, guard->now.disabled});
}

int guard_disable(struct guard *guard, enum port_disable why)
{
	if (guard->now.disabled == why)
		return 0;
	return turn(guard, (struct guard_switch){guard->now.in_force, why});
}

// ---- Sources

// What writes a map of maps waits until every program that runs has ended; the kernel promises it
// (maybe_wait_bpf_programs() in kernel/bpf/syscall.c).
int guard_wait(struct guard *guard)
{
	if (!guard->sources)
		return 0; // it was never told anything, so it judges nothing
	return set(guard, MAP_SOURCES, &only, &(int){guard_sources_fd(guard->sources)});
}

int guard_use_sources(struct guard *guard, const struct guard_sources *sources)
{
	guard->sources = sources;
	return guard_wait(guard);
}

bool guard_has_sources(const struct guard *guard)
{
	return guard->sources;
}

// ---- Counts

static void sum(const struct guard *guard, struct guard_counts *total)
{
	memset(total, 0, sizeof(*total));
	for (int c = 0; c < guard->n_cpus; c++) {
		const struct guard_counts *counts = &guard->by_cpu[c];

		total->octets += counts->octets;
		total->multicast += counts->multicast;
		total->broadcast += counts->broadcast;
		for (int r = 0; r < DROP_COUNT; r++)
			total->drops[r] += counts->drops[r];
	}
}

// Frames are the sum of those that died, never counted by themselves: so the books are balanced at
// any moment, though CPUs go on counting while they are read.
int guard_collect(struct guard *guard, struct port_counters *counters)
{
	struct guard_counts total;
	int err = bpf_map_lookup_elem(guard->fds[MAP_COUNTS], &only, guard->by_cpu);

	if (err)
		return err;
	sum(guard, &total);
	counters->rx_octets += total.octets - guard->total.octets;
	counters->rx_multicast += total.multicast - guard->total.multicast;
	counters->rx_broadcast += total.broadcast - guard->total.broadcast;
	for (int r = 0; r < DROP_COUNT; r++) {
		uint64_t died = total.drops[r] - guard->total.drops[r];

		counters->drops[r] += died;
		counters->rx_frames += died;
	}
	guard->total = total;
	return 0;
}
