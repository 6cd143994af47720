// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/moves.h"

#include <stdlib.h>

#include "dataplane/manage/window.h"
#include "lib/clock.h"

struct mover {
	uint64_t last_ns;
	uint16_t home;
	struct window window;
};

struct recent {
	uint64_t when_ns;
	uint16_t from, to;
};

struct moves {
	uint32_t n;		   // of the two below
	uint64_t keys[MOVES_MACS]; // LAN and address
	struct mover movers[MOVES_MACS];
	uint64_t n_recent; // that ever were
	struct recent recent[MOVES_RECENT];
};

struct moves *moves_create(void)
{
	return calloc(1, sizeof(struct moves));
}

void moves_destroy(struct moves *moves)
{
	free(moves);
}

static uint64_t key_of(uint16_t lan, mac_t mac)
{
	return (uint64_t)lan << 48 | mac;
}

static uint32_t find(const struct moves *moves, uint64_t key)
{
	uint32_t i = 0;

	while (i < moves->n && moves->keys[i] != key)
		i++;
	return i;
}

// A place for one more: a free one, or that of the address that has not moved for longest.
static uint32_t make_place(struct moves *moves)
{
	uint32_t oldest = 0;

	if (moves->n < MOVES_MACS)
		return moves->n++;
	for (uint32_t i = 1; i < MOVES_MACS; i++) {
		if (moves->movers[i].last_ns < moves->movers[oldest].last_ns)
			oldest = i;
	}
	return oldest;
}

static struct mover *mover_of(struct moves *moves, uint64_t key)
{
	uint32_t i = find(moves, key);

	if (i == moves->n) {
		i = make_place(moves);
		moves->keys[i] = key;
		moves->movers[i] = (struct mover){0};
	}
	return &moves->movers[i];
}

uint32_t moves_add(struct moves *moves, const struct event_mac *move, uint32_t seconds,
		   uint64_t now_ns, uint16_t *home)
{
	struct mover *mover = mover_of(moves, key_of(move->lan, move->mac));
	uint32_t count = window_add(&mover->window, 1, seconds, now_ns);

	if (count == 1)
		mover->home = move->old_port;
	mover->last_ns = now_ns;
	*home = mover->home;
	moves->recent[moves->n_recent++ % MOVES_RECENT] =
		(struct recent){.when_ns = now_ns, .from = move->old_port, .to = move->port};
	return count;
}

static void remove_at(struct moves *moves, uint32_t i)
{
	moves->n--;
	moves->keys[i] = moves->keys[moves->n];
	moves->movers[i] = moves->movers[moves->n];
}

void moves_forget(struct moves *moves, uint16_t lan, mac_t mac)
{
	uint32_t i = find(moves, key_of(lan, mac));

	if (i < moves->n)
		remove_at(moves, i);
}

void moves_forget_lan(struct moves *moves, uint16_t lan)
{
	for (uint32_t i = moves->n; i-- > 0;) {
		if (moves->keys[i] >> 48 == lan)
			remove_at(moves, i);
	}
}

uint32_t moves_count(const struct moves *moves, uint16_t a, uint16_t b, uint64_t now_ns)
{
	uint64_t n = moves->n_recent < MOVES_RECENT ? moves->n_recent : MOVES_RECENT;
	uint32_t count = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct recent *r = &moves->recent[i];

		count += now_ns - r->when_ns <= MOVES_SECONDS * CLOCK_SECOND &&
			 ((r->from == a && r->to == b) || (r->from == b && r->to == a));
	}
	return count;
}
