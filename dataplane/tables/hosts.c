// SPDX-License-Identifier: BSD-3-Clause
// Places are taken from an array, first those that were freed, then those that were never used: so
// memory is touched only as hosts are set. A host keeps its place; a dump goes by places.
//
// What is unlinked waits in two batches. The one that is collected becomes the one that passes when
// the latter has become free: one token of rte_rcu_qsbr serves all of a batch.
#include "dataplane/tables/hosts.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

#include <rte_rcu_qsbr.h>

struct list { // of places, as index + 1; 0: none
	uint32_t first;
	uint32_t last;
};

struct hosts {
	// What workers read, never changed.
	struct host *places;
	_Atomic uint32_t *chains;
	uint32_t mask; // of chains
	uint32_t n;
	uint64_t seed;
	struct rte_rcu_qsbr *workers;
	size_t octets; // of all, in one mapping
	// The manager's.
	uint32_t *links __attribute__((aligned(64))); // [n]: the next in a list
	uint32_t n_used;			      // places that were ever taken
	uint32_t count;
	struct list collected, passing, free;
	uint64_t token; // of "passing"
	// By owner; [HOST_NO_PORT]: none is known.
	_Atomic uint32_t watched[MAX_PORTS] __attribute__((aligned(64)));
};

// ---- Life

struct hosts *hosts_create(uint32_t n, struct rte_rcu_qsbr *workers)
{
	uint32_t chains = 8;

	while (chains < n)
		chains *= 2;
	size_t octets = sizeof(struct hosts) + n * (sizeof(struct host) + sizeof(uint32_t)) +
			chains * sizeof(uint32_t);
	struct hosts *hosts =
		mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (hosts == MAP_FAILED)
		return NULL;
	hosts->octets = octets;
	hosts->n = n;
	hosts->mask = chains - 1;
	hosts->workers = workers;
	hosts->places = (struct host *)(hosts + 1);
	hosts->chains = (_Atomic uint32_t *)(hosts->places + n);
	hosts->links = (uint32_t *)(hosts->chains + chains);
	if (getrandom(&hosts->seed, sizeof(hosts->seed), 0) != sizeof(hosts->seed))
		hosts->seed = (uintptr_t)hosts;
	return hosts;
}

void hosts_destroy(struct hosts *hosts)
{
	if (hosts)
		munmap(hosts, hosts->octets);
}

// ---- Places

static void append(struct hosts *hosts, struct list *list, uint32_t place)
{
	hosts->links[place - 1] = 0;
	if (list->first)
		hosts->links[list->last - 1] = place;
	else
		list->first = place;
	list->last = place;
}

static uint32_t take_first(struct hosts *hosts, struct list *list)
{
	uint32_t place = list->first;

	list->first = hosts->links[place - 1];
	return place;
}

// Put what all workers have left behind into the list of free places, which is empty.
static void reap(struct hosts *hosts)
{
	if (hosts->passing.first &&
	    (!hosts->workers || rte_rcu_qsbr_check(hosts->workers, hosts->token, false))) {
		hosts->free = hosts->passing;
		hosts->passing.first = 0;
	}
	if (!hosts->passing.first && hosts->collected.first) {
		hosts->passing = hosts->collected;
		hosts->collected.first = 0;
		if (hosts->workers)
			hosts->token = rte_rcu_qsbr_start(hosts->workers);
	}
}

static uint32_t take_place(struct hosts *hosts)
{
	if (!hosts->free.first)
		reap(hosts);
	if (!hosts->free.first && hosts->n_used < hosts->n)
		return ++hosts->n_used;
	while (!hosts->free.first) { // not long: each worker ends its burst
		sched_yield();
		reap(hosts);
	}
	return take_first(hosts, &hosts->free);
}

// ---- Chains

static _Atomic uint32_t *chain_of(struct hosts *hosts, struct neigh_key key)
{
	return &hosts->chains[(uint32_t)neigh_hash(key, hosts->seed) & hosts->mask];
}

static struct host *follow(struct hosts *hosts, const _Atomic uint32_t *link)
{
	uint32_t place = atomic_load_explicit(link, memory_order_acquire);

	return place ? &hosts->places[place - 1] : NULL;
}

static bool is_key(const struct host *host, struct neigh_key key)
{
	return host->key.words[0] == key.words[0] && host->key.words[1] == key.words[1];
}

