// SPDX-License-Identifier: BSD-3-Clause
#include "control/sponge/queue.h"

#include <criterion/criterion.h>

enum { DEPTH = 10 };

static struct queues queues;

static struct queue *fill(struct queue *queue, uint32_t n, uint32_t depth, uint64_t first_ms,
			  uint64_t gap_ms)
{
	for (uint32_t i = 0; i < n; i++)
		queue = queue_add(&queues, queue, depth, i % 3, first_ms + i * gap_ms);
	return queue;
}

static uint64_t nth_ms(const struct queue *queue, uint32_t i)
{
	return queue->questions[(queue->first + i) % queue->room].when_ms;
}

static struct queue *begin(uint32_t depth)
{
	queues_init(&queues);
	return queue_create(&queues, 1, true, depth);
}

Test(queue, the_oldest_makes_room)
{
	struct queue *queue = begin(DEPTH);

	for (uint32_t i = 1; i <= 100; i++) {
		queue = queue_add(&queues, queue, DEPTH, i, i);
		cr_assert_eq(queue->n, i < DEPTH ? i : DEPTH);
		cr_assert_leq(queue->room, DEPTH);
		for (uint32_t k = 0; k < queue->n; k++)
			cr_assert_eq(nth_ms(queue, k), i - queue->n + 1 + k);
	}
	queue_destroy(&queues, queue);
	cr_expect_eq(queues.octets, 0);
	queue_destroy(&queues, NULL);
}

Test(queue, the_rate_is_of_all)
{
	struct queue *queue = begin(DEPTH);

	cr_expect_eq(queue_rate(NULL), 0);
	queue = queue_add(&queues, queue, DEPTH, 1, 5000);
	cr_expect_eq(queue_rate(queue), 0);
	cr_expect(!queue_is_above(queue, 0));
	queue = queue_add(&queues, queue, DEPTH, 1, 5000);
	cr_expect_float_eq(queue_rate(queue), 60, 1e-9, "at once is within a second");
	queue = queue_add(&queues, queue, DEPTH, 1, 9000);
	cr_expect_float_eq(queue_rate(queue), 30, 1e-9);
	cr_expect(!queue_is_above(queue, 30), "strictly");
	cr_expect(queue_is_above(queue, 29));
	queue_destroy(&queues, queue);
}

Test(queue, floods_are_reduced_to_their_last)
{
	struct queue *queue = begin(100);

	// One asker in a flood, another one patient.
	for (uint32_t i = 0; i < 50; i++) {
		queue = queue_add(&queues, queue, 100, 1, 1000 + i * 100);
		if (i % 10 == 0)
			queue = queue_add(&queues, queue, 100, 2, 1000 + i * 100 + 1);
	}
	cr_expect_eq(queue->n, 55);
	cr_expect(queue_reduce(queue, 3));
	cr_expect_eq(queue->n, 6);
	cr_expect_eq(nth_ms(queue, 5), 1000 + 4900, "the newest of the flood");
	cr_expect(!queue_reduce(queue, 3), "nothing is left to leave out");
	queue_destroy(&queues, queue);
}

Test(queue, gaps_of_just_the_limit_count)
{
	struct queue *queue = begin(100);

	queue = queue_add(&queues, queue, 100, 1, 1000);
	queue = queue_add(&queues, queue, 100, 1, 1334);
	cr_expect(!queue_reduce(queue, 3));
	queue = queue_add(&queues, queue, 100, 1, 1667);
	cr_expect(queue_reduce(queue, 3), "333 ms are less than a third of a second");
	cr_expect_eq(queue->n, 2);
	cr_expect_eq(nth_ms(queue, 0), 1000);
	cr_expect_eq(nth_ms(queue, 1), 1667);
	queue_destroy(&queues, queue);
}

