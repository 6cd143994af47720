// SPDX-License-Identifier: BSD-3-Clause
// What the generator sends: stations, and who talks to whom.
//
// All frames of one size are alike from the 17th octet on: a valid IPv4 header and a UDP datagram
// between documentation addresses, without a checksum, so that a time may stand in it. They are
// written once (see frame.h), when the pool of mbufs is made, and stay there, since a driver that
// copies or lends frames leaves them as they are. Only the first 16 octets tell one conversation
// from another (both MACs, the ethertype, and the first two octets of IPv4, which never change), so
// that a frame is made by one vector load and one store.
//
// Station i of n ports lives on port i % n. Each port has a list of such 16-octet heads in random
// order, in which each of its stations is the source equally often; the destination is a random
// station of a port that the pattern says.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/mac.h"
#include "tests/bench/addresses.h"
#include "tests/bench/frame.h"

enum pattern {
	PATTERN_PAIR,	     // ports 0 and 1 talk, 2 and 3, …
	PATTERN_MESH,	     // each to any other (RFC 2889, 5.1)
	PATTERN_ONE_TO_MANY, // port 0 to any other; they would answer port 0 (RFC 2889, 5.2)
	PATTERN_MANY_TO_ONE, // the same, but only the others send
	PATTERN_CONGESTION,  // port 0 to 2 and 3, 1 to 3: too much for 3 (RFC 2889, 5.5)
	PATTERNS,
};
extern const char *const pattern_names[PATTERNS];

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
	enum addresses addresses;
	uint32_t senders; // a bit for each port that sends when it is measured
	uint16_t n_sizes; // frames take turns
	struct frame_size sizes[FRAME_SIZES];
	struct conversation *ports;
};

// Make the lists for n_stations spread over n_ports. "size" is the frame with its FCS, 64 to 9216
// octets, or SIZE_IMIX. There must be at least one station a port, an even number of ports for
// pairs, and four for congestion. The same arguments give the same lists. Returns NULL with errno.
struct traffic *traffic_create(uint16_t n_ports, uint32_t n_stations, enum pattern pattern,
			       enum addresses addresses, uint16_t size);
void traffic_destroy(struct traffic *traffic);

// Three ports, to see what a switch has learned: port 1 has the stations "first" to first + n - 1,
// each as source of one frame to the station of port 0; port 0 has one frame to each of them in
// another order; what comes out of port 2 was flooded. Returns NULL with errno.
struct traffic *traffic_create_learning(uint32_t first, uint32_t n, enum addresses addresses);

// Send all frames of "port" to everybody instead: a storm.
void traffic_broadcast(struct traffic *traffic, uint16_t port);

// Is a frame to this address on the port wrong: does no such station live there?
bool traffic_is_misdelivered(const struct traffic *traffic, mac_t mac, uint16_t port);
