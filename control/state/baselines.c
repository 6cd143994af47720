// SPDX-License-Identifier: BSD-3-Clause
#include "control/state/baselines.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "lib/log.h"

struct baselines {
	struct state *state;
	struct state_baseline *list;
	size_t n;
};

struct baselines *baselines_create(struct state *state)
{
	struct baselines *baselines = alloc_zero(sizeof(*baselines));

	baselines->state = state;
	return baselines;
}

void baselines_destroy(struct baselines *baselines)
{
	free(baselines->list);
	free(baselines);
}

void baselines_load(struct baselines *baselines, uint64_t instance)
{
	free(baselines->list);
	if (state_load_baselines(baselines->state, instance, &baselines->list, &baselines->n))
		log_warn("%s", state_problem(baselines->state));
}

static struct state_baseline *find(const struct baselines *baselines, const char *port)
{
	for (size_t i = 0; i < baselines->n; i++) {
		if (strcmp(baselines->list[i].port, port) == 0)
			return &baselines->list[i];
	}
	return NULL;
}

double baselines_subtract(const struct baselines *baselines, const char *port, uint32_t incarnation,
			  struct port_counters *counters)
{
	const struct state_baseline *baseline = find(baselines, port);

	if (!baseline || baseline->incarnation != incarnation)
		return 0;
	uint64_t *words = (uint64_t *)counters;
	for (size_t i = 0; i < COUNTER_WORDS; i++)
		words[i] -= baseline->counters[i];
	return baseline->cleared;
}

int baselines_set(struct baselines *baselines, const struct state_baseline *added, size_t n)
{
	int err = state_save_baselines(baselines->state, added, n);

	if (err)
		return err;
	baselines->list =
		alloc_array(baselines->list, baselines->n + n + 1, sizeof(*baselines->list));
	for (size_t i = 0; i < n; i++) {
		struct state_baseline *old = find(baselines, added[i].port);

		if (old)
			*old = added[i];
		else
			baselines->list[baselines->n++] = added[i];
	}
	return 0;
}
