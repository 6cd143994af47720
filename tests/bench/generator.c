// SPDX-License-Identifier: BSD-3-Clause
// A traffic generator for the benchmarks: one CPU, N ports, frames as fast as the peer takes them,
// one line of JSON as the answer.
//
// In order: wait until all links are up and frames come through; let each station send (slowly, so
// that a switch learns them all); warm up; measure; stop sending and wait for what is still on its
// way. "lost" is exact: all frames sent since the warm-up began minus all that came back.
//
// A generator that is slower than the switch measures itself. "blocked" tells: it is the share of
// transmit attempts that found the peer's ring full, and must be well above zero. On memif ports,
// be the client with zero-copy=yes: then frames are lent, not copied, in both directions, and the
// copies are left to the switch under test.
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "tests/bench/run.h"
#include "tests/bench/traffic.h"

enum {
	PORTS_MAX = RUN_PORTS,
	NO_STORM = -1,
	POOL_CACHE = 512,
	FRAMES_A_PORT = 4095, // in each pool: a ring of 2048, the cache, and bursts on their way
	LEARN_RATE = 500000,  // frames per second
	SHOW_US = 200000,     // links stay up after the report, to let others look at the switch
	OPEN_RATE = 10000,
	LINK_SECONDS = 5,
	OPEN_SECONDS = 20, // from links up to the first frames
};

struct options {
	const char *cpu;
	const char *memory; // MiB
	const char *devices[PORTS_MAX];
	uint16_t n_ports;
	uint32_t stations;
	enum pattern pattern;
	int storm; // the port that storms
	uint16_t size;
	uint64_t rate;
	double warmup;
	double seconds;
	bool no_huge;
	bool macs; // print them, and send nothing
};

struct report {
	struct run_result warmup;
	struct run_result measured;
	int64_t lost;
};

static const struct option long_options[] = {
	{"cpu", required_argument, NULL, 'c'},	  {"memory", required_argument, NULL, 'm'},
	{"port", required_argument, NULL, 'p'},	  {"stations", required_argument, NULL, 's'},
	{"storm", required_argument, NULL, 'b'},  {"pattern", required_argument, NULL, 'P'},
	{"size", required_argument, NULL, 'S'},	  {"rate", required_argument, NULL, 'r'},
	{"warmup", required_argument, NULL, 'w'}, {"seconds", required_argument, NULL, 't'},
	{"no-huge", no_argument, NULL, 'n'},	  {"macs", no_argument, NULL, 'a'},
	{"help", no_argument, NULL, 'h'},	  {},
};

static void usage(FILE *out)
{
	fputs("usage: ixfab-generator --port DEVICE --port DEVICE [--port DEVICE…]\n"
	      "  --port DEVICE      memif:key=value,… (a DPDK net_memif device), two or more\n"
	      "  --cpu N            CPU to run on (default 0)\n"
	      "  --memory MIB       for DPDK (default 128)\n"
	      "  --no-huge          without hugepages\n"
	      "  --stations N       in all, spread over the ports (default 2)\n"
	      "  --pattern NAME     pair | mesh (default pair)\n"
	      "  --storm PORT       which sends all its frames to everybody (default: none)\n"
	      "  --size OCTETS      of a frame with FCS (default 64)\n"
	      "  --rate FPS         at most so many frames per second (default: no limit)\n"
	      "  --warmup SECONDS   (default 1)\n"
	      "  --seconds SECONDS  measured (default 5)\n"
	      "  --macs             print port and MAC of each station, and send nothing\n",
	      out);
}

static int add_device(struct options *o, const char *text)
{
	if (strncmp(text, "memif:", 6) || o->n_ports == PORTS_MAX)
		return -EINVAL;
	o->devices[o->n_ports++] = text + 6;
	return 0;
}

static int set_pattern(struct options *o, const char *text)
{
	if (!strcmp(text, "pair"))
		o->pattern = PATTERN_PAIR;
	else if (!strcmp(text, "mesh"))
		o->pattern = PATTERN_MESH;
	else
		return -EINVAL;
	return 0;
}

