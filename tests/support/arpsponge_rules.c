// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/arpsponge_rules.h"

#include <stdlib.h>
#include <string.h>

void rules_start(struct rules *rules, const struct config_sponge *settings, uint64_t now_ms)
{
	static const int states[] = {ALIVE, DEAD, PENDING, UNDEFINED};

	memset(rules, 0, sizeof(*rules));
	rules->settings = settings;
	rules->learning = settings->learning;
	if (settings->sweep_period)
		rules->next_sweep_ms = now_ms + settings->sweep_period * 1000ULL;
	if (settings->sweep_at_start)
		rules->next_sweep_ms = now_ms;
	for (uint32_t n = 0; n < RULES_ADDRESSES; n++) {
		rules->addresses[n].state = states[settings->init];
		rules->addresses[n].queue =
			calloc(settings->queue_depth, sizeof(struct rules_query));
	}
}

void rules_end(struct rules *rules)
{
	for (uint32_t n = 0; n < RULES_ADDRESSES; n++)
		free(rules->addresses[n].queue);
}

static void set_state(struct rules_address *address, int state, uint64_t now_ms)
{
	address->state = state;
	address->mtime_ms = now_ms;
}

void rules_life(struct rules *rules, uint32_t n, uint64_t now_ms)
{
	struct rules_address *address = &rules->addresses[n];
	int state = address->state == UNDEFINED ? ALIVE : address->state;

	address->has_mac = true;
	if (state < ALIVE && rules->settings->is_static)
		state = STATIC;
	if (state == STATIC)
		return;
	address->n = 0;
	set_state(address, ALIVE, now_ms);
}

// ---- The queue

static bool is_full(const struct rules *rules, const struct rules_address *address)
{
	return address->n >= rules->settings->queue_depth;
}

// Whether rate() > max_rate: n - 1 over the time, without fractions.
static bool is_above(const struct rules *rules, const struct rules_address *address)
{
	uint64_t time = 1000;

	if (address->n <= 1)
		return false;
	if (address->queue[0].time_ms < address->queue[address->n - 1].time_ms)
		time = address->queue[address->n - 1].time_ms - address->queue[0].time_ms;
	return (address->n - 1) * 60000ULL > rules->settings->rate * time;
}

static void add(const struct rules *rules, struct rules_address *address, uint32_t source,
		uint64_t now_ms)
{
	if (is_full(rules, address)) {
		memmove(address->queue, address->queue + 1,
			(address->n - 1) * sizeof(*address->queue));
		address->n--;
	}
	address->queue[address->n++] = (struct rules_query){source, now_ms};
}

static int by_source(const void *a, const void *b)
{
	const struct rules_query *one = a, *other = b;

	if (one->source != other->source)
		return one->source < other->source ? -1 : 1;
	return one->time_ms < other->time_ms ? -1 : one->time_ms > other->time_ms;
}

static int by_time(const void *a, const void *b)
{
	const struct rules_query *one = a, *other = b;

	if (one->time_ms != other->time_ms)
		return one->time_ms < other->time_ms ? -1 : 1;
	return 0;
}

static void reduce(const struct rules *rules, struct rules_address *address)
{
	double rate = rules->settings->flood_protection;
	struct rules_query *q = address->queue;
	uint32_t kept = 0;

	if (rate <= 0)
		return;
	qsort(q, address->n, sizeof(*q), by_source);
	for (uint32_t i = 0; i < address->n; i++) {
		bool is_last = i + 1 == address->n || q[i + 1].source != q[i].source;

		if (is_last || (double)(q[i + 1].time_ms - q[i].time_ms) >= 1000 / rate)
			q[kept++] = q[i];
	}
	address->n = kept;
	qsort(q, kept, sizeof(*q), by_time);
}

// ---- Requests

static void suspect(const struct rules *rules, struct rules_address *address, uint64_t now_ms)
{
	if (!rules->settings->is_static)
		set_state(address, PENDING, now_ms);
}

bool rules_request(struct rules *rules, uint32_t n, uint32_t source, uint64_t now_ms)
{
	struct rules_address *address = &rules->addresses[n];

	if (rules->learning)
		return false;
	add(rules, address, source, now_ms);
	if (address->state == UNDEFINED) {
		suspect(rules, address, now_ms);
		return false;
	}
	if (address->state <= DEAD)
		return true;
	if (address->state != ALIVE || !is_full(rules, address) || !is_above(rules, address))
		return false;
	reduce(rules, address);
	if (is_full(rules, address) && is_above(rules, address))
		suspect(rules, address, now_ms);
	return false;
}

void rules_probe(struct rules *rules, uint32_t n, uint64_t now_ms)
{
	struct rules_address *address = &rules->addresses[n];
	bool kept = address->state == STATIC && rules->settings->mode != SPONGE_ARPSPONGE;

	if (address->state != UNDEFINED && address->state != ALIVE && !kept)
		suspect(rules, address, now_ms);
}

// ---- Time

static void die(const struct rules *rules, struct rules_address *address, int state,
		uint64_t now_ms)
{
	if (rules->settings->gratuitous && !rules->settings->dummy && !rules->learning)
		address->announcements++;
	set_state(address, state, now_ms);
}

static void probe_pending(struct rules *rules, uint64_t now_ms)
{
	int most = (int)rules->settings->pending - !rules->settings->one_more;

	for (uint32_t n = 0; n < RULES_ADDRESSES; n++) {
		struct rules_address *address = &rules->addresses[n];

		if (address->state < PENDING)
			continue;
		if (address->state > most) {
			die(rules, address, DEAD, now_ms);
			continue;
		}
		set_state(address, address->state + 1, now_ms);
		if (!rules->settings->passive)
			address->queries++;
	}
}

static void sweep(struct rules *rules, uint64_t now_ms)
{
	if (rules->settings->passive)
		return;
	for (uint32_t n = 0; n < RULES_ADDRESSES; n++) {
		struct rules_address *address = &rules->addresses[n];
		bool is_old = !address->mtime_ms ||
			      now_ms - address->mtime_ms >= rules->settings->sweep_age * 1000ULL;

		if (!is_old || (address->state == ALIVE && rules->settings->sweep_skip_alive &&
				address->has_mac))
			continue;
		address->queries++;
		address->mtime_ms = now_ms;
	}
}

void rules_timer(struct rules *rules, uint64_t now_ms)
{
	if (rules->learning) {
		rules->learning--;
		return;
	}
	probe_pending(rules, now_ms);
	if (!rules->next_sweep_ms || now_ms < rules->next_sweep_ms)
		return;
	sweep(rules, now_ms);
	rules->next_sweep_ms = rules->settings->sweep_period
				       ? now_ms + rules->settings->sweep_period * 1000ULL
				       : 0;
}

// ---- Operators

void rules_set(struct rules *rules, uint32_t n, int state, uint64_t now_ms)
{
	struct rules_address *address = &rules->addresses[n];

	if (state <= DEAD) {
		die(rules, address, state, now_ms);
		return;
	}
	if (state == ALIVE)
		address->n = 0;
	set_state(address, state, now_ms);
}

void rules_clear(struct rules *rules, uint32_t n)
{
	struct rules_address *address = &rules->addresses[n];

	address->state = UNDEFINED;
	address->mtime_ms = 0;
	address->has_mac = false;
	address->n = 0;
}
