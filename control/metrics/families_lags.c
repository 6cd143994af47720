// SPDX-License-Identifier: BSD-3-Clause
// LAGs, and what their links do. A link has the labels "port", which is its own, and "lag".
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static void write_configured(struct metrics_text *text, const struct family *family,
			     const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->is_lag)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, *(const uint16_t *)((const char *)port + family->offset));
}

static void write_in_use(struct metrics_text *text, const struct family *family,
			 const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->is_lag)
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, port->known ? port->info.n_active : 0);
}

static void begin_link(struct metrics_text *text, const struct family *family,
		       const struct view *view, size_t row)
{
	family_port(text, family, view, row);
	metrics_text_label(text, "lag", view->ports[row].lag);
}

static void write_link_in_use(struct metrics_text *text, const struct family *family,
			      const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!*port->lag)
		return;
	begin_link(text, family, view, row);
	metrics_text_number(text, port->known && port->info.n_active);
}

static void write_count(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!*port->lag || !port->known)
		return;
	begin_link(text, family, view, row);
	metrics_text_number(text,
			    *(const uint64_t *)((const char *)&port->counters + family->offset));
}

static void write_lacpdus(struct metrics_text *text, const struct family *family,
			  const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!port->has_lacp || !port->known)
		return;
	begin_link(text, family, view, row);
	metrics_text_number(text,
			    *(const uint32_t *)((const char *)&port->info.lacp + family->offset));
}

#define PORT(field)  .offset = offsetof(struct view_port, field)
#define COUNT(field) write_count, .offset = offsetof(struct port_counters, field)
#define LACP(field)  write_lacpdus, .offset = offsetof(struct link_info, field)

const struct family families_lags[] = {
	{"ixfab_lag_links", METRICS_GAUGE, FAMILY_PORTS, "Links that the LAG has.",
	 write_configured, PORT(n_links)},
	{"ixfab_lag_min_links", METRICS_GAUGE, FAMILY_PORTS,
	 "With how many links in use the LAG is up.", write_configured, PORT(min_links)},
	{"ixfab_lag_links_in_use", METRICS_GAUGE, FAMILY_PORTS,
	 "Links by which frames of the LAG come and go.", write_in_use},
	{"ixfab_lag_link_in_use", METRICS_GAUGE, FAMILY_PORTS,
	 "Whether frames of the LAG come and go by the link.", write_link_in_use},
	{"ixfab_lag_link_receive_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames that came in by the link; the LAG has counted them, too.", COUNT(link_rx_frames)},
	{"ixfab_lag_link_receive_bytes", METRICS_COUNTER, FAMILY_PORTS,
	 "Octets of the frames that came in by the link, without FCS.", COUNT(link_rx_octets)},
	{"ixfab_lag_link_transmit_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames that went out by the link; the LAG has counted them, too.", COUNT(link_tx_frames)},
	{"ixfab_lag_link_transmit_bytes", METRICS_COUNTER, FAMILY_PORTS,
	 "Octets of the frames that went out by the link, without FCS.", COUNT(link_tx_octets)},
	{"ixfab_lag_link_lacpdus_received", METRICS_COUNTER, FAMILY_PORTS,
	 "LACPDUs that came in by the link.", LACP(received)},
	{"ixfab_lag_link_lacpdus_sent", METRICS_COUNTER, FAMILY_PORTS,
	 "LACPDUs that went out by the link.", LACP(sent)},
	{"ixfab_lag_link_lacpdus_malformed", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames of the slow protocols by the link that made no sense.", LACP(malformed)},
	{0},
};
