// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_path [STATIONS,…]
//
// What the path of a frame costs, without devices: TSC cycles per frame of each stage, of their sum
// with the transmit stage, and of the whole as a worker calls it; a line of JSON for each number of
// stations, size of a burst, and rules off and on, which take turns. Frames of 60 octets go from
// random known stations of one port to random known stations of another; the device at the end
// takes them and does nothing. Each figure is one that a tenth of many bursts stay below, so that
// other work on the machine disturbs it little; what a stage costs below the step of the clock (it
// may be 20 cycles and more) shows in the whole alone.
//
// "cold" is after something else has used all caches: as a worker finds them whose fabric was quiet
// for long. Then it is the median of few bursts. "flood" is a broadcast to many ports, per frame,
// freeing it included. "ports" is the whole for bursts that come by each of so many ports in turn,
// all rules on, from and to 4096 stations in all: of pairs of ports, and of a mesh, where the
// frames of a burst go to as many ports as there are. It is a median, too.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "tests/bench/path_world.h"

enum {
	ROUNDS = 64, // windows for one figure
	SAMPLES = PATH_WINDOW * ROUNDS,
	COLD_SAMPLES = 32,
	FLOOD_SAMPLES = 512,
	PORT_SAMPLES = 8192,
	PORT_STATIONS = 4096,
	CACHES = 64 << 20, // octets: more than all caches of a core's share hold
	LINE = 64,
};

struct stage {
	const char *name;
	void (*run)(struct worker *w, struct batch *b);
};

static void transmit(struct worker *w, struct batch *b)
{
	(void)b;
	tx_flush(w, 1);
}

// All that pipeline_run() calls for a port that is not watched, in its order; then the device.
static const struct stage stages[] = {
	{"parse", parse},   {"ingress", ingress}, {"probe", probe}, {"admit", admission},
	{"learn", learn},   {"guard", guard},	  {"alive", alive}, {"lookup", lookup},
	{"answer", answer}, {"cull", cull},	  {"storm", storm}, {"flood", flood},
	{"egress", egress}, {"drop", drop},	  {"tx", transmit},
};
enum { STAGES = sizeof(stages) / sizeof(*stages) };

// Cycles of one burst each.
static struct samples {
	uint32_t stages[STAGES][SAMPLES], whole[SAMPLES];
	uint32_t n;
} samples[PATH_KINDS];

static uint32_t clock_cost; // of looking at the clock twice

static void time_stages(struct batch *b, struct samples *s)
{
	batch_start(b);
	for (int stage = 0; stage < STAGES; stage++) {
		uint64_t start = rte_rdtsc_precise();

		stages[stage].run(world.worker, b);
		s->stages[stage][s->n] = (uint32_t)(rte_rdtsc_precise() - start);
	}
}

static uint32_t time_whole(struct batch *b)
{
	uint64_t start = rte_rdtsc_precise();

	pipeline_run(world.worker, b);
	tx_flush(world.worker, 1);
	return (uint32_t)(rte_rdtsc_precise() - start);
}

static int by_value(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t quantile(uint32_t *values, uint32_t n, double part)
{
	qsort(values, n, sizeof(*values), by_value);
	return values[(uint32_t)(part * n)];
}

static uint32_t measure_clock(void)
{
	uint32_t *values = samples[0].whole;

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t start = rte_rdtsc_precise();

		values[i] = (uint32_t)(rte_rdtsc_precise() - start);
	}
	return quantile(values, SAMPLES, 0.1);
}

// Cycles per frame.
static double figure(uint32_t *values, uint32_t n_values, uint16_t burst, double part)
{
	uint32_t cycles = quantile(values, n_values, part);

	return cycles > clock_cost ? (double)(cycles - clock_cost) / burst : 0;
}

static void measure_warm(uint16_t burst)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (enum path_rules rules = 0; rules < PATH_KINDS; rules++) {
			struct samples *s = &samples[rules];

			s->n = round * (PATH_WINDOW / burst);
			path_write_window(2 * round);
			for (uint32_t i = 0; i < PATH_WINDOW; i += burst, s->n++)
				time_stages(path_take_burst(rules, i, burst), s);
			s->n = round * (PATH_WINDOW / burst);
			path_write_window(2 * round + 1);
			for (uint32_t i = 0; i < PATH_WINDOW; i += burst, s->n++)
				s->whole[s->n] = time_whole(path_take_burst(rules, i, burst));
		}
	}
}

