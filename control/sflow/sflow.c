// SPDX-License-Identifier: BSD-3-Clause
#include "control/sflow/sflow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/alloc.h"
#include "control/config/config.h"
#include "control/control.h"
#include "control/fabric/fabric.h"
#include "control/fabric/plan_lans.h"
#include "control/loop.h"
#include "control/sflow/collector.h"
#include "control/sflow/datagram.h"
#include "control/sflow/source.h"
#include "lib/message.h"
#include "lib/stats.h"

enum { TICK_MS = 500 };

struct sflow {
	struct control *control;
	struct event *tick;
	struct ip agent;     // family 0: there is none
	uint32_t polling_ms; // 0: counters are not reported
	struct collector *collectors;
	size_t n_collectors;
	struct sources sources;
	struct datagram datagram; // begun, if it has samples
	struct sflow_count count;
	uint64_t started_ms;
	uint64_t round_ms; // when the round of reports began
	size_t reported;   // ports, in this round
};

// ---- Datagrams

static void begin(struct sflow *sflow)
{
	const struct datagram_head head = {.agent = sflow->agent,
					   .sequence = (uint32_t)sflow->count.datagrams + 1,
					   .uptime = (uint32_t)(loop_now_ms() - sflow->started_ms)};

	datagram_begin(&sflow->datagram, &head);
}

static void flush(struct sflow *sflow)
{
	const struct datagram *datagram = &sflow->datagram;
	const uint64_t now = loop_now_ms();

	if (!datagram->n_samples)
		return;
	for (size_t i = 0; i < sflow->n_collectors; i++)
		collector_send(&sflow->collectors[i], datagram->octets, datagram->length, now);
	sflow->count.datagrams++;
	sflow->datagram.n_samples = 0;
}

// Make room for another sample, after one did not fit.
static void begin_another(struct sflow *sflow)
{
	flush(sflow);
	begin(sflow);
}

static void add_flow(struct sflow *sflow, const struct datagram_flow *flow)
{
	if (!sflow->datagram.n_samples)
		begin(sflow);
	if (datagram_add_flow(&sflow->datagram, flow))
		return;
	begin_another(sflow);
	datagram_add_flow(&sflow->datagram, flow);
}

static void add_counters(struct sflow *sflow, const struct datagram_counters *counters)
{
	if (!sflow->datagram.n_samples)
		begin(sflow);
	if (datagram_add_counters(&sflow->datagram, counters))
		return;
	begin_another(sflow);
	datagram_add_counters(&sflow->datagram, counters);
}

// ---- Frames

static bool makes_sense(uint32_t worker, const struct event_sample *sample)
{
	return worker < MAX_WORKERS && sample->port < MAX_PORTS && sample->sampling > 0 &&
	       (sample->out < MAX_PORTS || sample->out == FDB_ANY) && sample->copies < MAX_PORTS &&
	       sample->n_octets > 0 && sample->n_octets <= SAMPLE_OCTETS &&
	       sample->n_octets <= sample->length;
}

static bool can_be_told(const struct source *source)
{
	return source && source->ifindex && source->ifindex <= DATAGRAM_IFINDEX_MAX;
}

static uint32_t find_output(const struct sflow *sflow, const struct event_sample *sample)
{
	if (sample->out == FDB_ANY)
		return sample->copies ? DATAGRAM_OUT_MANY(sample->copies) : DATAGRAM_OUT_NOBODY;
	if (sample->out == PORT_FABRIC)
		return DATAGRAM_OUT_TERMINATED;
	const struct source *out = sflow->sources.by_slot[sample->out];
	return can_be_told(out) ? out->ifindex : DATAGRAM_OUT_UNKNOWN;
}

void sflow_take(struct sflow *sflow, uint32_t worker, const struct event_sample *sample)
{
	if (!sflow || !sflow->agent.family)
		return;
	const struct config *config = sflow->control->running.config;
	struct source *source =
		makes_sense(worker, sample) ? sflow->sources.by_slot[sample->port] : NULL;
	size_t lan = plan_lan_of(config, sample->lan, NULL);

	if (!can_be_told(source) || lan == SIZE_MAX) {
		sflow->count.ignored++;
		return;
	}
	source_count(source, worker, sample);
	const struct datagram_flow flow = {.sequence = (uint32_t)source->samples,
					   .ifindex = source->ifindex,
					   .rate = sample->sampling,
					   .pool = (uint32_t)source->pool,
					   .drops = (uint32_t)source->lost,
					   .output = find_output(sflow, sample),
					   .vlan = config->lans[lan].vlan,
					   .length = sample->length,
					   .header = sample->octets,
					   .n_header = sample->n_octets};
	add_flow(sflow, &flow);
}

// ---- Counters

static void report(struct sflow *sflow, struct source *source)
{
	const struct stats *stats = fabric_stats(sflow->control->fabric);
	struct port_counters counters;
	struct port_info info;

	if (!stats || source->slot >= MAX_PORTS || !can_be_told(source) ||
	    !stats_port_info(stats, source->slot, &info))
		return;
	stats_sum_port(stats, source->slot, &counters);
	source->reports++;
	struct datagram_counters told = {.sequence = (uint32_t)source->reports,
					 .ifindex = source->ifindex,
					 .name = source->name};
	interface_read(&sflow->control->interfaces[source->slot], &info, &counters,
		       &told.interface);
	add_counters(sflow, &told);
}

