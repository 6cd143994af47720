// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/frame.h"

#include <errno.h>
#include <string.h>

enum { TYPE_VLAN = 0x8100, MARK = 0x69786662 };

struct cursor {
	uint8_t *at;
	uint8_t *end;
};

static void put(struct cursor *to, const void *octets, size_t n)
{
	size_t room = (size_t)(to->end - to->at);

	if (n > room)
		n = room;
	memcpy(to->at, octets, n);
	to->at += n;
}

static void put16(struct cursor *to, uint16_t value)
{
	put(to, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put32(struct cursor *to, uint32_t value)
{
	put16(to, (uint16_t)(value >> 16));
	put16(to, (uint16_t)value);
}

static void put_mac(struct cursor *to, mac_t mac)
{
	uint8_t octets[6];

	mac_store(mac, octets);
	put(to, octets, sizeof(octets));
}

// Octet "i" behind the mark.
static uint8_t filler(const struct frame *frame, size_t i)
{
	return (uint8_t)(i * 31 + frame->sequence * 7 + frame->id);
}

size_t frame_encode(const struct frame *frame, uint8_t *octets)
{
	struct cursor to = {octets, octets + frame->length};

	put_mac(&to, frame->dst);
	put_mac(&to, frame->src);
	for (unsigned int i = 0; i < frame->n_tags; i++) {
		put16(&to, TYPE_VLAN);
		put16(&to, frame->tags[i]);
	}
	put16(&to, frame->type);
	put32(&to, MARK);
	put32(&to, frame->id);
	put32(&to, frame->sequence);
	for (size_t i = 0; to.at < to.end; i++)
		*to.at++ = filler(frame, i);
	return frame->length;
}

static uint16_t get16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

static uint32_t get32(const uint8_t *octets)
{
	return (uint32_t)get16(octets) << 16 | get16(octets + 2);
}

static void decode_mark(const uint8_t *at, size_t left, struct frame *frame)
{
	frame->marked = left >= FRAME_MARK && get32(at) == MARK;
	if (!frame->marked)
		return;
	frame->id = get32(at + 4);
	frame->sequence = get32(at + 8);
	frame->intact = true;
	for (size_t i = 0; i < left - FRAME_MARK; i++)
		frame->intact &= at[FRAME_MARK + i] == filler(frame, i);
}

int frame_decode(const uint8_t *octets, size_t length, struct frame *frame)
{
	const uint8_t *at = octets + 12;
	const uint8_t *end = octets + length;

	*frame = (struct frame){.length = (uint16_t)length};
	if (length < 14)
		return -EBADMSG;
	frame->dst = mac_load(octets);
	frame->src = mac_load(octets + 6);
	while (get16(at) == TYPE_VLAN && frame->n_tags < FRAME_TAGS) {
		if (end - at < 6)
			return -EBADMSG;
		frame->tags[frame->n_tags++] = get16(at + 2);
		at += 4;
	}
	frame->type = get16(at);
	at += 2;
	decode_mark(at, (size_t)(end - at), frame);
	return 0;
}
