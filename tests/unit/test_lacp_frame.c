// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lacp_frame.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "lib/lacp.h"

#define SOURCE MAC(0x00, 0x13, 0xc4, 0x12, 0x0f, 0x0d)

// The first frame of LACP.pcap, with which tcpdump is tested: what a switch said of a partner that
// had fallen silent, and which it knew from before.
static const uint8_t captured[LACP_FRAME] = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x02, 0x00, 0x13, 0xc4, 0x12, 0x0f, 0x0d, 0x88, 0x09, 0x01,
	0x01, 0x01, 0x14, 0x80, 0x00, 0x00, 0x13, 0xc4, 0x12, 0x0f, 0x00, 0x00, 0x0d, 0x80, 0x00,
	0x00, 0x16, 0x85, 0x00, 0x00, 0x00, 0x02, 0x14, 0x80, 0x00, 0x00, 0x0e, 0x83, 0x16, 0xf5,
	0x00, 0x00, 0x0d, 0x80, 0x00, 0x00, 0x19, 0x36, 0x00, 0x00, 0x00, 0x03, 0x10, 0x80, 0x00,
};

enum {
	TYPE_AT = 12,
	SUBTYPE_AT = 14,
	VERSION_AT = 15,
	ACTOR_AT = 16,
	PARTNER_AT = 36,
	COLLECTOR_AT = 56,
	DELAY_AT = 58,
	TERMINATOR_AT = 72,
};

// Exactly as many octets as "length", so that a sanitizer sees what reads on.
static bool decode(struct lacpdu *pdu, const uint8_t *frame, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	bool good;

	cr_assert(copy);
	memcpy(copy, frame, length);
	good = lacpdu_decode(pdu, copy, length);
	free(copy);
	return good;
}

static void expect_captured(const struct lacpdu *pdu)
{
	cr_expect_eq(pdu->actor.system_priority, 32768);
	cr_expect_eq(pdu->actor.system, MAC(0x00, 0x13, 0xc4, 0x12, 0x0f, 0x00));
	cr_expect_eq(pdu->actor.key, 13);
	cr_expect_eq(pdu->actor.port_priority, 32768);
	cr_expect_eq(pdu->actor.port, 22);
	cr_expect_eq(pdu->actor.state, LACP_ACTIVE | LACP_AGGREGATION | LACP_EXPIRED);
	cr_expect_eq(pdu->partner.system_priority, 32768);
	cr_expect_eq(pdu->partner.system, MAC(0x00, 0x0e, 0x83, 0x16, 0xf5, 0x00));
	cr_expect_eq(pdu->partner.key, 13);
	cr_expect_eq(pdu->partner.port_priority, 32768);
	cr_expect_eq(pdu->partner.port, 25);
	cr_expect_eq(pdu->partner.state,
		     LACP_SHORT | LACP_AGGREGATION | LACP_COLLECTING | LACP_DISTRIBUTING);
}

Test(lacp_frame, reads_what_another_implementation_sent)
{
	struct lacpdu pdu;

	cr_assert(decode(&pdu, captured, LACP_FRAME));
	expect_captured(&pdu);
}

Test(lacp_frame, writes_what_another_implementation_sent)
{
	const struct lacpdu pdu = {
		.actor = {32768, MAC(0x00, 0x13, 0xc4, 0x12, 0x0f, 0x00), 13, 32768, 22, 0x85},
		.partner = {32768, MAC(0x00, 0x0e, 0x83, 0x16, 0xf5, 0x00), 13, 32768, 25, 0x36},
	};
	uint8_t expected[LACP_FRAME], frame[LACP_FRAME];

	memcpy(expected, captured, LACP_FRAME);
	expected[DELAY_AT] = 0; // that switch kept frames for a third of a second; we keep none
	memset(frame, 0xff, LACP_FRAME);
	lacpdu_encode(&pdu, SOURCE, frame);
	cr_expect_arr_eq(frame, expected, LACP_FRAME);
}

Test(lacp_frame, reads_each_field_from_its_place)
{
	const struct lacpdu pdu = {
		.actor = {0x0102, MAC(3, 4, 5, 6, 7, 8), 0x090a, 0x0b0c, 0x0d0e, 0x0f},
		.partner = {0x1112, MAC(0x13, 0x14, 0x15, 0x16, 0x17, 0x18), 0x191a, 0x1b1c, 0x1d1e,
			    0x1f},
	};
	uint8_t frame[LACP_FRAME];
	struct lacpdu read;

	lacpdu_encode(&pdu, SOURCE, frame);
	for (uint8_t i = 1; i <= 0x0f; i++) {
		cr_expect_eq(frame[ACTOR_AT + 1 + i], i);
		cr_expect_eq(frame[PARTNER_AT + 1 + i], 0x10 + i);
	}
	cr_assert(decode(&read, frame, LACP_FRAME));
	cr_expect_eq(read.actor.system_priority, 0x0102);
	cr_expect_eq(read.actor.system, MAC(3, 4, 5, 6, 7, 8));
	cr_expect_eq(read.actor.key, 0x090a);
	cr_expect_eq(read.actor.port_priority, 0x0b0c);
	cr_expect_eq(read.actor.port, 0x0d0e);
	cr_expect_eq(read.actor.state, 0x0f);
	cr_expect_eq(read.partner.system_priority, 0x1112);
	cr_expect_eq(read.partner.system, MAC(0x13, 0x14, 0x15, 0x16, 0x17, 0x18));
	cr_expect_eq(read.partner.key, 0x191a);
	cr_expect_eq(read.partner.port_priority, 0x1b1c);
	cr_expect_eq(read.partner.port, 0x1d1e);
	cr_expect_eq(read.partner.state, 0x1f);
}

