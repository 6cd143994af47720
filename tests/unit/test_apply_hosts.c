// SPDX-License-Identifier: BSD-3-Clause
// What control says and asks of hosts: apply_hosts.c on a manager that consists of its data only.
#include "dataplane/manage/apply_hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dataplane/manage/manager.h"
#include "tests/unit/hosts_fixture.h"

enum { LAN = 3, PLACES = 100, REPLIES = MAX_PORTS + 64 };

static struct manager manager;
static struct message replies[REPLIES];
static uint32_t n_replies;

void manager_reply(struct manager *m, const struct message *reply)
{
	(void)m;
	cr_assert_lt(n_replies, REPLIES, "more than a reply ring is sure to hold");
	replies[n_replies++] = *reply;
}

static mac_t router(uint32_t i)
{
	return MAC(2, 0, 0, 1, i >> 8, i & 0xff);
}

static void assign(uint32_t id, uint16_t port, mac_t mac)
{
	cr_assert_eq(neigh_add(manager.policy->lans[LAN].neigh, host_key(id), port, mac), 0);
}

static void start(void)
{
	manager.policy = aligned_alloc(64, (sizeof(struct policy) + 63) / 64 * 64);
	memset(manager.policy, 0, sizeof(*manager.policy));
	manager.policy->lans[LAN].neigh = neigh_create(2 * MAX_PORTS);
	manager.lans[LAN].hosts = hosts_create(PLACES, NULL);
}

static void finish(void)
{
	hosts_destroy(manager.lans[LAN].hosts);
	neigh_free(manager.policy->lans[LAN].neigh);
	free(manager.policy);
}

TestSuite(apply_hosts, .init = start, .fini = finish);

static void set(uint32_t id, uint8_t verdict, uint16_t flags)
{
	struct message command;

	n_replies = 0;
	message_init(&command, COMMAND_HOST_SET, 5);
	command.host = host_set_of(id);
	command.host.lan = LAN;
	command.host.verdict = verdict;
	command.host.flags = flags;
	apply_hosts_set(&manager, &command);
}

static void tell(uint32_t id, uint16_t port)
{
	cr_assert(host_tell(hosts_find(manager.lans[LAN].hosts, host_key(id)), port));
}

// How often a neighbour was named. All replies but the last are REPLY_TOLD, and none is empty.
static uint32_t count_told(uint16_t port, mac_t mac, uint32_t id)
{
	struct host_set nobody = {0}, somebody = host_set_of(id);
	uint32_t n = 0;

	for (uint32_t i = 0; i + 1 < n_replies; i++) {
		const struct reply_neigh *told = &replies[i].neigh;

		cr_assert_eq(replies[i].header.type, REPLY_TOLD);
		cr_assert_eq(replies[i].header.sequence, 5);
		cr_assert(replies[i].header.flags & MESSAGE_MORE);
		cr_assert(told->n > 0 && told->n <= REPLY_NEIGH_ENTRIES);
		cr_assert_eq(told->lan, LAN);
		for (uint16_t e = 0; e < told->n; e++) {
			const uint8_t *address = mac ? somebody.address : nobody.address;

			n += told->entries[e].port == port && told->entries[e].mac == mac &&
			     told->entries[e].family == 4 &&
			     memcmp(told->entries[e].address, address, 16) == 0;
		}
	}
	cr_assert_eq(replies[n_replies - 1].header.type, REPLY_DONE);
	cr_assert_eq(replies[n_replies - 1].header.sequence, 5);
	return n;
}

static uint32_t count_entries(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i + 1 < n_replies; i++)
		n += replies[i].neigh.n;
	return n;
}

Test(apply_hosts, sets_without_a_word)
{
	set(1, HOST_SPONGED, HOST_WATCHED);
	cr_expect_eq(n_replies, 0);
	cr_expect_eq(host_verdict(host_word(hosts_find(manager.lans[LAN].hosts, host_key(1)))),
		     HOST_SPONGED);
	set(1, HOST_FORGET, 0);
	cr_expect_eq(n_replies, 0);
	cr_expect_eq(hosts_count(manager.lans[LAN].hosts), 0);
}

