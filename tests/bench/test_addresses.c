// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "tests/bench/ports.h"
#include "tests/bench/tests.h"

enum {
	TESTER = 0,
	LEARNER = 1,
	MONITOR = 2,
	FIRST = 1024, // the numbers below are those of the ordinary stations
	OTHERS = 4,   // addresses that are learned besides: of the stations, and the tester's
	SLOWLY = 200000,
	STEPS = 8,
	ATTEMPTS = 5,
	GAP_US = 100,
};

struct outcome {
	uint64_t received;
	uint64_t flooded;
	bool is_void;
};

static uint64_t everything(const struct run_result *a, const struct run_result *b, uint16_t port)
{
	return a->port_rx[port] + b->port_rx[port];
}

// Let "n" addresses send one frame each, at "rate"; then send one to each of them, and see what is
// flooded. rate 0: slowly, and nothing is lost on the way to the switch.
static struct outcome learn(struct test *t, uint32_t first, uint32_t n, double rate)
{
	struct traffic *traffic = traffic_create_learning(first, n, t->o->addresses);
	struct run *run = traffic ? run_create(traffic, t->frames, t->o->n_queues) : NULL;
	struct run_order order = {.frames = n, .ours = true};
	struct run_result learned, asked, rest;

	if (!run)
		die("no memory", errno);
	order.rate = rate > 0 ? rate : SLOWLY;
	order.seconds = 10 + 2 * n / order.rate;
	order.wire = rate > 0;
	order.senders = 1 << LEARNER;
	learned = run_phase(run, &order);
	run_drain(run, true);
	order = (struct run_order){.seconds = 10 + 2.0 * n / SLOWLY,
				   .frames = n,
				   .senders = 1 << TESTER,
				   .rate = SLOWLY,
				   .ours = true};
	asked = run_phase(run, &order);
	rest = run_drain(run, true);
	run_destroy(run);
	traffic_destroy(traffic);
	return (struct outcome){
		.received = everything(&asked, &rest, LEARNER),
		.flooded = everything(&asked, &rest, MONITOR),
		.is_void = (double)learned.longest_gap > (double)rte_get_tsc_hz() * GAP_US / 1e6,
	};
}

// Steps of an eighth of what was asked for, up to 9/8, but at least one address: the addresses of a
// step are among those of the next one. "kept" is how many were known when more than that were
// shown.
void test_caching(struct test *t)
{
	uint32_t capacity = 0, n = 0;
	struct outcome outcome = {};

	for (uint32_t step = 1; step <= STEPS + 1 && !outcome.flooded; step++) {
		n = (uint32_t)((uint64_t)t->o->stations * step / STEPS);
		n = RTE_MAX(n, OTHERS + 1U);
		outcome = learn(t, FIRST, n - OTHERS, 0);
		if (!outcome.flooded && outcome.received == n - OTHERS)
			capacity = n;
	}
	report_count("capacity", capacity);
	report_count("shown", n);
	report_count("kept", n - (int64_t)outcome.flooded);
}

static bool all_are_learned(struct test *t, double rate, uint32_t *first)
{
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		struct outcome outcome = learn(t, *first, t->o->stations, rate);

		*first += t->o->stations;
		if (!outcome.flooded && outcome.received == t->o->stations)
			return true;
		if (!outcome.is_void)
			return false;
	}
	return false;
}

// New addresses in each trial. The highest rate is what the switch forwards at most: known unicast
// from one port.
void test_learning(struct test *t)
{
	double low = 0, high, most;
	uint32_t first = FIRST, trials = 0;

	t->traffic->senders = 1 << LEARNER;
	most = test_try(t, 0, t->o->seconds, 0, 1).forwarded;
	for (high = most; high - low > 4 * t->o->resolution * most; trials++) {
		double rate = trials ? (low + high) / 2 : most;

		if (!all_are_learned(t, rate, &first))
			high = rate;
		else if (trials)
			low = rate;
		else
			low = high;
	}
	report_count("addresses", t->o->stations);
	report_number("rate", low);
	report_number("most", most);
	report_count("shown", first - FIRST);
}
