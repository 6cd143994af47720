// SPDX-License-Identifier: BSD-3-Clause
// Questions of ARP and neighbour discovery, beside the traffic that the generator measures.
//
// One port asks for random addresses, so many a second; another one asks for the addresses of all
// ports, slowly, and every one of these questions is to be answered. Each port n has the station n
// of the traffic, and the addresses 198.18.0.(n + 1) (RFC 2544) and 2001:db8:1::(n + 1).
#pragma once

#include <stdint.h>

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "tests/bench/run.h"

enum { QUESTION_LENGTH_MAX = 86 };

struct asker {
	mac_t mac;
	double pace;  // questions per cycle
	uint64_t due; // of the TSC, when the next one is due
	struct rte_mbuf *waiting;
	uint64_t asked;
	uint64_t answered; // ARP replies and advertisements to its MAC
};

struct questions {
	struct rte_mempool *pool;
	uint16_t n_ports;
	uint16_t sweeper; // the port that asks for random addresses
	uint64_t random;
	struct asker askers[RUN_PORTS];
};

// "pool" is used for nothing else. No port asks.
void questions_init(struct questions *questions, const struct traffic *traffic,
		    struct rte_mempool *pool, uint16_t sweeper);
void questions_fini(struct questions *questions);

// Let a port ask "rate" questions a second from now on; 0: none.
void questions_rate(struct questions *questions, uint16_t port, double rate);

// For struct run_order: send what is due, and count the answers among what was received.
void questions_send(void *questions);
void questions_receive(void *questions, uint16_t port, struct rte_mbuf *const *frames, uint16_t n);
