// SPDX-License-Identifier: BSD-3-Clause
// Any octets as frames that come by two links of a LAG, at any times, with any changes of the LAG
// in between. A link whose partner is us carries nothing; those that carry something are up and
// have one partner; nobody sends more than three frames a second; and what is written is read as
// what it was.
//
//   octet 0   what happens: 0 a LACPDU comes, of which each octet that follows is one of the
//             actor's information, and which knows our end; 1 a frame comes, as it follows; 2 a
//             link goes up or down; 3 the LAG changes; the bit above: which link
//   octet 1   how many tenths of a second later
//   octet 2   how many octets follow
//   …         and again
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/lacp.h"
#include "lib/clock.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/require.h"

enum { LINKS = 2, HEADER = 3, ACTOR_AT = 18, INFO_OCTETS = 15 };

#define TENTH (CLOCK_SECOND / 10)

static struct lacp lacp;
static uint64_t now_ns, sent_ns[LINKS][LACP_BURST];

static bool is_same(const struct lacp_info *a, const struct lacp_info *b)
{
	return a->system_priority == b->system_priority && a->system == b->system &&
	       a->key == b->key && a->port_priority == b->port_priority && a->port == b->port &&
	       a->state == b->state;
}

static struct lacp_info actor(unsigned int link)
{
	return (struct lacp_info){
		.system_priority = lacp.conf.system_priority,
		.system = lacp.conf.system,
		.key = lacp.conf.key,
		.port_priority = LACP_PORT_PRIORITY,
		.port = lacp.links[link].number,
		.state = lacp_state(&lacp, link),
	};
}

static void check_links(void)
{
	const struct lacp_info *first = NULL;

	for (unsigned int i = 0; i < LACP_LINKS; i++) {
		const struct lacp_link *link = &lacp.links[i];

		REQUIRE(lacp_reason(&lacp, i) < LACP_REASONS);
		REQUIRE(lacp_is_distributing(&lacp, i) == (lacp_reason(&lacp, i) == LACP_CARRIES));
		if (!lacp_is_collecting(&lacp, i)) {
			REQUIRE(!lacp_is_distributing(&lacp, i));
			continue;
		}
		first = first ? first : &link->partner;
		REQUIRE(i < LINKS && link->up && link->partner.system != lacp.conf.system);
		REQUIRE(link->partner.system == first->system && link->partner.key == first->key);
	}
}

static void transmit(unsigned int link)
{
	const struct lacp_info partner = lacp.links[link].partner, self = actor(link);
	uint64_t *sent = sent_ns[link];
	uint8_t frame[LACP_FRAME];
	struct lacpdu pdu;

	if (!lacp_transmit(&lacp, link, frame, now_ns))
		return;
	REQUIRE(lacp.links[link].up);
	REQUIRE(!sent[LACP_BURST - 1] || now_ns - sent[LACP_BURST - 1] >= CLOCK_SECOND);
	memmove(sent + 1, sent, (LACP_BURST - 1) * sizeof(*sent));
	sent[0] = now_ns;
	REQUIRE(lacpdu_decode(&pdu, frame, LACP_FRAME));
	REQUIRE(is_same(&pdu.actor, &self) && is_same(&pdu.partner, &partner));
}

// A LACPDU that knows our end, as one has to that is to get anywhere.
static void come_knowing(unsigned int link, const uint8_t *data, size_t size)
{
	const struct lacpdu pdu = {.actor = lacp.links[link].partner, .partner = actor(link)};
	uint8_t frame[LACP_FRAME];

	lacpdu_encode(&pdu, MAC(2, 0, 0, 0, 0, 2), frame);
	memcpy(frame + ACTOR_AT, data, size < INFO_OCTETS ? size : INFO_OCTETS);
	REQUIRE(lacp_receive(&lacp, link, frame, LACP_FRAME, now_ns));
}

static void come(unsigned int link, const uint8_t *data, size_t size)
{
	uint8_t *frame = malloc(size ? size : 1), answer[LACP_FRAME];
	uint64_t malformed = lacp.links[link].malformed;
	struct lacpdu pdu;

	REQUIRE(frame);
	memcpy(frame, data, size);
	bool good = lacpdu_decode(&pdu, frame, size);
	bool marker = marker_answer(frame, size, MAC(2, 0, 0, 0, 0, 1), answer);
	REQUIRE(!(good && marker));
	REQUIRE(!marker || !marker_answer(answer, LACP_FRAME, MAC(2, 0, 0, 0, 0, 2), answer));
	REQUIRE(lacp_receive(&lacp, link, frame, size, now_ns) == good);
	REQUIRE(lacp.links[link].malformed == malformed + !good);
	free(frame);
}

static void change(const uint8_t *data, size_t size)
{
	struct lacp_conf conf = lacp.conf;

	if (size < 2)
		return;
	conf.active = data[0] & 1;
	conf.fast = data[0] & 2;
	conf.key = (uint16_t)(data[0] >> 2);
	conf.system = MAC(2, 0, 0, 0, 0, data[1]);
	lacp_set_conf(&lacp, &conf);
}

static void happen(uint8_t what, const uint8_t *data, size_t size)
{
	unsigned int link = what >> 2 & 1;

	switch (what & 3) {
	case 0:
		come_knowing(link, data, size);
		break;
	case 1:
		come(link, data, size);
		break;
	case 2:
		lacp_link_set_up(&lacp, link, size);
		break;
	default:
		change(data, size);
		break;
	}
}

static void start(void)
{
	const struct lacp_conf conf = {.active = true, .system = MAC(2, 0, 0, 0, 0, 1), .key = 1};

	memset(sent_ns, 0, sizeof(sent_ns));
	now_ns = 1000 * CLOCK_SECOND;
	lacp_init(&lacp, &conf);
	for (unsigned int i = 0; i < LINKS; i++) {
		lacp_link_add(&lacp, i, (uint16_t)(i + 1), MAC(2, 0, 0, 0, 1, i));
		lacp_link_set_up(&lacp, i, true);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	start();
	while (size >= HEADER) {
		size_t rest = size - HEADER;
		size_t length = data[2] < rest ? data[2] : rest;

		now_ns += data[1] * TENTH;
		happen(data[0], data + HEADER, length);
		lacp_run(&lacp, now_ns);
		check_links();
		for (unsigned int i = 0; i < LINKS; i++)
			transmit(i);
		data += HEADER + length;
		size -= HEADER + length;
	}
	return 0;
}
