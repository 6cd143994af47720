// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_path
//
// What the path of a frame costs, without devices: TSC cycles per frame of each stage, of their sum
// with the transmit stage, and of the whole as a worker calls it; as a plain bridge ("bare"), and
// with all rules of a peering LAN for a frame's form ("rules", addresses are learned), in turns.
// Frames of 60 octets go from random known stations of one port to random known stations of
// another; the device at the end takes them and does nothing. Each figure is one that a tenth of
// many bursts stay below, so that other work on the machine disturbs it little; what a stage costs
// below the step of the clock (it may be 20 cycles and more) shows in the whole alone. The octets
// of a frame were written a thousand frames before it is looked at, so they are in the second-level
// cache.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "tests/frames/harness.h"

enum {
	WINDOW = 1024, // frames in flight
	ROUNDS = 64,   // windows for one figure
	SAMPLES = WINDOW * ROUNDS,
	PAIRS = 1 << 16, // random source and destination
	FROM = 0,
	TO = 1,
	BARE_LAN = 0, // where stations are learned
	RULES_LAN,    // where they are registered
	RULES = 1,
};

struct stage {
	const char *name;
	void (*run)(struct worker *w, struct batch *b);
};

static void transmit(struct worker *w, struct batch *b)
{
	(void)b;
	tx_flush(w);
}

// All that pipeline_run() calls for a port that is not watched, in its order; then the device.
static const struct stage stages[] = {
	{"parse", parse}, {"ingress", ingress}, {"probe", probe},   {"admit", admission},
	{"learn", learn}, {"guard", guard},	{"lookup", lookup}, {"answer", answer},
	{"cull", cull},	  {"storm", storm},	{"flood", flood},   {"egress", egress},
	{"drop", drop},	  {"tx", transmit},
};
enum { STAGES = sizeof(stages) / sizeof(*stages) };

static struct rte_mbuf *frames[WINDOW];
static uint32_t pairs[PAIRS][2];

enum { BARE, WITH_RULES, KINDS };
static struct kind {
	const char *name;
	struct policy *policy;
	uint32_t samples[STAGES][SAMPLES], whole[SAMPLES];
} kinds[KINDS] = {{.name = "bare"}, {.name = "rules"}};

static uint16_t sink(void *queue, struct rte_mbuf **mbufs, uint16_t n)
{
	(void)queue;
	(void)mbufs;
	return n;
}

static mac_t station(uint32_t n)
{
	return MAC(0x02, 0, n >> 24, n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff);
}

// The policy of a plain bridge, or of a peering LAN.
static struct policy *make_policy(bool rules)
{
	world_begin();
	world_lan(BARE_LAN, LAN_FLOOD_UNKNOWN, 1500, 0);
	world_lan(RULES_LAN, LAN_DROP_HIJACK | LAN_GUARD, 1500, 0);
	if (rules) {
		world_rules(RULES, 0);
		world_prefix(RULES_LAN, &(struct policy_prefix_conf){.family = 4,
								     .length = 24,
								     .address = {192, 0, 2}});
		world_prefix(RULES_LAN,
			     &(struct policy_prefix_conf){.family = 6,
							  .length = 64,
							  .address = {0x20, 1, 13, 184}});
	}
	for (uint16_t port = FROM; port <= TO; port++) {
		world_port(port, PORT_ADMIN_UP | (rules ? PORT_DROP_RUNTS : PORT_LEARN), 1500, 0);
		world_member_with(
			&(struct policy_member_conf){.port = port,
						     .lan = rules ? RULES_LAN : BARE_LAN,
						     .rules = rules ? RULES : RULES_NONE,
						     .security = rules ? SECURITY_REGISTERED
								       : SECURITY_OPEN});
	}
	world_commit();

	struct policy *policy = world.policy;
	world.policy = NULL;
	return policy;
}

// UDP from 192.0.2.1 to anybody.
static void write_payload(uint8_t *octets)
{
	static const uint8_t header[] = {0x08, 0x00, 0x45, 0, 0,  FRAME_MIN - 14,
					 0,    0,    0x40, 0, 64, 17,
					 0,    0,    192,  0, 2,  1};

	memset(octets, 0, FRAME_MIN);
	memcpy(octets + 12, header, sizeof(header));
	for (int i = 30; i < 34; i++)
		octets[i] = (uint8_t)(1 + rand() % 254);
}

static void make_world(void)
{
	world.fdb_size = 1 << 18;
	world_init(2, 64, 2 * WINDOW);
	for (int k = 0; k < KINDS; k++)
		kinds[k].policy = make_policy(k == WITH_RULES);
	rte_eth_fp_ops[world.devices[TO].ethdev].tx_pkt_burst = sink;
	for (int i = 0; i < WINDOW; i++) {
		frames[i] = world_frame(FRAME_MIN);
		write_payload(rte_pktmbuf_mtod(frames[i], uint8_t *));
	}
}

