// SPDX-License-Identifier: BSD-3-Clause
// How long a cache line takes from one CPU to another and back, in nanoseconds: the median of many.
//
//     ixfab-crosscore CPU CPU
//     ixfab-crosscore             TSC cycles in a second instead
//
// On a virtual machine this changes by the minute by a factor of ten, as the host moves the CPUs
// closer together or further apart, and every figure of frames between two CPUs with it.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <rte_cycles.h>

enum { ROUNDS = 20000 };

static _Alignas(128) _Atomic uint32_t turn; // odd: the other CPU's

static void pin(unsigned long cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("ixfab-crosscore");
		exit(EXIT_FAILURE);
	}
}

static void await(uint32_t value)
{
	while (atomic_load_explicit(&turn, memory_order_acquire) != value)
		;
}

static void *answer(void *cpu)
{
	pin((uintptr_t)cpu);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		await(2 * round + 1);
		atomic_store_explicit(&turn, 2 * round + 2, memory_order_release);
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

// TSC cycles in a second. The library's function would need an initialised EAL.
static double measure_hz(void)
{
	struct timespec start, now;
	uint64_t tsc = rte_rdtsc();
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
		seconds = now.tv_sec - start.tv_sec + (now.tv_nsec - start.tv_nsec) / 1e9;
	} while (seconds < 0.01);
	return (rte_rdtsc() - tsc) / seconds;
}

int main(int argc, char **argv)
{
	static uint64_t cycles[ROUNDS];
	pthread_t other;

	if (argc == 1) {
		printf("%.0f\n", measure_hz());
		return EXIT_SUCCESS;
	}
	if (argc != 3) {
		fputs("usage: ixfab-crosscore [CPU CPU]\n", stderr);
		return 2;
	}
	pin(strtoul(argv[1], NULL, 0));
	if (pthread_create(&other, NULL, answer, (void *)strtoul(argv[2], NULL, 0)))
		return EXIT_FAILURE;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint64_t start = rte_rdtsc();

		atomic_store_explicit(&turn, 2 * round + 1, memory_order_release);
		await(2 * round + 2);
		cycles[round] = rte_rdtsc() - start;
	}
	pthread_join(other, NULL);
	qsort(cycles, ROUNDS, sizeof(*cycles), compare);
	printf("%.0f\n", cycles[ROUNDS / 2] / measure_hz() * 1e9);
	return EXIT_SUCCESS;
}
