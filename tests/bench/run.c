// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/run.h"

#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>
#include <rte_vect.h>

enum {
	GAP_US = 20,   // a round takes a few microseconds: what is longer was taken from us
	LATE_MAX = 64, // frames of a port: who was away for longer does not catch up
};

struct run_port {
	struct rte_mbuf *frames[RUN_BURST];
	uint16_t first; // of those that wait to be sent
	uint16_t n;
	uint16_t next_size;
	uint32_t next;	  // head
	bool open;	  // something was received
	uint64_t offered; // in this phase
	uint64_t missed;  // in this phase: frames that were due while we were away
	uint64_t read;
	double tx_pace; // frames per cycle; 0: no limit
	double rx_pace;
	uint32_t number; // of the next frame
	uint32_t expected;
	uint64_t sent; // since run_create()
};

struct run {
	const struct traffic *traffic;
	struct rte_mempool *pool;
	uint16_t n_queues;
	struct run_port ports[RUN_PORTS];
};

struct run *run_create(const struct traffic *traffic, struct rte_mempool *pool, uint16_t n_queues)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->traffic = traffic;
	run->pool = pool;
	run->n_queues = n_queues;
	return run;
}

void run_destroy(struct run *run)
{
	for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
		struct run_port *port = &run->ports[id];

		rte_mempool_put_bulk(run->pool, (void **)port->frames + port->first, port->n);
	}
	free(run);
}

static void resize(const struct traffic *traffic, struct run_port *port)
{
	for (unsigned int i = 0; i < RUN_BURST; i++) {
		const struct frame_size *size = &traffic->sizes[port->next_size];
		struct rte_mbuf *mbuf = port->frames[i];

		mbuf->data_len = size->length;
		mbuf->pkt_len = size->length;
		frame_resize(size, rte_pktmbuf_mtod(mbuf, uint8_t *));
		if (++port->next_size == traffic->n_sizes)
			port->next_size = 0;
	}
}

// Take mbufs, which hold the frame already, and write the next heads over their beginning.
static void prepare(struct run *run, const struct conversation *c, struct run_port *port)
{
	if (rte_mempool_get_bulk(run->pool, (void **)port->frames, RUN_BURST))
		return;
	port->first = 0;
	port->n = RUN_BURST;
	for (unsigned int i = 0; i < RUN_BURST; i++) {
		void *frame = rte_pktmbuf_mtod(port->frames[i], void *);

		_mm_storeu_si128(frame, _mm_load_si128((const void *)&c->heads[port->next]));
		if (++port->next == c->n)
			port->next = 0;
	}
	if (run->traffic->n_sizes > 1)
		resize(run->traffic, port);
}

static void stamp(struct run_port *port, uint16_t id, uint16_t n)
{
	struct frame_stamp s = {.tsc = rte_rdtsc(), .port = id, .magic = FRAME_MAGIC};

	for (uint16_t i = 0; i < n; i++) {
		s.number = port->number + i;
		memcpy(rte_pktmbuf_mtod_offset(port->frames[port->first + i], void *,
					       FRAME_STAMP_AT),
		       &s, sizeof(s));
	}
}

// How many frames a port has to send now.
static uint16_t frames_due(struct run_port *port, const struct run_order *order, uint64_t cycles)
{
	uint64_t due = RUN_BURST;

	if (port->tx_pace > 0) {
		uint64_t all = (uint64_t)(port->tx_pace * (double)cycles) - port->missed;

		due = all > port->offered ? all - port->offered : 0;
		if (due > LATE_MAX) {
			port->missed += due - LATE_MAX;
			due = LATE_MAX;
		}
	}
	if (order->frames)
		due = RTE_MIN(due, order->frames - port->offered);
	return (uint16_t)RTE_MIN(due, RUN_BURST);
}

static void transmit(struct run *run, uint16_t id, const struct run_order *order, uint64_t cycles,
		     struct run_result *result)
{
	struct run_port *port = &run->ports[id];
	uint16_t due = frames_due(port, order, cycles);
	uint16_t n, sent;

	if (!due)
		return;
	if (!port->n)
		prepare(run, &run->traffic->ports[id], port);
	n = RTE_MIN(due, port->n);
	if (order->latency)
		stamp(port, id, n);
	sent = rte_eth_tx_burst(id, 0, port->frames + port->first, n);
	port->first += sent;
	port->n -= sent;
	result->tx += sent;
	result->port_tx[id] += sent;
	result->tx_bursts++;
	result->tx_blocked += sent == 0;
	port->sent += sent;
	port->offered += sent;
	port->number += sent;
	if (order->wire) {
		uint16_t refused = (n ? n : due) - sent;

		result->refused += refused;
		port->offered += refused;
		port->number += refused;
	}
}

// One frame of each burst is looked at: enough to see flooding, too little to cost.
static void check(const struct traffic *traffic, uint16_t port, const struct rte_mbuf *mbuf,
		  struct run_result *result)
{
	mac_t dst = mac_load(rte_pktmbuf_mtod(mbuf, void *));

	if (dst == MAC_BROADCAST) // of a storm, it may come out anywhere
		return;
	result->checked++;
	result->misdelivered += traffic_is_misdelivered(traffic, dst, port);
}

