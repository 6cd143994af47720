// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include "tests/bench/tests.h"

enum { STEPS = 8 };

// The highest rate that came out, whatever was offered and lost (RFC 2285, 3.6.3).
static double maximum_forwarding_rate(struct test *t, double most)
{
	double highest = 0;

	for (int step = 1; step <= STEPS; step++) {
		struct trial trial = test_try(t, most * (0.6 + 0.1 * step), t->o->seconds, 0, 1);

		if (trial.forwarded > highest)
			highest = trial.forwarded;
	}
	return highest;
}

void test_forwarding(struct test *t)
{
	struct trial most;
	double throughput;

	test_learn_stations(t);
	test_try(t, 0, t->o->warmup, 0, 1);
	most = test_try(t, 0, t->o->seconds, 0, 1);
	throughput = test_throughput(t, 1e-5, 1.1 * most.forwarded, 1);
	report_number("seconds", t->o->seconds);
	report_number("stolen", most.stolen);
	report_number("mpps", throughput / 1e6);
	report_number("zero_loss",
		      test_throughput(t, 0, throughput * (1 + t->o->resolution), 1) / 1e6);
	report_number("max_load", most.forwarded / 1e6);
	report_number("max_rate", maximum_forwarding_rate(t, most.forwarded) / 1e6);
	test_latency(t, "latency_50", 0.5 * throughput);
}

void test_broadcast(struct test *t)
{
	const uint16_t copies = t->o->n_ports - 1;
	struct trial most;
	double throughput;

	test_learn_stations(t);
	traffic_broadcast(t->traffic, 0);
	t->traffic->senders = 1;
	most = test_try(t, 0, t->o->seconds, 0, copies);
	throughput = test_throughput(t, 1e-5, 1.1 * most.forwarded, copies);
	report_number("seconds", t->o->seconds);
	report_number("stolen", most.stolen);
	report_number("mpps", throughput / 1e6);
	report_number("max_load", most.forwarded / 1e6);
	report_count("copies", copies);
	test_latency(t, "latency_50", 0.5 * throughput);
}
