// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/run.h"

#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_vect.h>

enum { GAP_US = 20 }; // a round takes a few microseconds: what is longer was taken from us

struct run_port {
	struct rte_mbuf *frames[RUN_BURST];
	uint16_t first; // of those that wait to be sent
	uint16_t n;
	uint32_t next; // head
	bool open;     // something was received
};

struct run {
	const struct traffic *traffic;
	struct rte_mempool *pool;
	struct run_port *ports;
};

struct run *run_create(const struct traffic *traffic, struct rte_mempool *pool)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		return NULL;
	run->traffic = traffic;
	run->pool = pool;
	run->ports = calloc(traffic->n_ports, sizeof(*run->ports));
	if (!run->ports) {
		free(run);
		errno = ENOMEM;
		return NULL;
	}
	return run;
}

void run_destroy(struct run *run)
{
	free(run->ports);
	free(run);
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
}

static void transmit(struct run *run, uint16_t id, struct run_result *result)
{
	struct run_port *port = &run->ports[id];
	uint16_t sent;

	if (!port->n)
		prepare(run, &run->traffic->ports[id], port);
	sent = rte_eth_tx_burst(id, 0, port->frames + port->first, port->n);
	port->first += sent;
	port->n -= sent;
	result->tx += sent;
	result->port_tx[id] += sent;
	result->tx_bursts++;
	result->tx_blocked += sent == 0;
}

// One frame of each burst is looked at: enough to see flooding, too little to cost.
static void check(const struct traffic *traffic, uint16_t port, const struct rte_mbuf *mbuf,
		  struct run_result *result)
{
	mac_t dst = mac_load(rte_pktmbuf_mtod(mbuf, void *));
	uint32_t station = traffic_station_of(traffic, dst);

	if (dst == MAC_BROADCAST) // of a storm, it may come out anywhere
		return;
	result->checked++;
	result->misdelivered += station == UINT32_MAX || station % traffic->n_ports != port;
}

static void receive(struct run *run, uint16_t id, struct run_result *result)
{
	struct rte_mbuf *frames[RUN_BURST];
	uint16_t n = rte_eth_rx_burst(id, 0, frames, RUN_BURST);

	if (!n)
		return;
	run->ports[id].open = true;
	check(run->traffic, id, frames[0], result);
	rte_pktmbuf_free_bulk(frames, n);
	result->rx += n;
	result->port_rx[id] += n;
}

struct run_result run_phase(struct run *run, double seconds, uint64_t rate)
{
	const double hz = rte_get_tsc_hz();
	const uint64_t duration = seconds * hz;
	const uint64_t gap = hz * GAP_US / 1e6;
	const uint64_t start = rte_rdtsc();
	struct run_result result = {};
	uint64_t last = 0;

	while (result.cycles < duration) {
		for (uint16_t id = 0; id < run->traffic->n_ports; id++) {
			receive(run, id, &result);
			if (!rate || result.tx < result.cycles / hz * rate)
				transmit(run, id, &result);
		}
		result.cycles = rte_rdtsc() - start;
		if (result.cycles - last > gap)
			result.lost_cycles += result.cycles - last;
		last = result.cycles;
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

uint64_t run_drain(struct run *run)
{
	const uint64_t quiet = rte_get_tsc_hz() / 100;
	struct run_result result = {};
	uint64_t last = rte_rdtsc();

	while (rte_rdtsc() - last < quiet) {
		uint64_t before = result.rx;

		for (uint16_t id = 0; id < run->traffic->n_ports; id++)
			receive(run, id, &result);
		if (result.rx != before)
			last = rte_rdtsc();
	}
	return result.rx;
}
