// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/notices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/manage/duplicates.h"
#include "dataplane/manage/lag.h"
#include "dataplane/manage/loop.h"
#include "dataplane/manage/manager.h"
#include "dataplane/manage/sticky.h"
#include "dataplane/manage/violations.h"

typedef void notice_handler(struct manager *manager, const struct message *notice, uint64_t now_ns);

static notice_handler *const handlers[MESSAGE_TYPES] = {
	[NOTICE_VIOLATION] = violations_notice,
	[NOTICE_STICKY] = sticky_notice,
	[NOTICE_MOVED] = duplicates_notice,
	[NOTICE_PROBE] = loop_notice,
	[NOTICE_LACP] = lag_notice,
};

int notices_init(struct manager *manager)
{
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		size_t size = ring_memory_size(NOTICES);
		struct ring_memory *memory = aligned_alloc(alignof(struct ring_memory), size);

		if (!memory) {
			notices_fini(manager);
			return -ENOMEM;
		}
		memset(memory, 0, size);
		ring_init(&manager->notices[w], memory, NOTICES);
		ring_init(&manager->workers[w]->notices, memory, NOTICES);
	}
	return 0;
}

void notices_fini(struct manager *manager)
{
	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		free(manager->notices[w].memory);
		manager->notices[w] = (struct ring){0};
		manager->workers[w]->notices = (struct ring){0};
	}
}

void notices_run(struct manager *manager, uint64_t now_ns)
{
	struct message notice;

	for (uint32_t w = 0; w < manager->fabric->n_workers; w++) {
		struct ring *ring = &manager->notices[w];

		// A worker may go on writing while we read: take no more than a full ring.
		for (uint32_t n = 0; n < NOTICES && ring_pop(ring, &notice); n++) {
			notice_handler *handle = handlers[notice.header.type];

			if (handle)
				handle(manager, &notice, now_ns);
		}
	}
}
