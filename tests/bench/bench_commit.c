// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_commit [PORTS [MACS [ROUNDS]]]
//
// What the manager does for a commit, in process and without devices: take the messages of a policy
// with so many ports (1000), registered addresses (4000) and two IP addresses for each port into a
// draft, check it, and build the policy beside the old one. Milliseconds, medians of ROUNDS (20)
// commits after the first; and what it takes to register all addresses in an empty table.
//
// Waiting until all workers have passed between two bursts is not in it.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "dataplane/path/pipeline.h"
#include "tests/bench/samples.h"
#include "tests/frames/harness.h"

enum { LAN = 0, RULES = 1 };

static uint32_t n_ports, n_macs;

static mac_t station(uint32_t i)
{
	return MAC(0x02, 0, i >> 24, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
}

static void add_addresses(uint16_t port)
{
	uint8_t ip4[] = {198, 18, (uint8_t)(port >> 8), (uint8_t)port};
	uint8_t ip6[16] = {0x20, 1, 0x0d, 0xb8, [14] = ip4[2], [15] = ip4[3]};

	world_address(port, LAN, 4, ip4);
	world_address(port, LAN, 6, ip6);
}

static void add_all(void)
{
	world_begin();
	world_lan(LAN, LAN_DROP_HIJACK | LAN_GUARD, 1500, 0);
	world_rules(RULES, 0);
	world_prefix(LAN,
		     &(struct policy_prefix_conf){.family = 4, .length = 16, .address = {198, 18}});
	world_prefix(LAN, &(struct policy_prefix_conf){.family = 6,
						       .length = 64,
						       .address = {0x20, 1, 0x0d, 0xb8}});
	for (uint16_t port = 0; port < n_ports; port++) {
		world_port(port, PORT_ADMIN_UP | PORT_DROP_RUNTS, 1500, 0);
		world_member_with(&(struct policy_member_conf){
			.port = port, .lan = LAN, .rules = RULES, .security = SECURITY_REGISTERED});
		add_addresses(port);
	}
	for (uint32_t i = 0; i < n_macs; i++)
		world_mac((uint16_t)(i % n_ports), LAN, station(i), MAC_REGISTERED);
}

static double ms_since(uint64_t start)
{
	return (double)(rte_rdtsc() - start) / (double)rte_get_tsc_hz() * 1000;
}

static double register_all(void)
{
	uint64_t start = rte_rdtsc();

	for (uint32_t i = 0; i < n_macs; i++)
		if (fdb_add_static(world.fdbs[LAN], station(i), (uint16_t)(i % n_ports),
				   MAC_REGISTERED))
			exit(1);
	return ms_since(start);
}

int main(int argc, char **argv)
{
	uint32_t rounds = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 20;
	struct samples adding = {0}, building = {0};
	double registering;

	n_ports = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000;
	n_macs = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 4000;
	if (n_ports < 1 || n_ports >= PORT_FABRIC || rounds < 1) {
		fprintf(stderr, "usage: bench_commit [PORTS [MACS [ROUNDS]]], ports 1 to %d\n",
			PORT_FABRIC - 1);
		return 2;
	}
	world.fdb_size = 16384;
	world_init(0, 64, 64);
	add_all();
	world_commit();
	registering = register_all();
	for (uint32_t round = 0; round < rounds; round++) {
		uint64_t start = rte_rdtsc();

		add_all();
		samples_add(&adding, ms_since(start));
		start = rte_rdtsc();
		world_commit();
		samples_add(&building, ms_since(start));
	}
	printf("{\"ports\": %" PRIu32 ", \"macs\": %" PRIu32 ", \"draft_ms\": %.2f, "
	       "\"build_ms\": %.2f, \"register_ms\": %.2f}\n",
	       n_ports, n_macs, samples_median(&adding), samples_median(&building), registering);
	world_fini();
	return 0;
}
