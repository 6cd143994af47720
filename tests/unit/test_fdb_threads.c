// SPDX-License-Identifier: BSD-3-Clause
// The forwarding database under several workers and a manager at once. What is checked holds in
// whatever order they run. Built with -Db_sanitize=thread it also shows that no access races.
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>

#include "dataplane/tables/fdb_table.h"
#include "tests/unit/fdb_spills.h"

enum { WORKERS = 4, SECOND = 1000000000 };

static struct fdb_quota quota;
static struct fdb *fdbs[2];
static uint32_t n_macs;
static uint32_t rounds;
static _Atomic uint32_t running;
static pthread_barrier_t start;

struct totals {
	uint64_t learned, moved, foreign, refused;
};

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, 0x5e, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
}

static uint32_t pick(uint64_t *state, uint32_t n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

// Each address has at most one entry, and the counts are what stands in the tables.
static void check_tables(void)
{
	struct fdb_entry *entries = calloc(1 << 16, sizeof(*entries));
	uint32_t *ports = calloc(MAX_PORTS, sizeof(*ports));
	uint32_t total = 0;

	for (uint32_t t = 0; t < 2 && fdbs[t]; t++) {
		uint8_t *seen = calloc(n_macs, 1);
		uint32_t cursor = 0, learned = 0, statics = 0;
		uint32_t here[WORKERS] = {0};
		uint32_t n = fdb_dump(fdbs[t], FDB_ANY, &cursor, entries, 1 << 16);

		for (uint32_t i = 0; i < n; i++) {
			uint32_t id = mac_order(entries[i].mac) & 0xffffff;

			cr_assert_lt(id, n_macs);
			cr_assert_eq(seen[id]++, 0, "station %u stands twice", id);
			cr_assert_eq(fdb_lookup(fdbs[t], station(id)), entries[i].port);
			statics += entries[i].is_static;
			learned += !entries[i].is_static;
			ports[entries[i].port] += !entries[i].is_static;
			here[entries[i].port] += !entries[i].is_static;
		}
		for (uint16_t port = 0; port < WORKERS; port++)
			cr_expect_eq(fdb_count_port(fdbs[t], port), here[port]);
		cr_expect_eq(fdb_count(fdbs[t]), learned);
		cr_expect_eq(fdb_count_static(fdbs[t]), statics);
		check_spills(fdbs[t]);
		total += learned;
		free(seen);
	}
	cr_expect_eq(quota.used, total);
	for (uint32_t port = 0; port < MAX_PORTS; port++)
		cr_expect_eq(quota.port_used[port], ports[port], "port %u", port);
	free(entries);
	free(ports);
}

// How workers share ports and addresses.
enum sharing {
	OWN_PORTS, // each learns all addresses on its own port: they move all the time
	ANY_PORT,  // each learns all addresses on any port
	OWN_MACS,  // each learns its part of the addresses on its own port: none moves
};

struct worker {
	pthread_t thread;
	uint32_t id;
	enum sharing sharing;
	struct totals totals;
};

static void work_once(struct worker *worker, uint64_t *random)
{
	struct fdb *fdb = fdbs[fdbs[1] ? pick(random, 2) : 0];
	uint16_t port = worker->sharing == ANY_PORT ? pick(random, WORKERS) : worker->id;
	uint16_t ports[FDB_BURST];
	struct fdb_learned result;
	mac_t macs[FDB_BURST];
	uint64_t live = UINT64_MAX >> pick(random, FDB_BURST);

	for (uint32_t i = 0; i < FDB_BURST; i++) {
		uint32_t id = pick(random, n_macs);

		macs[i] = station(worker->sharing == OWN_MACS ? id / WORKERS * WORKERS + port : id);
	}
	fdb_learn_burst(fdb, macs, live, port, &result);
	worker->totals.learned += __builtin_popcountll(result.learned);
	worker->totals.moved += __builtin_popcountll(result.moved);
	worker->totals.foreign += __builtin_popcountll(result.foreign);
	worker->totals.refused += __builtin_popcountll(result.refused);
	fdb_lookup_burst(fdb, macs, live, ports);
	for (uint64_t rest = live; rest; rest &= rest - 1)
		if (ports[__builtin_ctzll(rest)] >= WORKERS &&
		    ports[__builtin_ctzll(rest)] != FDB_MISS)
			abort(); // a port that nobody learned on: a mixture
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	uint64_t random = 1 + worker->id * UINT64_C(0x9e3779b97f4a7c15);

	pthread_barrier_wait(&start);
	for (uint32_t i = 0; i < rounds; i++)
		work_once(worker, &random);
	running--;
	return NULL;
}

// Let the workers run, and "manage" with them, until they are done.
static struct totals run_workers(enum sharing sharing, void (*manage)(uint64_t *random))
{
	struct worker workers[WORKERS] = {0};
	struct totals sum = {0};
	uint64_t random = 99;

	running = WORKERS;
	pthread_barrier_init(&start, NULL, WORKERS + 1);
	for (uint32_t i = 0; i < WORKERS; i++) {
		workers[i].id = i;
		workers[i].sharing = sharing;
		cr_assert_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	pthread_barrier_wait(&start);
	while (manage && running)
		manage(&random);
	for (uint32_t i = 0; i < WORKERS; i++) {
		pthread_join(workers[i].thread, NULL);
		sum.learned += workers[i].totals.learned;
		sum.moved += workers[i].totals.moved;
		sum.foreign += workers[i].totals.foreign;
		sum.refused += workers[i].totals.refused;
	}
	pthread_barrier_destroy(&start);
	return sum;
}

static void open_tables(uint32_t n, uint32_t size, uint32_t macs, uint32_t n_rounds)
{
	for (uint32_t i = 0; i < n; i++)
		cr_assert_not_null(fdbs[i] = fdb_create(size, 0, &quota));
	n_macs = macs;
	rounds = n_rounds;
}

static void close_tables(void)
{
	check_tables();
	fdb_destroy(fdbs[0]);
	fdb_destroy(fdbs[1]);
	cr_expect_eq(quota.used, 0);
}

TestSuite(fdb_threads, .fini = close_tables, .timeout = 100);

Test(fdb_threads, learn_each_address_once)
{
	// All addresses, and one place that each worker holds while it learns: without these, the
	// second of two that learn the last address at once is refused.
	open_tables(1, 40000 + WORKERS, 40000, 3000);
	struct totals sum = run_workers(ANY_PORT, NULL);

	cr_expect_eq(sum.learned, fdb_count(fdbs[0]), "an address is learned by one worker only");
	cr_expect_eq(sum.refused | sum.foreign, 0);
}

// All workers learn the same few addresses, which the manager forgets again and again: the worst
// place for two entries of one address.
static void flush_all(uint64_t *random)
{
	fdb_flush(fdbs[0], pick(random, 2) ? FDB_ANY : (uint16_t)pick(random, WORKERS), 0);
}

Test(fdb_threads, no_duplicate_stays)
{
	for (uint32_t i = 0; i < 20; i++) {
		fdb_destroy(fdbs[0]);
		open_tables(1, 100, 24, 1500);
		run_workers(i % 2 ? ANY_PORT : OWN_PORTS, flush_all);
		check_tables();
	}
}

static void watch_limits(uint64_t *random)
{
	(void)random;
	for (uint32_t port = 0; port < WORKERS; port++)
		if (quota.port_limit[port])
			cr_assert_leq(quota.port_used[port], quota.port_limit[port]);
	cr_assert_leq(fdb_count_port(fdbs[0], 2), 20);
	cr_assert_leq(fdb_count_port(fdbs[1], 2), 1);
	cr_assert_leq(fdb_count(fdbs[0]), 700);
	cr_assert_leq(quota.used, 1200);
}

Test(fdb_threads, limits_are_exact)
{
	open_tables(2, 2000, 4000, 3000);
	quota.port_limit[0] = 50;
	quota.port_limit[1] = 333;
	quota.limit = 1200;
	fdb_set_limit(fdbs[0], 700);
	fdb_set_port_limit(fdbs[0], 2, 20);
	fdb_set_port_limit(fdbs[1], 2, 1);
	struct totals sum = run_workers(OWN_PORTS, watch_limits);

	cr_expect_gt(sum.refused, 0);
	cr_expect_eq(quota.used, 1200);
	cr_expect_leq(quota.port_used[0], 50);
}

Test(fdb_threads, overflow_is_fair)
{
	open_tables(2, 2000, 4000, 3000);
	quota.limit = 1000;
	struct totals sum = run_workers(OWN_MACS, NULL);

	cr_expect_eq(sum.moved, 0);
	cr_expect_eq(quota.used, 1000);
	for (uint32_t port = 0; port < WORKERS; port++)
		cr_expect_leq(abs((int)quota.port_used[port] - 250), 25, "port %u: %u", port,
			      quota.port_used[port]);
}

// Several workers learn on one port, as when its queues are spread over them.
static void watch_one_port(uint64_t *random)
{
	(void)random;
	for (uint16_t port = 0; port < WORKERS; port++)
		cr_assert_leq(fdb_count_port(fdbs[0], port), 3);
}

Test(fdb_threads, port_limit_is_exact_when_workers_share_a_port)
{
	open_tables(1, 4000, 4000, 2000);
	for (uint16_t port = 0; port < WORKERS; port++)
		fdb_set_port_limit(fdbs[0], port, 3);
	struct totals sum = run_workers(ANY_PORT, watch_one_port);

	cr_expect_eq(fdb_count(fdbs[0]), 3 * WORKERS);
	cr_expect_eq(sum.learned, 3 * WORKERS, "nobody leaves: nobody may come twice");
}

// Learned entries become sticky, as they do where a port keeps the first few that it sees: however
// many workers learn at once, there are never more than the limit, learned and sticky together.
enum { STICKY_LIMIT = 5 };

static void make_sticky(uint64_t *random)
{
	uint16_t port = pick(random, WORKERS);
	struct fdb_entry entries[STICKY_LIMIT + 1];
	uint32_t cursor = 0, statics = 0;
	uint32_t n = fdb_dump(fdbs[0], port, &cursor, entries, STICKY_LIMIT + 1);

	cr_assert_leq(n, STICKY_LIMIT);
	for (uint32_t i = 0; i < n; i++)
		statics += entries[i].is_static;
	for (uint32_t i = 0; i < n; i++) {
		if (entries[i].is_static)
			continue;
		fdb_set_port_limit(fdbs[0], port, STICKY_LIMIT - ++statics);
		cr_assert_eq(fdb_add_static(fdbs[0], entries[i].mac, port, MAC_STICKY), 0);
	}
}

Test(fdb_threads, learned_entries_become_sticky_and_nobody_slips_in)
{
	open_tables(1, 4000, 4000, 3000);
	for (uint16_t port = 0; port < WORKERS; port++)
		fdb_set_port_limit(fdbs[0], port, STICKY_LIMIT);
	run_workers(OWN_MACS, make_sticky);
	cr_expect_leq(fdb_count(fdbs[0]) + fdb_count_static(fdbs[0]), STICKY_LIMIT * WORKERS);
}

static void manage_everything(uint64_t *random)
{
	static uint64_t now = SECOND;
	struct fdb *fdb = fdbs[pick(random, 2)];
	mac_t mac = station(pick(random, n_macs));
	struct fdb_entry entries[20];
	uint32_t cursor = 0;

	switch (pick(random, 8)) {
	case 0:
		fdb_flush(fdb, pick(random, WORKERS), 0);
		break;
	case 1:
		fdb_flush(fdb, FDB_ANY, mac);
		break;
	case 2:
		now += (uint64_t)pick(random, 20) * SECOND;
		fdb_age(fdb, now);
		break;
	case 3:
		fdb_set_limit(fdb, pick(random, 2) ? 0 : 500);
		break;
	case 4:
	case 5:
		fdb_add_static(fdb, mac, pick(random, WORKERS), pick(random, MAC_HELD + 1));
		break;
	case 6:
		fdb_del_static(fdb, mac);
		break;
	default:
		fdb_dump(fdb, FDB_ANY, &cursor, entries, 20);
	}
}

Test(fdb_threads, everything_at_once)
{
	open_tables(2, 2000, 3000, 3000);
	fdb_set_ageing(fdbs[0], 10);
	fdb_set_ageing(fdbs[1], 30);
	quota.limit = 2000;
	quota.port_limit[1] = 400;
	run_workers(ANY_PORT, manage_everything);
	cr_expect_leq(quota.used, 2000);
}

// Static entries that come, replaced one by one, while workers learn the same addresses on other
// ports. In the end they are what the manager said last.
static uint16_t static_port[100];

static void add_static_again(uint64_t *random)
{
	uint32_t id = pick(random, n_macs);
	uint16_t port = pick(random, WORKERS);

	if (fdb_lookup(fdbs[0], station(id)) != FDB_MISS && pick(random, 2))
		fdb_del_static(fdbs[0], station(id));
	if (!fdb_add_static(fdbs[0], station(id), port, MAC_REGISTERED))
		static_port[id] = port + 1;
}

Test(fdb_threads, static_wins)
{
	open_tables(1, 200, 100, 20000);
	run_workers(ANY_PORT, add_static_again);
	for (uint32_t id = 0; id < n_macs; id++) {
		struct fdb_entry entry;

		if (static_port[id] && fdb_find(fdbs[0], station(id), &entry) && entry.is_static)
			cr_expect_eq(entry.port + 1, static_port[id]);
	}
	cr_expect_gt(fdb_count_static(fdbs[0]), 0);
}

// Tables come and go while workers of other tables, short of room, look into all of them.
static void replace_table(uint64_t *random)
{
	struct fdb *fdb = fdb_create(1000, 0, &quota);
	struct fdb_learned result;

	for (uint32_t i = 0; i < 200; i++) {
		mac_t mac = station(pick(random, n_macs));

		fdb_learn_burst(fdb, &mac, 1, WORKERS, &result);
	}
	fdb_destroy(fdb);
}

Test(fdb_threads, tables_come_and_go)
{
	open_tables(2, 2000, 4000, 3000);
	quota.limit = 500;
	run_workers(OWN_PORTS, replace_table);
	cr_expect_eq(quota.port_used[WORKERS], 0);
}
