// SPDX-License-Identifier: BSD-3-Clause
#include <rte_cycles.h>

#include "tests/bench/tests.h"

enum { UNCONGESTED = 2, CONGESTED = 3 }; // ports: see PATTERN_CONGESTION

// A link's speed: a quarter of what the switch forwards, unless it was given. Then the senders ask
// for half of what the switch can do, and only the ports are too slow.
static double link_speed(struct test *t)
{
	if (t->o->link > 0)
		return t->o->link;
	return test_try(t, 0, t->o->seconds, 0, 1).forwarded / 4;
}

// Part of the frames for a port that did not come out there.
static double lost_part(uint64_t sent, uint64_t received)
{
	return sent > received ? (double)(sent - received) / (double)sent : 0;
}

// Both senders at the speed of a link: half of port 0's frames are for the uncongested port, and
// all others, 150 % of a link, for the congested one, which reads "congested" times that speed.
static void overload(struct test *t, const char *name, double link, double congested)
{
	struct run_order order = {.seconds = t->o->seconds, .rate = 2 * link, .wire = true};
	uint64_t before[2] = {run_sent(t->run, 0), run_sent(t->run, 1)};
	uint64_t sent[2] = {};
	struct run_result r, rest;

	order.read[UNCONGESTED] = 2 * link; // more than can come
	order.read[CONGESTED] = congested > 0 ? congested * link : RUN_READ_NOTHING;
	r = run_phase(t->run, &order);
	rest = run_drain(t->run, false);
	for (uint16_t from = 0; from < 2; from++) {
		sent[0] += run_sent_to(t->run, from, before[from], UNCONGESTED);
		sent[1] += run_sent_to(t->run, from, before[from], CONGESTED);
	}
	report_begin(name);
	report_number("uncongested_lost",
		      lost_part(sent[0], r.port_rx[UNCONGESTED] + rest.port_rx[UNCONGESTED]));
	report_number("congested_lost",
		      lost_part(sent[1], r.port_rx[CONGESTED] + rest.port_rx[CONGESTED]));
	report_number("congested_rate", (double)r.port_rx[CONGESTED] * (double)rte_get_tsc_hz() /
						(double)r.cycles / 1e6);
	report_number("refused", (double)r.refused / (double)(r.tx + r.refused));
	report_number("stolen", (double)r.lost_cycles / (double)r.cycles);
	report_end();
}

void test_congestion(struct test *t)
{
	double link;

	test_learn_stations(t);
	link = link_speed(t);
	report_number("seconds", t->o->seconds);
	report_number("link", link / 1e6);
	overload(t, "free", link, 2);
	overload(t, "congested", link, 1);
	overload(t, "stopped", link, 0);
}

// Port 0 sends 10 % more than the link behind port 1 takes. A switch that slows the sender down
// refuses them ("refused"); one that loses the excess has lost it by the end.
void test_pressure(struct test *t)
{
	struct run_order order = {.seconds = t->o->seconds, .senders = 1, .wire = true};
	struct run_result r, rest;
	double hz = (double)rte_get_tsc_hz(), link;

	test_learn_stations(t);
	link = link_speed(t);
	order.rate = 1.1 * link;
	order.read[1] = link;
	r = run_phase(t->run, &order);
	rest = run_drain(t->run, false);
	report_number("seconds", t->o->seconds);
	report_number("link", link / 1e6);
	report_number("offered", (double)(r.tx + r.refused) * hz / (double)r.cycles / 1e6);
	report_number("forwarded", (double)r.port_rx[1] * hz / (double)r.cycles / 1e6);
	report_number("refused", (double)r.refused / (double)(r.tx + r.refused));
	report_number("lost", lost_part(r.tx, r.port_rx[1] + rest.port_rx[1]));
	report_number("stolen", (double)r.lost_cycles / (double)r.cycles);
}
