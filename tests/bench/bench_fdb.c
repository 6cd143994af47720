// SPDX-License-Identifier: BSD-3-Clause
// The forwarding database beside DPDK's rte_hash, in one run.
//
//     bench_fdb [-r REPETITIONS] [-s]       (-s: without transparent huge pages)
//
// Both tables hold the same random addresses, in memory of the same kind. Passes over all addresses
// in random order, in bursts of 64, alternate between the candidates; the figures are medians in
// TSC cycles per address. rte_hash has lock-free readers, CRC-32 in hardware and bulk lookup; both
// of its bulk calls are measured, and the ratio is to the faster one.
#include "tests/bench/bench_fdb.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_malloc.h>

enum { N_PORTS = 64, MIN_LOOKUPS = 1 << 18, HASH_MEMORY = 256 << 20, HUGE_PAGE = 2 << 20 };

uint32_t repetitions = 15;
static int hash_socket;
static volatile uint64_t sink; // keeps results alive

struct tables {
	uint32_t n;
	mac_t *known;  // in the tables
	mac_t *absent; // not in the tables
	struct fdb_quota *quota;
	struct fdb *fdb;
	struct rte_hash *hash;
};

// ---- Candidates: look up one burst, return something of what was found

typedef uint64_t lookup_t(const struct tables *tables, const mac_t *macs);

static uint64_t lookup_fdb(const struct tables *tables, const mac_t *macs)
{
	uint16_t ports[FDB_BURST];

	fdb_lookup_burst(tables->fdb, macs, UINT64_MAX, ports);
	return ports[0];
}

static uint64_t lookup_bulk(const struct tables *tables, const mac_t *macs)
{
	const void *keys[FDB_BURST];
	void *data[FDB_BURST];
	uint64_t hits = 0;

	for (uint32_t i = 0; i < FDB_BURST; i++)
		keys[i] = &macs[i];
	rte_hash_lookup_bulk_data(tables->hash, keys, FDB_BURST, &hits, data);
	return hits & 1 ? (uintptr_t)data[0] : FDB_MISS;
}

static uint64_t lookup_hash_bulk(const struct tables *tables, const mac_t *macs)
{
	hash_sig_t signatures[FDB_BURST];
	const void *keys[FDB_BURST];
	void *data[FDB_BURST];
	uint64_t hits = 0;

	for (uint32_t i = 0; i < FDB_BURST; i++) {
		keys[i] = &macs[i];
		signatures[i] = rte_hash_crc_8byte(macs[i], 0);
	}
	rte_hash_lookup_with_hash_bulk_data(tables->hash, keys, signatures, FDB_BURST, &hits, data);
	return hits & 1 ? (uintptr_t)data[0] : FDB_MISS;
}

// ---- Tables

mac_t *make_macs(uint32_t first, uint32_t n)
{
	mac_t *macs = calloc(n, sizeof(*macs));

	if (!macs)
		die("memory", ENOMEM);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t state = first + i + UINT64_C(0x9e3779b97f4a7c15);
		uint64_t unique = (first + i) * UINT64_C(2654435761) & 0x3fffff;

		macs[i] = (next_random(&state) & 0x1fffffc) | 2 | unique << 26;
	}
	return macs;
}

struct fdb *make_fdb(uint32_t size, struct fdb_quota **quota)
{
	struct fdb *fdb = NULL;

	*quota = calloc(1, sizeof(**quota));
	if (*quota)
		fdb = fdb_create(size, 0, *quota);
	if (!fdb)
		die("fdb_create", errno);
	return fdb;
}

void free_fdb(struct fdb *fdb, struct fdb_quota *quota)
{
	fdb_destroy(fdb);
	free(quota);
}

static uint32_t crc_hash(const void *key, uint32_t length, uint32_t init)
{
	(void)length;
	return rte_hash_crc_8byte(*(const uint64_t *)key, init);
}

// Returns NULL if the addresses do not fit.
static struct rte_hash *fill_hash(const mac_t *macs, uint32_t n, uint32_t entries)
{
	struct rte_hash_parameters parameters = {
		.name = "bench_fdb",
		.entries = entries,
		.key_len = sizeof(mac_t),
		.hash_func = crc_hash,
		.socket_id = hash_socket,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF,
	};
	struct rte_hash *hash = rte_hash_create(&parameters);

