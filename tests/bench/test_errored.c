// SPDX-License-Identifier: BSD-3-Clause
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "tests/bench/ports.h"
#include "tests/bench/tests.h"

enum { BURSTS = 32, SECONDS = 2 };

// Errors that a frame can have where nobody computes an FCS: those of RFC 2889 that are of the
// wire alone (FCS, alignment, dribble bits) do not exist on memif and vhost-user.
static const struct errored {
	const char *name;
	uint16_t size; // with FCS
	bool group_source;
	bool no_source;
} kinds[] = {
	{"none", 64, false, false},
	{"undersize_63", 63, false, false},
	{"undersize_32", 32, false, false},
	{"oversize_1523", 1523, false, false},
	{"oversize_2000", 2000, false, false},
	{"group_source", 64, true, false},
	{"zero_source", 64, false, true},
};

static void write_errored(const struct errored *kind, const struct traffic *traffic,
			  struct rte_mbuf *mbuf)
{
	uint8_t *octets = rte_pktmbuf_mtod(mbuf, uint8_t *);
	struct frame_size size;

	frame_sizes(RTE_MAX(kind->size, 64), &size);
	frame_write(&size, octets);
	memcpy(octets, &traffic->ports[0].heads[0], sizeof(struct head));
	if (kind->group_source)
		octets[6] |= 1;
	if (kind->no_source)
		memset(octets + 6, 0, 6);
	mbuf->data_len = kind->size - 4;
	mbuf->pkt_len = kind->size - 4;
}

static uint64_t send_burst(const struct errored *kind, struct test *t)
{
	const uint64_t deadline = rte_rdtsc() + SECONDS * rte_get_tsc_hz();
	struct rte_mbuf *mbufs[RUN_BURST];
	uint16_t sent = 0;

	if (rte_mempool_get_bulk(t->frames, (void **)mbufs, RUN_BURST))
		return 0;
	for (int i = 0; i < RUN_BURST; i++)
		write_errored(kind, t->traffic, mbufs[i]);
	while (sent < RUN_BURST && rte_rdtsc() < deadline)
		sent += rte_eth_tx_burst(0, 0, mbufs + sent, RUN_BURST - sent);
	rte_mempool_put_bulk(t->frames, (void **)mbufs + sent, RUN_BURST - sent);
	return sent;
}

void test_errored(struct test *t)
{
	test_learn_stations(t);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		uint64_t sent = 0, received = 0;

		for (int i = 0; i < BURSTS; i++) {
			sent += send_burst(&kinds[k], t);
			received += run_drain(t->run, true).port_rx[1];
		}
		report_begin(kinds[k].name);
		report_count("sent", (int64_t)sent);
		report_count("forwarded", (int64_t)received);
		report_end();
	}
}
