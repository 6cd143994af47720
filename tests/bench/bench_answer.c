// SPDX-License-Identifier: BSD-3-Clause
// usage: bench_answer
//
// What questions cost, without devices: TSC cycles per question from the first stage to the
// transmit buffer and out of it, and how many a worker settles in a second. All come by one port
// and ask for random ones of 4094 IPv4 or 100 000 IPv6 addresses, of a port that is up ("proxy",
// "unicast"), or all of which are in the sponge's care. Each figure is one that a tenth
// of many bursts stay below. The octets of a question were written a thousand questions before it
// is looked at, so they are in the second-level cache.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_ip.h>
#include <rte_mbuf.h>

#include "dataplane/path/pipeline.h"
#include "tests/frames/harness.h"

enum { ASKER, OWNER, PORTS };
enum { WINDOW = 1024, ROUNDS = 64, IPV4 = 4094, IPV6 = 100000, RULES = 1, LAN = 0, NS_LENGTH = 86 };

static struct rte_mbuf *frames[WINDOW];

static uint16_t sink(void *queue, struct rte_mbuf **mbufs, uint16_t n)
{
	(void)queue;
	(void)mbufs;
	return n;
}

static void write_address(uint8_t family, uint32_t n, uint8_t *octets)
{
	if (family == 4) {
		n += 1 + (198U << 24 | 18U << 16); // RFC 2544
		memcpy(octets, (uint8_t[]){n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255}, 4);
	} else {
		memcpy(octets, (uint8_t[16]){0x20, 0x01, 0x0d, 0xb8, [8] = 1}, 16);
		memcpy(octets + 12, (uint8_t[]){n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255}, 4);
	}
}

static void add_addresses(uint8_t family, uint32_t n)
{
	struct message m;

	for (uint32_t i = 0; i < n; i++) {
		message_init(&m, COMMAND_POLICY_ADDRESS, 0);
		m.address =
			(struct policy_address_conf){.port = OWNER, .lan = LAN, .family = family};
		write_address(family, i, m.address.address);
		draft_add(&world.draft, &m);
	}
}

static void sponge_addresses(uint8_t family, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct host_set set = {.lan = LAN,
				       .port = OWNER,
				       .family = family,
				       .verdict = HOST_SPONGED};

		write_address(family, i, set.address);
		world_host(&set);
	}
}

static void make_policy(uint16_t flags)
{
	world_begin();
	world_lan(LAN, LAN_DROP_HIJACK | flags, 1500, 0);
	world_rules(RULES, 0);
	for (uint16_t port = 0; port < PORTS; port++) {
		world_port(port, PORT_ADMIN_UP | PORT_DROP_RUNTS | PORT_FLOOD_MULTICAST, 1500, 0);
		world_member_with(
			&(struct policy_member_conf){.port = port, .lan = LAN, .rules = RULES});
	}
	world_mac(OWNER, LAN, MAC(2, 0, 0, 0, 0, 2), MAC_REGISTERED);
	add_addresses(4, IPV4);
	add_addresses(6, IPV6);
	if (flags & LAN_SPONGE)
		world_sponge(LAN, MAC(2, 0, 0, 0, 0, 9), IPV4 + IPV6);
	world_commit();
	if (flags & LAN_SPONGE) {
		sponge_addresses(4, IPV4);
		sponge_addresses(6, IPV6);
	}
}

static void write_arp(uint8_t *octets)
{
	static const uint8_t request[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,   0,  0, 0, 0,
					  1,	8,    6,    0,	  1,	8,    0,   6,  4, 0, 1,
					  2,	0,    0,    0,	  0,	1,    198, 19, 0, 1};

	memset(octets, 0, FRAME_MIN);
	memcpy(octets, request, sizeof(request));
	write_address(4, (uint32_t)rand() % IPV4, octets + 38);
}