// Half of the stations live behind each port.
static void place_stations(uint32_t n)
{
	struct fdb_learned learned;

	fdb_flush(world.fdbs[BARE_LAN], FDB_ANY, 0);
	for (uint32_t i = 0; i < n; i++) {
		uint16_t port = i % 2 ? TO : FROM;

		fdb_learn_burst(world.fdbs[BARE_LAN], (mac_t[]){station(i)}, 1, port, &learned);
		fdb_add_static(world.fdbs[RULES_LAN], station(i), port, MAC_REGISTERED);
	}
	for (uint32_t i = 0; i < PAIRS; i++) {
		pairs[i][0] = (uint32_t)rand() % n / 2 * 2;
		pairs[i][1] = (uint32_t)rand() % n / 2 * 2 + 1;
	}
}

static void write_window(uint32_t round)
{
	for (uint32_t i = 0; i < WINDOW; i++) {
		const uint32_t *pair = pairs[(round * WINDOW + i) % PAIRS];
		uint8_t *octets = rte_pktmbuf_mtod(frames[i], uint8_t *);

		mac_store(station(pair[1]), octets);
		mac_store(station(pair[0]), octets + 6);
	}
}

static struct batch *take_burst(const struct kind *kind, uint32_t first, uint16_t n)
{
	struct batch *b = &world.worker->batch;

	world.worker->policy = kind->policy;
	b->port = FROM;
	b->n = n;
	memcpy(b->frames, &frames[first], n * sizeof(*frames));
	return b;
}

static void time_stages(struct kind *kind, uint32_t first, uint16_t n, uint32_t sample)
{
	struct batch *b = take_burst(kind, first, n);

	batch_start(b);
	for (int s = 0; s < STAGES; s++) {
		uint64_t start = rte_rdtsc_precise();

		stages[s].run(world.worker, b);
		kind->samples[s][sample] = (uint32_t)(rte_rdtsc_precise() - start);
	}
}

static void time_whole(struct kind *kind, uint32_t first, uint16_t n, uint32_t sample)
{
	struct batch *b = take_burst(kind, first, n);
	uint64_t start = rte_rdtsc_precise();

	pipeline_run(world.worker, b);
	tx_flush(world.worker);
	kind->whole[sample] = (uint32_t)(rte_rdtsc_precise() - start);
}

static int by_value(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t first_tenth(uint32_t *values, uint32_t n)
{
	qsort(values, n, sizeof(*values), by_value);
	return values[n / 10];
}

// What it costs to look at the clock twice.
static uint32_t clock_cost(void)
{
	uint32_t *whole = kinds[0].whole;

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t start = rte_rdtsc_precise();

		whole[i] = (uint32_t)(rte_rdtsc_precise() - start);
	}
	return first_tenth(whole, SAMPLES);
}

// Cycles per frame.
static double figure(uint32_t *values, uint32_t n_values, uint16_t burst, uint32_t clock)
{
	uint32_t cycles = first_tenth(values, n_values);

	return cycles > clock ? (double)(cycles - clock) / burst : 0;
}

static void measure(uint16_t burst)
{
	uint32_t sample = 0;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (int k = 0; k < KINDS; k++) {
			write_window(2 * round);
			for (uint32_t i = 0; i < WINDOW; i += burst)
				time_stages(&kinds[k], i, burst, sample + i / burst);
			write_window(2 * round + 1);
			for (uint32_t i = 0; i < WINDOW; i += burst)
				time_whole(&kinds[k], i, burst, sample + i / burst);
		}
		sample += WINDOW / burst;
	}
}

static void print_row(struct kind *kind, uint32_t n_stations, uint16_t burst, uint32_t clock)
{
	uint32_t n = WINDOW / burst * ROUNDS;
	double sum = 0;

	printf("%8u %5u %5s", n_stations, burst, kind->name);
	for (int s = 0; s < STAGES; s++) {
		double cycles = figure(kind->samples[s], n, burst, clock);

		sum += cycles;
		printf(" %7.1f", cycles);
	}
	printf(" %7.1f %7.1f\n", sum, figure(kind->whole, n, burst, clock));
}

int main(void)
{
	static const uint32_t stations[] = {2, 1000, 10000, 100000};
	static const uint16_t bursts[] = {1, 8, 32, 64};
	uint32_t clock = clock_cost();

	make_world();
	printf("TSC cycles per frame, search: %s\nstations burst rules",
	       fdb_isa_name(fdb_select(FDB_ISAS)));
	for (int s = 0; s < STAGES; s++)
		printf(" %7s", stages[s].name);
	printf("     sum   whole\n");
	for (size_t i = 0; i < sizeof(stations) / sizeof(*stations); i++) {
		place_stations(stations[i]);
		for (size_t k = 0; k < sizeof(bursts) / sizeof(*bursts); k++) {
			measure(bursts[k]);
			for (int kind = 0; kind < KINDS; kind++)
				print_row(&kinds[kind], stations[i], bursts[k], clock);
		}
	}
	rte_pktmbuf_free_bulk(frames, WINDOW);
	for (int k = 0; k < KINDS; k++)
		policy_free(kinds[k].policy);
	world_fini();
	return 0;
}
