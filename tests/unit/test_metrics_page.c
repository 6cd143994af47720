// SPDX-License-Identifier: BSD-3-Clause
// Values in, text out.
#include "control/metrics/page.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/metrics/view.h"
#include "lib/message.h"

static struct view *view;
static char *got;
static size_t n_got;

static void *aligned_zero(size_t octets)
{
	octets = (octets + 63) / 64 * 64;
	return memset(aligned_alloc(64, octets), 0, octets);
}

static void add_ports(size_t n)
{
	view->n_ports = n;
	view->ports = aligned_zero(n * sizeof(*view->ports));
	for (size_t i = 0; i < n; i++) {
		struct view_port *port = &view->ports[i];

		snprintf(port->name, sizeof(port->name), "swp%zu", i + 1);
		port->member = strdup("");
		port->description = strdup("");
		port->state = PORT_STATE_UP;
		port->known = true;
	}
}

static void start(void)
{
	view = calloc(1, sizeof(*view));
	view->attached = true;
}

static void end(void)
{
	free(got);
}

TestSuite(metrics_page, .init = start, .fini = end);

static size_t render(enum metrics_dialect dialect, bool matrix)
{
	struct page *page = page_create(view, dialect, matrix);
	const struct metrics_text *slice;
	size_t slices = 0;

	while (page_next(page, &slice)) {
		got = realloc(got, n_got + slice->n + 1);
		memcpy(got + n_got, slice->octets, slice->n);
		n_got += slice->n;
		got[n_got] = 0;
		slices++;
	}
	cr_expect_not(page_next(page, &slice));
	page_destroy(page);
	return slices;
}

static bool has(const char *line)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	return strstr(got, whole);
}

static void expect(const char *line)
{
	cr_expect(has(line), "%s: not in:\n%s", line, got);
}

// Lines that start so.
static size_t count(const char *start)
{
	size_t n = 0;

	for (const char *at = got; (at = strstr(at, start)); at++)
		n += at == got || at[-1] == '\n';
	return n;
}

Test(metrics_page, a_port_is_told_with_its_member)
{
	add_ports(1);
	struct view_port *port = &view->ports[0];
	free(port->member);
	port->member = strdup("Example \"Net\"\nixfab_evil 1");
	port->asn = 64501;
	port->ifindex = 7;
	strcpy(port->device, "iface:m1");
	strcpy(port->info.driver, "net_af_xdp");
	port->admin_up = true;
	port->info.link = LINK_UP;
	port->info.speed = 10000;
	port->info.mtu = 1500;
	port->info.changed_ns = 1700000000250000000;
	port->info.link_changes = 3;
	render(METRICS_PLAIN, true);
	expect("ixfab_port_info{port=\"swp1\",ifindex=\"7\",member=\"Example "
	       "\\\"Net\\\"\\nixfab_evil "
	       "1\",asn=\"64501\",description=\"\",device=\"iface:m1\",driver=\"net_af_xdp\",lag="
	       "\"\"} 1");
	expect("# TYPE ixfab_port_info gauge");
	expect("ixfab_port_up{port=\"swp1\"} 1");
	expect("ixfab_port_admin_up{port=\"swp1\"} 1");
	expect("ixfab_port_state{port=\"swp1\",state=\"up\"} 1");
	expect("ixfab_port_state{port=\"swp1\",state=\"left out\"} 0");
	expect("ixfab_port_disabled{port=\"swp1\",why=\"storm\"} 0");
	expect("ixfab_port_speed_bytes{port=\"swp1\"} 1250000000");
	expect("ixfab_port_mtu_bytes{port=\"swp1\"} 1500");
	expect("ixfab_port_last_change_timestamp_seconds{port=\"swp1\"} 1700000000.250000");
	expect("ixfab_port_link_changes_total{port=\"swp1\"} 3");
	cr_expect_eq(count("ixfab_evil"), 0);
	cr_expect_eq(count("ixfab_port_state{"), PORT_STATES);
	cr_expect_eq(count("ixfab_port_disabled{"), DISABLES - 1);
}