static void write_ns(uint8_t *octets)
{
	static const uint8_t start[] = {0x33, 0x33, 0xff, 0,	0, 1, 2, 0, 0,	0,  0,
					1,    0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255};
	static const uint8_t group[16] = {0xff, 0x02, [11] = 1, [12] = 0xff, [15] = 1};
	static const uint8_t option[] = {1, 1, 2, 0, 0, 0, 0, 1};

	memset(octets, 0, NS_LENGTH);
	memcpy(octets, start, sizeof(start));
	write_address(6, IPV6, octets + 22);
	memcpy(octets + 38, group, sizeof(group));
	octets[54] = 135;
	write_address(6, (uint32_t)rand() % IPV6, octets + 62);
	memcpy(octets + 78, option, sizeof(option));
	uint16_t sum =
		rte_ipv6_udptcp_cksum((const struct rte_ipv6_hdr *)(octets + 14), octets + 54);
	memcpy(octets + 56, &sum, sizeof(sum));
}

static void write_window(uint8_t family)
{
	for (int i = 0; i < WINDOW; i++) {
		uint8_t *octets = rte_pktmbuf_mtod(frames[i], uint8_t *);

		frames[i]->data_len = family == 4 ? FRAME_MIN : NS_LENGTH;
		frames[i]->pkt_len = frames[i]->data_len;
		if (family == 4)
			write_arp(octets);
		else
			write_ns(octets);
	}
}

static int by_value(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t time_burst(uint32_t first, uint16_t n)
{
	struct batch *b = &world.worker->batch;

	b->port = ASKER;
	b->n = n;
	memcpy(b->frames, &frames[first], n * sizeof(*frames));
	uint64_t start = rte_rdtsc_precise();
	pipeline_run(world.worker, b);
	tx_flush(world.worker, 1);
	return (uint32_t)(rte_rdtsc_precise() - start);
}

static void measure(const char *name, uint8_t family, uint16_t burst)
{
	static uint32_t samples[WINDOW * ROUNDS];
	const struct port_counters *c = world.worker->counters;
	uint32_t n = 0;

	world_clear();
	for (int round = 0; round < ROUNDS; round++) {
		write_window(family);
		for (uint32_t i = 0; i < WINDOW; i += burst)
			samples[n++] = time_burst(i, burst);
	}
	qsort(samples, n, sizeof(*samples), by_value);
	double cycles = (double)samples[n / 10] / burst;
	uint64_t sent = c[ASKER].tx_frames + c[OWNER].tx_frames;
	printf("%-8s IPv%u %5u %8.1f %8.2f%s\n", name, family, burst, cycles,
	       (double)rte_get_tsc_hz() / cycles / 1e6,
	       sent == (uint64_t)WINDOW * ROUNDS ? "" : "  not all of them left");
}

int main(void)
{
	static const uint16_t bursts[] = {1, 8, 32, 64};
	static const struct {
		const char *name;
		uint16_t flags;
	} modes[] = {{"proxy", LAN_PROXY},
		     {"unicast", LAN_UNICAST},
		     {"sponge", LAN_PROXY | LAN_SPONGE}};

	world_init(PORTS, 64, 2 * WINDOW);
	for (int i = 0; i < WINDOW; i++)
		frames[i] = world_frame(NS_LENGTH);
	for (uint16_t p = 0; p < PORTS; p++)
		rte_eth_fp_ops[world.devices[p].ethdev].tx_pkt_burst = sink;
	printf("mode     of   burst   cycles  million/s\n");
	for (size_t m = 0; m < sizeof(modes) / sizeof(*modes); m++) {
		make_policy(modes[m].flags);
		for (size_t k = 0; k < sizeof(bursts) / sizeof(*bursts); k++) {
			measure(modes[m].name, 4, bursts[k]);
			measure(modes[m].name, 6, bursts[k]);
		}
	}
	rte_pktmbuf_free_bulk(frames, WINDOW);
	world_fini();
	return 0;
}
