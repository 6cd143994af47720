// SPDX-License-Identifier: BSD-3-Clause
#include "control/fabric/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/fabric/fabric.h"
#include "control/loop.h"
#include "lib/channel.h"

enum { ROUNDS = 2 };

struct settling {
	const struct fabric *fabric;
	snapshot_done_fn *done;
	void *argument;
	struct event *timer;
	uint64_t give_up; // loop_now_ms()
	uint64_t instance;
	struct snapshot *last;
	uint64_t rounds[MAX_WORKERS]; // when "last" began to be true
};

static bool was_ever_used(const struct stats *stats, uint16_t slot)
{
	return __atomic_load_n(&stats->ports[slot].incarnation, __ATOMIC_RELAXED) != 0;
}

static void copy_retired(const struct stats *stats, struct port_counters *to)
{
	const uint64_t *from = (const uint64_t *)&stats->header->retired;
	uint64_t *words = (uint64_t *)to;

	for (size_t i = 0; i < sizeof(*to) / sizeof(*words); i++)
		words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

struct snapshot *snapshot_take(const struct stats *stats)
{
	size_t used = 0;

	for (uint16_t s = 0; s < MAX_PORTS; s++)
		used += was_ever_used(stats, s);
	size_t size = sizeof(struct snapshot) + used * sizeof(struct snapshot_row);
	struct snapshot *snapshot = aligned_alloc(64, (size + 63) / 64 * 64);
	if (!snapshot)
		return NULL;
	memset(snapshot, 0, size);
	copy_retired(stats, &snapshot->retired);
	for (uint16_t s = 0; s < MAX_PORTS && snapshot->n < used; s++) {
		if (!was_ever_used(stats, s))
			continue;
		snapshot->rows[snapshot->n].slot = s;
		stats_sum_port(stats, s, &snapshot->rows[snapshot->n++].counters);
	}
	return snapshot;
}

const struct port_counters *snapshot_find(const struct snapshot *snapshot, uint16_t slot)
{
	for (size_t i = 0; i < snapshot->n; i++) {
		if (snapshot->rows[i].slot == slot)
			return &snapshot->rows[i].counters;
	}
	return NULL;
}

uint64_t snapshot_drops(const struct port_counters *counters, enum drop_side side)
{
	uint64_t sum = 0;

	for (int reason = 1; reason < DROP_COUNT; reason++) {
		if (drop_infos[reason].side == side)
			sum += counters->drops[reason];
	}
	return sum;
}

static int64_t balance(const struct port_counters *c)
{
	return (int64_t)(c->rx_frames + c->copies + c->injected - c->tx_frames -
			 snapshot_drops(c, DROP_SIDE_IN) - snapshot_drops(c, DROP_SIDE_OUT) -
			 c->consumed);
}

int64_t snapshot_balance(const struct snapshot *snapshot)
{
	int64_t sum = balance(&snapshot->retired);

	for (size_t i = 0; i < snapshot->n; i++)
		sum += balance(&snapshot->rows[i].counters);
	return sum;
}

static bool is_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->n == b->n && memcmp(&a->retired, &b->retired, sizeof(a->retired)) == 0 &&
	       memcmp(a->rows, b->rows, a->n * sizeof(*a->rows)) == 0;
}

static void read_rounds(const struct stats *stats, uint64_t *rounds)
{
	for (uint32_t w = 0; w < stats->n_workers; w++)
		rounds[w] = atomic_load(&stats->workers[w].rounds);
}

static bool all_went_round(const struct stats *stats, const uint64_t *since)
{
	uint64_t now[MAX_WORKERS];

	read_rounds(stats, now);
	for (uint32_t w = 0; w < stats->n_workers; w++) {
		if (now[w] - since[w] < ROUNDS)
			return false;
	}
	return true;
}

static void finish(struct settling *settling, const struct snapshot *snapshot)
{
	settling->done(settling->argument, snapshot);
	loop_forget(&settling->timer);
	free(settling->last);
	free(settling);
}

// Compare with the reading before; if it differs, begin anew with this one.
static void look(struct settling *settling, const struct stats *stats)
{
	bool went_round = settling->last && all_went_round(stats, settling->rounds);
	struct snapshot *now = snapshot_take(stats);

	if (!now) {
		finish(settling, NULL);
		return;
	}
	bool same = settling->last && is_same(settling->last, now);
	free(settling->last);
	settling->last = now;
	now->settled = same && went_round;
	if (!same)
		read_rounds(stats, settling->rounds);
	if (now->settled || loop_now_ms() >= settling->give_up)
		finish(settling, now);
	else
		loop_timer_set(settling->timer, SNAPSHOT_EVERY_MS);
}

static void on_timer(evutil_socket_t fd, short what, void *argument)
{
	struct settling *settling = argument;
	const struct stats *stats = fabric_stats(settling->fabric);

	(void)fd, (void)what;
	if (!stats || stats->header->instance != settling->instance)
		finish(settling, NULL);
	else
		look(settling, stats);
}

int snapshot_settle(struct event_base *base, const struct fabric *fabric, snapshot_done_fn *done,
		    void *argument)
{
	struct settling *settling = alloc_zero(sizeof(*settling));

	settling->fabric = fabric;
	settling->done = done;
	settling->argument = argument;
	settling->give_up = loop_now_ms() + SNAPSHOT_PATIENCE_MS;
	settling->instance = fabric_peer(fabric) ? fabric_peer(fabric)->instance : 0;
	settling->timer = loop_timer(base, on_timer, settling);
	if (!settling->timer) {
		free(settling);
		return -ENOMEM;
	}
	loop_timer_set(settling->timer, 0);
	return 0;
}
