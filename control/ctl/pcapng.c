// SPDX-License-Identifier: BSD-3-Clause
#include "control/ctl/pcapng.h"

#include <string.h>

#include "control/alloc.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_FRAME = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	LINK_ETHERNET = 1,
};

// Options; a number may mean another thing in another block.
enum {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_TIME_UNIT = 9, // a power of ten
	FRAME_FLAGS = 2,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_DROPPED = 5,
	STATISTICS_DELIVERED = 8,
};

static void put(struct pcapng *file, const void *octets, size_t n)
{
	if (file->size + n > file->room) {
		file->room = 2 * (file->size + n);
		file->octets = alloc_array(file->octets, file->room, 1);
	}
	memcpy(file->octets + file->size, octets, n);
	file->size += n;
}

// The byte order is ours: the header of the section tells which it is.
static void put16(struct pcapng *file, uint16_t value)
{
	put(file, &value, sizeof(value));
}

static void put32(struct pcapng *file, uint32_t value)
{
	put(file, &value, sizeof(value));
}

static void put64(struct pcapng *file, uint64_t value)
{
	put(file, &value, sizeof(value));
}

// Times come with their upper half first, whatever the byte order.
static void put_time(struct pcapng *file, uint64_t time_ns)
{
	put32(file, (uint32_t)(time_ns >> 32));
	put32(file, (uint32_t)time_ns);
}

static void put_padded(struct pcapng *file, const void *octets, size_t n)
{
	static const uint8_t zeros[4];

	put(file, octets, n);
	put(file, zeros, -n % 4);
}

static void put_option(struct pcapng *file, uint16_t option, const void *value, size_t n)
{
	put16(file, option);
	put16(file, (uint16_t)n);
	put_padded(file, value, n);
}

// No comment is no option.
static void put_text(struct pcapng *file, uint16_t option, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (text)
		put_option(file, option, text, n < UINT16_MAX ? n : UINT16_MAX);
}

static void put_time_option(struct pcapng *file, uint16_t option, uint64_t time_ns)
{
	put16(file, option);
	put16(file, sizeof(time_ns));
	put_time(file, time_ns);
}

// Returns where the block begins.
static size_t begin(struct pcapng *file, uint32_t type)
{
	size_t start = file->size;

	put32(file, type);
	put32(file, 0); // its length, once that is known
	return start;
}

static void end(struct pcapng *file, size_t start)
{
	uint32_t length;

	put16(file, OPTION_END);
	put16(file, 0);
	length = (uint32_t)(file->size + sizeof(length) - start);
	put32(file, length);
	memcpy(file->octets + start + sizeof(uint32_t), &length, sizeof(length));
}

void pcapng_section(struct pcapng *file, const char *application)
{
	size_t start = begin(file, BLOCK_SECTION);

	put32(file, BYTE_ORDER_MAGIC);
	put16(file, 1); // version 1.0
	put16(file, 0);
	put64(file, UINT64_MAX); // length of the section: not known
	put_text(file, SECTION_APPLICATION, application);
	end(file, start);
}

uint32_t pcapng_interface(struct pcapng *file, const char *name, uint32_t snap)
{
	static const uint8_t nanoseconds = 9;
	size_t start = begin(file, BLOCK_INTERFACE);

	put16(file, LINK_ETHERNET);
	put16(file, 0);
	put32(file, snap);
	put_text(file, INTERFACE_NAME, name);
	put_option(file, INTERFACE_TIME_UNIT, &nanoseconds, sizeof(nanoseconds));
	end(file, start);
	return file->n_interfaces++;
}

void pcapng_frame(struct pcapng *file, const struct pcapng_frame *frame)
{
	uint32_t flags = frame->direction;
	size_t start = begin(file, BLOCK_FRAME);

	put32(file, frame->interface);
	put_time(file, frame->time_ns);
	put32(file, frame->n_octets);
	put32(file, frame->length);
	put_padded(file, frame->octets, frame->n_octets);
	put_text(file, OPTION_COMMENT, frame->comment);
	put_option(file, FRAME_FLAGS, &flags, sizeof(flags));
	end(file, start);
}

void pcapng_statistics(struct pcapng *file, uint32_t interface, const struct pcapng_counts *counts)
{
	size_t start = begin(file, BLOCK_STATISTICS);

	put32(file, interface);
	put_time(file, counts->end_ns);
	put_text(file, OPTION_COMMENT, counts->comment);
	put_time_option(file, STATISTICS_START, counts->start_ns);
	put_time_option(file, STATISTICS_END, counts->end_ns);
	if (counts->dropped != UINT64_MAX)
		put_option(file, STATISTICS_DROPPED, &counts->dropped, sizeof(counts->dropped));
	put_option(file, STATISTICS_DELIVERED, &counts->delivered, sizeof(counts->delivered));
	end(file, start);
}