static int set_option(struct options *o, int option)
{
	switch (option) {
	case 'c':
		o->cpu = optarg;
		return 0;
	case 'm':
		o->memory = optarg;
		return 0;
	case 'p':
		return add_device(o, optarg);
	case 's':
		o->stations = strtoul(optarg, NULL, 0);
		return 0;
	case 'P':
		return set_pattern(o, optarg);
	case 'b':
		o->storm = atoi(optarg);
		return 0;
	case 'S':
		o->size = strtoul(optarg, NULL, 0);
		return 0;
	case 'r':
		o->rate = strtoull(optarg, NULL, 0);
		return 0;
	case 'w':
		o->warmup = strtod(optarg, NULL);
		return 0;
	case 't':
		o->seconds = strtod(optarg, NULL);
		return 0;
	case 'n':
		o->no_huge = true;
		return 0;
	case 'a':
		o->macs = true;
		return 0;
	}
	return -EINVAL;
}

static struct options read_options(int argc, char **argv)
{
	struct options o = {.cpu = "0",
			    .memory = "128",
			    .stations = 2,
			    .storm = NO_STORM,
			    .size = 64,
			    .warmup = 1,
			    .seconds = 5};
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'h') {
			usage(stdout);
			exit(EXIT_SUCCESS);
		}
		if (set_option(&o, option)) {
			usage(stderr);
			exit(2);
		}
	}
	if (optind != argc || o.n_ports < 2 || o.storm >= o.n_ports) {
		usage(stderr);
		exit(2);
	}
	return o;
}

static void die(const char *what, int error)
{
	fprintf(stderr, "ixfab-generator: %s: %s\n", what, strerror(error < 0 ? -error : error));
	exit(EXIT_FAILURE);
}

static void start_eal(const struct options *o)
{
	char lcores[32];
	char devices[PORTS_MAX][256];
	const char *argv[16 + PORTS_MAX * 2] = {
		"ixfab-generator", "--in-memory",    "--single-file-segments",
		"--no-pci",	   "--no-telemetry", "--log-level",
		"warning"};
	int argc = 7;

	snprintf(lcores, sizeof(lcores), "0@%s", o->cpu);
	argv[argc++] = "--lcores";
	argv[argc++] = lcores;
	argv[argc++] = "-m";
	argv[argc++] = o->memory;
	if (o->no_huge)
		argv[argc++] = "--no-huge";
	for (uint16_t i = 0; i < o->n_ports; i++) {
		snprintf(devices[i], sizeof(devices[i]), "net_memif%u,%s", i, o->devices[i]);
		argv[argc++] = "--vdev";
		argv[argc++] = devices[i];
	}
	if (rte_eal_init(argc, (char **)argv) < 0)
		die("cannot start DPDK", rte_errno);
}

static struct rte_mempool *create_pool(const char *name, const struct options *o)
{
	uint16_t room = RTE_PKTMBUF_HEADROOM + RTE_MAX(o->size, 2048);
	struct rte_mempool *pool;

	pool = rte_pktmbuf_pool_create(name, o->n_ports * FRAMES_A_PORT, POOL_CACHE, 0, room,
				       SOCKET_ID_ANY);
	if (!pool)
		die("no memory for frames, see --memory", rte_errno);
	return pool;
}

static void start_port(uint16_t port, struct rte_mempool *pool)
{
	static const struct rte_eth_conf conf;
	int error = rte_eth_dev_configure(port, 1, 1, &conf);

	if (!error)
		error = rte_eth_rx_queue_setup(port, 0, 1024, SOCKET_ID_ANY, NULL, pool);
	if (!error)
		error = rte_eth_tx_queue_setup(port, 0, 1024, SOCKET_ID_ANY, NULL);
	if (!error)
		error = rte_eth_dev_start(port);
	if (error)
		die("cannot start a port", error);
}

// A memif client tries to connect once, when it is started. That is too early if the switch has
// made the socket but not yet the port; then whoever started us does so again, because a client
// with zero-copy cannot connect twice (the driver closes the memory that it lends).
static void wait_for_link(uint16_t port)
{
	const uint64_t deadline = rte_rdtsc() + LINK_SECONDS * rte_get_tsc_hz();
	struct rte_eth_link link = {};

	while (!rte_eth_link_get_nowait(port, &link) && !link.link_status) {
		if (rte_rdtsc() > deadline)
			die("link is not up", ETIMEDOUT);
		usleep(1000);
	}
}

