// SPDX-License-Identifier: BSD-3-Clause
#include <rte_cycles.h>

#include "tests/bench/tests.h"

// "lost" is exact: all frames sent since the warm-up began minus all that came back.
void test_load(struct test *t)
{
	struct run_order order = {.seconds = t->o->warmup, .rate = (double)t->o->rate};
	struct run_result warmup, m, rest;
	double seconds;

	test_learn_stations(t);
	warmup = run_phase(t->run, &order);
	order.seconds = t->o->seconds;
	m = run_phase(t->run, &order);
	rest = run_drain(t->run, false);
	seconds = (double)m.cycles / (double)rte_get_tsc_hz();
	report_number("seconds", seconds);
	report_count("tx", (int64_t)m.tx);
	report_count("rx", (int64_t)m.rx);
	report_number("mpps", (double)m.rx / seconds / 1e6);
	report_number("cycles", (double)m.cycles / (double)m.rx);
	report_count("lost", (int64_t)(warmup.tx + m.tx - warmup.rx - m.rx - rest.rx));
	report_count("checked", (int64_t)m.checked);
	report_count("misdelivered", (int64_t)m.misdelivered);
	report_number("blocked", (double)m.tx_blocked / (double)m.tx_bursts);
	report_number("stolen", (double)m.lost_cycles / (double)m.cycles);
	report_counts("port_tx", m.port_tx, t->o->n_ports);
	report_counts("port_rx", m.port_rx, t->o->n_ports);
}