// Questions as the ring has turned.
Test(queue, a_ring_that_has_turned_is_reduced_and_shortened)
{
	struct queue *queue = fill(begin(DEPTH), 10 + 7, DEPTH, 1000, 100);

	cr_assert_neq(queue->first, 0);
	cr_expect(queue_reduce(queue, 3));
	cr_expect_eq(queue->n, 3, "the last of each of three");
	cr_expect_eq(nth_ms(queue, 2), 1000 + 16 * 100);
	queue = fill(queue, 20, DEPTH, 3000, 1);
	cr_expect_eq(queue->n, DEPTH);
	queue = queue_shorten(&queues, queue, 4);
	cr_expect_eq(queue->n, 4);
	cr_expect_eq(queue->room, 4);
	cr_expect_eq(nth_ms(queue, 0), 3016);
	cr_expect_eq(nth_ms(queue, 3), 3019);
	queue = fill(queue, 3, 6, 4000, 1);
	cr_expect_eq(queue->n, 6);
	cr_expect_eq(nth_ms(queue, 0), 3017);
	queue_destroy(&queues, queue);
	cr_expect_eq(queues.octets, 0);
}

Test(queue, askers_are_told_apart)
{
	const struct ip a = {4, {192, 0, 2, 1}}, b = {4, {192, 0, 2, 2}};
	struct ip c = {6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}}, d = c;

	d.octets[15] = 2;
	cr_expect_neq(queue_asker(&a), queue_asker(&b));
	cr_expect_neq(queue_asker(&c), queue_asker(&d));
	cr_expect_eq(queue_asker(&c), queue_asker(&c));
}

// ---- All together

static uint32_t fill_up(uint64_t now_ms)
{
	uint32_t n = 0;

	for (;; n++) {
		struct queue *queue = queue_create(&queues, n, false, DEPTH);

		if (!queue)
			return n;
		queue_add(&queues, queue, DEPTH, 1, now_ms + n);
	}
}

Test(queue, all_together_are_bounded)
{
	queues_init(&queues);
	uint32_t n = fill_up(1000);

	cr_expect_gt(n, 10000);
	cr_expect_leq(queues.octets, QUEUES_OCTETS);
	cr_expect(!queue_has_room(&queues, NULL, DEPTH));

	// One that has room goes on, and is not longer than the others then.
	struct queue *oldest = TAILQ_FIRST(&queues.lists[false][0]);

	cr_expect(queue_has_room(&queues, oldest, DEPTH));
	oldest = fill(oldest, 100, DEPTH, 2000, 1);
	cr_expect_lt(oldest->room, DEPTH);
	cr_expect_eq(oldest->n, oldest->room);
	cr_expect_eq(nth_ms(oldest, oldest->n - 1), 2099);
	cr_expect_leq(queues.octets, QUEUES_OCTETS);
	cr_expect(!queue_has_room(&queues, oldest, DEPTH));
	cr_expect_eq(queues_victim(&queues, oldest, false, 0), 1, "0 was asked for again");
}

Test(queue, the_longer_take_from_the_shorter)
{
	queues_init(&queues);
	struct queue *shorter = queue_create(&queues, 1, true, 100);
	struct queue *longer = queue_create(&queues, 2, true, 100);

	shorter = fill(shorter, 3, 100, 5000, 1);
	longer = fill(longer, 9, 100, 4000, 1);
	cr_expect_eq(queues_victim(&queues, longer, true, 0), 1);
	cr_expect_eq(queues_victim(&queues, shorter, true, 0), QUEUE_NO_OWNER);
	cr_expect_eq(queues_victim(&queues, shorter, true, 4009), 2, "it is too long ago");
	cr_expect_eq(queues_victim(&queues, NULL, true, 0), 1, "a new one as from an equal");
	shorter = fill(shorter, 9, 100, 6000, 1);
	cr_expect_eq(queues_victim(&queues, longer, true, 0), 1);
	cr_expect_eq(queues_victim(&queues, shorter, true, 0), 2);
	queue_destroy(&queues, shorter);
	queue_destroy(&queues, longer);
	cr_expect_eq(queues.octets, 0);
}

Test(queue, addresses_that_were_told_give_way_to_none_that_was_not)
{
	queues_init(&queues);
	struct queue *told = queue_create(&queues, 1, true, 100);
	struct queue *other = queue_create(&queues, 2, false, 100);

	told = fill(told, 1, 100, 5000, 1);
	other = fill(other, 50, 100, 6000, 1);
	cr_expect_eq(queues_victim(&queues, other, false, 5000), QUEUE_NO_OWNER);
	cr_expect_eq(queues_victim(&queues, other, false, 5001), 1);
	cr_expect_eq(queues_victim(&queues, told, true, 0), 2);
	cr_expect_eq(queues_victim(&queues, NULL, true, 0), 2);
	queue_destroy(&queues, told);
	queue_destroy(&queues, other);
}
