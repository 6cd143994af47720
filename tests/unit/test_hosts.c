// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/tables/hosts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/unit/hosts_fixture.h"

enum { PORT = 7, OTHER_PORT = 8 };

static const mac_t owner = MAC(2, 0, 0, 0, 0, 1), stranger = MAC(2, 0, 0, 0, 0, 2);
static struct hosts *hosts;

static void open_table(void)
{
	cr_assert_not_null(hosts = hosts_create(4, NULL));
}

static void close_table(void)
{
	hosts_destroy(hosts);
}

static struct host *find(uint32_t i)
{
	return hosts_find(hosts, host_key(i));
}

static uint32_t count_ports(const uint64_t told[HOST_TOLD_WORDS])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < HOST_TOLD_WORDS; i++)
		n += __builtin_popcountll(told[i]);
	return n;
}

TestSuite(hosts, .init = open_table, .fini = close_table);

Test(hosts, finds_what_was_set_and_nothing_else)
{
	struct host_set six = {.address = {0x20, 1, 0xd, 0xb8, [15] = 1},
			       .family = 6,
			       .verdict = HOST_LIVE,
			       .port = PORT_FABRIC - 1,
			       .mac = MAC_MASK & ~UINT64_C(1)};

	cr_assert_null(hosts_find(NULL, host_key(1)));
	cr_assert_null(find(1));
	cr_assert_eq(set_host(hosts, 1, HOST_SPONGED, PORT, owner, 0), 0);
	cr_assert_eq(hosts_set(hosts, &six, NULL), 0);

	uint64_t word = host_word(find(1));
	cr_expect_eq(host_verdict(word), HOST_SPONGED);
	cr_expect_eq(host_port(word), PORT);
	cr_expect_eq(host_mac(word), owner);
	cr_expect_not(host_watched(word));
	word = host_word(hosts_find(hosts, neigh_key6(six.address)));
	cr_expect_eq(host_verdict(word), HOST_LIVE);
	cr_expect_eq(host_port(word), PORT_FABRIC - 1);
	cr_expect_eq(host_mac(word), six.mac);
	cr_expect_null(find(2));
	cr_expect_eq(hosts_count(hosts), 2);
}

Test(hosts, is_set_again_and_forgotten)
{
	set_host(hosts, 1, HOST_SPONGED, PORT, owner, 0);
	set_host(hosts, 1, HOST_FROZEN, FDB_ANY, 0, 0);
	cr_expect_eq(host_word(find(1)), host_word(find(1)));
	cr_expect_eq(host_verdict(host_word(find(1))), HOST_FROZEN);
	cr_expect_eq(host_port(host_word(find(1))), HOST_NO_PORT);
	cr_expect_eq(host_mac(host_word(find(1))), 0);
	cr_expect_eq(hosts_count(hosts), 1);
	cr_expect_eq(set_host(hosts, 1, HOST_FORGET, FDB_ANY, 0, 0), 0);
	cr_expect_null(find(1));
	cr_expect_eq(hosts_count(hosts), 0);
	cr_expect_eq(set_host(hosts, 1, HOST_FORGET, FDB_ANY, 0, 0), 0);
}

Test(hosts, refuses_what_makes_no_sense)
{
	cr_expect_eq(set_host(hosts, 1, HOST_FROZEN + 1, PORT, owner, 0), -EINVAL);
	cr_expect_eq(set_host(hosts, 1, HOST_LIVE, PORT_FABRIC, owner, 0), -EINVAL);
	cr_expect_eq(set_host(hosts, 1, HOST_LIVE, PORT, MAC(1, 0, 0, 0, 0, 1), 0), -EINVAL);
	cr_expect_eq(set_host(hosts, 1, HOST_LIVE, PORT, MAC_MASK + 1, 0), -EINVAL);
	cr_expect_eq(hosts_set(hosts, &(struct host_set){.family = 5, .verdict = HOST_LIVE}, NULL),
		     -EINVAL);
	cr_expect_eq(hosts_count(hosts), 0);
}

