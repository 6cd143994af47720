// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "lib/limits.h"
#include "lib/log.h"

struct retired {
	LIST_ENTRY(retired) next;
	struct rte_mempool *pool;
	uint32_t held;
};

static LIST_HEAD(, retired) retired_pools = LIST_HEAD_INITIALIZER(retired_pools);

static void free_memory(struct rte_mempool_memhdr *chunk, void *zone)
{
	(void)chunk;
	rte_memzone_free(zone);
}

static int populate(struct rte_mempool *pool, const char *name, uint32_t n)
{
	size_t size = (size_t)n * (pool->header_size + pool->elt_size + pool->trailer_size);
	// With physical addresses a NIC needs to find the whole zone behind its first address.
	unsigned int flags = rte_eal_iova_mode() == RTE_IOVA_PA ? RTE_MEMZONE_IOVA_CONTIG : 0;
	const struct rte_memzone *zone =
		rte_memzone_reserve_aligned(name, size, SOCKET_ID_ANY, flags,
					    (unsigned int)getpagesize());

	if (!zone)
		return -rte_errno;
	int added = rte_mempool_populate_iova(pool, zone->addr, zone->iova, zone->len, free_memory,
					      (void *)(uintptr_t)zone);
	if (added == (int)n)
		return 0;
	if (added <= 0)
		rte_memzone_free(zone);
	return added < 0 ? added : -ENOMEM;
}

struct rte_mempool *pool_create_sized(const char *name, uint32_t n, uint16_t room, uint16_t cache)
{
	struct rte_pktmbuf_pool_private private = {.mbuf_data_room_size = room};
	// The flag is what makes frames lie without gaps; their addresses for NICs are right all
	// the same, because the zone is one piece.
	struct rte_mempool *pool = rte_mempool_create_empty(name, n, sizeof(struct rte_mbuf) + room,
							    cache, sizeof(private), SOCKET_ID_ANY,
							    RTE_MEMPOOL_F_NO_IOVA_CONTIG);

	if (!pool) {
		errno = rte_errno;
		return NULL;
	}
	int err = rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), NULL);
	if (!err) {
		rte_pktmbuf_pool_init(pool, &private);
		err = populate(pool, name, n);
	}
	if (err) {
		rte_mempool_free(pool);
		errno = -err;
		return NULL;
	}
	pool->flags &= ~(RTE_MEMPOOL_F_NO_IOVA_CONTIG | RTE_MEMPOOL_F_NON_IO);
	rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	return pool;
}

struct rte_mempool *pool_create(uint32_t mib)
{
	uint32_t size = rte_mempool_calc_obj_size(sizeof(struct rte_mbuf) + POOL_ROOM, 0, NULL);
	uint64_t n = ((uint64_t)mib << 20) / size;

	if (n < POOL_MIN_FRAMES) {
		errno = EINVAL;
		return NULL;
	}
	return pool_create_sized("frames", (uint32_t)n, POOL_ROOM, POOL_CACHE);
}

void pool_destroy(struct rte_mempool *pool)
{
	rte_mempool_free(pool);
}

uint16_t pool_mtu_max(const struct rte_mempool *pool)
{
	return rte_pktmbuf_data_room_size((struct rte_mempool *)(uintptr_t)pool) -
	       RTE_PKTMBUF_HEADROOM - FRAME_OVERHEAD - TAG_SIZE;
}

uint32_t pool_free(const struct rte_mempool *pool)
{
	return rte_mempool_avail_count(pool);
}

uint32_t pool_in_use(const struct rte_mempool *pool)
{
	return rte_mempool_in_use_count(pool);
}

void pool_retire(struct rte_mempool *pool, uint32_t held)
{
	struct retired *retired = malloc(sizeof(*retired));

	if (!retired) {
		log_warn("no memory to note pool %s for later: it stays", pool->name);
		return;
	}
	*retired = (struct retired){.pool = pool, .held = held};
	LIST_INSERT_HEAD(&retired_pools, retired, next);
}

void pool_reap(bool nobody_keeps_frames)
{
	struct retired *next;

	for (struct retired *r = LIST_FIRST(&retired_pools); r; r = next) {
		next = LIST_NEXT(r, next);
		if (!nobody_keeps_frames && pool_in_use(r->pool) > r->held)
			continue;
		LIST_REMOVE(r, next);
		pool_destroy(r->pool);
		free(r);
	}
}
