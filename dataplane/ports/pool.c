// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/ports/pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_memory.h>
#include <rte_mempool.h>
#include <rte_memzone.h>

#include "lib/limits.h"
#include "lib/log.h"

struct retired {
	struct retired *next;
	struct rte_mempool *pool;
	uint32_t held;
};

static struct retired *retired_pools;

static void free_memory(struct rte_mempool_memhdr *chunk, void *zone)
{
	(void)chunk;
	rte_memzone_free(zone);
}

static int populate(struct rte_mempool *pool, const char *name, uint32_t n)
{
	size_t size = (size_t)n * (pool->header_size + pool->elt_size + pool->trailer_size);
	const struct rte_memzone *zone = rte_memzone_reserve_aligned(name, size, SOCKET_ID_ANY, 0,
								     (unsigned int)getpagesize());

	if (!zone)
		return -rte_errno;
	rte_iova_t iova = rte_eal_iova_mode() == RTE_IOVA_VA ? zone->iova : RTE_BAD_IOVA;
	int added = rte_mempool_populate_iova(pool, zone->addr, iova, zone->len, free_memory,
					      (void *)(uintptr_t)zone);
	if (added == (int)n)
		return 0;
	if (added <= 0)
		rte_memzone_free(zone);
	return added < 0 ? added : -ENOMEM;
}

static void find_physical(struct rte_mempool *pool, void *argument, void *frame,
			  unsigned int number)
{
	(void)pool;
	(void)argument;
	(void)number;
	rte_mempool_get_header(frame)->iova = rte_mem_virt2iova(frame);
}

static bool is_split(const struct rte_mempool *pool, const char *frame)
{
	return rte_mem_virt2iova(frame + pool->elt_size - 1) - rte_mem_virt2iova(frame) !=
	       pool->elt_size - 1;
}

// NICs that go by physical addresses could not read a frame that lies across two huge pages which
// are not neighbours: one in a thousand. They are taken out of the pool for good.
static int leave_out_split(struct rte_mempool *pool)
{
	void **frames = malloc(pool->size * sizeof(*frames));
	uint32_t n = pool->size;

	if (!frames || rte_mempool_generic_get(pool, frames, n, NULL)) {
		free(frames);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (!is_split(pool, frames[i]))
			rte_mempool_generic_put(pool, &frames[i], 1, NULL);
	}
	free(frames);
	return 0;
}

static int fill(struct rte_mempool *pool, const char *name, uint32_t n)
{
	int err = populate(pool, name, n);

	if (err)
		return err;
	pool->flags &= ~(RTE_MEMPOOL_F_NO_IOVA_CONTIG | RTE_MEMPOOL_F_NON_IO);
	if (rte_eal_iova_mode() != RTE_IOVA_VA) {
		rte_mempool_obj_iter(pool, find_physical, NULL);
		err = leave_out_split(pool);
	}
	rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	return err;
}

struct rte_mempool *pool_create_sized(const char *name, uint32_t n, uint16_t room, uint16_t cache)
{
	struct rte_pktmbuf_pool_private private = {.mbuf_data_room_size = room};
	// The flag is what makes frames lie without gaps. That NICs find them is seen to in fill().
	struct rte_mempool *pool = rte_mempool_create_empty(name, n, sizeof(struct rte_mbuf) + room,
							    cache, sizeof(private), SOCKET_ID_ANY,
							    RTE_MEMPOOL_F_NO_IOVA_CONTIG);

	if (!pool) {
		errno = rte_errno;
		return NULL;
	}
	int err = rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), NULL);
	rte_pktmbuf_pool_init(pool, &private);
	if (!err)
		err = fill(pool, name, n);
	if (!err)
		return pool;
	rte_mempool_free(pool);
	errno = -err;
	return NULL;
}

struct rte_mempool *pool_create(uint32_t mib)
{
	uint32_t size = rte_mempool_calc_obj_size(sizeof(struct rte_mbuf) + POOL_ROOM, 0, NULL);
	uint64_t n = ((uint64_t)mib << 20) / size;

	if (n < POOL_MIN_FRAMES) {
		errno = EINVAL;
		return NULL;
	}
	// No memory of that size lies in one physical piece, so then frames keep to their pages.
	if (rte_eal_iova_mode() == RTE_IOVA_PA)
		return rte_pktmbuf_pool_create("frames", (uint32_t)n, POOL_CACHE, 0, POOL_ROOM,
					       SOCKET_ID_ANY);
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
	*retired = (struct retired){.next = retired_pools, .pool = pool, .held = held};
	retired_pools = retired;
}

void pool_reap(bool nobody_keeps_frames)
{
	struct retired **at = &retired_pools;

	while (*at) {
		struct retired *retired = *at;

		if (!nobody_keeps_frames && pool_in_use(retired->pool) > retired->held) {
			at = &retired->next;
			continue;
		}
		*at = retired->next;
		pool_destroy(retired->pool);
		free(retired);
	}
}