	if (!hash)
		die("rte_hash_create", rte_errno);
	for (uint32_t i = 0; i < n; i++) {
		if (!rte_hash_add_key_data(hash, &macs[i], (void *)(uintptr_t)(i % N_PORTS)))
			continue;
		rte_hash_free(hash);
		return NULL;
	}
	return hash;
}

static void fill_fdb(struct fdb *fdb, const mac_t *macs, uint32_t n)
{
	struct fdb_learned result;

	for (uint32_t i = 0; i < n; i++) {
		fdb_learn_burst(fdb, &macs[i], 1, i % N_PORTS, &result);
		if (!result.learned)
			die("fdb_learn_burst", ENOSPC);
	}
}

static void shuffle(mac_t *macs, uint32_t n)
{
	uint64_t random = 7;

	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t j = next_random(&random) % (i + 1);
		mac_t mac = macs[i];

		macs[i] = macs[j];
		macs[j] = mac;
	}
}

static void open_tables(struct tables *tables, uint32_t n)
{
	tables->n = n;
	tables->known = make_macs(0, n);
	tables->absent = make_macs(n, n);
	tables->fdb = make_fdb(n, &tables->quota);
	fill_fdb(tables->fdb, tables->known, n);
	for (uint32_t entries = n;; entries *= 2) {
		tables->hash = fill_hash(tables->known, n, entries);
		if (tables->hash)
			break;
	}
	shuffle(tables->known, n);
	shuffle(tables->absent, n);
}

static void close_tables(struct tables *tables)
{
	free_fdb(tables->fdb, tables->quota);
	rte_hash_free(tables->hash);
	free(tables->known);
	free(tables->absent);
}

// ---- Lookup

struct candidate {
	char name[32];
	lookup_t *lookup;
	enum fdb_isa isa;
	struct samples hits, misses;
	double hit, miss;
};

enum { CANDIDATES = 2 + FDB_ISAS };

static struct candidate candidates[CANDIDATES] = {
	{.name = "rte_hash bulk", .lookup = lookup_bulk},
	{.name = "rte_hash with_hash_bulk", .lookup = lookup_hash_bulk},
};

static void pass(const struct candidate *candidate, const struct tables *tables, const mac_t *macs,
		 struct samples *cycles)
{
	for (uint32_t slice = 0; slice + SLICE <= tables->n; slice += SLICE) {
		uint64_t begin = rte_rdtsc_precise();

		for (uint32_t i = slice; i < slice + SLICE; i += FDB_BURST)
			sink += candidate->lookup(tables, macs + i);
		samples_add(cycles, (double)(rte_rdtsc_precise() - begin) / SLICE);
	}
}

// The first pass after another candidate's warms up.
static void measure(struct candidate *candidate, const struct tables *tables)
{
	uint32_t passes = (MIN_LOOKUPS + tables->n - 1) / tables->n;
	struct samples ignored = {0};

	fdb_select(candidate->isa);
	pass(candidate, tables, tables->known, &ignored);
	for (uint32_t i = 0; i < passes; i++)
		pass(candidate, tables, tables->known, &candidate->hits);
	pass(candidate, tables, tables->absent, &ignored);
	for (uint32_t i = 0; i < passes; i++)
		pass(candidate, tables, tables->absent, &candidate->misses);
	free(ignored.values);
}

static void bench_lookup(uint32_t n, uint32_t n_candidates)
{
	struct candidate *c = candidates;
	struct tables tables;

	open_tables(&tables, n);
	for (uint32_t r = 0; r < repetitions; r++)
		for (uint32_t i = 0; i < n_candidates; i++)
			measure(&c[i], &tables);
	for (uint32_t i = 0; i < n_candidates; i++) {
		c[i].hit = samples_median(&c[i].hits);
		c[i].miss = samples_median(&c[i].misses);
	}
	for (uint32_t i = 0; i < n_candidates; i++)
		printf("%8u  %-26s %8.1f %8.1f %9.2f %8.2f\n", n, c[i].name, c[i].hit, c[i].miss,
		       (c[0].hit < c[1].hit ? c[0].hit : c[1].hit) / c[i].hit,
		       (c[0].miss < c[1].miss ? c[0].miss : c[1].miss) / c[i].miss);
	close_tables(&tables);
}

