// SPDX-License-Identifier: BSD-3-Clause
// What learning costs, and what a flood of new sources costs others.
#include "tests/bench/bench_fdb.h"

enum { FLOOD = 1 << 20 };

static uint32_t count(uint64_t bits)
{
	return (uint32_t)__builtin_popcountll(bits);
}

// Learn macs[0] to macs[n - 1]. Adds cycles per address, slice by slice. Returns how many were
// refused.
static uint32_t learn_all(struct fdb *fdb, const mac_t *macs, uint32_t n, uint16_t port,
			  struct samples *cycles)
{
	struct fdb_learned result;
	uint32_t refused = 0;

	for (uint32_t slice = 0; slice + SLICE <= n; slice += SLICE) {
		uint64_t begin = rte_rdtsc_precise();

		for (uint32_t i = slice; i < slice + SLICE; i += FDB_BURST) {
			fdb_learn_burst(fdb, macs + i, UINT64_MAX, port, &result);
			refused += count(result.refused);
		}
		samples_add(cycles, (double)(rte_rdtsc_precise() - begin) / SLICE);
	}
	return refused;
}

enum { NEW, KNOWN, REFRESH, MOVE, LEARN_KINDS };

static void learn_once(const mac_t *macs, uint32_t n, struct samples *cycles)
{
	struct fdb_quota *quota;
	struct fdb *fdb = make_fdb(n, &quota);

	fdb_set_ageing(fdb, 8);
	fdb_age(fdb, 1);
	if (learn_all(fdb, macs, n, 1, &cycles[NEW]))
		die("an address was refused before the table was full", 0);
	learn_all(fdb, macs, n, 1, &cycles[KNOWN]);
	fdb_age(fdb, 1000000001);
	learn_all(fdb, macs, n, 1, &cycles[REFRESH]);
	learn_all(fdb, macs, n, 2, &cycles[MOVE]);
	free_fdb(fdb, quota);
}

static void bench_learn(uint32_t n)
{
	static const char *const names[LEARN_KINDS] = {"new", "known", "refresh", "move"};
	struct samples cycles[LEARN_KINDS] = {0};
	mac_t *macs = make_macs(0, n);

	for (uint32_t r = 0; r < repetitions; r++)
		learn_once(macs, n, cycles);
	for (uint32_t kind = 0; kind < LEARN_KINDS; kind++) {
		double median = samples_median(&cycles[kind]);

		printf("%8u  %-26s %8.1f %13.1f\n", n, names[kind], median,
		       (double)rte_get_tsc_hz() / median / 1e6);
		free(cycles[kind].values);
	}
	free(macs);
}

// Learn and look up "n" known stations of port 1. Before each burst comes one from "others", on
// port 2, which is not timed.
static void pass_known(struct fdb *fdb, const mac_t *macs, uint32_t n, const mac_t *others,
		       uint32_t n_others, struct samples *cycles)
{
	struct fdb_learned result;
	uint16_t ports[FDB_BURST];

	for (uint32_t i = 0; i + FDB_BURST <= n; i += FDB_BURST) {
		uint64_t begin;

		fdb_learn_burst(fdb, others + i % n_others, UINT64_MAX, 2, &result);
		begin = rte_rdtsc_precise();
		fdb_learn_burst(fdb, macs + i, UINT64_MAX, 1, &result);
		fdb_lookup_burst(fdb, macs + i, UINT64_MAX, ports);
		samples_add(cycles, (double)(rte_rdtsc_precise() - begin) / FDB_BURST);
	}
}

struct flood {
	struct fdb_quota *quota;
	struct fdb *fdb;
};

// A table for 2 n entries, with "n" known stations on port 1 and "n_others" on port 2.
static struct flood make_flood(const mac_t *macs, uint32_t n, const mac_t *others,
			       uint32_t n_others)
{
	struct samples ignored = {0};
	struct flood flood;

	flood.fdb = make_fdb(2 * n, &flood.quota);
	flood.quota->limit = 2 * n;
	learn_all(flood.fdb, macs, n, 1, &ignored);
	learn_all(flood.fdb, others, n_others, 2, &ignored);
	free(ignored.values);
	return flood;
}

// Port 2 has 1024 stations in the one table, and fills the other, where it goes on to send new
// addresses.
static void bench_flood(uint32_t n)
{
	mac_t *macs = make_macs(0, n), *others = make_macs(n, FLOOD);
	const mac_t *fresh = others + FLOOD / 2;
	struct flood calm = make_flood(macs, n, others, 1024);
	struct flood full = make_flood(macs, n, others, FLOOD / 2);
	struct samples warm_up = {0}, before = {0}, after = {0}, refused = {0};

	for (uint32_t r = 0; r < repetitions; r++)
		for (uint32_t i = 0; i <= FLOOD / 8 / n; i++) {
			pass_known(calm.fdb, macs, n, others, 1024, &warm_up);
			pass_known(calm.fdb, macs, n, others, 1024, &before);
			pass_known(full.fdb, macs, n, fresh, FLOOD / 2, &warm_up);
			pass_known(full.fdb, macs, n, fresh, FLOOD / 2, &after);
			learn_all(full.fdb, fresh, SLICE * 16, 2, &refused);
		}

	double calm_cycles = samples_median(&before), full_cycles = samples_median(&after);

	printf("%8u  %8.1f %8.1f %8.3f %8.1f\n", n, calm_cycles, full_cycles,
	       full_cycles / calm_cycles, samples_median(&refused));
	free(warm_up.values);
	free_fdb(calm.fdb, calm.quota);
	free_fdb(full.fdb, full.quota);
	free(macs);
	free(others);
}

void bench_learning(void)
{
	static const uint32_t sizes[] = {1024, 102400, 1 << 20};

	printf("\n%8s  %-26s %8s %13s\n", "entries", "learning", "cycles", "million/s");
	for (uint32_t s = 0; s < 3; s++)
		bench_learn(sizes[s]);
	puts("");
	puts("known stations, learned and looked up, while others are calm or flood a full table");
	printf("%8s  %8s %8s %8s %8s\n", "stations", "calm", "flooded", "ratio", "refused");
	bench_flood(1024);
	bench_flood(102400);
}
