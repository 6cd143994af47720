// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/guard_sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "dataplane/ports/bpf/guard.h"
#include "lib/log.h"

enum { ROOM_MIN = 1024 };

struct list {
	size_t n;
	uint64_t *values; // sorted by key
};

struct guard_sources {
	int fd; // -1: none yet
	size_t room;
	bool is_broken; // the map does not hold what "now" says
	struct list now;
	struct list next;
};

struct guard_sources *guard_sources_create(void)
{
	struct guard_sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return NULL;
	sources->fd = -1;
	bool is_new;
	int err = guard_sources_update(sources, &is_new);
	if (!err)
		return sources;
	guard_sources_destroy(sources);
	errno = -err;
	return NULL;
}

void guard_sources_destroy(struct guard_sources *sources)
{
	if (!sources)
		return;
	if (sources->fd >= 0)
		close(sources->fd);
	free(sources->now.values);
	free(sources->next.values);
	free(sources);
}

int guard_sources_fd(const struct guard_sources *sources)
{
	return sources->fd;
}

static int compare_keys(const void *a, const void *b)
{
	uint64_t one = guard_value_key(*(const uint64_t *)a);
	uint64_t two = guard_value_key(*(const uint64_t *)b);

	return (one > two) - (one < two);
}

int guard_sources_prepare(struct guard_sources *sources, const uint64_t *values, size_t n)
{
	struct list *next = &sources->next;
	uint64_t *copy = realloc(next->values, (n + 1) * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	next->values = copy;
	next->n = n;
	if (n)
		memcpy(copy, values, n * sizeof(*copy));
	qsort(copy, n, sizeof(*copy), compare_keys);
	return sources->is_broken || n != sources->now.n ||
	       (n && memcmp(copy, sources->now.values, n * sizeof(*copy)) != 0);
}

static int put(int fd, uint64_t value)
{
	uint64_t key = guard_value_key(value);

	return bpf_map_update_elem(fd, &key, &value, BPF_ANY);
}

static int delete (int fd, uint64_t value)
{
	uint64_t key = guard_value_key(value);
	int err = bpf_map_delete_elem(fd, &key);

	return err == -ENOENT ? 0 : err;
}

// Go along both lists: what is only in the old one goes, what is new or changed comes.
static int update_differences(struct guard_sources *sources)
{
	const struct list *now = &sources->now, *next = &sources->next;
	size_t i = 0, j = 0;
	int err = 0;

	while ((i < now->n || j < next->n) && !err) {
		int order = i == now->n	   ? 1
			    : j == next->n ? -1
					   : compare_keys(&now->values[i], &next->values[j]);

		if (order < 0)
			err = delete (sources->fd, now->values[i]);
		else if (order > 0 || now->values[i] != next->values[j])
			err = put(sources->fd, next->values[j]);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

static int make_map(struct guard_sources *sources)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_NO_PREALLOC);
	size_t room = ROOM_MIN;

	while (room < sources->next.n * 2)
		room *= 2;
	int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "guard_sources", sizeof(uint64_t),
				sizeof(uint64_t), (uint32_t)room, &options);
	if (fd < 0)
		return fd;
	if (sources->fd >= 0)
		close(sources->fd);
	sources->fd = fd;
	sources->room = room;
	return 0;
}

static int fill(struct guard_sources *sources)
{
	int err = make_map(sources);

	for (size_t i = 0; i < sources->next.n && !err; i++)
		err = put(sources->fd, sources->next.values[i]);
	return err;
}

int guard_sources_update(struct guard_sources *sources, bool *is_new)
{
	struct list spare = sources->now;

	*is_new = sources->fd < 0 || sources->is_broken || sources->next.n > sources->room;
	int err = *is_new ? fill(sources) : update_differences(sources);
	sources->is_broken = err != 0;
	if (err) {
		log_err("cannot write the sources that XDP guards know: %s", strerror(-err));
		return err;
	}
	sources->now = sources->next;
	sources->next = spare;
	return 0;
}
