// SPDX-License-Identifier: BSD-3-Clause
// Known traffic writes nothing that workers share. What all of them read (the policy, the tables,
// the fabric) is compared octet by octet before and after; and where no sanitizer has a heap of its
// own, it is write-protected meanwhile, with all else that is on the heap: one store ends the test.
//
// What a worker may write is its own: its struct worker, its counters, and the frames.
#include <criterion/criterion.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <rte_mbuf.h>

#include "dataplane/tables/fdb_table.h"
#include "tests/frames/harness.h"

enum { STATIONS = 200, LAN = 0, RULES = 1, ROUNDS = 50, SHARED_MAX = 8, SECOND = 1000000000 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CAN_PROTECT = false };
#else
enum { CAN_PROTECT = true };
#endif

static struct shared {
	const void *memory;
	size_t octets;
	void *copy;
} shared[SHARED_MAX];
static uint32_t n_shared;

// ---- The fabric

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, 0x5e, 0, i >> 8, i & 0xff);
}

static void add_host(uint8_t last)
{
	world_host(&(struct host_set){.address = {192, 0, 2, last},
				      .family = 4,
				      .lan = LAN,
				      .verdict = HOST_LIVE,
				      .port = 1,
				      .mac = station(1)});
}

static void add_rules(void)
{
	world_rules(RULES, 0);
	world_prefix(LAN, &(struct policy_prefix_conf){.family = 4,
						       .length = 24,
						       .address = {192, 0, 2}});
	world_sponge(LAN, MAC(0x02, 0, 0x5e, 1, 0, 0), 64);
}

static void open_world(bool rules)
{
	uint16_t flags = rules ? LAN_DROP_HIJACK | LAN_GUARD | LAN_SPONGE : LAN_FLOOD_UNKNOWN;

	world_init(2, 256, 1024);
	world_begin();
	world_lan(LAN, flags, 1500, 0);
	if (rules)
		add_rules();
	for (uint16_t port = 0; port < 2; port++) {
		world_port(port, PORT_ADMIN_UP | (rules ? PORT_DROP_RUNTS : PORT_LEARN), 1500, 0);
		world_member_with(
			&(struct policy_member_conf){.port = port,
						     .lan = LAN,
						     .rules = rules ? RULES : RULES_NONE,
						     .security = rules ? SECURITY_REGISTERED
								       : SECURITY_OPEN});
	}
	world_commit();
	fdb_set_ageing(world.fdbs[LAN], 80);
	fdb_age(world.fdbs[LAN], SECOND);
	for (uint32_t i = 0; i < STATIONS && rules; i++)
		fdb_add_static(world.fdbs[LAN], station(i), i % 2, MAC_REGISTERED);
	for (uint8_t last = 1; last < 32 && rules; last++)
		add_host(last);
}

// ---- Frames

// UDP from 192.0.2.1 to its neighbours, from a station of "port" to one of the other's.
static struct rte_mbuf *make_frame(uint16_t port, uint32_t n)
{
	static const uint8_t header[] = {0x08, 0x00, 0x45, 0, 0,  FRAME_MIN - 14,
					 0,    0,    0x40, 0, 64, 17,
					 0,    0,    192,  0, 2,  1,
					 192,  0,    2,	   0};
	struct rte_mbuf *frame = world_frame(FRAME_MIN);
	uint8_t *octets = rte_pktmbuf_mtod(frame, uint8_t *);

	memset(octets, 0, FRAME_MIN);
	memcpy(octets + 12, header, sizeof(header));
	octets[33] = (uint8_t)(1 + n % 30);
	mac_store(station((2 * n + !port) % STATIONS), octets);
	mac_store(station((6 * n + port) % STATIONS), octets + 6);
	return frame;
}

static uint32_t free_sent(uint16_t port)
{
	struct rte_mbuf *frame;
	uint32_t n = 0;

	for (; (frame = world_sent(port)); n++)
		rte_pktmbuf_free(frame);
	return n;
}

// Bursts of all sizes, both ways. Returns how many frames did not come out.
static uint32_t forward(void)
{
	struct rte_mbuf *burst[BATCH_MAX];
	uint32_t missing = 0;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint16_t port = round % 2;
		uint16_t n = (uint16_t)(1 + round * 13 % BATCH_MAX);

		for (uint16_t i = 0; i < n; i++)
			burst[i] = make_frame(port, round * 7 + i);
		world_receive(port, burst, n);
		missing += n - free_sent(!port);
	}
	return missing;
}

