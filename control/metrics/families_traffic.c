// SPDX-License-Identifier: BSD-3-Clause
// What ports have sent and received, and what became of it. Links of LAGs are left out: what they
// count, their LAG has counted (families_lags.c).
#include "control/metrics/families.h"
#include "control/metrics/view.h"

static bool is_told(const struct view_port *port)
{
	return port->known && !*port->lag;
}

static void write_count(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	if (!is_told(port))
		return;
	family_port(text, family, view, row);
	metrics_text_number(text,
			    *(const uint64_t *)((const char *)&port->counters + family->offset));
}

// What is left when groups are taken off. The counters were not read at the same instant.
static uint64_t rest(uint64_t all, uint64_t multicast, uint64_t broadcast)
{
	return all > multicast + broadcast ? all - multicast - broadcast : 0;
}

static void write_rx_unicast(struct metrics_text *text, const struct family *family,
			     const struct view *view, size_t row)
{
	const struct port_counters *c = &view->ports[row].counters;

	if (!is_told(&view->ports[row]))
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, rest(c->rx_frames, c->rx_multicast, c->rx_broadcast));
}

static void write_tx_unicast(struct metrics_text *text, const struct family *family,
			     const struct view *view, size_t row)
{
	const struct port_counters *c = &view->ports[row].counters;

	if (!is_told(&view->ports[row]))
		return;
	family_port(text, family, view, row);
	metrics_text_number(text, rest(c->tx_frames, c->tx_multicast, c->tx_broadcast));
}

// All reasons, so that the first frame that dies for one is an increase.
static void write_drops(struct metrics_text *text, const struct family *family,
			const struct view *view, size_t row)
{
	const struct view_port *port = &view->ports[row];

	for (int reason = 1; is_told(port) && reason < DROP_COUNT; reason++) {
		const struct drop_info *info = &drop_infos[reason];

		family_port(text, family, view, row);
		metrics_text_label(text, "reason", info->name);
		metrics_text_label(text, "direction", info->side == DROP_SIDE_IN ? "in" : "out");
		metrics_text_number(text, port->counters.drops[reason]);
	}
}

#define COUNT(field) write_count, .offset = offsetof(struct port_counters, field)

const struct family families_traffic[] = {
	{"ixfab_port_receive_packets", METRICS_COUNTER, FAMILY_PORTS, "Frames that came in.",
	 COUNT(rx_frames)},
	{"ixfab_port_receive_bytes", METRICS_COUNTER, FAMILY_PORTS,
	 "Octets of the frames that came in, without FCS.", COUNT(rx_octets)},
	{"ixfab_port_receive_unicast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that came in: to one station.", write_rx_unicast},
	{"ixfab_port_receive_multicast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that came in: to a group.", COUNT(rx_multicast)},
	{"ixfab_port_receive_broadcast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that came in: to everybody.", COUNT(rx_broadcast)},
	{"ixfab_port_transmit_packets", METRICS_COUNTER, FAMILY_PORTS, "Frames that went out.",
	 COUNT(tx_frames)},
	{"ixfab_port_transmit_bytes", METRICS_COUNTER, FAMILY_PORTS,
	 "Octets of the frames that went out, without FCS.", COUNT(tx_octets)},
	{"ixfab_port_transmit_unicast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that went out: to one station.", write_tx_unicast},
	{"ixfab_port_transmit_multicast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that went out: to a group.", COUNT(tx_multicast)},
	{"ixfab_port_transmit_broadcast_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Of those that went out: to everybody.", COUNT(tx_broadcast)},
	{"ixfab_port_drop_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames that were dropped, by reason, where they came in or should have gone out.",
	 write_drops},
	{"ixfab_port_flood_copies", METRICS_COUNTER, FAMILY_PORTS,
	 "Copies made of frames that came in, the original not counted.", COUNT(copies)},
	{"ixfab_port_injected_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames of the fabric's own that were to go out.", COUNT(injected)},
	{"ixfab_port_consumed_packets", METRICS_COUNTER, FAMILY_PORTS,
	 "Frames that came in and were for the fabric itself.", COUNT(consumed)},
	{"ixfab_fdb_learned", METRICS_COUNTER, FAMILY_PORTS, "Addresses learned on the port.",
	 COUNT(learned)},
	{"ixfab_fdb_moves", METRICS_COUNTER, FAMILY_PORTS, "Addresses that moved to the port.",
	 COUNT(moved)},
	{"ixfab_fdb_learn_refused", METRICS_COUNTER, FAMILY_PORTS,
	 "Sources that were not learned because a limit was reached.", COUNT(learn_refused)},
	{"ixfab_arp_proxy_replies", METRICS_COUNTER, FAMILY_PORTS,
	 "Questions (ARP and ND) of the port that were answered in the owner's name.",
	 COUNT(answered)},
	{"ixfab_arp_sponge_replies", METRICS_COUNTER, FAMILY_PORTS,
	 "Questions (ARP and ND) of the port for addresses that are sponged.", COUNT(sponged)},
	{0},
};