// Find the host of "key", and where it is linked from. A link may change under a worker, which
// therefore looks at each only once.
static struct host *search(struct hosts *hosts, struct neigh_key key, _Atomic uint32_t **link)
{
	struct host *host;

	*link = chain_of(hosts, key);
	while ((host = follow(hosts, *link)) && !is_key(host, key))
		*link = &host->next;
	return host;
}

struct host *hosts_find(struct hosts *hosts, struct neigh_key key)
{
	_Atomic uint32_t *link;

	return hosts ? search(hosts, key, &link) : NULL;
}

static struct host *link_new(struct hosts *hosts, struct neigh_key key, uint64_t word)
{
	_Atomic uint32_t *chain = chain_of(hosts, key);
	uint32_t place = take_place(hosts);
	struct host *host = &hosts->places[place - 1];

	host->key = key;
	atomic_store_explicit(&host->word, word, memory_order_relaxed);
	atomic_store_explicit(&host->answered, 0, memory_order_relaxed);
	for (uint32_t i = 0; i < HOST_TOLD_WORDS; i++)
		atomic_store_explicit(&host->told[i], 0, memory_order_relaxed);
	atomic_store_explicit(&host->next, atomic_load_explicit(chain, memory_order_relaxed),
			      memory_order_relaxed);
	atomic_store_explicit(chain, place, memory_order_release);
	hosts->count++;
	return host;
}

// A worker that stands on the host still finds the rest of the chain from there.
static void unlink_host(struct hosts *hosts, struct host *host, _Atomic uint32_t *link)
{
	uint32_t next = atomic_load_explicit(&host->next, memory_order_relaxed);

	atomic_store_explicit(link, next, memory_order_release);
	append(hosts, &hosts->collected, (uint32_t)(host - hosts->places) + 1);
	hosts->count--;
}

// ---- Signs of life

// A count is never too low: it goes up before the host is watched, and down after it no longer is.
static void count_watched(struct hosts *hosts, uint64_t word, uint32_t more)
{
	if (host_watched(word))
		atomic_fetch_add(&hosts->watched[host_port(word)], more);
}

bool hosts_watched(const struct hosts *hosts, uint16_t port)
{
	return hosts && (atomic_load_explicit(&hosts->watched[port], memory_order_relaxed) |
			 atomic_load_explicit(&hosts->watched[HOST_NO_PORT], memory_order_relaxed));
}

bool host_lives(struct hosts *hosts, struct host *host, uint16_t port, mac_t mac)
{
	uint64_t word = host_word(host);

	while (host_watched(word) && host_is_owner(word, port, mac)) {
		if (atomic_compare_exchange_weak(&host->word, &word,
						 word & ~(UINT64_C(1) << HOST_WATCHED_SHIFT))) {
			count_watched(hosts, word, UINT32_MAX);
			return true;
		}
	}
	return false;
}

// Change the word as long as it is one of a host that is there: "clear" and then "set" bits.
static void change_word(struct hosts *hosts, struct host *host, uint64_t clear, uint64_t set)
{
	uint64_t word = host_word(host);

	while (host_verdict(word) != HOST_FORGET) {
		uint64_t wanted = (word & ~clear) | set;

		count_watched(hosts, wanted, 1);
		bool done = atomic_compare_exchange_weak(&host->word, &word, wanted);
		count_watched(hosts, done ? word : wanted, UINT32_MAX);
		if (done)
			return;
	}
}

void host_rewatch(struct hosts *hosts, struct host *host)
{
	change_word(hosts, host, 0, UINT64_C(1) << HOST_WATCHED_SHIFT);
}

// ---- Who was told

// If the manager takes the set after the last look at it here, the port is in it; if it takes it
// before, the port is put in again, unless the verdict has changed as well. All of it, and of
// hosts_set(), is in one order for all threads.
bool host_tell(struct host *host, uint16_t port)
{
	_Atomic uint64_t *told = &host->told[port / 64];
	uint64_t bit = UINT64_C(1) << port % 64;

	do {
		if (host_verdict(atomic_load(&host->word)) != HOST_SPONGED)
			return false;
		if (!(atomic_load(told) & bit))
			atomic_fetch_or(told, bit);
		if (host_verdict(atomic_load(&host->word)) != HOST_SPONGED)
			return false;
	} while (!(atomic_load(told) & bit));
	atomic_fetch_add_explicit(&host->answered, 1, memory_order_relaxed);
	return true;
}

