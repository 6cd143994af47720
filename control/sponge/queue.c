// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/queue.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"

enum { FIRST_ROOM = 4, SECOND_MS = 1000, MINUTE_MS = 60000 };

void queues_init(struct queues *queues)
{
	for (unsigned int i = 0; i < QUEUE_LENGTHS; i++) {
		TAILQ_INIT(&queues->lists[false][i]);
		TAILQ_INIT(&queues->lists[true][i]);
	}
	queues->octets = 0;
}

uint32_t queue_asker(const struct ip *ip)
{
	uint64_t word, hash = 0;
	uint32_t v4;

	if (ip->family != 6) {
		memcpy(&v4, ip->octets, sizeof(v4));
		return v4;
	}
	for (unsigned int i = 0; i < sizeof(ip->octets); i += sizeof(word)) {
		memcpy(&word, ip->octets + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

// ---- Room

static size_t octets_for(uint32_t room)
{
	return sizeof(struct queue) + room * sizeof(struct question);
}

static uint32_t more_room(const struct queue *queue, uint32_t depth)
{
	uint32_t room = queue ? 2 * queue->room : FIRST_ROOM;

	return room < depth ? room : depth;
}

bool queue_has_room(const struct queues *queues, const struct queue *queue, uint32_t depth)
{
	if (queue && (queue->n < queue->room || queue->room >= depth))
		return true;
	size_t old = queue ? octets_for(queue->room) : 0;
	return queues->octets + octets_for(more_room(queue, depth)) - old <= QUEUES_OCTETS;
}

static const struct question *newest(const struct queue *queue)
{
	return &queue->questions[(queue->first + queue->n - 1) % queue->room];
}

// FIRST_ROOM is 0, twice that is 1, and so on.
static unsigned int length_of(const struct queue *queue)
{
	unsigned int length = 0;

	while (queue && length < QUEUE_LENGTHS - 1 && queue->room >> length >= 2 * FIRST_ROOM)
		length++;
	return length;
}

static struct queue_list *list_of(struct queues *queues, const struct queue *queue)
{
	return &queues->lists[queue->told][length_of(queue)];
}

// Of one list, for "queue".
static const struct queue *victim_of(const struct queue_list *list, const struct queue *queue,
				     bool any, uint64_t stale_ms)
{
	const struct queue *oldest = TAILQ_FIRST(list);

	if (oldest && oldest == queue)
		oldest = TAILQ_NEXT(oldest, link);
	return oldest && (any || newest(oldest)->when_ms < stale_ms) ? oldest : NULL;
}

uint32_t queues_victim(const struct queues *queues, const struct queue *queue, bool told,
		       uint64_t stale_ms)
{
	unsigned int length = length_of(queue);

	for (unsigned int i = 0; i < 2 * QUEUE_LENGTHS; i++) {
		bool theirs_told = i >= QUEUE_LENGTHS;
		unsigned int theirs = i % QUEUE_LENGTHS;
		bool any = theirs_told == told ? theirs <= length : told;
		const struct queue *victim =
			victim_of(&queues->lists[theirs_told][theirs], queue, any, stale_ms);

		if (victim)
			return victim->owner;
	}
	return QUEUE_NO_OWNER;
}

static struct queue *begin(struct queues *queues, uint32_t owner, bool told, uint32_t room)
{
	struct queue *queue = alloc_zero(octets_for(room));

	queue->owner = owner;
	queue->told = told;
	queue->room = room;
	queues->octets += octets_for(room);
	TAILQ_INSERT_TAIL(list_of(queues, queue), queue, link);
	return queue;
}

struct queue *queue_create(struct queues *queues, uint32_t owner, bool told, uint32_t depth)
{
	if (!queue_has_room(queues, NULL, depth))
		return NULL;
	return begin(queues, owner, told, more_room(NULL, depth));
}

void queue_destroy(struct queues *queues, struct queue *queue)
{
	if (!queue)
		return;
	queues->octets -= octets_for(queue->room);
	TAILQ_REMOVE(list_of(queues, queue), queue, link);
	free(queue);
}

// The newest questions move to another that has room for them.
static struct queue *resize(struct queues *queues, struct queue *old, uint32_t room)
{
	struct queue *queue = begin(queues, old->owner, old->told, room);

	for (uint32_t i = old->n > room ? old->n - room : 0; i < old->n; i++)
		queue->questions[queue->n++] = old->questions[(old->first + i) % old->room];
	queue_destroy(queues, old);
	return queue;
}

struct queue *queue_shorten(struct queues *queues, struct queue *queue, uint32_t depth)
{
	return queue->room > depth ? resize(queues, queue, depth) : queue;
}

// ---- Questions

struct queue *queue_add(struct queues *queues, struct queue *queue, uint32_t depth, uint32_t asker,
			uint64_t now_ms)
{
	if (queue->n == queue->room && queue->room < depth && queue_has_room(queues, queue, depth))
		queue = resize(queues, queue, more_room(queue, depth));
	if (queue->n == queue->room) {
		queue->first = (queue->first + 1) % queue->room;
		queue->n--;
	}
	queue->questions[(queue->first + queue->n++) % queue->room] =
		(struct question){.when_ms = now_ms, .asker = asker};
	TAILQ_REMOVE(list_of(queues, queue), queue, link);
	TAILQ_INSERT_TAIL(list_of(queues, queue), queue, link);
	return queue;
}

static uint64_t span_ms(const struct queue *queue)
{
	uint64_t first = queue->questions[queue->first].when_ms, last = newest(queue)->when_ms;

	return first < last ? last - first : SECOND_MS;
}

double queue_rate(const struct queue *queue)
{
	if (!queue || queue->n < 2)
		return 0;
	return (double)(queue->n - 1) * MINUTE_MS / (double)span_ms(queue);
}

bool queue_is_above(const struct queue *queue, uint32_t rate)
{
	return queue->n >= 2 &&
	       (uint64_t)(queue->n - 1) * MINUTE_MS > (uint64_t)rate * span_ms(queue);
}

static struct question *nth(struct queue *queue, uint32_t i)
{
	return &queue->questions[(queue->first + i) % queue->room];
}

static bool is_followed(struct queue *queue, uint32_t i, double per_second)
{
	const struct question *question = nth(queue, i);

	for (uint32_t k = i + 1; k < queue->n; k++) {
		const struct question *later = nth(queue, k);

		if ((double)(later->when_ms - question->when_ms) * per_second >= SECOND_MS)
			return false;
		if (later->asker == question->asker)
			return true;
	}
	return false;
}

bool queue_reduce(struct queue *queue, double per_second)
{
	uint32_t kept = 0, n = queue->n;

	// What is kept moves to the front, over what was looked at already.
	for (uint32_t i = 0; i < n; i++) {
		if (!is_followed(queue, i, per_second))
			*nth(queue, kept++) = *nth(queue, i);
	}
	queue->n = kept;
	return kept < n;
}
