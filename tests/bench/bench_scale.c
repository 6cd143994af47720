// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_scale [STATIONS [ROUNDS]]
//
// What a second worker adds: the whole path of known unicast frames, in process and without
// devices, on one thread and on two at once, each on a CPU and between two ports of its own, in one
// LAN with one policy and one table. One and two take turns, for a tenth of a second each; figures
// are medians of million frames a second of all threads together.
//
// Two CPUs may be less than two: they may share a core, a cache, or the power of one chip. So the
// same is done with two loops beside it that have nothing in common: one that only computes, and
// one that reads and writes memory of its own, as much as frames take. What they lose, no switch
// can win back.
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "tests/bench/path_world.h"
#include "tests/bench/samples.h"

enum {
	THREADS = 2,
	BURST = 64,
	SLICE_MS = 100,
	LOOP_WORDS = 1 << 15, // a quarter of a MiB
	LOOP_STEPS = 1 << 10, // between two looks at the clock
};

// A thread's work until the clock says "end". Returns how much it did.
typedef uint64_t work_t(uint32_t thread, uint64_t end);

static struct worker *workers[THREADS];
static struct stats stats;
static pthread_barrier_t start, done;
static work_t *volatile work; // NULL: no more
static volatile uint32_t n_working;
static uint64_t results[THREADS];
static uint64_t words[THREADS][LOOP_WORDS];

// ---- Work

static uint64_t forward(uint32_t thread, uint64_t end)
{
	uint64_t frames = 0;

	while (rte_rdtsc() < end)
		for (uint32_t i = 0; i < PATH_WINDOW; i += BURST, frames += BURST) {
			struct batch *b = path_take_pair_burst(workers[thread], thread, i, BURST);

			pipeline_run(workers[thread], b);
			tx_flush(workers[thread], 1);
		}
	return frames;
}

static uint64_t compute(uint32_t thread, uint64_t end)
{
	uint64_t n = 0, state = thread + 1;

	while (rte_rdtsc() < end)
		for (uint32_t i = 0; i < LOOP_STEPS; i++, n++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
		}
	words[thread][0] = state;
	return n;
}

static uint64_t copy(uint32_t thread, uint64_t end)
{
	uint64_t n = 0;

	while (rte_rdtsc() < end)
		for (uint32_t i = 0; i < LOOP_WORDS; i += 8, n++)
			((volatile uint64_t *)words[thread])[i] += n;
	return n;
}

// ---- Threads

static void pin(uint32_t nth)
{
	static cpu_set_t usable;
	cpu_set_t set;

	if (!CPU_COUNT(&usable))
		sched_getaffinity(0, sizeof(usable), &usable);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &usable) || nth-- > 0)
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		sched_setaffinity(0, sizeof(set), &set);
		return;
	}
	fputs("bench_scale: needs two CPUs\n", stderr);
	exit(1);
}

// Returns whether there is more. Nobody changes "work" before both are done.
static bool work_once(uint32_t thread)
{
	bool more;

	pthread_barrier_wait(&start);
	more = work;
	if (more && thread < n_working)
		results[thread] = work(thread, rte_rdtsc() + rte_get_tsc_hz() / 1000 * SLICE_MS);
	pthread_barrier_wait(&done);
	return more;
}

static void *second(void *argument)
{
	(void)argument;
	pin(1);
	while (work_once(1))
		;
	return NULL;
}

// Million a second, of "n" threads.
static double measure(work_t *what, uint32_t n)
{
	work = what;
	n_working = n;
	memset(results, 0, sizeof(results));
	work_once(0);
	return (double)(results[0] + results[1]) / SLICE_MS / 1000;
}

static struct kind {
	const char *name;
	work_t *work;
	struct samples one, two, ratio;
} kinds[] = {{"frames", forward}, {"computing", compute}, {"memory", copy}};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static void measure_round(void)
{
	for (int k = 0; k < KINDS; k++) {
		double one = measure(kinds[k].work, 1);
		double two = measure(kinds[k].work, 2);

		samples_add(&kinds[k].one, one);
		samples_add(&kinds[k].two, two);
		samples_add(&kinds[k].ratio, two / one);
	}
}

// ---- Workers

static void make_worker(uint32_t thread)
{
	struct worker *w = aligned_alloc(64, (sizeof(*w) + 63) / 64 * 64);

	if (!w)
		exit(1);
	*w = *world.worker;
	tx_init(w);
	w->id = 0; // as far as the policy knows: it is of one worker, which both read
	w->counters = stats_port(&stats, thread, 0);
	w->pairs = stats_pairs(&stats, thread, 0);
	w->stats = &stats.workers[thread];
	workers[thread] = w;
}

int main(int argc, char **argv)
{
	uint32_t stations = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000;
	uint32_t rounds = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 30;
	pthread_t thread;
	int fd;

	stations = RTE_MAX(stations, 2 * THREADS); // one for each port
	pin(0);
	path_world_init();
	path_place_pairs(THREADS, stations);
	if (stats_create(&stats, THREADS, &fd) < 0)
		return 1;
	for (uint32_t i = 0; i < THREADS; i++)
		make_worker(i);
	pthread_barrier_init(&start, NULL, THREADS);
	pthread_barrier_init(&done, NULL, THREADS);
	if (pthread_create(&thread, NULL, second, NULL))
		return 1;
	for (uint32_t round = 0; round < rounds; round++)
		measure_round();
	work = NULL;
	work_once(0);
	pthread_join(thread, NULL);
	for (int k = 0; k < KINDS; k++)
		printf("{\"what\": \"%s\", \"stations\": %" PRIu32
		       ", \"one\": %.1f, \"two\": %.1f, "
		       "\"ratio\": %.3f}\n",
		       kinds[k].name, stations, samples_median(&kinds[k].one),
		       samples_median(&kinds[k].two), samples_median(&kinds[k].ratio));
	return 0;
}
