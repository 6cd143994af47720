// SPDX-License-Identifier: BSD-3-Clause
// Who asked for an address lately, and when: at most so many questions, of which the oldest makes
// room for a new one.
//
// The queues of a machine share a bounded number of octets (QUEUES_OCTETS). A queue takes more as
// questions come, and when there are none left, it takes them from another:
//
//   - from one that cannot matter any more because nobody has asked for so long;
//   - for an address that the machine was told, from one that it was not told;
//   - from one that is not longer: so a few get full and are done with, where all would wait for
//     each other.
//
// If there is no such queue, it stays as short as it is, and so is not full.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "lib/ip.h"

enum { QUEUES_OCTETS = 1 << 20, QUEUE_LENGTHS = 16 };
#define QUEUE_NO_OWNER UINT32_MAX

// Ten octets, because there are many.
struct question {
	uint64_t when_ms : 48;
	uint64_t asker : 32;
} __attribute__((packed));

struct queue {
	TAILQ_ENTRY(queue) link;
	uint32_t owner; // a number that means something to the caller
	bool told;
	uint32_t first; // the oldest
	uint32_t n;
	uint32_t room;
	struct question questions[];
};

TAILQ_HEAD(queue_list, queue);

struct queues {
	// [told][about how long], the one that was asked for longest ago first.
	struct queue_list lists[2][QUEUE_LENGTHS];
	size_t octets;
};

void queues_init(struct queues *queues);

// How askers are told apart: by the address itself of IPv4, by a hash of IPv6.
uint32_t queue_asker(const struct ip *ip);

// Whether a question more makes the queue longer, or it is as long as "depth" already. NULL is a
// queue that is to begin.
bool queue_has_room(const struct queues *queues, const struct queue *queue, uint32_t depth);

// Whose queue to destroy for that; QUEUE_NO_OWNER: nobody's. "told" is of the address in need, and
// "queue" its queue, or NULL. Questions of before "stale_ms" do not matter.
uint32_t queues_victim(const struct queues *queues, const struct queue *queue, bool told,
		       uint64_t stale_ms);

// Begin a queue. Returns NULL if there is no room.
struct queue *queue_create(struct queues *queues, uint32_t owner, bool told, uint32_t depth);
void queue_destroy(struct queues *queues, struct queue *queue); // NULL is fine

// Add a question. Returns the queue, which may have moved.
struct queue *queue_add(struct queues *queues, struct queue *queue, uint32_t depth, uint32_t asker,
			uint64_t now_ms);

// Keep the newest "depth" questions. Returns the queue, which may have moved.
struct queue *queue_shorten(struct queues *queues, struct queue *queue, uint32_t depth);

// Questions a minute: 0 if there are fewer than two (or no queue). If all came at once, they count
// as of one second. queue_is_above() compares without rounding.
double queue_rate(const struct queue *queue);
bool queue_is_above(const struct queue *queue, uint32_t rate);

// Leave out the questions that were followed by another of the same asker in less than
// 1 / "per_second" seconds. Returns whether there were any.
bool queue_reduce(struct queue *queue, double per_second);
