// SPDX-License-Identifier: BSD-3-Clause
// Captured frames in their ring, and what a reader makes of one that somebody else wrote.
#include "lib/capture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

enum { SLOTS = 4 };

static struct ring_memory *memory;
static struct ring producer, consumer;

static void make_ring(void)
{
	size_t size = (capture_ring_size(SLOTS) + 63) / 64 * 64;

	memory = aligned_alloc(64, size);
	memset(memory, 0, size);
	ring_init(&producer, memory, SLOTS);
	ring_init(&consumer, memory, SLOTS);
}

static void free_ring(void)
{
	free(memory);
}

TestSuite(capture, .init = make_ring, .fini = free_ring);

static struct capture_header header_of(uint16_t n)
{
	return (struct capture_header){.capture = n,
				       .lan = FDB_ANY,
				       .out = 3,
				       .length = n,
				       .n_octets = n,
				       .verdict = CAPTURE_FORWARDED};
}

Test(capture, what_is_pushed_is_popped_in_order)
{
	static struct capture_record record;
	static uint8_t octets[CAPTURE_OCTETS];

	for (uint16_t round = 1; round < 20; round++) {
		for (uint16_t i = 0; i < SLOTS; i++) {
			struct capture_header header = header_of(round + i);

			memset(octets, round + i, header.n_octets);
			cr_expect(capture_push(&producer, &header, octets));
		}
		cr_expect_not(capture_push(&producer, &(struct capture_header){0}, octets));
		for (uint16_t i = 0; i < SLOTS; i++) {
			cr_assert(capture_pop(&consumer, &record));
			cr_expect_eq(record.header.capture, round + i);
			cr_expect_eq(record.octets[record.header.n_octets - 1], round + i);
		}
		cr_expect_not(capture_pop(&consumer, &record));
	}
}

Test(capture, the_longest_frame_fits)
{
	static struct capture_record record;
	static uint8_t octets[CAPTURE_OCTETS];
	struct capture_header header = header_of(CAPTURE_OCTETS);

	octets[CAPTURE_OCTETS - 1] = 42;
	cr_expect(capture_push(&producer, &header, octets));
	cr_expect(capture_pop(&consumer, &record));
	cr_expect_eq(record.octets[CAPTURE_OCTETS - 1], 42);
	cr_expect_eq(capture_check(&record.header), 0);
}

Test(capture, more_octets_than_there_can_be_are_not_copied)
{
	struct {
		struct capture_record record;
		uint8_t behind[4096];
	} *copy = calloc(1, sizeof(*copy));
	struct capture_record *slot = (struct capture_record *)memory->slots;

	slot->header = header_of(1);
	slot->header.n_octets = CAPTURE_OCTETS + 1;
	atomic_store(&memory->tail, 1);
	cr_assert(capture_pop(&consumer, &copy->record));
	cr_expect_eq(capture_check(&copy->record.header), -EBADMSG);
	free(copy);
}

Test(capture, every_field_is_checked)
{
	static const struct {
		const char *name;
		struct capture_header header;
		bool good;
	} rows[] = {
		{"forwarded", {.out = 1, .verdict = CAPTURE_FORWARDED}, true},
		{"to no port", {.out = FDB_ANY, .verdict = CAPTURE_FORWARDED}, false},
		{"flooded", {.copies = MAX_PORTS, .verdict = CAPTURE_FLOODED}, true},
		{"to too many", {.copies = MAX_PORTS + 1, .verdict = CAPTURE_FLOODED}, false},
		{"answered", {.verdict = CAPTURE_ANSWERED}, true},
		{"consumed", {.verdict = CAPTURE_CONSUMED}, true},
		{"dropped", {.reason = 1, .out = FDB_ANY, .verdict = CAPTURE_DROPPED}, true},
		{"on its way", {.reason = 1, .out = 5, .verdict = CAPTURE_DROPPED}, true},
		{"for nothing", {.out = FDB_ANY, .verdict = CAPTURE_DROPPED}, false},
		{"for what",
		 {.reason = DROP_COUNT, .out = FDB_ANY, .verdict = CAPTURE_DROPPED},
		 false},
		{"where", {.reason = 1, .out = MAX_PORTS, .verdict = CAPTURE_DROPPED}, false},
		{"lost", {.reason = 1, .out = 5, .verdict = CAPTURE_LOST}, true},
		{"lost nowhere", {.reason = 1, .out = FDB_ANY, .verdict = CAPTURE_LOST}, false},
		{"no verdict", {.verdict = CAPTURE_VERDICTS}, false},
		{"no port", {.port = MAX_PORTS, .verdict = CAPTURE_ANSWERED}, false},
		{"fabric", {.port = PORT_FABRIC, .verdict = CAPTURE_ANSWERED}, true},
		{"no LAN", {.lan = MAX_LANS, .verdict = CAPTURE_ANSWERED}, false},
		{"unknown LAN", {.lan = FDB_ANY, .verdict = CAPTURE_ANSWERED}, true},
		{"too long", {.length = 5, .n_octets = 6, .verdict = CAPTURE_ANSWERED}, false},
		{"cut", {.length = 9000, .n_octets = 6, .verdict = CAPTURE_ANSWERED}, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_eq(capture_check(&rows[i].header), rows[i].good ? 0 : -EBADMSG, "%s",
			     rows[i].name);
}
