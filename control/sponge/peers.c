// SPDX-License-Identifier: BSD-3-Clause
// Dead peers: who sends to addresses that are down, and so still has a session, or wants one, with
// somebody who is gone.
//
// Members choose what they send to, so places are found by a hash that nobody outside can tell, and
// the pair that was silent for longest makes room.
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "control/alloc.h"
#include "control/change.h"
#include "control/control.h"
#include "control/sponge/sponge_lan.h"

enum { BUCKETS = DEAD_PEERS };

struct peer {
	TAILQ_ENTRY(peer) link; // in the order of when they were heard of last
	struct peer *next;	// of the bucket
	struct dead_peer peer;
};

TAILQ_HEAD(peer_list, peer);

struct peers {
	struct peer_list list;
	size_t n;
	uint64_t seed;
	struct peer *buckets[BUCKETS];
};

struct peers *peers_create(void)
{
	struct peers *peers = alloc_zero(sizeof(*peers));

	TAILQ_INIT(&peers->list);
	if (getrandom(&peers->seed, sizeof(peers->seed), GRND_NONBLOCK) < 0)
		peers->seed = (uintptr_t)peers;
	return peers;
}

static struct peer **bucket_of(struct peers *peers, const struct dead_peer *key)
{
	uint64_t words[3] = {0, 0, (uint64_t)key->lan << 16 | key->port};
	uint64_t hash = peers->seed | 1;

	memcpy(words, key->target.octets, key->target.family == 4 ? 4 : 16);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		__uint128_t product = (__uint128_t)(hash ^ words[i]) *
				      (UINT64_C(0x9e3779b97f4a7c15) ^ peers->seed << 1);

		hash = (uint64_t)product ^ (uint64_t)(product >> 64);
	}
	return &peers->buckets[hash % BUCKETS];
}

static bool is_same(const struct dead_peer *a, const struct dead_peer *b)
{
	return a->lan == b->lan && a->port == b->port && a->target.family == b->target.family &&
	       (!a->target.family || ip_equal(&a->target, &b->target));
}

static void forget(struct peers *peers, struct peer *peer)
{
	struct peer **at = bucket_of(peers, &peer->peer);

	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	TAILQ_REMOVE(&peers->list, peer, link);
	peers->n--;
	free(peer);
}

void peers_destroy(struct peers *peers)
{
	struct peer *peer;

	while (peers && (peer = TAILQ_FIRST(&peers->list)))
		forget(peers, peer);
	free(peers);
}

static struct peer *add(struct peers *peers, const struct dead_peer *key)
{
	if (peers->n == DEAD_PEERS)
		forget(peers, TAILQ_FIRST(&peers->list));
	struct peer *peer = alloc_zero(sizeof(*peer));
	struct peer **bucket = bucket_of(peers, key);

	peer->peer = *key;
	peer->next = *bucket;
	*bucket = peer;
	TAILQ_INSERT_TAIL(&peers->list, peer, link);
	peers->n++;
	return peer;
}

static struct dead_peer *touch(struct peers *peers, const struct dead_peer *key)
{
	struct peer *peer = *bucket_of(peers, key);

	while (peer && !is_same(&peer->peer, key))
		peer = peer->next;
	if (!peer)
		peer = add(peers, key);
	TAILQ_REMOVE(&peers->list, peer, link);
	TAILQ_INSERT_TAIL(&peers->list, peer, link);
	return &peer->peer;
}

// Answers to our own questions go there, too.
static bool is_ours(const struct sponge_lan *lan, const struct ip *target)
{
	const struct assignment *address =
		target->family ? assignments_find(&lan->assignments, target) : NULL;

	return address && address->sponges_own;
}

void peers_take(struct sponges *sponges, const struct event_sunk *sunk)
{
	struct sponge_lan *lan = sponge_lan_at(sponges, sunk->lan);
	struct dead_peer key = {.lan = sunk->lan,
				.port = sunk->port,
				.target.family = sunk->family};
	double now = change_now();

	if (!lan || (sunk->family != 0 && sunk->family != 4 && sunk->family != 6))
		return;
	if (sunk->family)
		memcpy(key.target.octets, sunk->address, sunk->family == 4 ? 4 : 16);
	if (is_ours(lan, &key.target))
		return;
	struct dead_peer *peer = touch(sponges->peers, &key);
	peer->frames += sunk->frames;
	peer->octets += sunk->octets;
	peer->syns += sunk->syns;
	peer->first = peer->first > 0 ? peer->first : now;
	peer->last = now;
	if (sunk->syns)
		peer->last_syn = now;
}

// One after another is taken out and put back, or not.
void peers_configure(struct peers *peers, const struct running *running, const size_t to[MAX_LANS])
{
	struct peer_list old = TAILQ_HEAD_INITIALIZER(old);
	struct peer *peer;

	TAILQ_CONCAT(&old, &peers->list, link);
	memset(peers->buckets, 0, sizeof(peers->buckets));
	peers->n = 0;
	while ((peer = TAILQ_FIRST(&old))) {
		struct dead_peer moved = peer->peer;

		TAILQ_REMOVE(&old, peer, link);
		free(peer);
		moved.lan = to[moved.lan];
		if (moved.lan != SIZE_MAX && running_port_at(running, moved.port))
			add(peers, &moved);
	}
}

static int compare(const void *a, const void *b)
{
	const struct dead_peer *x = a;
	const struct dead_peer *y = b;

	if (x->lan != y->lan)
		return x->lan < y->lan ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return ip_order(&x->target, &y->target);
}

struct dead_peer *sponges_dead_peers(const struct sponges *sponges, size_t *n)
{
	const struct peers *peers = sponges ? sponges->peers : NULL;
	struct dead_peer *all = alloc_array(NULL, (peers ? peers->n : 0) + 1, sizeof(*all));
	const struct peer *peer;

	*n = 0;
	if (!peers)
		return all;
	TAILQ_FOREACH(peer, &peers->list, link)
	all[(*n)++] = peer->peer;
	qsort(all, *n, sizeof(*all), compare);
	return all;
}

void sponges_clear_dead_peers(struct sponges *sponges, size_t lan)
{
	struct peer *peer = sponges ? TAILQ_FIRST(&sponges->peers->list) : NULL;

	while (peer) {
		struct peer *next = TAILQ_NEXT(peer, link);

		if (lan == SIZE_MAX || peer->peer.lan == lan)
			forget(sponges->peers, peer);
		peer = next;
	}
}