static void use_caches(void)
{
	static uint8_t *memory;

	if (!memory)
		memory = calloc(1, CACHES);
	for (uint32_t i = 0; memory && i < CACHES; i += LINE)
		*(volatile uint8_t *)&memory[i] += 1;
}

static void measure_cold(uint16_t burst)
{
	path_write_window(0);
	for (uint32_t i = 0; i < COLD_SAMPLES; i++) {
		for (enum path_rules rules = 0; rules < PATH_KINDS; rules++) {
			struct samples *s = &samples[rules];
			uint32_t first = i * burst % PATH_WINDOW;
			struct batch *b = path_take_burst(rules, first, burst);

			s->n = i;
			use_caches();
			time_stages(b, s);
			b = path_take_burst(rules, first, burst);
			use_caches();
			s->whole[i] = time_whole(b);
			s->n++;
		}
	}
}

static void print_row(enum path_rules rules, uint32_t n_stations, uint16_t burst, bool cold)
{
	struct samples *s = &samples[rules];
	double part = cold ? 0.5 : 0.1, sum = 0;

	printf("{\"stations\": %" PRIu32 ", \"burst\": %u, \"rules\": \"%s\", \"caches\": \"%s\", "
	       "\"stages\": {",
	       n_stations, burst, path_rules_names[rules], cold ? "cold" : "warm");
	for (int stage = 0; stage < STAGES; stage++) {
		double cycles = figure(s->stages[stage], s->n, burst, part);

		sum += cycles;
		printf("%s\"%s\": %.1f", stage ? ", " : "", stages[stage].name, cycles);
	}
	printf("}, \"sum\": %.1f, \"whole\": %.1f}\n", sum, figure(s->whole, s->n, burst, part));
}

static void measure_stations(uint32_t n_stations)
{
	static const uint16_t bursts[] = {1, 8, 32, 64};

	path_place_stations(n_stations);
	for (size_t k = 0; k < sizeof(bursts) / sizeof(*bursts); k++) {
		for (int cold = 0; cold < 2; cold++) {
			(cold ? measure_cold : measure_warm)(bursts[k]);
			for (enum path_rules rules = 0; rules < PATH_KINDS; rules++)
				print_row(rules, n_stations, bursts[k], cold);
		}
	}
}

static void measure_flood(uint16_t n_ports, uint16_t burst)
{
	uint32_t *values = samples[0].whole;

	path_flood_to(n_ports);
	for (uint32_t i = 0; i < FLOOD_SAMPLES; i++)
		values[i] = time_whole(path_take_broadcasts(burst));
	printf("{\"flood\": %u, \"burst\": %u, \"whole\": %.1f}\n", n_ports, burst,
	       figure(values, FLOOD_SAMPLES, burst, 0.1));
}

static void measure_floods(void)
{
	static const uint16_t ports[] = {8, 64, 512};

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		measure_flood(ports[i], 1);
		measure_flood(ports[i], 32);
	}
}

static void measure_ports(bool mesh)
{
	static const uint16_t ports[] = {8, 64, 512};
	static const uint16_t burst = 64;
	uint32_t *values = samples[0].whole;

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		path_place_ports(ports[i], PORT_STATIONS);
		for (uint32_t k = 0; k < PORT_SAMPLES; k++)
			values[k] = time_whole(path_take_next_burst(mesh, burst));
		printf("{\"ports\": %u, \"pattern\": \"%s\", \"burst\": %u, \"whole\": %.1f}\n",
		       ports[i], mesh ? "mesh" : "pair", burst,
		       figure(values, PORT_SAMPLES, burst, 0.5));
	}
}

int main(int argc, char **argv)
{
	char numbers[256];

	snprintf(numbers, sizeof(numbers), "%s", argc > 1 ? argv[1] : "2,1000,100000,1000000");
	clock_cost = measure_clock();
	path_world_init();
	printf("{\"search\": \"%s\"}\n", fdb_isa_name(fdb_select(FDB_ISAS)));
	for (char *number = strtok(numbers, ","); number; number = strtok(NULL, ",")) {
		uint32_t n = (uint32_t)strtoul(number, NULL, 10);

		if (n < 2 || n > PATH_STATIONS_MAX) {
			fprintf(stderr, "usage: bench_path [STATIONS,…], 2 to %d each\n",
				PATH_STATIONS_MAX);
			return 2;
		}
		measure_stations(n);
	}
	measure_ports(false);
	measure_ports(true);
	measure_floods();
	path_world_fini();
	return 0;
}
