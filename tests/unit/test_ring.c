// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ring.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CAPACITY = 64, MANY = 400000 };

static struct ring_memory *memory;

static void map_memory(void)
{
	memory = mmap(NULL, ring_memory_size(CAPACITY), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(memory, MAP_FAILED);
}

TestSuite(ring, .init = map_memory);

static struct message numbered(uint32_t n)
{
	struct message message;

	message_init(&message, COMMAND_FDB_FLUSH, n);
	message.fdb_flush.mac = n;
	return message;
}

Test(ring, is_empty_at_first_and_full_at_its_capacity)
{
	struct ring producer;
	struct ring consumer;
	struct message message;

	ring_init(&producer, memory, CAPACITY);
	ring_init(&consumer, memory, CAPACITY);
	cr_expect(!ring_pop(&consumer, &message));
	cr_expect_eq(ring_waiting(&consumer), 0);
	for (uint32_t n = 0; n < CAPACITY; n++) {
		message = numbered(n);
		cr_expect(ring_push(&producer, &message));
	}
	cr_expect(!ring_push(&producer, &message), "one more than fits");
	cr_expect_eq(ring_waiting(&consumer), CAPACITY);
	cr_expect(ring_pop(&consumer, &message));
	cr_expect_eq(message.header.sequence, 0);
	cr_expect(ring_push(&producer, &message), "there is room again");
}

Test(ring, positions_wrap_around_at_32_bits)
{
	const uint32_t start = UINT32_MAX - 5;
	struct ring producer;
	struct ring consumer;
	struct message message;

	ring_init(&producer, memory, CAPACITY);
	ring_init(&consumer, memory, CAPACITY);
	producer.own = producer.others = consumer.own = consumer.others = start;
	memory->head = memory->tail = start;
	for (uint32_t n = 0; n < 200; n++) {
		message = numbered(n);
		cr_assert(ring_push(&producer, &message));
		cr_assert(ring_push(&producer, &message));
		cr_assert(ring_pop(&consumer, &message));
		cr_assert(ring_pop(&consumer, &message));
		cr_assert_eq(message.header.sequence, n);
		cr_assert(!ring_pop(&consumer, &message));
	}
}

Test(ring, copies_no_more_than_a_lying_length_allows)
{
	struct ring producer;
	struct ring consumer;
	struct message message = numbered(1);

	ring_init(&producer, memory, CAPACITY);
	ring_init(&consumer, memory, CAPACITY);
	message.header.length = UINT16_MAX;
	cr_expect(ring_push(&producer, &message));
	cr_expect(ring_pop(&consumer, &message));
	cr_expect_neq(message_check(&message), 0);
}

Test(ring, consumer_stays_inside_whatever_the_producer_claims)
{
	static const uint32_t claims[] = {CAPACITY + 1, 1u << 31, UINT32_MAX};
	struct ring consumer;
	struct message message;

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		ring_init(&consumer, memory, CAPACITY);
		memory->head = 0;
		memory->tail = claims[i];
		cr_expect_eq(ring_waiting(&consumer), claims[i]);
		cr_expect(!ring_is_sane(&consumer, true), "%u", claims[i]);
		for (uint32_t n = 0; n < 4 * CAPACITY; n++)
			ring_pop(&consumer, &message); // out of bounds would be a fault
	}
	ring_init(&consumer, memory, CAPACITY);
	memory->tail = CAPACITY;
	ring_waiting(&consumer);
	cr_expect(ring_is_sane(&consumer, true));
}

Test(ring, producer_stays_inside_whatever_the_consumer_claims)
{
	static const uint32_t claims[] = {4 * CAPACITY + 1, 1u << 31, UINT32_MAX - CAPACITY};
	struct message message = numbered(7);
	struct ring producer;

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		ring_init(&producer, memory, CAPACITY);
		memory->head = claims[i];
		for (uint32_t n = 0; n < 4 * CAPACITY; n++)
			ring_push(&producer, &message); // out of bounds would be a fault
		cr_expect(!ring_push(&producer, &message), "head %u", claims[i]);
		cr_expect(!ring_is_sane(&producer, false), "head %u", claims[i]);
	}
}

static void *produce(void *argument)
{
	struct ring ring;

	(void)argument;
	ring_init(&ring, memory, CAPACITY);
	for (uint32_t n = 0; n < MANY; n++) {
		struct message message = numbered(n);

		while (!ring_push(&ring, &message))
			sched_yield();
	}
	return NULL;
}

// Returns how many messages came wrong.
static uint32_t consume(void)
{
	struct ring ring;
	struct message message;
	uint32_t wrong = 0;

	ring_init(&ring, memory, CAPACITY);
	for (uint32_t n = 0; n < MANY; n++) {
		while (!ring_pop(&ring, &message))
			sched_yield();
		wrong += message_check(&message) || message.header.sequence != n ||
			 message.fdb_flush.mac != n;
	}
	return wrong;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

Test(ring, two_threads_lose_and_reorder_nothing)
{
	pthread_t producer;
	double start = seconds();

	cr_assert_eq(pthread_create(&producer, NULL, produce, NULL), 0);
	cr_expect_eq(consume(), 0);
	pthread_join(producer, NULL);
	cr_log_info("%.1f million messages a second", MANY / (seconds() - start) / 1e6);
}

Test(ring, two_processes_lose_and_reorder_nothing)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		produce(NULL);
		_exit(0);
	}
	cr_assert_gt(child, 0);
	cr_expect_eq(consume(), 0);
	cr_expect_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(status, 0);
}
