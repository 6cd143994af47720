// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/lacp_frame.h"

#include "dataplane/path/admit.h"

enum {
	SUBTYPE_AT = 14,
	VERSION = 1,

	LACP = 1,
	ACTOR_AT = 16,
	PARTNER_AT = 36,
	COLLECTOR_AT = 56,
	TLV_ACTOR = 1,
	TLV_PARTNER = 2,
	TLV_COLLECTOR = 3,
	INFO_LENGTH = 20, // type and length included, as in all TLVs here
	COLLECTOR_LENGTH = 16,

	MARKER = 2,
	MARKER_AT = 16,
	MARKER_INFORMATION = 1,
	MARKER_RESPONSE = 2,
	MARKER_LENGTH = 16,
};

static uint8_t *put(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static uint16_t get(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

// ---- All frames of slow protocols

static void write_header(uint8_t *frame, mac_t source, uint8_t subtype)
{
	memset(frame, 0, LACP_FRAME);
	mac_store(MAC_SLOW, frame);
	mac_store(source, frame + 6);
	put(frame + 12, ADMIT_TYPE_SLOW);
	frame[SUBTYPE_AT] = subtype;
	frame[SUBTYPE_AT + 1] = VERSION;
}

static bool has_header(const uint8_t *frame, size_t length, uint8_t subtype)
{
	return length >= LACP_FRAME && mac_load(frame) == MAC_SLOW &&
	       get(frame + 12) == ADMIT_TYPE_SLOW && frame[SUBTYPE_AT] == subtype;
}

static uint8_t *write_tlv(uint8_t *at, uint8_t type, uint8_t length)
{
	at[0] = type;
	at[1] = length;
	return at + 2;
}

// ---- LACPDUs

static void write_info(uint8_t *at, const struct lacp_info *info)
{
	at = put(at, info->system_priority);
	mac_store(info->system, at);
	at = put(at + 6, info->key);
	at = put(at, info->port_priority);
	at = put(at, info->port);
	*at = info->state;
}

static struct lacp_info read_info(const uint8_t *at)
{
	return (struct lacp_info){
		.system_priority = get(at),
		.system = mac_load(at + 2),
		.key = get(at + 8),
		.port_priority = get(at + 10),
		.port = get(at + 12),
		.state = at[14],
	};
}

void lacpdu_encode(const struct lacpdu *pdu, mac_t source, uint8_t frame[LACP_FRAME])
{
	write_header(frame, source, LACP);
	write_info(write_tlv(frame + ACTOR_AT, TLV_ACTOR, INFO_LENGTH), &pdu->actor);
	write_info(write_tlv(frame + PARTNER_AT, TLV_PARTNER, INFO_LENGTH), &pdu->partner);
	write_tlv(frame + COLLECTOR_AT, TLV_COLLECTOR, COLLECTOR_LENGTH);
}

bool lacpdu_decode(struct lacpdu *pdu, const uint8_t *frame, size_t length)
{
	if (!has_header(frame, length, LACP) || frame[ACTOR_AT + 1] != INFO_LENGTH ||
	    frame[PARTNER_AT + 1] != INFO_LENGTH || frame[COLLECTOR_AT + 1] != COLLECTOR_LENGTH)
		return false;
	pdu->actor = read_info(frame + ACTOR_AT + 2);
	pdu->partner = read_info(frame + PARTNER_AT + 2);
	return true;
}

// ---- Markers

bool marker_answer(const uint8_t *frame, size_t length, mac_t source, uint8_t answer[LACP_FRAME])
{
	enum { FIELDS = MARKER_LENGTH - 2 };

	if (!has_header(frame, length, MARKER) || frame[MARKER_AT] != MARKER_INFORMATION ||
	    frame[MARKER_AT + 1] != MARKER_LENGTH)
		return false;
	write_header(answer, source, MARKER);
	memcpy(write_tlv(answer + MARKER_AT, MARKER_RESPONSE, MARKER_LENGTH), frame + MARKER_AT + 2,
	       FIELDS);
	return true;
}