Test(hosts, has_room_again_after_it_was_full)
{
	for (uint32_t round = 0; round < 10; round++) {
		uint32_t first = round * 100;

		for (uint32_t i = 0; i < 4; i++)
			cr_assert_eq(set_host(hosts, first + i, HOST_SPONGED, PORT, owner, 0), 0);
		cr_assert_eq(set_host(hosts, first + 4, HOST_SPONGED, PORT, owner, 0), -ENOSPC);
		cr_assert_eq(set_host(hosts, first + 3, HOST_LIVE, PORT, owner, 0), 0);
		cr_assert_null(find(first + 4));
		for (uint32_t i = 0; i < 4; i++) {
			cr_assert_not_null(find(first + i));
			cr_assert_eq(set_host(hosts, first + i, HOST_FORGET, PORT, owner, 0), 0);
		}
	}
	cr_expect_eq(hosts_count(hosts), 0);
}

Test(hosts, remembers_who_was_told_until_it_is_asked)
{
	uint64_t told[HOST_TOLD_WORDS];

	set_host(hosts, 1, HOST_SPONGED, PORT, owner, 0);
	cr_expect(host_tell(find(1), 0));
	cr_expect(host_tell(find(1), 64));
	cr_expect(host_tell(find(1), 64));
	cr_expect(host_tell(find(1), PORT_FABRIC - 1));
	set_host(hosts, 1, HOST_LIVE, PORT, owner, 0);
	cr_expect_not(host_tell(find(1), 5));
	cr_assert_eq(take_told(hosts, 1, HOST_LIVE, told), 0);
	cr_expect_eq(count_ports(told), 3);
	cr_expect_eq(told[0], 1);
	cr_expect_eq(told[1], 1);
	cr_expect_eq(told[HOST_TOLD_WORDS - 1], UINT64_C(1) << 62);
	take_told(hosts, 1, HOST_LIVE, told);
	cr_expect_eq(count_ports(told), 0);
}

Test(hosts, tells_whom_it_told_when_it_forgets)
{
	uint64_t told[HOST_TOLD_WORDS];

	set_host(hosts, 1, HOST_SPONGED, PORT, owner, 0);
	struct host *host = find(1);
	cr_expect(host_tell(host, 3));
	cr_assert_eq(take_told(hosts, 1, HOST_FORGET, told), 0);
	cr_expect_eq(told[0], 8);
	cr_expect_not(host_tell(host, 4), "a worker that has just found it");
	cr_assert_eq(take_told(hosts, 1, HOST_FORGET, told), 0);
	cr_expect_eq(count_ports(told), 0);
	set_host(hosts, 1, HOST_SPONGED, PORT, owner, 0);
	cr_assert_eq(take_told(hosts, 1, HOST_SPONGED, told), 0);
	cr_expect_eq(count_ports(told), 0, "nothing of one before is left");
}

Test(hosts, says_only_once_that_a_watched_host_lives)
{
	set_host(hosts, 1, HOST_SPONGED, PORT, owner, HOST_WATCHED);
	cr_expect(hosts_watched(hosts, PORT));
	cr_expect_not(hosts_watched(hosts, OTHER_PORT));
	cr_expect_not(hosts_watched(NULL, PORT));
	cr_expect_not(host_lives(hosts, find(1), OTHER_PORT, owner));
	cr_expect_not(host_lives(hosts, find(1), PORT, stranger));
	cr_expect(host_lives(hosts, find(1), PORT, owner));
	cr_expect_not(host_lives(hosts, find(1), PORT, owner));
	cr_expect_not(hosts_watched(hosts, PORT));
	cr_expect_eq(host_verdict(host_word(find(1))), HOST_SPONGED);
	host_rewatch(hosts, find(1));
	cr_expect(hosts_watched(hosts, PORT));
	host_rewatch(hosts, find(1));
	cr_expect(host_lives(hosts, find(1), PORT, owner));
	cr_expect_not(hosts_watched(hosts, PORT));
}

