// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_errno.h>

#include "tests/bench/ports.h"
#include "tests/bench/questions.h"
#include "tests/bench/tests.h"

enum { SWEEPER = 2, MEMBER = 3, MEMBER_RATE = 1000, POOL = 8191, POOL_CACHE = 64 };

static void report_questions(const struct questions *q)
{
	uint64_t asked[RUN_PORTS], answered[RUN_PORTS];

	for (uint16_t port = 0; port < q->n_ports; port++) {
		asked[port] = q->askers[port].asked;
		answered[port] = q->askers[port].answered;
	}
	report_counts("asked", asked, q->n_ports);
	report_counts("answered", answered, q->n_ports);
}

// Ports 0 and 1 talk as fast as they are let. Port 2 asks much and for anybody, port 3 as a member
// would.
void test_questions(struct test *t)
{
	struct rte_mempool *pool =
		rte_pktmbuf_pool_create("questions", POOL, POOL_CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE,
					SOCKET_ID_ANY);
	struct questions questions;
	struct run_order order = {.seconds = t->o->warmup,
				  .senders = 3,
				  .send = questions_send,
				  .receive = questions_receive,
				  .argument = &questions};

	if (!pool || t->o->n_ports <= MEMBER)
		die("questions need four ports and memory", rte_errno);
	test_learn_stations(t);
	questions_init(&questions, t->traffic, pool, SWEEPER);
	questions_rate(&questions, SWEEPER, t->o->questions);
	questions_rate(&questions, MEMBER, MEMBER_RATE);
	run_phase(t->run, &order);
	order.seconds = t->o->seconds;
	struct run_result m = run_phase(t->run, &order);
	double seconds = (double)m.cycles / (double)rte_get_tsc_hz();

	// What is on its way still wants an answer, while port 0 sends next to nothing.
	order.send = NULL;
	order.senders = 1;
	order.seconds = 0.1;
	order.rate = 1;
	run_phase(t->run, &order);
	report_number("seconds", seconds);
	report_number("known", (double)(m.port_rx[0] + m.port_rx[1]) / seconds / 1e6);
	report_number("blocked", (double)m.tx_blocked / (double)m.tx_bursts);
	report_number("stolen", (double)m.lost_cycles / (double)m.cycles);
	report_questions(&questions);
	questions_fini(&questions);
}