// ---- What is shared

static void share(const void *memory, size_t octets)
{
	struct shared *s = &shared[n_shared++];

	cr_assert_leq(n_shared, SHARED_MAX);
	*s = (struct shared){memory, octets, malloc(octets)};
	cr_assert_not_null(s->copy);
	memcpy(s->copy, memory, octets);
}

static void share_all(void)
{
	const struct fdb *fdb = world.fdbs[LAN];

	share(&world.fabric, sizeof(world.fabric));
	share(&world.quota, sizeof(world.quota));
	share(fdb, sizeof(*fdb));
	share(fdb->words, fdb->octets); // the counts of spilled entries, too
	share(world.policy, sizeof(*world.policy));
	share(world.policy->workers, sizeof(*world.policy->workers));
	if (world.hosts[LAN]) {
		struct neigh_key key = neigh_key4((const uint8_t[]){192, 0, 2, 1});

		share(hosts_find(world.hosts[LAN], key), 31 * sizeof(struct host));
	}
}

// Returns the index of what changed, or -1.
static int find_changed(void)
{
	for (uint32_t i = 0; i < n_shared; i++)
		if (memcmp(shared[i].memory, shared[i].copy, shared[i].octets))
			return (int)i;
	return -1;
}

static int protect(const void *memory, size_t octets, int prot)
{
	uintptr_t begin = (uintptr_t)memory & ~(uintptr_t)4095;
	uintptr_t end = ((uintptr_t)memory + octets + 4095) & ~(uintptr_t)4095;

	return mprotect((void *)begin, end - begin, prot);
}

// What malloc() mapped beside the heap because it is large, the words of the FDB, and the heap. The
// heap is not looked for here: that takes memory.
static int protect_all(const struct shared *heap, int prot)
{
	const struct fdb *fdb = world.fdbs[LAN];

	if (!heap->octets)
		return 0;
	return protect(world.policy, malloc_usable_size(world.policy), prot) |
	       protect(world.policy->workers, malloc_usable_size(world.policy->workers), prot) |
	       protect(fdb->words, fdb->octets, prot) | protect(heap->memory, heap->octets, prot);
}

static struct shared find_heap(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long begin, end;
	struct shared heap = {0};
	char line[256];

	while (CAN_PROTECT && maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[heap]") && sscanf(line, "%lx-%lx", &begin, &end) == 2)
			heap = (struct shared){.memory = (void *)begin, .octets = end - begin};
	if (maps)
		fclose(maps);
	cr_assert(heap.octets || !CAN_PROTECT);
	cr_assert((uintptr_t)world.worker - (uintptr_t)heap.memory >= heap.octets,
		  "the worker's own memory is on the heap");
	return heap;
}

// ---- The tests

static void learn_and_share(bool rules)
{
	mallopt(M_MMAP_THRESHOLD, 64 << 10); // a worker's memory is not on the heap
	open_world(rules);
	forward();
	share_all();
}

static void check_nothing_changes(bool rules)
{
	struct shared heap;
	uint32_t missing;
	int err;

	learn_and_share(rules);
	heap = find_heap();
	err = protect_all(&heap, PROT_READ);
	missing = forward();
	err |= protect_all(&heap, PROT_READ | PROT_WRITE);
	cr_expect_eq(err, 0, "mprotect: %s", strerror(errno));
	cr_expect_eq(missing, 0, "all of it is known");
	cr_expect_eq(find_changed(), -1);
	world_fini();
}

Test(frames, known_traffic_writes_nothing_shared)
{
	check_nothing_changes(false);
}

Test(frames, known_traffic_writes_nothing_shared_with_all_rules)
{
	check_nothing_changes(true);
}

// The tests above would see it.
Test(frames, traffic_of_a_new_epoch_is_written_once)
{
	learn_and_share(false);
	fdb_age(world.fdbs[LAN], 12 * (uint64_t)SECOND);
	forward();
	cr_expect_neq(find_changed(), -1, "entries were refreshed");
	for (uint32_t i = 0; i < n_shared; i++)
		memcpy(shared[i].copy, shared[i].memory, shared[i].octets);
	forward();
	cr_expect_eq(find_changed(), -1, "once");
	world_fini();
}
