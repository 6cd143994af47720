// SPDX-License-Identifier: BSD-3-Clause
// Loop probes that come back, and what poses as one.
#include <string.h>

#include <criterion/criterion.h>
#include <rte_mbuf.h>

#include "dataplane/path/probe.h"
#include "tests/frames/harness.h"

enum { SENDER, OTHER, TRUNK, PORTS };
enum { LAN, VID = 100, LAST = 10, ROOM = 100, BUFFERS = 128, FLOODED = 1 };

struct row {
	const char *name;
	uint16_t port; // by which it comes
	uint16_t age;  // of its sequence number: this many before the last
	void (*change)(uint8_t *octets, uint16_t *length);
	uint64_t wait_ms; // since the row before
	bool consumed;
	bool told;
	uint16_t floods; // to so many ports, as any other group
	enum drop_reason drop;
};

static void other_tag(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[FRAME_OVERHEAD + PROBE_PAYLOAD - 1] ^= 1;
}

static void other_sender(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[FRAME_OVERHEAD + 13] ^= 1;
}

static void other_sequence(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[FRAME_OVERHEAD + 23] ^= 1;
}

static void other_magic(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[FRAME_OVERHEAD] ^= 1;
}

static void other_source(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[11] ^= 1;
}

static void cut(uint8_t *octets, uint16_t *length)
{
	(void)octets;
	*length = FRAME_OVERHEAD + PROBE_PAYLOAD - 1;
}

static void of_a_neighbour(uint8_t *octets, uint16_t *length)
{
	const struct probe probe = {world.fabric.stats.header->instance + 1, SENDER, LAN, LAST};

	(void)length;
	probe_encode(&probe, world.fabric.probes.key, octets);
}

static void of_another_key(uint8_t *octets, uint16_t *length)
{
	const struct probe probe = {world.fabric.stats.header->instance, SENDER, LAN, LAST};
	const uint8_t key[PROBE_KEY_SIZE] = {1};

	(void)length;
	probe_encode(&probe, key, octets);
}

static void of_no_port(uint8_t *octets, uint16_t *length)
{
	const struct probe probe = {world.fabric.stats.header->instance, 0xffff, LAN, LAST};

	(void)length;
	probe_encode(&probe, world.fabric.probes.key, octets);
}

static void tagged(uint8_t *octets, uint16_t *length)
{
	memmove(octets + 16, octets + 12, FRAME_MIN - 12);
	memcpy(octets + 12, (uint8_t[]){0x81, 0x00, 0, VID}, TAG_SIZE);
	*length = FRAME_MIN + TAG_SIZE;
}

static void other_type(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[13] ^= 1;
}

static void other_group(uint8_t *octets, uint16_t *length)
{
	(void)length;
	octets[5] ^= 1;
}

static const struct row rows[] = {
	{"comes back by another port", OTHER, .consumed = true, .told = true},
	{"by its own", SENDER, .consumed = true, .told = true},
	{"once more within a second: the manager knows", OTHER, .wait_ms = 999, .consumed = true},
	{"a second later it hears again", OTHER, .wait_ms = 1, .consumed = true, .told = true},
	{"by a trunk", TRUNK, .change = tagged, .consumed = true, .told = true},
	{"the one before, late", OTHER, 1, .wait_ms = 1000, .consumed = true, .told = true},
	{"the one before that", OTHER, 2, .wait_ms = 1000, .consumed = true, .told = true},
	{
		"an older one was kept, and is sent again",
		OTHER,
		3,
		.drop = DROP_LOOP_PROBE_FORGED,
	},
	{"one that was not sent yet", OTHER, (uint16_t)-1, .drop = DROP_LOOP_PROBE_FORGED},
	{"forged: the tag", OTHER, .change = other_tag, .drop = DROP_LOOP_PROBE_FORGED},
	{"the sender", OTHER, .change = other_sender, .drop = DROP_LOOP_PROBE_FORGED},
	{"the number", OTHER, .change = other_sequence, .drop = DROP_LOOP_PROBE_FORGED},
	{"the magic", OTHER, .change = other_magic, .drop = DROP_LOOP_PROBE_FORGED},
	{"the source address", OTHER, .change = other_source, .drop = DROP_LOOP_PROBE_FORGED},
	{"cut", OTHER, .change = cut, .drop = DROP_LOOP_PROBE_FORGED},
	{"of another fabric", OTHER, .change = of_a_neighbour, .drop = DROP_LOOP_PROBE_FORGED},
	{"of another key", OTHER, .change = of_another_key, .drop = DROP_LOOP_PROBE_FORGED},
	{"of a port that cannot be", OTHER, .change = of_no_port, .drop = DROP_LOOP_PROBE_FORGED},
	{"another type to that address is no probe", OTHER, .change = other_type, .floods = 2},
	{"nor that type to another address", OTHER, .change = other_group, .floods = 2},
};

