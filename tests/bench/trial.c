// SPDX-License-Identifier: BSD-3-Clause
// Trials, and the search for a rate.
#include <stdlib.h>

#include <rte_cycles.h>

#include "tests/bench/tests.h"

enum {
	ATTEMPTS = 5,  // of a rate, void trials included
	FAILURES = 2,  // of a rate
	RING_US = 100, // who is away for longer may find rings that ran over
	LEARN_RATE = 500000,
};

void test_learn_stations(struct test *t)
{
	run_phase(t->run, &(struct run_order){.seconds = 0.1 + 2.0 * t->o->stations / LEARN_RATE,
					      .senders = UINT32_MAX,
					      .rate = LEARN_RATE});
	run_drain(t->run, false);
}

static struct trial judge(const struct run_result *r, uint64_t drained, uint16_t copies)
{
	double hz = (double)rte_get_tsc_hz();
	double seconds = (double)r->cycles / hz;

	return (struct trial){
		.offered = (double)(r->tx + r->refused) / seconds,
		.forwarded = (double)r->rx / copies / seconds,
		.sent = r->tx + r->refused,
		.lost = (int64_t)((r->tx + r->refused) * copies - r->rx - drained),
		.stolen = (double)r->lost_cycles / (double)r->cycles,
		.is_void = (double)r->longest_gap > hz * RING_US / 1e6,
	};
}

struct trial test_try(struct test *t, double rate, double seconds, uint64_t frames, uint16_t copies)
{
	struct run_order order = {.seconds = seconds, .frames = frames, .rate = rate, .wire = true};
	struct run_result result = run_phase(t->run, &order);
	struct run_result rest = run_drain(t->run, false);

	return judge(&result, rest.rx, copies);
}

// A rate that failed is tried once more: the machine may have taken the switch's worker away, which
// cannot be seen from here, and one trial decides about half of all rates.
static bool passes(struct test *t, double rate, double loss, uint16_t copies)
{
	int failed = 0;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		struct trial trial = test_try(t, rate, t->o->seconds, 0, copies);

		if ((double)trial.lost <= loss * (double)trial.sent * copies &&
		    trial.offered > 0.98 * rate)
			return true;
		if (!trial.is_void && ++failed == FAILURES)
			return false;
	}
	return false;
}

double test_throughput(struct test *t, double loss, double most, uint16_t copies)
{
	double low = 0, high = most;

	while (high - low > t->o->resolution * most) {
		double middle = (low + high) / 2;

		if (passes(t, middle, loss, copies))
			low = middle;
		else
			high = middle;
	}
	return low;
}

void test_latency(struct test *t, const char *name, double rate)
{
	struct latency *latency = calloc(1, sizeof(*latency));
	struct run_order order = {.seconds = t->o->seconds,
				  .rate = rate,
				  .wire = true,
				  .latency = latency};

	if (!latency || rate <= 0) {
		report_nothing(name);
		free(latency);
		return;
	}
	run_phase(t->run, &order);
	run_drain(t->run, false);
	report_latency(name, latency);
	free(latency);
}