Test(apply_hosts, names_whoever_was_told)
{
	assign(10, 1, router(1));
	assign(11, 2, router(2));
	assign(12, 2, router(3));
	assign(13, 4, router(4));
	set(1, HOST_SPONGED, 0);
	tell(1, 1);
	tell(1, 2);
	set(1, HOST_LIVE, HOST_ANSWER);
	cr_expect_eq(count_entries(), 3);
	cr_expect_eq(count_told(1, router(1), 10), 1);
	cr_expect_eq(count_told(2, router(2), 11), 1);
	cr_expect_eq(count_told(2, router(3), 12), 1);
	set(1, HOST_LIVE, HOST_ANSWER);
	cr_expect_eq(n_replies, 1, "nobody was told since");
	cr_expect_eq(count_entries(), 0);
}

Test(apply_hosts, names_neighbours_of_that_family_only)
{
	const uint8_t six[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};

	neigh_add(manager.policy->lans[LAN].neigh, neigh_key6(six), 1, router(1));
	set(1, HOST_SPONGED, 0);
	tell(1, 1);
	set(1, HOST_FORGET, HOST_ANSWER);
	cr_expect_eq(count_entries(), 1);
	cr_expect_eq(count_told(1, 0, 0), 1);
}

// Port 1's address is assigned, but which MAC it has is not known; port 2 has nothing at all.
Test(apply_hosts, names_hosts_that_were_seen_where_nothing_is_assigned)
{
	assign(10, 1, 0);
	assign(11, 3, router(3));
	for (uint32_t i = 1; i <= 3; i++) {
		struct host_set seen = host_set_of(20 + i);

		seen.verdict = i == 2 ? HOST_FROZEN : HOST_LIVE;
		seen.port = (uint16_t)i;
		seen.mac = router(20 + i);
		hosts_set(manager.lans[LAN].hosts, &seen, NULL);
	}
	set(1, HOST_SPONGED, 0);
	for (uint16_t port = 1; port <= 3; port++)
		tell(1, port);
	set(1, HOST_LIVE, HOST_ANSWER);
	cr_expect_eq(count_entries(), 3);
	cr_expect_eq(count_told(1, router(21), 21), 1);
	cr_expect_eq(count_told(2, 0, 0), 1, "a frozen host owns nothing");
	cr_expect_eq(count_told(3, router(3), 11), 1);
}

Test(apply_hosts, names_a_port_with_many_neighbours_once)
{
	for (uint32_t i = 0; i <= REPLY_NEIGH_ENTRIES; i++)
		assign(10 + i, 1, router(i));
	for (uint32_t i = 0; i < REPLY_NEIGH_ENTRIES; i++)
		assign(30 + i, 2, router(100 + i));
	set(1, HOST_SPONGED, 0);
	tell(1, 1);
	tell(1, 2);
	set(1, HOST_LIVE, HOST_ANSWER);
	cr_expect_eq(count_entries(), 1 + REPLY_NEIGH_ENTRIES);
	cr_expect_eq(count_told(1, 0, 0), 1);
	for (uint32_t i = 0; i < REPLY_NEIGH_ENTRIES; i++)
		cr_expect_eq(count_told(2, router(100 + i), 30 + i), 1);
}

// manager_reply() above looks whether it fits.
Test(apply_hosts, an_answer_fits_the_reply_ring_when_all_ports_were_told)
{
	set(1, HOST_SPONGED, 0);
	for (uint16_t port = 0; port < PORT_FABRIC; port++) {
		assign(1000 + 2 * port, port, router(port));
		assign(1001 + 2 * port, port, router(port));
		tell(1, port);
	}
	set(1, HOST_LIVE, HOST_ANSWER);
	cr_expect_eq(count_entries(), 2 * PORT_FABRIC);
}

static void expect_refused(int error, const char *words)
{
	cr_assert_eq(n_replies, 1);
	cr_expect_eq(replies[0].header.type, REPLY_ERROR);
	cr_expect_eq(replies[0].header.sequence, 5);
	cr_expect_eq(replies[0].error.error, error);
	cr_expect_not_null(strstr(replies[0].error.text, words), "%s", replies[0].error.text);
}