Test(metrics_page, counters_are_told_by_kind_and_drops_by_reason)
{
	add_ports(1);
	view->ports[0].counters = (struct port_counters){.rx_frames = 100,
							 .rx_octets = 6400,
							 .rx_multicast = 10,
							 .rx_broadcast = 20,
							 .tx_frames = 5,
							 .moved = 2,
							 .sponged = 4};
	view->ports[0].counters.drops[DROP_MAC_HIJACK] = 3;
	view->ports[0].counters.drops[DROP_EGRESS_MTU] = 1;
	render(METRICS_OPEN, true);
	expect("# TYPE ixfab_port_receive_bytes counter");
	expect("# UNIT ixfab_port_receive_bytes bytes");
	expect("ixfab_port_receive_bytes_total{port=\"swp1\"} 6400");
	expect("ixfab_port_receive_packets_total{port=\"swp1\"} 100");
	expect("ixfab_port_receive_unicast_packets_total{port=\"swp1\"} 70");
	expect("ixfab_port_receive_multicast_packets_total{port=\"swp1\"} 10");
	expect("ixfab_port_receive_broadcast_packets_total{port=\"swp1\"} 20");
	expect("ixfab_port_transmit_unicast_packets_total{port=\"swp1\"} 5");
	expect("ixfab_port_drop_packets_total{port=\"swp1\",reason=\"mac_hijack\","
	       "direction=\"in\"} 3");
	expect("ixfab_port_drop_packets_total{port=\"swp1\",reason=\"egress_mtu\","
	       "direction=\"out\"} 1");
	expect("ixfab_fdb_moves_total{port=\"swp1\"} 2");
	expect("ixfab_arp_sponge_replies_total{port=\"swp1\"} 4");
	cr_expect_eq(count("ixfab_port_drop_packets_total{"), DROP_COUNT - 1);
	cr_expect_str_eq(got + n_got - 6, "# EOF\n");
}

Test(metrics_page, a_port_without_counters_tells_none)
{
	add_ports(1);
	view->ports[0].known = false;
	view->ports[0].state = PORT_STATE_LEFT_OUT;
	render(METRICS_PLAIN, true);
	expect("ixfab_port_up{port=\"swp1\"} 0");
	expect("ixfab_port_state{port=\"swp1\",state=\"left out\"} 1");
	cr_expect_eq(count("ixfab_port_receive_packets_total{"), 0);
	cr_expect_eq(count("ixfab_port_drop_packets_total{"), 0);
	cr_expect_eq(count("ixfab_port_speed"), 0);
	cr_expect_eq(count("ixfab_port_last_change"), 0);
}

Test(metrics_page, without_a_dataplane_there_is_little_to_tell)
{
	view->attached = false;
	view->generation = 4;
	view->failed = true;
	render(METRICS_PLAIN, true);
	expect("ixfab_dataplane_up 0");
	expect("ixfab_config_generation 4");
	expect("ixfab_config_confirm_deadline_timestamp_seconds 0.000000");
	expect("ixfab_config_last_apply_success 0");
	expect("ixfab_config_in_force 0");
	cr_expect_eq(count("ixfab_mbufs"), 0);
	cr_expect_eq(count("ixfab_port"), 0);
	cr_expect_eq(count("ixfab_worker"), 0);
}

Test(metrics_page, a_deadline_is_told)
{
	view->deadline = 1700000000.25;
	render(METRICS_PLAIN, true);
	expect("ixfab_config_confirm_deadline_timestamp_seconds 1700000000.250000");
}

Test(metrics_page, lans_and_their_members_are_told)
{
	add_ports(2);
	view->lans = calloc(1, sizeof(*view->lans));
	view->n_lans = 1;
	view->lans[0] = (struct view_lan){.name = "peering",
					  .fdb_size = 16384,
					  .learned = 5,
					  .statics = 9,
					  .held = 2,
					  .addresses = {3, 1}};
	view->members = calloc(2, sizeof(*view->members));
	view->n_members = 2;
	view->members[1] = (struct view_member){.port = 1, .vlan = 100};
	render(METRICS_PLAIN, true);
	expect("ixfab_port_lan_info{port=\"swp1\",lan=\"peering\",vlan=\"\"} 1");
	expect("ixfab_port_lan_info{port=\"swp2\",lan=\"peering\",vlan=\"100\"} 1");
	expect("ixfab_fdb_entries{lan=\"peering\",type=\"learned\"} 5");
	expect("ixfab_fdb_entries{lan=\"peering\",type=\"static\"} 7");
	expect("ixfab_fdb_entries{lan=\"peering\",type=\"held\"} 2");
	expect("ixfab_fdb_capacity{lan=\"peering\"} 16384");
	expect("ixfab_neighbours{lan=\"peering\",family=\"ipv4\"} 3");
	expect("ixfab_neighbours{lan=\"peering\",family=\"ipv6\"} 1");
}

Test(metrics_page, sflow_is_told_of_ports_that_are_sampled)
{
	add_ports(2);
	view->ports[1].is_sampled = true;
	view->ports[1].sflow = (struct sflow_port){.samples = 40, .lost = 3};
	view->collectors = calloc(1, sizeof(*view->collectors));
	view->n_collectors = 1;
	view->collectors[0] =
		(struct view_collector){.name = "graphs", .datagrams = 9, .errors = 2};
	render(METRICS_PLAIN, true);
	expect("ixfab_sflow_samples_total{port=\"swp2\"} 40");
	expect("ixfab_sflow_samples_lost_total{port=\"swp2\"} 3");
	expect("ixfab_sflow_datagrams_total{collector=\"graphs\"} 9");
	expect("ixfab_sflow_errors_total{collector=\"graphs\"} 2");
	cr_expect_eq(count("ixfab_sflow_samples_total{"), 1);
}