Test(lacp_frame, a_cut_frame_is_none)
{
	struct lacpdu pdu;

	for (size_t length = 0; length < LACP_FRAME; length++)
		cr_expect_not(decode(&pdu, captured, length), "%zu octets", length);
}

// Whether the frame is taken although one octet of it is another.
static bool decode_with(size_t at, uint8_t octet)
{
	uint8_t frame[LACP_FRAME];
	struct lacpdu pdu;

	memcpy(frame, captured, LACP_FRAME);
	frame[at] = octet;
	if (!decode(&pdu, frame, LACP_FRAME))
		return false;
	expect_captured(&pdu);
	return true;
}

Test(lacp_frame, what_is_no_lacpdu)
{
	for (size_t at = 0; at < 6; at++)
		cr_expect_not(decode_with(at, captured[at] ^ 4), "destination");
	cr_expect_not(decode_with(TYPE_AT, 0x08));
	cr_expect_not(decode_with(TYPE_AT + 1, 0x08));
	for (int i = 0; i < 256; i++) {
		cr_expect_eq(decode_with(SUBTYPE_AT, (uint8_t)i), i == 1, "subtype %d", i);
		cr_expect_eq(decode_with(ACTOR_AT + 1, (uint8_t)i), i == 20, "actor %d", i);
		cr_expect_eq(decode_with(PARTNER_AT + 1, (uint8_t)i), i == 20, "partner %d", i);
		cr_expect_eq(decode_with(COLLECTOR_AT + 1, (uint8_t)i), i == 16, "collector %d", i);
	}
}

Test(lacp_frame, what_nobody_may_look_at)
{
	for (int i = 0; i < 256; i++) {
		cr_expect(decode_with(VERSION_AT, (uint8_t)i));
		cr_expect(decode_with(ACTOR_AT, (uint8_t)i));
		cr_expect(decode_with(PARTNER_AT, (uint8_t)i));
		cr_expect(decode_with(COLLECTOR_AT, (uint8_t)i));
	}
	for (size_t at = PARTNER_AT - 3; at < PARTNER_AT; at++)
		cr_expect(decode_with(at, 0xff));
	for (size_t at = COLLECTOR_AT - 3; at < COLLECTOR_AT; at++)
		cr_expect(decode_with(at, 0xff));
	for (size_t at = DELAY_AT; at < LACP_FRAME; at++)
		cr_expect(decode_with(at, 0xff));
}

Test(lacp_frame, version_2_has_more_to_say)
{
	// Port algorithm and conversation digest stand where version 1 ends (6.4.2.4).
	static const uint8_t more[] = {0x04, 0x06, 0x00, 0x80, 0xc2, 0x01, 0x05, 0x14};
	uint8_t frame[2 * LACP_FRAME] = {0};
	struct lacpdu pdu;

	memcpy(frame, captured, LACP_FRAME);
	frame[VERSION_AT] = 2;
	memcpy(frame + TERMINATOR_AT, more, sizeof(more));
	cr_assert(decode(&pdu, frame, LACP_FRAME));
	expect_captured(&pdu);
	cr_assert(decode(&pdu, frame, sizeof(frame)), "it may be longer, too");
	expect_captured(&pdu);
}

// ---- Markers

static const uint8_t marker[LACP_FRAME] = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x07,
	0x88, 0x09, 0x02, 0x01, 0x01, 0x10, 0x00, 0x07, 0x02, 0x00, 0x5e, 0x00,
	0x53, 0x01, 0xde, 0xad, 0xbe, 0xef, 0x00, 0x00, 0x00, 0x00,
};

static bool answer(uint8_t *frame, const uint8_t *to, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	bool is_asked;

	cr_assert(copy);
	memcpy(copy, to, length);
	is_asked = marker_answer(copy, length, SOURCE, frame);
	free(copy);
	return is_asked;
}

Test(lacp_frame, a_marker_is_answered)
{
	uint8_t expected[LACP_FRAME], frame[LACP_FRAME];

	memcpy(expected, marker, LACP_FRAME);
	mac_store(SOURCE, expected + 6);
	expected[16] = 2;
	memset(frame, 0xff, LACP_FRAME);
	cr_assert(answer(frame, marker, LACP_FRAME));
	cr_expect_arr_eq(frame, expected, LACP_FRAME);
	cr_expect_not(answer(frame, expected, LACP_FRAME), "an answer asks for none");
}

Test(lacp_frame, what_is_no_marker)
{
	uint8_t frame[LACP_FRAME], changed[LACP_FRAME];

	for (size_t length = 0; length < LACP_FRAME; length++)
		cr_expect_not(answer(frame, marker, length), "%zu octets", length);
	for (size_t at = 0; at < 18; at++) {
		if (at >= 6 && at < 12)
			continue; // anybody may ask
		memcpy(changed, marker, LACP_FRAME);
		changed[at] ^= 4;
		cr_expect_eq(answer(frame, changed, LACP_FRAME), at == VERSION_AT, "octet %zu", at);
	}
	cr_expect_not(answer(frame, captured, LACP_FRAME), "a LACPDU");
}