static void make_policy(void)
{
	world_begin();
	world_lan(LAN, 0, 1500, 0);
	for (uint16_t p = 0; p < PORTS; p++) {
		world_port(p, PORT_ADMIN_UP | PORT_LEARN | PORT_FLOOD_MULTICAST, 1500, 0);
		world_member(p, LAN, p == TRUNK ? VID : 0);
	}
	world_commit();
	memset(world.fabric.probes.key, 0x5a, PROBE_KEY_SIZE);
	world.fabric.probes.sequences[SENDER] = LAST;
}

static void receive(const struct row *row)
{
	const struct probe probe = {.instance = world.fabric.stats.header->instance,
				    .sender = SENDER,
				    .lan = LAN,
				    .sequence = (uint64_t)(LAST - (int16_t)row->age)};
	uint8_t octets[FRAME_MIN + TAG_SIZE];
	uint16_t length = FRAME_MIN;

	probe_encode(&probe, world.fabric.probes.key, octets);
	if (row->change)
		row->change(octets, &length);
	struct rte_mbuf *frame = world_frame(length);
	memcpy(rte_pktmbuf_mtod(frame, void *), octets, length);
	world_receive(row->port, &frame, 1);
}

static uint16_t count_sent(void)
{
	struct rte_mbuf *frame;
	uint16_t n = 0;

	for (uint16_t p = 0; p < PORTS; p++) {
		while ((frame = world_sent(p))) {
			rte_pktmbuf_free(frame);
			n++;
		}
	}
	return n;
}

static void expect_notice(const struct row *row)
{
	const struct notice_probe *notice = &world.notices[0].probe;

	cr_expect_eq(world.n_notices, row->told, "%s: %u notices", row->name, world.n_notices);
	if (!row->told || world.n_notices != 1)
		return;
	cr_expect_eq(world.notices[0].header.type, NOTICE_PROBE, "%s", row->name);
	cr_expect_eq(notice->port, row->port, "%s", row->name);
	cr_expect_eq(notice->sender, SENDER, "%s", row->name);
	cr_expect_eq(notice->lan, LAN, "%s", row->name);
	cr_expect_eq(notice->sequence, LAST - row->age, "%s", row->name);
}

static void run(const struct row *row)
{
	const struct port_counters *c = &world.worker->counters[row->port];
	struct fdb_entry entry;

	world_clear();
	fdb_flush(world.fdbs[LAN], FDB_ANY, 0);
	world.cycles += row->wait_ms * (WORLD_HZ / 1000);
	receive(row);
	cr_expect_eq(count_sent(), row->floods, "%s: leaves", row->name);
	cr_expect_eq(c->consumed, row->consumed, "%s: consumed", row->name);
	for (enum drop_reason r = 1; r < DROP_COUNT; r++)
		cr_expect_eq(c->drops[r], r == row->drop, "%s: %s", row->name, drop_infos[r].name);
	expect_notice(row);
	if (!row->floods) {
		cr_expect_eq(c->learned, 0, "%s: nothing is learned", row->name);
		cr_expect_not(fdb_find(world.fdbs[LAN], PROBE_SRC, &entry), "%s", row->name);
	}
	cr_expect_null(world_audit(0), "%s: %s", row->name, world_audit(0));
}

Test(frames, probe)
{
	world_init(PORTS, ROOM, BUFFERS);
	world.cycles = WORLD_HZ;
	make_policy();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		run(&rows[i]);
	world_fini();
}
