// SPDX-License-Identifier: BSD-3-Clause
#include <rte_cycles.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/tests.h"

enum { RATE = 250, STEPS = 100 };

// Nothing for --warmup seconds, which begin when this says so on the standard error output: time to
// look at what the switch costs then.
static void be_silent(struct test *t)
{
	fputs("silence\n", stderr);
	for (int i = 0; i < STEPS; i++)
		usleep((useconds_t)(t->o->warmup / STEPS * 1e6));
}

void test_wake(struct test *t)
{
	struct latency *latency = calloc(1, sizeof(*latency));
	struct run_order order = {.seconds = t->o->seconds,
				  .senders = 1,
				  .rate = t->o->rate ? (double)t->o->rate : RATE,
				  .wire = true,
				  .latency = latency};
	struct run_result m;

	test_learn_stations(t);
	be_silent(t);
	m = run_phase(t->run, &order);
	report_count("frames", (int64_t)m.tx);
	report_count("lost", (int64_t)(m.tx - m.rx - run_drain(t->run, false).rx));
	report_number("stolen", (double)m.lost_cycles / (double)m.cycles);
	report_latency("wake", latency);
	free(latency);
}
