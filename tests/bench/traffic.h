// SPDX-License-Identifier: BSD-3-Clause
// What the generator sends: stations, who talks to whom, and the frames.
//
// All frames are alike from the 17th octet on: a valid IPv4 header and a UDP datagram with its
// checksum between documentation addresses. They are written once, when the pool of mbufs is made,
// and stay there, since a driver that copies or lends frames leaves them as they are. Only the
// first 16 octets tell one conversation from another (both MACs, the ethertype, and the first two
// octets of IPv4, which never change), so that a frame is made by one vector load and one store.
//
// Station i of n ports lives on port i % n. Each port has a list of such 16-octet heads in random
// order, in which each of its stations is the source equally often; the destination is a random
// station of the port's partner (pair: 0 and 1, 2 and 3, …) or of any other port (mesh).
#pragma once

#include <stdint.h>

#include <rte_mempool.h>

#include "lib/mac.h"

enum pattern { PATTERN_PAIR, PATTERN_MESH };

struct head { // the first 16 octets of a frame
	uint8_t octets[16];
} __attribute__((aligned(16)));

struct conversation { // of one port
	struct head *heads;
	uint32_t n;
	uint32_t n_stations; // the first n_stations heads have each station as source once
};

struct traffic {
	uint16_t n_ports;
	uint32_t n_stations;
	enum pattern pattern;
	uint16_t length; // octets of a frame without FCS
	struct conversation *ports;
};

// Make the lists for n_stations spread over n_ports. "size" is the frame with its FCS, 64 to 9216
// octets. There must be at least one station a port, and an even number of ports for pairs. The
// same arguments give the same lists. Returns NULL with errno.
struct traffic *traffic_create(uint16_t n_ports, uint32_t n_stations, enum pattern pattern,
			       uint16_t size);
void traffic_destroy(struct traffic *traffic);

// Send all frames of "port" to everybody instead: a storm.
void traffic_broadcast(struct traffic *traffic, uint16_t port);

// Write the frame that all conversations share into each mbuf of "pool", and its length.
void traffic_fill_pool(const struct traffic *traffic, struct rte_mempool *pool);

mac_t traffic_station_mac(uint32_t station);

// The station whose MAC it is, or UINT32_MAX if it is not one of ours.
uint32_t traffic_station_of(const struct traffic *traffic, mac_t mac);
