// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option long_options[] = {
	{"addresses", required_argument, NULL, 'A'},
	{"cpu", required_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{"link", required_argument, NULL, 'l'},
	{"macs", no_argument, NULL, 'a'},
	{"memory", required_argument, NULL, 'm'},
	{"no-huge", no_argument, NULL, 'n'},
	{"pattern", required_argument, NULL, 'P'},
	{"pcap", required_argument, NULL, 'd'},
	{"port", required_argument, NULL, 'p'},
	{"questions", required_argument, NULL, 'Q'},
	{"queues", required_argument, NULL, 'q'},
	{"rate", required_argument, NULL, 'r'},
	{"resolution", required_argument, NULL, 'R'},
	{"seconds", required_argument, NULL, 't'},
	{"size", required_argument, NULL, 'S'},
	{"stations", required_argument, NULL, 's'},
	{"storm", required_argument, NULL, 'b'},
	{"test", required_argument, NULL, 'T'},
	{"warmup", required_argument, NULL, 'w'},
	{},
};

static void usage(FILE *out)
{
	fputs("usage: ixfab-generator --port DEVICE --port DEVICE [--port DEVICE…]\n"
	      "  --port DEVICE      memif:key=value,…, virtio:key=value,… or packet:key=value,… "
	      "(DPDK's\n"
	      "                     net_memif, net_virtio_user and net_af_packet), two or more\n"
	      "  --test NAME        load (default) | rfc2544 | latency | forwarding | congestion "
	      "|\n"
	      "                     pressure | caching | learning | errored | broadcast |\n"
	      "                     questions | wake\n"
	      "  --cpu N            CPU to run on (default 0)\n"
	      "  --memory MIB       for DPDK (default 128)\n"
	      "  --queues N         to receive on, of each port (default 1)\n"
	      "  --no-huge          without hugepages\n"
	      "  --stations N       in all, spread over the ports (default 2)\n"
	      "  --addresses KIND   random (default) | sequential | oui | stride\n"
	      "  --pattern NAME     pair (default) | mesh | one-to-many | many-to-one | "
	      "congestion\n"
	      "  --storm PORT       which sends all its frames to everybody (default: none)\n"
	      "  --size OCTETS      of a frame with FCS (default 64), or imix\n"
	      "  --rate FPS         at most so many frames per second (default: no limit)\n"
	      "  --questions N      a second, by port 2 for anybody: test of questions\n"
	      "  --link FPS         speed of a port, for tests of congestion\n"
	      "  --warmup SECONDS   (default 1)\n"
	      "  --seconds SECONDS  measured, of each trial (default 5)\n"
	      "  --resolution PART  of a search (default 0.01)\n"
	      "  --macs             print port and MAC of each station, and send nothing\n"
	      "  --pcap DIRECTORY   write the frames of port N to portN.pcap, and send nothing\n",
	      out);
}

static int find(const char *const *names, int n, const char *text)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], text) == 0)
			return i;
	}
	return -EINVAL;
}

static int set_pattern(struct options *o, const char *text)
{
	int pattern = find(pattern_names, PATTERNS, text);

	o->pattern = pattern < 0 ? PATTERN_PAIR : (enum pattern)pattern;
	return pattern < 0 ? pattern : 0;
}

static int set_addresses(struct options *o, const char *text)
{
	int kind = find(addresses_names, ADDRESSES_KINDS, text);

	o->addresses = kind < 0 ? ADDRESSES_RANDOM : (enum addresses)kind;
	return kind < 0 ? kind : 0;
}

const char *device_driver(const char *device)
{
	static const char *const drivers[][2] = {
		{"memif:", "net_memif"},
		{"virtio:", "net_virtio_user"},
		{"packet:", "net_af_packet"},
	};

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++) {
		if (strncmp(device, drivers[i][0], strlen(drivers[i][0])) == 0)
			return drivers[i][1];
	}
	return NULL;
}

static int add_device(struct options *o, const char *text)
{
	if (!device_driver(text) || o->n_ports == RUN_PORTS)
		return -EINVAL;
	o->device[o->n_ports++] = text;
	return 0;
}

static int set_number(struct options *o, int option)
{
	double number = strtod(optarg, NULL);

	switch (option) {
	case 'b':
		o->storm = (int)number;
		return 0;
	case 'l':
		o->link = number;
		return 0;
	case 'q':
		o->n_queues = (uint16_t)number;
		return number < 1 || number > RUN_QUEUES ? -EINVAL : 0;
	case 'Q':
		o->questions = number;
		return 0;
	case 'r':
		o->rate = (uint64_t)number;
		return 0;
	case 'R':
		o->resolution = number;
		return number <= 0 ? -EINVAL : 0;
	case 's':
		o->stations = (uint32_t)number;
		return 0;
	case 'S':
		o->size = strcmp(optarg, "imix") ? (uint16_t)number : SIZE_IMIX;
		return 0;
	case 't':
		o->seconds = number;
		return 0;
	case 'w':
		o->warmup = number;
		return 0;
	}
	return -EINVAL;
}

static int set_option(struct options *o, int option)
{
	switch (option) {
	case 'a':
		o->macs = true;
		return 0;
	case 'A':
		return set_addresses(o, optarg);
	case 'c':
		o->cpu = optarg;
		return 0;
	case 'd':
		o->pcap = optarg;
		return 0;
	case 'm':
		o->memory = optarg;
		return 0;
	case 'n':
		o->no_huge = true;
		return 0;
	case 'p':
		return add_device(o, optarg);
	case 'P':
		return set_pattern(o, optarg);
	case 'T':
		o->test = optarg;
		return 0;
	}
	return set_number(o, option);
}

struct options options_read(int argc, char **argv)
{
	struct options o = {.cpu = "0",
			    .memory = "128",
			    .test = "load",
			    .stations = 2,
			    .n_queues = 1,
			    .storm = NO_STORM,
			    .size = 64,
			    .warmup = 1,
			    .seconds = 5,
			    .resolution = 0.01};
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