Test(apply_hosts, refuses_what_it_cannot_do)
{
	set(1, HOST_FROZEN + 1, HOST_ANSWER);
	expect_refused(EINVAL, "LAN number 3: no such verdict");
	for (uint32_t i = 0; i < PLACES; i++)
		set(i, HOST_SPONGED, 0);
	set(PLACES, HOST_SPONGED, 0);
	cr_expect_eq(n_replies, 0, "nobody waits for it");
	set(PLACES, HOST_SPONGED, HOST_ANSWER);
	expect_refused(ENOSPC, "no room");
}

Test(apply_hosts, refuses_lans_that_keep_nothing_of_hosts)
{
	for (uint32_t lan = LAN + 1; lan <= UINT16_MAX; lan += lan < MAX_LANS ? 1 : 1000) {
		struct message command;

		n_replies = 0;
		message_init(&command, COMMAND_HOST_SET, 5);
		command.host = host_set_of(1);
		command.host.lan = (uint16_t)lan;
		command.host.verdict = HOST_SPONGED;
		apply_hosts_set(&manager, &command);
		cr_assert_eq(n_replies, 0);
		command.host.flags = HOST_ANSWER;
		apply_hosts_set(&manager, &command);
		expect_refused(ENOENT, "nothing is kept");
		n_replies = 0;
		message_init(&command, COMMAND_HOST_DUMP, 5);
		command.fdb_dump = (struct fdb_dump){.lan = (uint16_t)lan, .port = FDB_ANY};
		apply_hosts_dump(&manager, &command);
		expect_refused(ENOENT, "nothing is kept");
	}
}

// ---- Dump

static uint32_t dump(uint16_t port, uint32_t *cursor)
{
	struct message command;
	uint32_t n = 0;

	n_replies = 0;
	message_init(&command, COMMAND_HOST_DUMP, 5);
	command.fdb_dump = (struct fdb_dump){.lan = LAN, .port = port, .cursor = *cursor};
	apply_hosts_dump(&manager, &command);
	for (uint32_t i = 0; i + 1 < n_replies; i++) {
		cr_assert_eq(replies[i].header.type, REPLY_HOST);
		cr_assert(replies[i].header.flags & MESSAGE_MORE);
		cr_assert_eq(replies[i].hosts.lan, LAN);
		for (uint16_t e = 0; e < replies[i].hosts.n; e++, n++)
			cr_assert_eq(replies[i].hosts.entries[e].set.lan, LAN);
	}
	cr_assert_eq(replies[n_replies - 1].header.type, REPLY_DONE);
	*cursor = replies[n_replies - 1].done.cursor;
	return n;
}

Test(apply_hosts, describes_all_or_those_of_a_port)
{
	uint32_t cursor = 0;

	cr_expect_eq(dump(FDB_ANY, &cursor), 0);
	cr_expect_eq(cursor, 0);
	for (uint32_t i = 0; i < PLACES; i++)
		set_host(manager.lans[LAN].hosts, i, HOST_SPONGED, i % 3 ? FDB_ANY : 7, 0, 0);
	cr_expect_eq(dump(FDB_ANY, &cursor), PLACES);
	cr_expect_eq(cursor, 0);
	cr_expect_eq(dump(7, &cursor), (PLACES + 2) / 3);
	cr_expect_eq(dump(8, &cursor), 0);
	cr_expect_eq(dump(MAX_PORTS, &cursor), 0);
	cr_expect_eq(dump(PORT_FABRIC, &cursor), 0);
	cursor = UINT32_MAX;
	cr_expect_eq(dump(FDB_ANY, &cursor), 0);
	cr_expect_eq(cursor, 0);
}

Test(apply_hosts, describes_many_in_parts)
{
	enum { MANY = 1000 };
	uint32_t cursor = 0, n = 0, parts = 0;

	hosts_destroy(manager.lans[LAN].hosts);
	manager.lans[LAN].hosts = hosts_create(MANY, NULL);
	for (uint32_t i = 0; i < MANY; i++)
		set_host(manager.lans[LAN].hosts, i, HOST_SPONGED, FDB_ANY, 0, 0);
	do {
		n += dump(FDB_ANY, &cursor);
		parts++;
	} while (cursor);
	cr_expect_eq(n, MANY);
	cr_expect_gt(parts, 1);
}
