// SPDX-License-Identifier: BSD-3-Clause
// One who collects datagrams: a UDP socket of its own, so that what is wrong with one never touches
// another.
//
// UDP tells of trouble late, or never: that nobody listens comes back as ICMP, and with the next
// send. So a collector counts as failing from an error until COLLECTOR_QUIET_MS have passed without
// another one; both are logged, and nothing in between. Every datagram is tried anew: nothing else
// is needed for it to come back by itself.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/limits.h"

enum { COLLECTOR_QUIET_MS = 10000, COLLECTOR_PROBLEM_SIZE = 96 };

struct collector {
	char name[NAME_SIZE];
	struct ip address;
	uint16_t port;
	int fd;		    // -1: not connected
	uint64_t datagrams; // that were sent
	uint64_t errors;    // datagrams that could not be sent, or came back
	bool fails;
	uint64_t failed_ms;		      // when it did last
	char problem[COLLECTOR_PROBLEM_SIZE]; // the last error in words; "": none yet
};

// "name" is of NAME_SIZE. It is connected with its first datagram.
void collector_init(struct collector *collector, const char *name, const struct ip *address,
		    uint16_t port);
void collector_fini(struct collector *collector);

// Send a datagram, at a time in milliseconds. Never waits.
void collector_send(struct collector *collector, const void *octets, size_t n, uint64_t now);