static void bench_lookups(void)
{
	static const uint32_t sizes[] = {1024, 102400, 1000000};
	uint32_t n = 2;

	for (enum fdb_isa isa = 0; isa < FDB_ISAS; isa++) {
		if (fdb_select(isa) != isa) {
			printf("%s: not on this CPU\n", fdb_isa_name(isa));
			continue;
		}
		snprintf(candidates[n].name, sizeof(candidates[n].name), "fdb %s",
			 fdb_isa_name(isa));
		candidates[n].isa = isa;
		candidates[n++].lookup = lookup_fdb;
	}
	printf("\n%8s  %-26s %8s %8s %9s %8s\n", "entries", "lookup", "hit", "miss", "faster",
	       "faster");
	for (uint32_t s = 0; s < 3; s++)
		bench_lookup(sizes[s], n);
	fdb_select(FDB_ISAS);
}

// ---- Memory

// rte_hash gets a heap of its own, whose pages are as those of the FDB.
static void make_hash_heap(void)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *memory = mmap(NULL, HASH_MEMORY + HUGE_PAGE, prot, flags, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap", errno);
	memory += -(uintptr_t)memory % HUGE_PAGE;
	if (mmap(memory, HASH_MEMORY, prot, flags | MAP_FIXED | MAP_HUGETLB, -1, 0) == MAP_FAILED &&
	    mmap(memory, HASH_MEMORY, prot, flags | MAP_FIXED, -1, 0) == MAP_FAILED)
		die("mmap", errno);
	madvise(memory, HASH_MEMORY, MADV_HUGEPAGE);
	if (rte_malloc_heap_create("bench_fdb") ||
	    rte_malloc_heap_memory_add("bench_fdb", memory, HASH_MEMORY, NULL, 0, HUGE_PAGE))
		die("rte_malloc_heap_create", rte_errno);
	hash_socket = rte_malloc_heap_get_socket("bench_fdb");
}

static void start_eal(bool small_pages)
{
	char lcores[32];
	const char *const arguments[] = {
		"bench_fdb", "--no-huge", "--no-shconf",   "--no-pci", "--no-telemetry",
		"-m",	     "64",	  "--log-level=3", lcores,
	};

	snprintf(lcores, sizeof(lcores), "--lcores=0@%d", sched_getcpu());
	if (small_pages)
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	if (rte_eal_init(9, (char **)(uintptr_t)arguments) < 0)
		die("rte_eal_init", rte_errno);
}

// Memory of this process in huge pages, MiB.
static uint64_t huge_memory(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	uint64_t total = 0, kib;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "AnonHugePages: %lu kB", &kib) == 1 ||
		    sscanf(line, "Private_Hugetlb: %lu kB", &kib) == 1)
			total += kib;
	if (file)
		fclose(file);
	return total >> 10;
}

static void say_memory(uint32_t n, uint64_t hash_heap)
{
	uint64_t before = huge_memory();
	struct fdb_quota *quota;
	struct fdb *fdb = make_fdb(n, &quota);

	printf("in huge pages: %lu MiB of the FDB at %u entries, %lu of %u MiB of rte_hash's "
	       "heap\n",
	       huge_memory() - before, n, hash_heap, HASH_MEMORY >> 20);
	free_fdb(fdb, quota);
}

int main(int argc, char **argv)
{
	bool small_pages = false;
	uint64_t before;

	for (int option; (option = getopt(argc, argv, "r:s")) != -1;) {
		if (option == 'r')
			repetitions = (uint32_t)atoi(optarg);
		else if (option == 's')
			small_pages = true;
		else
			return 2;
	}
	start_eal(small_pages);
	before = huge_memory();
	make_hash_heap();
	printf("TSC %.0f MHz; %u repetitions, bursts of %d; medians in TSC cycles per address\n",
	       (double)rte_get_tsc_hz() / 1e6, repetitions, FDB_BURST);
	say_memory(1000000, huge_memory() - before);
	bench_lookups();
	bench_learning();
	rte_eal_cleanup();
	return 0;
}
