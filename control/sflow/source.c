// SPDX-License-Identifier: BSD-3-Clause
#include "control/sflow/source.h"

#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/running.h"
#include "control/state/state.h"
#include "lib/message.h"

static bool is_of(const struct sources *sources, size_t i, const char *name)
{
	return i < sources->n && strcmp(sources->list[i].name, name) == 0;
}

// Most ports stand where they stood.
static const struct source *find(const struct sources *sources, size_t guess, const char *name)
{
	size_t i = 0;

	if (is_of(sources, guess, name))
		return &sources->list[guess];
	while (i < sources->n && !is_of(sources, i, name))
		i++;
	return i < sources->n ? &sources->list[i] : NULL;
}

static void forget_workers(struct source *source)
{
	memset(source->seen, 0, sizeof(source->seen));
}

static void configure(struct source *source, const struct source *old,
		      const struct config_port *port, struct state *state)
{
	if (old)
		*source = *old;
	else
		memcpy(source->name, port->name, sizeof(source->name));
	source->sampling = port->sampling;
	if (!source->ifindex)
		source->ifindex = state_ifindex(state, port->name);
}

static void place(struct sources *sources, struct source *source, uint16_t slot)
{
	if (source->slot != slot)
		forget_workers(source);
	source->slot = slot;
	if (slot < MAX_PORTS)
		sources->by_slot[slot] = source;
}

void sources_configure(struct sources *sources, const struct running *running, struct state *state)
{
	const struct config *config = running->config;
	struct source *list = alloc_zero((config->n_ports + 1) * sizeof(*list));

	memset(sources->by_slot, 0, sizeof(sources->by_slot));
	for (size_t i = 0; i < config->n_ports; i++) {
		const struct config_port *port = &config->ports[i];

		configure(&list[i], find(sources, i, port->name), port, state);
		place(sources, &list[i], running_slot(running, i));
	}
	free(sources->list);
	sources->list = list;
	sources->n = config->n_ports;
}

void sources_fini(struct sources *sources)
{
	free(sources->list);
	*sources = (struct sources){0};
}

void sources_detached(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		forget_workers(&sources->list[i]);
		sources->list[i].slot = PLAN_NO_SLOT;
	}
	memset(sources->by_slot, 0, sizeof(sources->by_slot));
}

// A worker's first sample says nothing of how many frames came since the one before: it stands for
// as many as a sample does on average.
void source_count(struct source *source, uint32_t worker, const struct event_sample *sample)
{
	struct source_seen *seen = &source->seen[worker];

	if (seen->known) {
		source->pool += sample->pool - seen->pool;
		source->lost += sample->lost - seen->lost;
	} else {
		source->pool += sample->pool < sample->sampling ? sample->pool : sample->sampling;
	}
	*seen = (struct source_seen){.known = 1, .pool = sample->pool, .lost = sample->lost};
	source->samples++;
}