static void read_stamps(struct run_port *port, struct rte_mbuf *const *frames, uint16_t n,
			uint64_t start, struct latency *latency, struct run_result *result)
{
	uint64_t now = rte_rdtsc();

	for (uint16_t i = 0; i < n; i++)
		rte_prefetch0(rte_pktmbuf_mtod(frames[i], void *));
	for (uint16_t i = 0; i < n; i++) {
		struct frame_stamp s;

		memcpy(&s, rte_pktmbuf_mtod_offset(frames[i], void *, FRAME_STAMP_AT), sizeof(s));
		if (s.magic != FRAME_MAGIC)
			continue;
		bool lost = s.number != port->expected;

		port->expected = s.number + 1;
		if (s.tsc < start)
			continue;
		latency_add(latency, now > s.tsc ? now - s.tsc : 0);
		if (lost)
			result->last_loss = s.tsc - start;
	}
}

static uint16_t frames_allowed(const struct run_port *port, uint64_t cycles)
{
	uint64_t all;

	if (port->rx_pace == 0)
		return RUN_BURST;
	if (port->rx_pace < 0)
		return 0;
	all = (uint64_t)(port->rx_pace * (double)cycles);
	return all > port->read ? (uint16_t)RTE_MIN(all - port->read, RUN_BURST) : 0;
}

static void count_ours(const struct traffic *traffic, struct rte_mbuf *const *frames, uint16_t n,
		       uint64_t *count)
{
	for (uint16_t i = 0; i < n; i++) {
		mac_t dst = mac_load(rte_pktmbuf_mtod(frames[i], void *));

		*count += addresses_number(traffic->addresses, dst) < traffic->n_stations;
	}
}

static void receive(struct run *run, uint16_t id, const struct run_order *order, uint64_t start,
		    struct run_result *result)
{
	struct run_port *port = &run->ports[id];
	struct rte_mbuf *frames[RUN_BURST];

	for (uint16_t queue = 0; queue < run->n_queues; queue++) {
		uint16_t n = frames_allowed(port, result->cycles);

		n = n ? rte_eth_rx_burst(id, queue, frames, n) : 0;
		if (!n)
			continue;
		port->open = true;
		check(run->traffic, id, frames[0], result);
		if (order->latency)
			read_stamps(port, frames, n, start, order->latency, result);
		port->read += n;
		if (order->ours)
			count_ours(run->traffic, frames, n, &result->port_rx[id]);
		else
			result->port_rx[id] += n;
		result->rx += n;
		if (order->receive)
			order->receive(order->argument, id, frames, n);
		rte_pktmbuf_free_bulk(frames, n);
	}
}

static void begin(struct run *run, const struct run_order *order, uint32_t senders)
{
	const double hz = (double)rte_get_tsc_hz();

	for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
		struct run_port *port = &run->ports[id];

		port->offered = port->missed = port->read = 0;
		port->tx_pace = order->rate / hz / __builtin_popcount(senders);
		port->rx_pace = order->read[id] / hz;
	}
}

static bool all_are_sent(const struct run *run, const struct run_order *order, uint32_t senders)
{
	if (!order->frames)
		return false;
	for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
		if (senders >> id & 1 && run->ports[id].offered < order->frames)
			return false;
	}
	return true;
}

static void note_gap(struct run_result *result, uint64_t cycles, uint64_t gap)
{
	uint64_t round = cycles - result->cycles;

	if (round > gap)
		result->lost_cycles += round;
	if (round > result->longest_gap)
		result->longest_gap = round;
	result->cycles = cycles;
}

struct run_result run_phase(struct run *run, const struct run_order *order)
{
	const uint32_t ports = (uint32_t)((UINT64_C(1) << run->traffic->n_ports) - 1);
	const uint32_t senders = order->senders ? order->senders & ports : run->traffic->senders;
	const double hz = (double)rte_get_tsc_hz();
	const uint64_t duration = (uint64_t)(order->seconds * hz);
	const uint64_t gap = (uint64_t)(hz * GAP_US / 1e6);
	const uint64_t start = rte_rdtsc();
	struct run_result result = {};

	begin(run, order, senders);
	while (result.cycles < duration && !all_are_sent(run, order, senders)) {
		if (order->send)
			order->send(order->argument);
		for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
			receive(run, id, order, start, &result);
			if (senders >> id & 1)
				transmit(run, id, order, result.cycles, &result);
		}
		note_gap(&result, rte_rdtsc() - start, gap);
	}
	return result;
}

bool run_is_open(const struct run *run)
{
	for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
		if (!run->ports[id].open)
			return false;
	}
	return true;
}

uint64_t run_sent_to(const struct run *run, uint16_t id, uint64_t from, uint16_t port)
{
	const struct traffic *traffic = run->traffic;
	const struct conversation *c = &traffic->ports[id];
	uint64_t all = 0, part = 0;
	uint64_t n = run->ports[id].sent - from;

	for (uint32_t i = 0; i < c->n; i++) {
		uint32_t at = (from + i) % c->n;
		bool is_it = !traffic_is_misdelivered(traffic, mac_load(c->heads[at].octets), port);

		all += is_it;
		part += is_it && i < n % c->n;
	}
	return n / c->n * all + part;
}

uint64_t run_sent(const struct run *run, uint16_t id)
{
	return run->ports[id].sent;
}

struct run_result run_drain(struct run *run, bool ours)
{
	const struct run_order everything = {.ours = ours};
	const uint64_t quiet = rte_get_tsc_hz() / 100;
	struct run_result result = {};
	uint64_t last = rte_rdtsc();

	begin(run, &everything, 1);
	while (rte_rdtsc() - last < quiet) {
		uint64_t before = result.rx;

		for (uint16_t id = 0; id < run->traffic->n_ports; id++)
			receive(run, id, &everything, 0, &result);
		if (result.rx != before)
			last = rte_rdtsc();
	}
	return result;
}