// The second port is the LAG of the first and the third.
static void add_lag(void)
{
	add_ports(4);
	view->ports[1].is_lag = true;
	view->ports[1].n_links = 2;
	view->ports[1].min_links = 2;
	view->ports[1].info.n_active = 1;
	view->ports[1].counters.rx_octets = 700;
	for (size_t i = 0; i < 3; i += 2) {
		strcpy(view->ports[i].lag, "swp2");
		view->ports[i].has_lacp = true;
	}
	view->ports[0].info.n_active = 1;
	view->ports[0].info.lacp = (struct link_info){.received = 12, .sent = 13, .malformed = 1};
	view->ports[0].counters = (struct port_counters){.link_rx_frames = 7,
							 .link_rx_octets = 700,
							 .link_tx_frames = 3,
							 .link_tx_octets = 300};
}

Test(metrics_page, links_are_told_beside_their_lag)
{
	add_lag();
	render(METRICS_PLAIN, true);
	expect("ixfab_lag_links{port=\"swp2\"} 2");
	expect("ixfab_lag_min_links{port=\"swp2\"} 2");
	expect("ixfab_lag_links_in_use{port=\"swp2\"} 1");
	expect("ixfab_lag_link_in_use{port=\"swp1\",lag=\"swp2\"} 1");
	expect("ixfab_lag_link_in_use{port=\"swp3\",lag=\"swp2\"} 0");
	expect("ixfab_lag_link_receive_packets_total{port=\"swp1\",lag=\"swp2\"} 7");
	expect("ixfab_lag_link_receive_bytes_total{port=\"swp1\",lag=\"swp2\"} 700");
	expect("ixfab_lag_link_transmit_packets_total{port=\"swp1\",lag=\"swp2\"} 3");
	expect("ixfab_lag_link_transmit_bytes_total{port=\"swp1\",lag=\"swp2\"} 300");
	expect("ixfab_lag_link_lacpdus_received_total{port=\"swp1\",lag=\"swp2\"} 12");
	expect("ixfab_lag_link_lacpdus_sent_total{port=\"swp1\",lag=\"swp2\"} 13");
	expect("ixfab_lag_link_lacpdus_malformed_total{port=\"swp1\",lag=\"swp2\"} 1");
	expect("ixfab_port_info{port=\"swp1\",ifindex=\"\",member=\"\",asn=\"\",description=\"\","
	       "device=\"\",driver=\"\",lag=\"swp2\"} 1");
	cr_expect_eq(count("ixfab_lag_links{"), 1);
	cr_expect_eq(count("ixfab_lag_link_in_use{"), 2);
}

Test(metrics_page, what_comes_by_a_link_is_counted_once)
{
	add_lag();
	render(METRICS_PLAIN, true);
	expect("ixfab_port_receive_bytes_total{port=\"swp2\"} 700");
	cr_expect_eq(count("ixfab_port_receive_bytes_total{"), 2);
	cr_expect_eq(count("ixfab_port_receive_unicast_packets_total{"), 2);
	cr_expect_eq(count("ixfab_port_drop_packets_total{port=\"swp1\""), 0);
	cr_expect_eq(count("ixfab_port_up{"), 4, "links are up or down by themselves");
}

Test(metrics_page, without_lacp_there_are_no_lacpdus)
{
	add_lag();
	view->ports[0].has_lacp = false;
	view->ports[2].known = false;
	view->ports[1].known = false;
	render(METRICS_PLAIN, true);
	cr_expect_eq(count("ixfab_lag_link_lacpdus_sent_total{"), 0);
	cr_expect_eq(count("ixfab_lag_link_receive_bytes_total{"), 1);
	expect("ixfab_lag_link_in_use{port=\"swp3\",lag=\"swp2\"} 0");
	expect("ixfab_lag_links{port=\"swp2\"} 2");
	expect("ixfab_lag_links_in_use{port=\"swp2\"} 0");
}