Test(hosts, watches_all_ports_for_a_host_that_may_be_anywhere)
{
	set_host(hosts, 1, HOST_SPONGED, FDB_ANY, 0, HOST_WATCHED);
	set_host(hosts, 2, HOST_LIVE, PORT, 0, HOST_WATCHED);
	cr_expect(hosts_watched(hosts, OTHER_PORT));
	cr_expect(host_lives(hosts, find(1), OTHER_PORT, stranger));
	cr_expect_not(hosts_watched(hosts, OTHER_PORT));
	cr_expect(hosts_watched(hosts, PORT));
	cr_expect(host_lives(hosts, find(2), PORT, stranger));
	cr_expect_not(hosts_watched(hosts, PORT));
}

Test(hosts, watches_where_the_owner_is_now)
{
	set_host(hosts, 1, HOST_SPONGED, PORT, owner, HOST_WATCHED);
	set_host(hosts, 1, HOST_SPONGED, OTHER_PORT, owner, HOST_WATCHED);
	cr_expect_not(hosts_watched(hosts, PORT));
	cr_expect(hosts_watched(hosts, OTHER_PORT));
	struct host *host = find(1);
	set_host(hosts, 1, HOST_FORGET, OTHER_PORT, owner, HOST_WATCHED);
	cr_expect_not(hosts_watched(hosts, OTHER_PORT));
	host_rewatch(hosts, host);
	cr_expect_not(hosts_watched(hosts, OTHER_PORT), "it was forgotten meanwhile");
}

Test(hosts, forgets_ports_that_are_gone)
{
	const uint64_t gone[HOST_TOLD_WORDS] = {UINT64_C(1) << PORT | 1, 2};
	uint64_t told[HOST_TOLD_WORDS];

	set_host(hosts, 1, HOST_SPONGED, PORT, owner, HOST_WATCHED);
	set_host(hosts, 2, HOST_SPONGED, OTHER_PORT, owner, 0);
	set_host(hosts, 3, HOST_SPONGED, FDB_ANY, 0, 0);
	for (uint16_t port = 0; port < 70; port++)
		host_tell(find(2), port);
	hosts_forget_ports(hosts, gone);
	cr_expect_eq(host_port(host_word(find(1))), HOST_NO_PORT);
	cr_expect_eq(host_mac(host_word(find(1))), 0);
	cr_expect_eq(host_verdict(host_word(find(1))), HOST_SPONGED);
	cr_expect(host_lives(hosts, find(1), OTHER_PORT, stranger), "whoever has it now");
	cr_expect_not(hosts_watched(hosts, PORT));
	cr_expect_eq(host_port(host_word(find(2))), OTHER_PORT);
	take_told(hosts, 2, HOST_LIVE, told);
	cr_expect_eq(count_ports(told), 67);
	cr_expect_eq(told[0] & gone[0], 0);
	cr_expect_eq(told[1], 0x3d);
}

Test(hosts, describes_a_host)
{
	struct host_info infos[2];
	uint32_t cursor = 0;

	cr_expect_eq(hosts_dump(hosts, NULL, &cursor, infos, 2), 0);
	cr_expect_eq(cursor, 0);
	set_host(hosts, 1, HOST_SPONGED, FDB_ANY, 0, HOST_WATCHED);
	for (uint16_t port = 60; port < 70; port++) {
		host_tell(find(1), port);
		host_tell(find(1), 60);
	}
	cr_assert_eq(hosts_dump(hosts, NULL, &cursor, infos, 2), 1);
	cr_expect_eq(cursor, 0);
	cr_expect_eq(infos[0].set.family, 4);
	cr_expect_arr_eq(infos[0].set.address, host_set_of(1).address, 16);
	cr_expect_eq(infos[0].set.port, FDB_ANY);
	cr_expect_eq(infos[0].set.verdict, HOST_SPONGED);
	cr_expect_eq(infos[0].set.flags, HOST_WATCHED);
	cr_expect_eq(infos[0].answered, 20);
	cr_expect_eq(infos[0].told, 10);
}

