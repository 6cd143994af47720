// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_capture
//
// What a capture costs the port that is captured, and nobody else: TSC cycles per frame of the
// whole path, without devices, as bench_path measures it; a line of JSON for each filter. "told" is
// what part of the frames the filter takes. The time that a worker may spend is not limited here,
// and there is always room.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>
#include <rte_cycles.h>

#include "dataplane/path/capture.h"
#include "dataplane/path/pipeline.h"
#include "tests/bench/path_world.h"

enum { STATIONS = 1000, BURST = 32, ROUNDS = 200, SLOTS = 2048 };

static struct captures captures;
static struct ring ours, theirs;

static const struct {
	const char *name;
	const char *filter; // NULL: there is no capture; "": all frames
	uint16_t flags;
} rows[] = {
	{"no capture", NULL, 0},
	{"only the dead", "", CAPTURE_DEAD},
	{"arp", "arp", 0},
	{"tcp port 179", "tcp port 179", 0},
	{"host and port", "tcp port 179 and (host 192.0.2.1 or host 2001:db8:2::1)", 0},
	{"all frames", "", 0},
	{"all UDP", "udp", 0},
};

static void compile(struct capture *c, const char *text)
{
	pcap_t *ethernet = pcap_open_dead(DLT_EN10MB, UINT16_MAX);
	struct bpf_program program;

	if (pcap_compile(ethernet, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
		fprintf(stderr, "%s: %s\n", text, pcap_geterr(ethernet));
		exit(1);
	}
	c->wish.n_insns = (uint16_t)program.bf_len;
	memcpy(c->insns, program.bf_insns, program.bf_len * sizeof(*c->insns));
	pcap_freecode(&program);
	pcap_close(ethernet);
}

static void begin(size_t row)
{
	struct capture *c = &captures.of[0];

	world.worker->captures = rows[row].filter ? &captures : NULL;
	memset(&captures, 0, sizeof(captures));
	if (!rows[row].filter)
		return;
	if (!rows[row].flags)
		memset(captures.whole, 0xff, sizeof(captures.whole));
	c->number = 1;
	c->wish = (struct capture_begin){.port = PATH_FROM,
					 .flags = rows[row].flags,
					 .snap = CAPTURE_OCTETS};
	if (rows[row].filter[0])
		compile(c, rows[row].filter);
}

// As a worker does it (worker.c), and the reader at once.
static uint64_t take_burst(uint32_t first)
{
	struct batch *b = path_take_burst(PATH_RULES, first, BURST);
	static struct capture_record record;
	uint64_t start = rte_rdtsc_precise();

	if (world.worker->captures)
		capture_run(world.worker, b);
	else
		pipeline_run(world.worker, b);
	tx_flush(world.worker, 1);
	uint64_t cycles = rte_rdtsc_precise() - start;
	while (capture_pop(&theirs, &record))
		;
	return cycles;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void measure(size_t row)
{
	static uint64_t samples[ROUNDS * PATH_WINDOW / BURST];
	size_t n = 0;

	begin(row);
	world.worker->capturing->counts[0] = (struct reply_capture){0};
	for (uint32_t round = 0; round < ROUNDS; round++) {
		path_write_window(round);
		for (uint32_t i = 0; i < PATH_WINDOW; i += BURST)
			samples[n++] = take_burst(i);
	}
	qsort(samples, n, sizeof(*samples), by_value);
	printf("{\"capture\": \"%s\", \"instructions\": %u, \"told\": %.2f, \"whole\": %.1f}\n",
	       rows[row].name, captures.of[0].wish.n_insns,
	       (double)world.worker->capturing->counts[0].taken / (double)(n * BURST),
	       (double)samples[n / 10] / BURST);
}

int main(void)
{
	size_t size = (capture_ring_size(SLOTS) + 63) / 64 * 64;
	void *memory = aligned_alloc(64, size);

	path_world_init();
	fdb_select(FDB_ISAS);
	path_place_stations(STATIONS);
	world.worker->capturing = calloc(1, sizeof(*world.worker->capturing));
	if (!memory || !world.worker->capturing)
		return 1;
	memset(memory, 0, size);
	ring_init(&ours, memory, SLOTS);
	ring_init(&theirs, memory, SLOTS);
	world.worker->capturing->ring = &ours;
	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		measure(row);
	free(world.worker->capturing);
	free(memory);
	path_world_fini();
	return 0;
}
