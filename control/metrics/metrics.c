// SPDX-License-Identifier: BSD-3-Clause
#include "control/metrics/metrics.h"

#include <errno.h>
#include <stdlib.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/metrics/collect.h"
#include "control/metrics/http.h"
#include "control/metrics/page.h"
#include "control/metrics/textfile.h"
#include "control/state/state.h"

struct metrics {
	struct control *control;
	struct http *http;
	struct textfile *textfile;
	uint32_t *ifindexes; // of the ports of configuration number "generation"
	uint64_t generation; // 0: none
};

// Numbers of ports come from the state's file, and stay: they are read once for a configuration.
static const uint32_t *find_ifindexes(struct metrics *metrics)
{
	const struct control *control = metrics->control;
	const struct config *config = control->running.config;
	const uint64_t generation = control->running.applied.generation;

	if (!config || (metrics->generation == generation && generation))
		return metrics->ifindexes;
	metrics->generation = generation;
	metrics->ifindexes =
		alloc_array(metrics->ifindexes, config->n_ports + 1, sizeof(*metrics->ifindexes));
	for (size_t i = 0; i < config->n_ports; i++)
		metrics->ifindexes[i] = state_ifindex(control->state, config->ports[i].name);
	return metrics->ifindexes;
}

static struct page *make_page(void *argument, bool open_metrics, bool matrix)
{
	struct metrics *metrics = argument;

	return page_create(collect(metrics->control, find_ifindexes(metrics)),
			   open_metrics ? METRICS_OPEN : METRICS_PLAIN, matrix);
}

static struct page *make_file(void *argument)
{
	return make_page(argument, false, false);
}

struct metrics *metrics_create(struct control *control, const struct metrics_wish *wish)
{
	struct metrics *metrics = alloc_zero(sizeof(*metrics));

	metrics->control = control;
	if (wish->address)
		metrics->http = http_create(control->base, wish->address, make_page, metrics);
	if (wish->file)
		metrics->textfile = textfile_create(control->base, wish->file, wish->period,
						    make_file, metrics);
	if ((wish->address && !metrics->http) || (wish->file && !metrics->textfile)) {
		int err = errno;

		metrics_destroy(metrics);
		errno = err;
		return NULL;
	}
	return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
	if (!metrics)
		return;
	http_destroy(metrics->http);
	textfile_destroy(metrics->textfile);
	free(metrics->ifindexes);
	free(metrics);
}
