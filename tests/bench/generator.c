// SPDX-License-Identifier: BSD-3-Clause
// A traffic generator for the benchmarks: one CPU, N ports, one line of JSON as the answer.
//
// It waits until all links are up and frames come through, and then does one test: see tests.h. The
// simplest, "load", sends frames as fast as the peer takes them.
//
// A generator that is slower than the switch measures itself. "blocked" tells: it is the share of
// transmit attempts that found the peer's ring full, and must be well above zero. On memif ports,
// be the client with zero-copy=yes: then frames are lent, not copied, in both directions, and the
// copies are left to the switch under test.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "tests/bench/pcap_file.h"
#include "tests/bench/ports.h"
#include "tests/bench/tests.h"

enum {
	SHOW_US = 200000, // links stay up after the report, to let others look at the switch
	OPEN_RATE = 10000,
	OPEN_SECONDS = 20, // from links up to the first frames
};

static const struct kind {
	const char *name;
	void (*run)(struct test *t);
	bool few_stations; // addresses are the test's business
} kinds[] = {
	{"load", test_load},
	{"rfc2544", test_rfc2544},
	{"latency", test_latency_at_rates},
	{"forwarding", test_forwarding},
	{"congestion", test_congestion},
	{"pressure", test_pressure},
	{"caching", test_caching, .few_stations = true},
	{"learning", test_learning, .few_stations = true},
	{"errored", test_errored},
	{"broadcast", test_broadcast},
	{"questions", test_questions},
	{"wake", test_wake},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	die(name, EINVAL);
}

// A link that is up is not yet a switch that forwards: it may still have to be told to.
static void wait_until_open(struct run *run)
{
	const uint64_t deadline = rte_rdtsc() + OPEN_SECONDS * rte_get_tsc_hz();

	while (!run_is_open(run)) {
		if (rte_rdtsc() > deadline)
			die("no frame came through to each port", ETIMEDOUT);
		run_phase(run, &(struct run_order){.seconds = 0.01,
						   .senders = UINT32_MAX,
						   .rate = OPEN_RATE});
	}
}

// Stations are spread over the ports one by one: see traffic.h.
static int print_macs(const struct options *o)
{
	char text[MAC_TEXT_SIZE];

	for (uint32_t station = 0; station < o->stations; station++)
		printf("%u %s\n", station % o->n_ports,
		       mac_format(addresses_mac(o->addresses, station), text));
	return EXIT_SUCCESS;
}

static struct traffic *make_traffic(const struct options *o, bool few_stations)
{
	struct traffic *traffic =
		traffic_create(o->n_ports, few_stations ? o->n_ports : o->stations, o->pattern,
			       o->addresses, o->size);

	if (!traffic)
		die("ports, stations, pattern and size do not fit together", errno);
	if (o->storm != NO_STORM)
		traffic_broadcast(traffic, (uint16_t)o->storm);
	return traffic;
}

int main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);
	const struct kind *kind = find_kind(o.test);
	struct test test = {.o = &o};

	if (o.macs)
		return print_macs(&o);
	test.traffic = make_traffic(&o, kind->few_stations);
	if (o.pcap) {
		int error = pcap_write(test.traffic, o.pcap);

		return error ? (errno = -error, perror(o.pcap), EXIT_FAILURE) : EXIT_SUCCESS;
	}
	test.frames = ports_start(&o, test.traffic);
	test.run = run_create(test.traffic, test.frames, o.n_queues);
	if (!test.run)
		die("no memory", errno);
	wait_until_open(test.run);
	report_open(&o);
	kind->run(&test);
	report_close();
	usleep(SHOW_US);
	run_destroy(test.run);
	traffic_destroy(test.traffic);
	ports_stop();
	return EXIT_SUCCESS;
}
