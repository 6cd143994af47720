// SPDX-License-Identifier: BSD-3-Clause
// What is known of hosts, under several workers and a manager at once. What is checked holds in
// whatever order they run. Built with -Db_sanitize=thread it also shows that no access races.
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <criterion/criterion.h>
#include <rte_rcu_qsbr.h>

#include "tests/unit/hosts_fixture.h"

enum { WORKERS = 3, IDS = 100, PLACES = 64, BURST = 16, ROUNDS = 4000 };

static struct hosts *hosts;
static struct rte_rcu_qsbr *quiescent;
static _Atomic bool stop;
static _Atomic uint64_t lives;
static _Atomic uint8_t owed[WORKERS][IDS]; // told by this worker, as its port
static pthread_barrier_t barrier;

static uint32_t pick(uint64_t *state, uint32_t n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

static void open_table(uint32_t places)
{
	size_t size = rte_rcu_qsbr_get_memsize(WORKERS);

	quiescent = aligned_alloc(64, (size + 63) / 64 * 64);
	cr_assert_eq(rte_rcu_qsbr_init(quiescent, WORKERS), 0);
	cr_assert_not_null(hosts = hosts_create(places, quiescent));
}

static void close_table(void)
{
	for (uint32_t i = 0; i < IDS; i++)
		set_host(hosts, i, HOST_FORGET, 0, 0, 0);
	cr_expect_eq(hosts_count(hosts), 0);
	for (uint16_t port = 0; port < PORT_FABRIC; port++)
		cr_expect_not(hosts_watched(hosts, port), "port %u", port);
	hosts_destroy(hosts);
	free(quiescent);
}

static void wait_for_workers(void)
{
	uint64_t token = rte_rcu_qsbr_start(quiescent);

	while (!rte_rcu_qsbr_check(quiescent, token, false))
		sched_yield();
}

typedef void burst_function(uint16_t worker, uint64_t *random);

struct worker {
	pthread_t thread;
	uint16_t id;
	burst_function *burst;
};

static void *work(void *argument)
{
	struct worker *worker = argument;
	uint64_t random = 1 + worker->id * UINT64_C(0x9e3779b97f4a7c15);

	rte_rcu_qsbr_thread_register(quiescent, worker->id);
	rte_rcu_qsbr_thread_online(quiescent, worker->id);
	while (!stop) {
		worker->burst(worker->id, &random);
		rte_rcu_qsbr_quiescent(quiescent, worker->id);
		sched_yield(); // the manager waits for each of us
	}
	rte_rcu_qsbr_thread_offline(quiescent, worker->id);
	rte_rcu_qsbr_thread_unregister(quiescent, worker->id);
	return NULL;
}

// Let the workers run beside "manage", which is called "rounds" times.
static void run_workers(burst_function *burst, uint32_t rounds, void (*manage)(uint64_t *random))
{
	struct worker workers[WORKERS] = {0};
	uint64_t random = 99;

	stop = false;
	for (uint16_t i = 0; i < WORKERS; i++) {
		workers[i].id = i;
		workers[i].burst = burst;
		cr_assert_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (uint32_t i = 0; i < rounds; i++)
		manage(&random);
	stop = true;
	for (uint32_t i = 0; i < WORKERS; i++)
		pthread_join(workers[i].thread, NULL);
}

TestSuite(hosts_threads, .fini = close_table, .timeout = 100);

// ---- Hosts come and go, and few places are used for all of them.

static bool is_key(const struct host *host, uint32_t id)
{
	struct neigh_key key = host_key(id);

	return host->key.words[0] == key.words[0] && host->key.words[1] == key.words[1];
}

static void find_and_hold(uint16_t worker, uint64_t *random)
{
	struct host *found[BURST];
	uint32_t ids[BURST];

	(void)worker;
	for (uint32_t i = 0; i < BURST; i++) {
		ids[i] = pick(random, IDS);
		found[i] = hosts_find(hosts, host_key(ids[i]));
	}
	for (uint32_t i = 0; i < BURST; i++) {
		if (found[i] && !is_key(found[i], ids[i]))
			abort(); // the place was used again under our eyes
	}
}

static void come_and_go(uint64_t *random)
{
	static bool there[IDS];
	static uint32_t n;
	uint32_t id = pick(random, IDS);

	if (there[id]) {
		cr_assert_eq(set_host(hosts, id, HOST_FORGET, 0, 0, 0), 0);
		n--;
	} else {
		int err = set_host(hosts, id, HOST_LIVE, (uint16_t)id, 0, 0);

		cr_assert_eq(err, n == PLACES ? -ENOSPC : 0);
		if (err)
			return;
		n++;
	}
	there[id] = !there[id];
	cr_assert_eq(hosts_find(hosts, host_key(id)) != NULL, there[id]);
	cr_assert_eq(hosts_count(hosts), n);
}

Test(hosts_threads, places_are_not_used_again_too_early)
{
	open_table(PLACES);
	run_workers(find_and_hold, ROUNDS, come_and_go);
}

// What stays is found at any time, whatever comes and goes in the same chains.
static void find_what_stays(uint16_t worker, uint64_t *random)
{
	(void)worker;
	for (uint32_t i = 0; i < BURST; i++) {
		if (!hosts_find(hosts, host_key(IDS + pick(random, PLACES / 2))))
			abort();
	}
}

static void come_and_go_beside(uint64_t *random)
{
	uint32_t id = pick(random, IDS);

	if (hosts_find(hosts, host_key(id)))
		set_host(hosts, id, HOST_FORGET, 0, 0, 0);
	else
		set_host(hosts, id, HOST_LIVE, FDB_ANY, 0, 0);
}

Test(hosts_threads, what_stays_is_always_found)
{
	open_table(PLACES);
	for (uint32_t i = 0; i < PLACES / 2; i++)
		set_host(hosts, IDS + i, HOST_LIVE, FDB_ANY, 0, 0);
	run_workers(find_what_stays, ROUNDS, come_and_go_beside);
	for (uint32_t i = 0; i < PLACES / 2; i++)
		set_host(hosts, IDS + i, HOST_FORGET, FDB_ANY, 0, 0);
}

// ---- Whoever was told is in the set.

static void ask(uint16_t worker, uint64_t *random)
{
	for (uint32_t i = 0; i < BURST; i++) {
		uint32_t id = pick(random, PLACES);
		struct host *host = hosts_find(hosts, host_key(id));

		if (host && host_tell(host, worker))
			owed[worker][id] = 1;
	}
}

static void sponge_and_revive(uint64_t *random)
{
	uint8_t verdict = pick(random, 2) ? HOST_LIVE : HOST_FORGET;
	uint32_t id = pick(random, PLACES);
	uint64_t told[HOST_TOLD_WORDS];

	set_host(hosts, id, HOST_SPONGED, FDB_ANY, 0, 0);
	if (pick(random, 4))
		return;
	take_told(hosts, id, verdict, told);
	wait_for_workers();
	for (uint16_t w = 0; w < WORKERS; w++) {
		if (owed[w][id])
			cr_assert(told[0] >> w & 1, "worker %u was told of %u", w, id);
		owed[w][id] = 0;
	}
	cr_assert_eq(told[0] >> WORKERS, 0);
}

Test(hosts_threads, whoever_was_told_is_in_the_set)
{
	open_table(PLACES);
	run_workers(ask, ROUNDS / 4, sponge_and_revive);
}

// ---- Exactly one worker says that a host lives.

enum { WATCH_ROUNDS = 300 };

static void *live(void *argument)
{
	uint16_t worker = (uint16_t)(uintptr_t)argument;

	for (uint32_t round = 0; round < WATCH_ROUNDS; round++) {
		pthread_barrier_wait(&barrier);
		for (uint32_t id = 0; id < PLACES; id++) {
			struct host *host = hosts_find(hosts, host_key(id));

			if (!host_lives(hosts, host, 5, MAC(2, 0, 0, 0, 0, 5)))
				continue;
			if ((round + id + worker) % 3 == 0) // there was no room to say so
				host_rewatch(hosts, host);
			else
				lives++;
		}
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static uint32_t count_watched(void)
{
	uint32_t n = 0;

	for (uint32_t id = 0; id < PLACES; id++)
		n += host_watched(host_word(hosts_find(hosts, host_key(id))));
	return n;
}

Test(hosts_threads, one_worker_says_that_a_host_lives)
{
	pthread_t threads[WORKERS];

	open_table(PLACES);
	pthread_barrier_init(&barrier, NULL, WORKERS + 1);
	for (uintptr_t i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, live, (void *)i);
	for (uint32_t round = 0; round < WATCH_ROUNDS; round++) {
		lives = 0;
		for (uint32_t id = 0; id < PLACES; id++)
			set_host(hosts, id, HOST_SPONGED, id % 2 ? 5 : FDB_ANY, 0, HOST_WATCHED);
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
		cr_assert_eq(lives + count_watched(), PLACES);
		cr_assert_eq(hosts_watched(hosts, 5), count_watched() > 0);
	}
	for (uint32_t i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
}

// ---- Everything at once; at the end the counts are right (close_table).

static void do_everything(uint16_t worker, uint64_t *random)
{
	for (uint32_t i = 0; i < BURST; i++) {
		struct host *host = hosts_find(hosts, host_key(pick(random, IDS)));

		if (!host || !hosts_watched(hosts, worker))
			continue;
		host_tell(host, worker);
		if (host_lives(hosts, host, worker, 0) && pick(random, 2))
			host_rewatch(hosts, host);
	}
}

static void manage_everything(uint64_t *random)
{
	const uint64_t gone[HOST_TOLD_WORDS] = {UINT64_C(1) << pick(random, WORKERS)};
	uint16_t port = pick(random, 3) ? (uint16_t)pick(random, WORKERS) : FDB_ANY;
	uint64_t told[HOST_TOLD_WORDS];
	struct host_info infos[20];
	uint32_t cursor = 0;

	switch (pick(random, 20)) {
	case 0:
		hosts_forget_ports(hosts, gone);
		break;
	case 1:
		take_told(hosts, pick(random, IDS), HOST_LIVE, told);
		break;
	case 2:
		hosts_dump(hosts, NULL, &cursor, infos, 20);
		break;
	default:
		set_host(hosts, pick(random, IDS), (uint8_t)pick(random, 4), port, 0,
			 pick(random, 2) ? HOST_WATCHED : 0);
	}
}

Test(hosts_threads, everything_at_once)
{
	open_table(PLACES);
	run_workers(do_everything, ROUNDS, manage_everything);
}
