// SPDX-License-Identifier: BSD-3-Clause
#include "dataplane/manage/watchdog.h"

enum { SIGNS = 4 }; // in the time after which the absence of one counts

void watchdog_init(struct watchdog *watchdog, uint64_t patience_ns, uint64_t now_ns)
{
	*watchdog = (struct watchdog){.every_ns = patience_ns / SIGNS};
	watchdog->due_ns = now_ns + watchdog->every_ns;
	for (uint32_t w = 0; w < MAX_WORKERS; w++)
		watchdog->workers[w].moved_ns = now_ns;
}

static bool all_moved(const struct watchdog *watchdog, uint32_t n)
{
	for (uint32_t w = 0; w < n; w++) {
		if (!watchdog->workers[w].moved)
			return false;
	}
	return true;
}

bool watchdog_look(struct watchdog *watchdog, const uint64_t *rounds, uint32_t n, uint64_t now_ns)
{
	for (uint32_t w = 0; w < n; w++) {
		if (rounds[w] == watchdog->workers[w].rounds)
			continue;
		watchdog->workers[w].rounds = rounds[w];
		watchdog->workers[w].moved_ns = now_ns;
		watchdog->workers[w].moved = true;
	}
	if (!watchdog->every_ns || now_ns < watchdog->due_ns || !all_moved(watchdog, n))
		return false;
	watchdog->due_ns = now_ns + watchdog->every_ns;
	for (uint32_t w = 0; w < n; w++)
		watchdog->workers[w].moved = false;
	return true;
}

uint64_t watchdog_stands_ns(const struct watchdog *watchdog, uint32_t worker, uint64_t now_ns)
{
	return now_ns - watchdog->workers[worker].moved_ns;
}
