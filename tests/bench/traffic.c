// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/traffic.h"

#include <errno.h>
#include <stdlib.h>

#include <rte_common.h>
#include <rte_ether.h>
#include <rte_ip.h>

enum { HEADS_LEAST = 4096 }; // a list is never shorter: few stations still give a random order

const char *const pattern_names[PATTERNS] = {"pair", "mesh", "one-to-many", "many-to-one",
					     "congestion"};

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
	switch (traffic->pattern) {
	case PATTERN_MESH:
		return (port + 1 + random_below(random, traffic->n_ports - 1)) % traffic->n_ports;
	case PATTERN_ONE_TO_MANY:
	case PATTERN_MANY_TO_ONE:
		return port ? 0 : 1 + random_below(random, traffic->n_ports - 1);
	case PATTERN_CONGESTION:
		return port == 0 ? 2 + random_below(random, 2) : (uint16_t[]){0, 3, 0, 1}[port];
	default:
		return port ^ 1;
	}
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

static void write_head(const struct traffic *traffic, struct head *head, uint32_t from, uint32_t to)
{
	uint8_t *octets = head->octets;

	mac_store(addresses_mac(traffic->addresses, to), octets);
	mac_store(addresses_mac(traffic->addresses, from), octets + 6);
	octets[12] = RTE_ETHER_TYPE_IPV4 >> 8;
	octets[13] = RTE_ETHER_TYPE_IPV4 & 0xff;
	octets[14] = RTE_IPV4_VHL_DEF;
	octets[15] = 0;
}

static void write_random_head(const struct traffic *traffic, uint16_t port, uint32_t station,
			      struct head *head, uint64_t *random)
{
	uint16_t peer = pick_peer(traffic, port, random);
	uint32_t other = random_below(random, stations_on(traffic, peer));

	write_head(traffic, head, station * traffic->n_ports + port,
		   other * traffic->n_ports + peer);
}

static struct head *allocate_heads(uint32_t n)
{
	return aligned_alloc(64, RTE_ALIGN(n * sizeof(struct head), 64));
}

// 0 to n - 1 in random order, or NULL.
static uint32_t *random_order(uint32_t n)
{
	uint32_t *numbers = calloc(n, sizeof(*numbers));

	for (uint32_t i = 0; i < n && numbers; i++)
		numbers[i] = i;
	return numbers;
}

static int fill_conversation(struct traffic *traffic, uint16_t port, uint64_t *random)
{
	struct conversation *c = &traffic->ports[port];
	uint32_t *stations;
	uint32_t rounds;

	c->n_stations = stations_on(traffic, port);
	rounds = (HEADS_LEAST + c->n_stations - 1) / c->n_stations;
	c->n = rounds * c->n_stations;
	c->heads = allocate_heads(c->n);
	stations = random_order(c->n_stations);
	if (!c->heads || !stations) {
		free(stations);
		return -ENOMEM;
	}
	for (uint32_t round = 0; round < rounds; round++) {
		shuffle(stations, c->n_stations, random);
		for (uint32_t i = 0; i < c->n_stations; i++)
			write_random_head(traffic, port, stations[i],
					  &c->heads[round * c->n_stations + i], random);
	}
	free(stations);
	return 0;
}

static bool is_possible(uint16_t n_ports, uint32_t n_stations, enum pattern pattern, uint16_t size)
{
	if (n_ports < 2 || n_stations < n_ports || (pattern == PATTERN_PAIR && n_ports % 2) ||
	    (pattern == PATTERN_CONGESTION && n_ports != 4))
		return false;
	return size == SIZE_IMIX || (size >= RTE_ETHER_MIN_LEN && size <= 9216);
}

static struct traffic *allocate(uint16_t n_ports, uint16_t size)
{
	struct traffic *traffic = calloc(1, sizeof(*traffic));

	if (!traffic)
		return NULL;
	traffic->n_ports = n_ports;
	traffic->n_sizes = frame_sizes(size, traffic->sizes);
	traffic->ports = calloc(n_ports, sizeof(*traffic->ports));
	if (traffic->ports)
		return traffic;
	free(traffic);
	errno = ENOMEM;
	return NULL;
}

static uint32_t senders(uint16_t n_ports, enum pattern pattern)
{
	uint32_t all = (uint32_t)((UINT64_C(1) << n_ports) - 1);

	switch (pattern) {
	case PATTERN_ONE_TO_MANY:
		return 1;
	case PATTERN_MANY_TO_ONE:
		return all & ~UINT32_C(1);
	case PATTERN_CONGESTION:
		return 3;
	default:
		return all;
	}
}

struct traffic *traffic_create(uint16_t n_ports, uint32_t n_stations, enum pattern pattern,
			       enum addresses addresses, uint16_t size)
{
	uint64_t random = UINT64_C(0x2545f4914f6cdd1d);
	struct traffic *traffic;

	if (!is_possible(n_ports, n_stations, pattern, size)) {
		errno = EINVAL;
		return NULL;
	}
	traffic = allocate(n_ports, size);
	if (!traffic)
		return NULL;
	traffic->n_stations = n_stations;
	traffic->pattern = pattern;
	traffic->addresses = addresses;
	traffic->senders = senders(n_ports, pattern);
	for (uint16_t port = 0; port < n_ports; port++) {
		if (fill_conversation(traffic, port, &random)) {
			traffic_destroy(traffic);
			errno = ENOMEM;
			return NULL;
		}
	}
	return traffic;
}

struct traffic *traffic_create_learning(uint32_t first, uint32_t n, enum addresses addresses)
{
	const uint32_t tester = UINT32_MAX; // station of port 0
	uint64_t random = UINT64_C(0x2545f4914f6cdd1d);
	struct traffic *traffic = allocate(3, RTE_ETHER_MIN_LEN);
	uint32_t *order = random_order(n);

	if (!traffic || !order) {
		free(order);
		return NULL;
	}
	traffic->addresses = addresses;
	traffic->n_stations = first + n;
	for (uint16_t port = 0; port < 2; port++) {
		struct conversation *c = &traffic->ports[port];

		*c = (struct conversation){allocate_heads(n), n, n};
		shuffle(order, n, &random);
		for (uint32_t i = 0; i < n && c->heads; i++)
			write_head(traffic, &c->heads[i], port ? first + order[i] : tester,
				   port ? tester : first + order[i]);
	}
	free(order);
	if (traffic->ports[0].heads && traffic->ports[1].heads)
		return traffic;
	traffic_destroy(traffic);
	errno = ENOMEM;
	return NULL;
}

void traffic_broadcast(struct traffic *traffic, uint16_t port)
{
	struct conversation *c = &traffic->ports[port];

	for (uint32_t i = 0; i < c->n; i++)
		mac_store(MAC_BROADCAST, c->heads[i].octets);
}

void traffic_destroy(struct traffic *traffic)
{
	for (uint16_t port = 0; port < traffic->n_ports; port++)
		free(traffic->ports[port].heads);
	free(traffic->ports);
	free(traffic);
}

bool traffic_is_misdelivered(const struct traffic *traffic, mac_t mac, uint16_t port)
{
	uint64_t station = addresses_number(traffic->addresses, mac);

	return station >= traffic->n_stations || station % traffic->n_ports != port;
}