static void take_told(struct host *host, uint64_t told[HOST_TOLD_WORDS])
{
	for (uint32_t i = 0; i < HOST_TOLD_WORDS; i++)
		told[i] = atomic_load(&host->told[i]) ? atomic_exchange(&host->told[i], 0) : 0;
}

static uint32_t count_told(const struct host *host)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < HOST_TOLD_WORDS; i++)
		n += __builtin_popcountll(
			atomic_load_explicit(&host->told[i], memory_order_relaxed));
	return n;
}

// ---- Manager

static bool is_valid(const struct host_set *set)
{
	return set->verdict <= HOST_FROZEN && (set->family == 4 || set->family == 6) &&
	       (set->port < PORT_FABRIC || set->port == FDB_ANY) && set->mac <= MAC_MASK &&
	       !mac_is_group(set->mac);
}

static uint64_t word_of(const struct host_set *set)
{
	uint64_t port = set->port == FDB_ANY ? HOST_NO_PORT : set->port;
	uint64_t watched = set->verdict != HOST_FORGET && set->flags & HOST_WATCHED;

	return set->mac | port << HOST_PORT_SHIFT | (uint64_t)set->verdict << HOST_VERDICT_SHIFT |
	       watched << HOST_WATCHED_SHIFT;
}

int hosts_set(struct hosts *hosts, const struct host_set *set, uint64_t told[HOST_TOLD_WORDS])
{
	if (!is_valid(set))
		return -EINVAL;
	struct neigh_key key = neigh_key(set->family, set->address);
	_Atomic uint32_t *link;
	struct host *host = search(hosts, key, &link);
	uint64_t word = word_of(set);

	if (told)
		memset(told, 0, HOST_TOLD_WORDS * sizeof(*told));
	if (!host && set->verdict == HOST_FORGET)
		return 0;
	if (!host && hosts->count == hosts->n)
		return -ENOSPC;
	count_watched(hosts, word, 1);
	if (!host) {
		link_new(hosts, key, word);
		return 0;
	}
	count_watched(hosts, atomic_exchange(&host->word, word), UINT32_MAX);
	if (told)
		take_told(host, told);
	if (set->verdict == HOST_FORGET)
		unlink_host(hosts, host, link);
	return 0;
}

static bool has_port(const uint64_t *ports, uint16_t port)
{
	return port != HOST_NO_PORT && ports[port / 64] >> port % 64 & 1;
}

void hosts_forget_ports(struct hosts *hosts, const uint64_t ports[HOST_TOLD_WORDS])
{
	const uint64_t nobody = (uint64_t)HOST_NO_PORT << HOST_PORT_SHIFT;

	for (uint32_t i = 0; i < hosts->n_used; i++) {
		struct host *host = &hosts->places[i];

		for (uint32_t w = 0; w < HOST_TOLD_WORDS; w++) {
			if (atomic_load(&host->told[w]) & ports[w])
				atomic_fetch_and(&host->told[w], ~ports[w]);
		}
		if (has_port(ports, host_port(host_word(host))))
			change_word(hosts, host, nobody | MAC_MASK, nobody);
	}
}

uint32_t hosts_count(const struct hosts *hosts)
{
	return hosts->count;
}

static struct host_info describe(const struct host *host, uint64_t word)
{
	struct host_info info = {
		.set.mac = host_mac(word),
		.set.port = host_port(word) == HOST_NO_PORT ? FDB_ANY : host_port(word),
		.set.verdict = host_verdict(word),
		.set.flags = host_watched(word) ? HOST_WATCHED : 0,
		.answered = atomic_load_explicit(&host->answered, memory_order_relaxed),
		.told = (uint16_t)count_told(host),
	};

	info.set.family = neigh_address(host->key, info.set.address);
	return info;
}

uint32_t hosts_dump(const struct hosts *hosts, const uint64_t ports[HOST_TOLD_WORDS],
		    uint32_t *cursor, struct host_info *infos, uint32_t n)
{
	uint32_t place = *cursor;
	uint32_t done = 0;

	for (; place < hosts->n_used && done < n; place++) {
		uint64_t word = host_word(&hosts->places[place]);

		if (host_verdict(word) != HOST_FORGET &&
		    (!ports || has_port(ports, host_port(word))))
			infos[done++] = describe(&hosts->places[place], word);
	}
	*cursor = place < hosts->n_used ? place : 0;
	return done;
}
