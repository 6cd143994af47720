// SPDX-License-Identifier: BSD-3-Clause
// How long a sleeping thread takes to wake up on this machine, whatever it sleeps for: what no
// switch that sleeps can be faster than.
//
//     ixfab-wakeup CPU CPU SECONDS
//
// A thread on the first CPU writes to an eventfd every 4 ms, which a thread on the second CPU waits
// for in poll(). Percentiles of the time in between, in microseconds, as JSON.
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/samples.h"

enum { GAP_NS = 4000000 };

static int event;
static _Atomic uint64_t woke_ns; // 0: not yet

static void pin(unsigned long cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("ixfab-wakeup");
		exit(EXIT_FAILURE);
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void *sleeper(void *cpu)
{
	struct pollfd fd = {.fd = event, .events = POLLIN};
	uint64_t n;

	pin((uintptr_t)cpu);
	for (;;) {
		poll(&fd, 1, -1);
		atomic_store(&woke_ns, now_ns());
		if (read(event, &n, sizeof(n)) < 0)
			return NULL;
	}
}

static void spin_until(uint64_t ns)
{
	while (now_ns() < ns)
		;
}

static double wake_once(void)
{
	const uint64_t one = 1;
	uint64_t start, woke;

	spin_until(now_ns() + GAP_NS);
	atomic_store(&woke_ns, 0);
	start = now_ns();
	if (write(event, &one, sizeof(one)) < 0)
		return 0;
	while (!(woke = atomic_load(&woke_ns)))
		;
	return (double)(woke - start) / 1000;
}

static double percentile(const struct samples *us, double part)
{
	return us->values[(size_t)(part * (double)(us->n - 1))];
}

int main(int argc, char **argv)
{
	struct samples us = {0};
	pthread_t thread;
	uint64_t end;

	if (argc != 4) {
		fputs("usage: ixfab-wakeup CPU CPU SECONDS\n", stderr);
		return 2;
	}
	event = eventfd(0, 0);
	pin(strtoul(argv[1], NULL, 0));
	if (event < 0 || pthread_create(&thread, NULL, sleeper, (void *)strtoul(argv[2], NULL, 0)))
		return EXIT_FAILURE;
	end = now_ns() + (uint64_t)(strtod(argv[3], NULL) * 1e9);
	do
		samples_add(&us, wake_once());
	while (now_ns() < end);
	qsort(us.values, us.n, sizeof(*us.values), samples_compare);
	printf("{\"frames\": %zu, \"p50\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}\n",
	       us.n, percentile(&us, 0.5), percentile(&us, 0.99), percentile(&us, 0.999),
	       percentile(&us, 1));
	return EXIT_SUCCESS;
}