Test(metrics_page, sponges_are_told_where_there_are_some)
{
	view->lans = calloc(2, sizeof(*view->lans));
	view->n_lans = 2;
	view->lans[0] = (struct view_lan){.name = "peering",
					  .has_sponge = true,
					  .sponge = {.states[MACHINE_DEAD] = 7,
						     .changes[MACHINE_PENDING] = 9,
						     .queries = 30,
						     .forgotten = 2,
						     .learning = true},
					  .learns_hosts = true,
					  .bindings = 4};
	strcpy(view->lans[1].name, "other");
	view->sponges.questions = 50;
	view->sponges.lost = 1;
	render(METRICS_OPEN, true);
	expect("ixfab_arp_sponge_addresses{lan=\"peering\",state=\"dead\"} 7");
	expect("ixfab_arp_sponge_addresses{lan=\"peering\",state=\"alive\"} 0");
	expect("ixfab_arp_sponge_changes_total{lan=\"peering\",state=\"pending\"} 9");
	expect("ixfab_arp_sponge_queries_total{lan=\"peering\"} 30");
	expect("ixfab_arp_sponge_forgotten_total{lan=\"peering\"} 2");
	expect("ixfab_arp_sponge_learning{lan=\"peering\"} 1");
	expect("ixfab_neighbours_learned{lan=\"peering\"} 4");
	expect("ixfab_arp_queries_total 50");
	expect("ixfab_arp_sponge_lost_total 1");
	cr_expect_eq(count("ixfab_arp_sponge_addresses{"), MACHINE_STATES);
	cr_expect_eq(count("ixfab_arp_sponge_queries_total{"), 1);
	cr_expect_eq(count("ixfab_neighbours_learned{"), 1);
}

Test(metrics_page, bursts_are_a_histogram)
{
	static const uint64_t bursts[BURST_BUCKETS] = {99, 1, 2, 3, 4, 5, 6, 7};

	view->n_workers = 1;
	view->workers = aligned_zero(sizeof(*view->workers));
	view->workers[0].cpu = 3;
	view->workers[0].busy_cycles = 1000;
	memcpy(view->workers[0].bursts, bursts, sizeof(bursts));
	render(METRICS_OPEN, true);
	expect("# TYPE ixfab_worker info");
	expect("ixfab_worker_info{worker=\"0\",cpu=\"3\"} 1");
	expect("# UNIT ixfab_worker_busy_cycles cycles");
	expect("ixfab_worker_busy_cycles_total{worker=\"0\"} 1000");
	expect("ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"1\"} 1\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"3\"} 3\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"7\"} 6\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"15\"} 10\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"31\"} 15\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"63\"} 21\n"
	       "ixfab_worker_rx_burst_size_bucket{worker=\"0\",le=\"+Inf\"} 28\n"
	       "ixfab_worker_rx_burst_size_count{worker=\"0\"} 28");
}

Test(metrics_page, open_incidents_are_told)
{
	view->n_incidents = 1;
	view->incidents = calloc(1, sizeof(*view->incidents));
	view->incidents[0] =
		(struct view_incident){.port = "swp1", .reason = "loop", .level = LOG_LEVEL_CRIT};
	render(METRICS_PLAIN, true);
	expect("ixfab_incident_open{port=\"swp1\",reason=\"loop\",level=\"critical\"} 1");
}

// Everybody sends to the next one only.
static const struct pair_counters *pairs_of_next(void *argument, const struct view *of, size_t from)
{
	struct pair_counters *row = argument;

	if (from + 1 == of->n_ports)
		return NULL;
	memset(row, 0, of->n_ports * sizeof(*row));
	row[from + 1].frames[PAIR_IPV6] = 10;
	row[from + 1].octets[PAIR_IPV6] = 900;
	return row;
}

Test(metrics_page, only_pairs_with_traffic_are_told)
{
	add_ports(3);
	view->argument = aligned_zero(3 * sizeof(struct pair_counters));
	view->pairs = pairs_of_next;
	render(METRICS_PLAIN, true);
	expect("ixfab_matrix_packets_total{from=\"swp1\",to=\"swp2\",protocol=\"ipv6\"} 10");
	expect("ixfab_matrix_bytes_total{from=\"swp2\",to=\"swp3\",protocol=\"ipv6\"} 900");
	cr_expect_eq(count("ixfab_matrix_packets_total{"), 2);
	cr_expect_eq(count("ixfab_matrix_bytes_total{"), 2);
}

Test(metrics_page, the_matrix_can_be_left_out)
{
	add_ports(3);
	view->argument = aligned_zero(3 * sizeof(struct pair_counters));
	view->pairs = pairs_of_next;
	render(METRICS_OPEN, false);
	cr_expect_not(strstr(got, "matrix"));
	cr_expect_str_eq(got + n_got - 6, "# EOF\n");
}

// However long it is: a slice has a row more than it should have at most, and few of the matrix.
Test(metrics_page, slices_are_bounded)
{
	const struct metrics_text *slice;
	size_t slices = 0;

	add_ports(1000);
	view->argument = aligned_zero(1000 * sizeof(struct pair_counters));
	view->pairs = pairs_of_next;
	struct page *page = page_create(view, METRICS_OPEN, true);
	while (page_next(page, &slice)) {
		cr_expect_lt(slice->n, PAGE_SLICE + 16384, "%zu", slice->n);
		slices++;
	}
	cr_expect_gt(slices, 2 * 1000 / PAGE_PAIRS);
	page_destroy(page);
}