// A link that is up is not yet a switch that forwards: it may still have to be told to.
static void wait_until_open(struct run *run)
{
	const uint64_t deadline = rte_rdtsc() + OPEN_SECONDS * rte_get_tsc_hz();

	while (!run_is_open(run)) {
		if (rte_rdtsc() > deadline)
			die("no frame came through to each port", ETIMEDOUT);
		run_phase(run, 0.01, OPEN_RATE);
	}
}

static struct report measure(struct run *run, const struct options *o)
{
	struct report report;

	wait_until_open(run);
	run_phase(run, 0.1 + 2.0 * o->stations / LEARN_RATE, LEARN_RATE);
	run_drain(run);
	report.warmup = run_phase(run, o->warmup, o->rate);
	report.measured = run_phase(run, o->seconds, o->rate);
	report.lost = report.warmup.tx + report.measured.tx - report.warmup.rx -
		      report.measured.rx - run_drain(run);
	return report;
}

static void print_ports(const struct options *o, const char *name, const uint64_t *frames)
{
	printf(", \"%s\": [", name);
	for (uint16_t port = 0; port < o->n_ports; port++)
		printf("%s%lu", port ? ", " : "", frames[port]);
	printf("]");
}

static void print_report(const struct options *o, const struct report *report)
{
	const struct run_result *m = &report->measured;
	double seconds = (double)m->cycles / rte_get_tsc_hz();

	printf("{\"ports\": %u, \"stations\": %u, \"pattern\": \"%s\", \"size\": %u, "
	       "\"seconds\": %.3f, \"tx\": %lu, \"rx\": %lu, \"mpps\": %.4f, \"cycles\": %.1f, "
	       "\"lost\": %ld, \"checked\": %lu, \"misdelivered\": %lu, \"blocked\": %.4f, "
	       "\"stolen\": %.5f",
	       o->n_ports, o->stations, o->pattern == PATTERN_MESH ? "mesh" : "pair", o->size,
	       seconds, m->tx, m->rx, m->rx / seconds / 1e6,
	       m->rx ? (double)m->cycles / m->rx : 0.0, report->lost, m->checked, m->misdelivered,
	       m->tx_bursts ? (double)m->tx_blocked / m->tx_bursts : 0.0,
	       (double)m->lost_cycles / m->cycles);
	print_ports(o, "port_tx", m->port_tx);
	print_ports(o, "port_rx", m->port_rx);
	printf("}\n");
}

// Stations are spread over the ports one by one: see traffic.h.
static int print_macs(const struct options *o)
{
	char text[MAC_TEXT_SIZE];

	for (uint32_t station = 0; station < o->stations; station++)
		printf("%u %s\n", station % o->n_ports,
		       mac_format(traffic_station_mac(station), text));
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options o = read_options(argc, argv);
	struct traffic *traffic = traffic_create(o.n_ports, o.stations, o.pattern, o.size);
	struct rte_mempool *frames;
	struct rte_mempool *received;
	struct report report;
	struct run *run;

	if (o.macs)
		return print_macs(&o);
	if (!traffic)
		die("ports, stations and size do not fit together", errno);
	if (o.storm != NO_STORM)
		traffic_broadcast(traffic, (uint16_t)o.storm);
	start_eal(&o);
	frames = create_pool("frames", &o);
	received = create_pool("received", &o);
	traffic_fill_pool(traffic, frames);
	for (uint16_t port = 0; port < o.n_ports; port++)
		start_port(port, received);
	for (uint16_t port = 0; port < o.n_ports; port++)
		wait_for_link(port);
	run = run_create(traffic, frames);
	if (!run)
		die("no memory", errno);
	report = measure(run, &o);
	print_report(&o, &report);
	fflush(stdout);
	usleep(SHOW_US);
	run_destroy(run);
	traffic_destroy(traffic);
	rte_eal_cleanup();
	return EXIT_SUCCESS;
}