// All that stay are described once, while others come and go between the parts.
Test(hosts, describes_once_what_stays)
{
	enum { STAY = 50, N = 200 };
	uint32_t seen[N] = {0}, cursor = 0, next = STAY;
	struct host_info infos[7];

	hosts_destroy(hosts);
	hosts = hosts_create(100, NULL);
	for (uint32_t i = 0; i < STAY; i++) {
		set_host(hosts, i, HOST_LIVE, i, owner, 0);
		set_host(hosts, 1000 + i, HOST_LIVE, PORT, owner, 0);
	}
	do {
		uint32_t n = hosts_dump(hosts, NULL, &cursor, infos, 7);

		for (uint32_t i = 0; i < n; i++) {
			uint32_t id = host_id(&infos[i].set);

			if (id < STAY)
				seen[id]++;
		}
		set_host(hosts, 1000 + next % STAY, HOST_FORGET, PORT, owner, 0);
		cr_assert_eq(set_host(hosts, 2000 + next, HOST_LIVE, PORT, owner, 0), 0);
		next++;
	} while (cursor);
	for (uint32_t i = 0; i < STAY; i++)
		cr_expect_eq(seen[i], 1, "host %u: %u times", i, seen[i]);
	cr_expect_eq(hosts_count(hosts), 100);
}

Test(hosts, finds_each_of_many)
{
	enum { N = 20000 };

	hosts_destroy(hosts);
	hosts = hosts_create(N, NULL);
	for (uint32_t i = 0; i < N; i++)
		cr_assert_eq(set_host(hosts, i, HOST_LIVE, i % PORT_FABRIC, owner, 0), 0);
	for (uint32_t i = 0; i < N; i += 2)
		set_host(hosts, i, HOST_FORGET, 0, 0, 0);
	for (uint32_t i = 0; i < N; i++) {
		struct host *host = find(i);

		cr_assert_eq(host == NULL, i % 2 == 0);
		cr_assert(!host || host_port(host_word(host)) == i % PORT_FABRIC);
	}
}

// ---- Memory

enum { ABSENT4 = 4094, ABSENT6 = 100000, LIMIT = 17 << 20 };

static size_t resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	cr_assert_not_null(file);
	cr_assert_eq(fscanf(file, "%*u %lu", &pages), 1);
	fclose(file);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void sponge_absent(uint32_t i)
{
	struct host_set set = host_set_of(i);

	if (i >= ABSENT4) {
		set = (struct host_set){.address = {0x20, 1, 0xd, 0xb8}, .family = 6};
		memcpy(&set.address[12], &i, sizeof(i));
	}
	set.port = FDB_ANY;
	set.verdict = HOST_SPONGED;
	cr_assert_eq(hosts_set(hosts, &set, NULL), 0);
	for (uint16_t port = 0; port < 1000; port += 300)
		cr_assert(host_tell(hosts_find(hosts, neigh_key(set.family, set.address)), port));
}

// Sanitizers need memory of their own for each access.
static void skip_if_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	cr_skip_test("a sanitizer is counted, too");
#endif
}

// A /20 without anybody, and as many IPv6 addresses as a sweep may leave behind: what they need
// beside control's machine, both together less than 32 MiB. Room for a million costs nothing.
Test(hosts, uses_memory_only_for_what_is_there)
{
	size_t before = resident();

	skip_if_sanitized();
	hosts_destroy(hosts);
	hosts = hosts_create(MAX_HOSTS, NULL);
	cr_expect_lt(resident(), before + (1 << 20));
	hosts_destroy(hosts);
	hosts = hosts_create(1 << 17, NULL);
	for (uint32_t i = 0; i < ABSENT4 + ABSENT6; i++)
		sponge_absent(i);
	cr_expect_lt(resident(), before + LIMIT, "%zu octets", resident() - before);
	cr_expect_eq(hosts_count(hosts), ABSENT4 + ABSENT6);
}

// Others come and go ten times as often as there is room: nothing grows.
Test(hosts, uses_the_same_memory_again)
{
	size_t before = resident();

	skip_if_sanitized();
	hosts_destroy(hosts);
	hosts = hosts_create(10000, NULL);
	for (uint32_t i = 0; i < 100000; i++) {
		cr_assert_eq(set_host(hosts, i, HOST_SPONGED, FDB_ANY, 0, 0), 0);
		if (i >= 1000)
			set_host(hosts, i - 1000, HOST_FORGET, FDB_ANY, 0, 0);
	}
	cr_expect_eq(hosts_count(hosts), 1000);
	cr_expect_lt(resident(), before + (1 << 20), "%zu octets", resident() - before);
}
