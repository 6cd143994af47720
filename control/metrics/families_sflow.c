// SPDX-License-Identifier: BSD-3-Clause
// What sFlow's collectors are told.
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void write_port(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->is_sampled)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, *(const uint64_t *)((const char *)&port->sflow + family->offset));
}

static void write_collector(struct metrics_text *text, const struct family *family,
			    const struct view *view, size_t row)
{
	const struct view_collector *collector = &view->collectors[row];

	family_sample(text, family);
	metrics_text_label(text, "collector", collector->name);
	metrics_text_number(text, *(const uint64_t *)((const char *)collector + family->offset));
}

#define PORT(field)	 write_port, .offset = offsetof(struct sflow_port, field)
#define COLLECTOR(field) write_collector, .offset = offsetof(struct view_collector, field)

const struct family families_sflow[] = {
	{"ixfab_sflow_samples", METRICS_COUNTER, FAMILY_PORTS,
	 "Samples of frames that came in by the port, told to collectors.", PORT(samples)},
	{"ixfab_sflow_samples_lost", METRICS_COUNTER, FAMILY_PORTS,
	 "Samples for which there was no room.", PORT(lost)},
	{"ixfab_sflow_datagrams", METRICS_COUNTER, FAMILY_COLLECTORS,
	 "Datagrams that were sent to the collector.", COLLECTOR(datagrams)},
	{"ixfab_sflow_errors", METRICS_COUNTER, FAMILY_COLLECTORS,
	 "Datagrams that could not be sent, or came back.", COLLECTOR(errors)},
	{0},
};