// Report the ports whose turn it is: of so many a share of the interval each.
static void report_due(struct sflow *sflow, uint64_t now)
{
	const uint64_t elapsed = now - sflow->round_ms;
	const size_t n = sflow->sources.n;
	uint64_t due = elapsed * n / sflow->polling_ms;

	while (sflow->reported < n && sflow->reported < due)
		report(sflow, &sflow->sources.list[sflow->reported++]);
	if (elapsed < sflow->polling_ms)
		return;
	sflow->reported = 0;
	sflow->round_ms += elapsed / sflow->polling_ms * sflow->polling_ms;
}

static void on_tick(evutil_socket_t fd, short what, void *argument)
{
	struct sflow *sflow = argument;

	(void)fd, (void)what;
	if (sflow->polling_ms)
		report_due(sflow, loop_now_ms());
	flush(sflow);
	loop_timer_set(sflow->tick, TICK_MS);
}

// ---- Configuration

static bool is_same(const struct collector *collector, const struct config_collector *wanted)
{
	return strcmp(collector->name, wanted->name) == 0 && collector->port == wanted->port &&
	       ip_equal(&collector->address, &wanted->address);
}

// Move what is known of "wanted" to "to", if it is.
static bool take_over(struct sflow *sflow, const struct config_collector *wanted,
		      struct collector *to)
{
	for (size_t i = 0; i < sflow->n_collectors; i++) {
		struct collector *old = &sflow->collectors[i];

		if (!is_same(old, wanted))
			continue;
		*to = *old;
		old->fd = -1;
		return true;
	}
	return false;
}

static void drop_collectors(struct sflow *sflow)
{
	for (size_t i = 0; i < sflow->n_collectors; i++)
		collector_fini(&sflow->collectors[i]);
	free(sflow->collectors);
	sflow->collectors = NULL;
	sflow->n_collectors = 0;
}

static void configure_collectors(struct sflow *sflow, const struct config_sflow *config)
{
	struct collector *collectors = alloc_zero((config->n_collectors + 1) * sizeof(*collectors));

	for (size_t i = 0; i < config->n_collectors; i++) {
		const struct config_collector *wanted = &config->collectors[i];

		if (!take_over(sflow, wanted, &collectors[i]))
			collector_init(&collectors[i], wanted->name, &wanted->address,
				       wanted->port);
	}
	drop_collectors(sflow);
	sflow->collectors = collectors;
	sflow->n_collectors = config->n_collectors;
}

static void stop(struct sflow *sflow)
{
	loop_timer_stop(sflow->tick);
	sources_fini(&sflow->sources);
	drop_collectors(sflow);
	sflow->agent.family = 0;
}

static void start(struct sflow *sflow, const struct config_sflow *config)
{
	const uint32_t polling_ms = config->polling * UINT32_C(1000);

	if (!sflow->agent.family)
		loop_timer_set(sflow->tick, TICK_MS);
	if (!sflow->agent.family || polling_ms != sflow->polling_ms) {
		sflow->round_ms = loop_now_ms();
		sflow->reported = 0;
	}
	sflow->agent = config->agent;
	sflow->polling_ms = polling_ms;
	configure_collectors(sflow, config);
	sources_configure(&sflow->sources, &sflow->control->running, sflow->control->state);
}

void sflow_configure(struct sflow *sflow)
{
	if (!sflow || !sflow->control->running.config)
		return;
	const struct config_sflow *config = &sflow->control->running.config->sflow;

	flush(sflow); // to whom and as whom it was begun
	if (config->agent.family && config->n_collectors)
		start(sflow, config);
	else
		stop(sflow);
}

void sflow_detached(struct sflow *sflow)
{
	if (!sflow)
		return;
	flush(sflow);
	sources_detached(&sflow->sources);
}

// ---- Life

struct sflow *sflow_create(struct control *control)
{
	struct sflow *sflow = alloc_zero(sizeof(*sflow));

	sflow->control = control;
	sflow->started_ms = loop_now_ms();
	sflow->tick = loop_timer(control->base, on_tick, sflow);
	if (sflow->tick)
		return sflow;
	free(sflow);
	errno = ENOMEM;
	return NULL;
}

void sflow_destroy(struct sflow *sflow)
{
	if (!sflow)
		return;
	flush(sflow);
	stop(sflow);
	loop_forget(&sflow->tick);
	free(sflow);
}

// ---- Looking

void sflow_count(const struct sflow *sflow, struct sflow_count *count)
{
	*count = sflow ? sflow->count : (struct sflow_count){0};
}

bool sflow_port(const struct sflow *sflow, size_t port, const char *name, struct sflow_port *to)
{
	if (!sflow || port >= sflow->sources.n)
		return false;
	const struct source *source = &sflow->sources.list[port];

	*to = (struct sflow_port){.ifindex = source->ifindex,
				  .samples = source->samples,
				  .lost = source->lost,
				  .pool = source->pool};
	return strcmp(source->name, name) == 0;
}

const struct collector *sflow_collectors(const struct sflow *sflow, size_t *n)
{
	*n = sflow ? sflow->n_collectors : 0;
	return sflow ? sflow->collectors : NULL;
}
