// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "tests/bench/tests.h"

enum { BURST_FIRST = 32, BURST_SECONDS = 2, REPEATS = 5, ATTEMPTS = 5 };

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_of(double (*measure)(struct test *t, double rate), struct test *t, double rate)
{
	double values[REPEATS];

	for (int i = 0; i < REPEATS; i++)
		values[i] = measure(t, rate);
	qsort(values, REPEATS, sizeof(*values), by_value);
	return values[REPEATS / 2];
}

static bool burst_passes(struct test *t, uint64_t frames)
{
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		struct trial trial = test_try(t, 0, 2 * BURST_SECONDS, frames, 1);

		if (trial.lost <= 0)
			return true;
		if (!trial.is_void)
			return false;
	}
	return false;
}

// RFC 2544, 26.4: the longest burst of each port, as fast as the generator can, of which nothing is
// lost; at most what the switch forwards in two seconds.
static double back_to_back(struct test *t, double rate)
{
	uint64_t most = (uint64_t)(rate * BURST_SECONDS) / t->o->n_ports;
	uint64_t low = 0, high = BURST_FIRST;

	while (high <= most && burst_passes(t, high)) {
		low = high;
		high *= 2;
	}
	if (high > most)
		return (double)low;
	while (high - low > 1 + low / 64) {
		uint64_t middle = (low + high) / 2;

		if (burst_passes(t, middle))
			low = middle;
		else
			high = middle;
	}
	return (double)low;
}

// RFC 2544, 26.5: from the end of an overload, at 110 % of the throughput, to the last frame that
// was lost, at 50 %. Microseconds.
static double recovery(struct test *t, double rate)
{
	struct latency *latency = calloc(1, sizeof(*latency));
	struct run_order order = {.seconds = t->o->seconds,
				  .rate = 1.1 * rate,
				  .wire = true,
				  .latency = latency};
	struct run_result result;

	run_phase(t->run, &order);
	order.rate = 0.5 * rate;
	result = run_phase(t->run, &order);
	run_drain(t->run, false);
	free(latency);
	return (double)result.last_loss * 1e6 / (double)rte_get_tsc_hz();
}

// RFC 2544, 26.3: the part of all frames that is lost, from the highest rate downwards in steps of
// 10 %, until nothing is lost twice.
static void frame_loss(struct test *t, double most)
{
	int clean = 0;

	report_begin("frame_loss");
	for (int percent = 100; percent > 0 && clean < 2; percent -= 10) {
		struct trial trial = test_try(t, most * percent / 100, t->o->seconds, 0, 1);
		char name[8];

		snprintf(name, sizeof(name), "%d", percent);
		report_number(name, (double)trial.lost / (double)trial.sent);
		clean = trial.lost > 0 ? 0 : clean + 1;
	}
	report_end();
}

void test_rfc2544(struct test *t)
{
	struct trial most;
	double zero, throughput;

	test_learn_stations(t);
	test_try(t, 0, t->o->warmup, 0, 1);
	most = test_try(t, 0, t->o->seconds, 0, 1);
	throughput = test_throughput(t, 1e-5, 1.1 * most.forwarded, 1);
	zero = test_throughput(t, 0, throughput * (1 + t->o->resolution), 1);
	report_number("seconds", t->o->seconds);
	report_number("stolen", most.stolen);
	report_number("mpps", throughput / 1e6);
	report_number("zero_loss", zero / 1e6);
	report_number("max_load", most.forwarded / 1e6);
	frame_loss(t, 1.1 * most.forwarded);
	test_latency(t, "latency_50", 0.5 * throughput);
	test_latency(t, "latency_90", 0.9 * throughput);
	report_count("back_to_back", (int64_t)median_of(back_to_back, t, most.forwarded));
	if (t->o->pattern == PATTERN_PAIR && throughput > 0)
		report_number("recovery", median_of(recovery, t, throughput));
	else
		report_nothing("recovery");
}

// Rates that have nothing to do with what the switch can do.
void test_latency_at_rates(struct test *t)
{
	static const struct {
		const char *name;
		double rate;
	} loads[] = {{"low", 1e4}, {"middle", 1e5}, {"high", 5e5}};

	test_learn_stations(t);
	test_try(t, loads[0].rate, t->o->warmup, 0, 1);
	for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++)
		test_latency(t, loads[i].name, loads[i].rate);
}
