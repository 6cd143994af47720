// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/traffic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_udp.h>

enum { HEADS_LEAST = 4096 }; // a list is never shorter: few stations still give a random order

#define NUMBER_BITS UINT64_C(0xffffffffff) // of a station's MAC, behind the octet 02
#define FACTOR	    UINT64_C(0x9e3779b97f) // odd, so that multiplying can be undone:
#define INVERSE	    UINT64_C(0x4c19bc067f) // FACTOR * INVERSE = 1 modulo 2^40

// Each step is one to one on 40 bits: the addresses look random, none comes twice, and the station
// is found again without a table.
mac_t traffic_station_mac(uint32_t station)
{
	uint64_t number = (station + UINT64_C(1)) * FACTOR & NUMBER_BITS;

	number ^= number >> 20;
	number = number * FACTOR & NUMBER_BITS;
	return MAC(0x02, 0, 0, 0, 0, 0) | number << 8;
}

uint32_t traffic_station_of(const struct traffic *traffic, mac_t mac)
{
	uint64_t number = (mac >> 8) * INVERSE & NUMBER_BITS;

	number ^= number >> 20;
	number = (number * INVERSE & NUMBER_BITS) - 1;
	if ((mac & 0xff) != 0x02 || number >= traffic->n_stations)
		return UINT32_MAX;
	return number;
}

static uint32_t random_below(uint64_t *state, uint32_t bound)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (*state >> 32) * bound >> 32;
}

static uint32_t stations_on(const struct traffic *traffic, uint16_t port)
{
	return (traffic->n_stations - port + traffic->n_ports - 1) / traffic->n_ports;
}

static uint16_t pick_peer(const struct traffic *traffic, uint16_t port, uint64_t *random)
{
	if (traffic->pattern == PATTERN_PAIR)
		return port ^ 1;
	return (port + 1 + random_below(random, traffic->n_ports - 1)) % traffic->n_ports;
}

static void shuffle(uint32_t *numbers, uint32_t n, uint64_t *random)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = random_below(random, i);
		uint32_t number = numbers[i - 1];

		numbers[i - 1] = numbers[j];
		numbers[j] = number;
	}
}

static void write_head(const struct traffic *traffic, uint16_t port, uint32_t station,
		       struct head *head, uint64_t *random)
{
	uint16_t peer = pick_peer(traffic, port, random);
	uint32_t other = random_below(random, stations_on(traffic, peer));
	uint8_t *octets = head->octets;

	mac_store(traffic_station_mac(other * traffic->n_ports + peer), octets);
	mac_store(traffic_station_mac(station * traffic->n_ports + port), octets + 6);
	octets[12] = RTE_ETHER_TYPE_IPV4 >> 8;
	octets[13] = RTE_ETHER_TYPE_IPV4 & 0xff;
	octets[14] = RTE_IPV4_VHL_DEF;
	octets[15] = 0;
}

static int fill_conversation(struct traffic *traffic, uint16_t port, uint64_t *random)
{
	struct conversation *c = &traffic->ports[port];
	uint32_t *stations;
	uint32_t rounds;

	c->n_stations = stations_on(traffic, port);
	rounds = (HEADS_LEAST + c->n_stations - 1) / c->n_stations;
	c->n = rounds * c->n_stations;
	c->heads = aligned_alloc(64, RTE_ALIGN(c->n * sizeof(*c->heads), 64));
	stations = calloc(c->n_stations, sizeof(*stations));
	if (!c->heads || !stations) {
		free(stations);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < c->n_stations; i++)
		stations[i] = i;
	for (uint32_t round = 0; round < rounds; round++) {
		shuffle(stations, c->n_stations, random);
		for (uint32_t i = 0; i < c->n_stations; i++)
			write_head(traffic, port, stations[i], &c->heads[round * c->n_stations + i],
				   random);
	}
	free(stations);
	return 0;
}

struct traffic *traffic_create(uint16_t n_ports, uint32_t n_stations, enum pattern pattern,
			       uint16_t size)
{
	uint64_t random = UINT64_C(0x2545f4914f6cdd1d);
	struct traffic *traffic;

	if (n_ports < 2 || n_stations < n_ports || (pattern == PATTERN_PAIR && n_ports % 2) ||
	    size < RTE_ETHER_MIN_LEN || size > 9216) {
		errno = EINVAL;
		return NULL;
	}
	traffic = calloc(1, sizeof(*traffic));
	if (!traffic)
		return NULL;
	traffic->n_ports = n_ports;
	traffic->n_stations = n_stations;
	traffic->pattern = pattern;
	traffic->length = size - RTE_ETHER_CRC_LEN;
	traffic->ports = calloc(n_ports, sizeof(*traffic->ports));
	for (uint16_t port = 0; port < n_ports; port++) {
		if (!traffic->ports || fill_conversation(traffic, port, &random)) {
			traffic_destroy(traffic);
			errno = ENOMEM;
			return NULL;
		}
	}
	return traffic;
}

void traffic_broadcast(struct traffic *traffic, uint16_t port)
{
	struct conversation *c = &traffic->ports[port];

	for (uint32_t i = 0; i < c->n; i++)
		mac_store(MAC_BROADCAST, c->heads[i].octets);
}

void traffic_destroy(struct traffic *traffic)
{
	for (uint16_t port = 0; traffic->ports && port < traffic->n_ports; port++)
		free(traffic->ports[port].heads);
	free(traffic->ports);
	free(traffic);
}

static void write_datagram(uint8_t *frame, uint16_t length)
{
	struct rte_ipv4_hdr *ip = (void *)(frame + RTE_ETHER_HDR_LEN);
	struct rte_udp_hdr *udp = (void *)(ip + 1);

	memset(frame, 0, length);
	ip->version_ihl = RTE_IPV4_VHL_DEF;
	ip->total_length = rte_cpu_to_be_16(length - RTE_ETHER_HDR_LEN);
	ip->time_to_live = 64;
	ip->next_proto_id = IPPROTO_UDP;
	ip->src_addr = rte_cpu_to_be_32(RTE_IPV4(192, 0, 2, 1));
	ip->dst_addr = rte_cpu_to_be_32(RTE_IPV4(198, 51, 100, 1));
	ip->hdr_checksum = rte_ipv4_cksum(ip);
	udp->src_port = rte_cpu_to_be_16(49152);
	udp->dst_port = rte_cpu_to_be_16(9); // discard
	udp->dgram_len = rte_cpu_to_be_16(length - RTE_ETHER_HDR_LEN - sizeof(*ip));
	udp->dgram_cksum = rte_ipv4_udptcp_cksum(ip, udp);
}

static void fill_mbuf(struct rte_mempool *pool __rte_unused, void *traffic, void *object,
		      unsigned int index __rte_unused)
{
	uint16_t length = ((const struct traffic *)traffic)->length;
	struct rte_mbuf *mbuf = object;

	rte_pktmbuf_reset(mbuf);
	mbuf->data_len = length;
	mbuf->pkt_len = length;
	write_datagram(rte_pktmbuf_mtod(mbuf, uint8_t *), length);
}

void traffic_fill_pool(const struct traffic *traffic, struct rte_mempool *pool)
{
	rte_mempool_obj_iter(pool, fill_mbuf, (void *)traffic);
}
