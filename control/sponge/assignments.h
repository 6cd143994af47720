// SPDX-License-Identifier: BSD-3-Clause
// The addresses of a LAN that are told by the configuration, and its ports: whose each address is,
// and where that port is now.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ip.h"
#include "lib/mac.h"

struct config_port;
struct running;

struct assignment {
	struct ip ip;
	bool protected;			 // never sponged by itself
	bool sponges_own;		 // the sponge asks by it
	const struct config_port *owner; // NULL: nobody
	uint16_t port; // its slot; PLAN_NO_SLOT: none, or it is not in the LAN now
	mac_t mac;     // of its router; 0: not known, or one of several
};

struct assignments {
	struct assignment *list; // in the order of ip_order(), each once
	size_t n;
	uint16_t *ports; // slots of the LAN's ports, in no order
	size_t n_ports;
};

// Read them from what is in force, for the configuration's LAN number "lan".
void assignments_read(struct assignments *assignments, const struct running *running, size_t lan);
void assignments_fini(struct assignments *assignments); // also makes it empty again

// NULL: the configuration tells nothing of it.
const struct assignment *assignments_find(const struct assignments *assignments,
					  const struct ip *ip);

// Whether all owners are where they were.
bool assignments_equal(const struct assignments *a, const struct assignments *b);

bool assignments_has_port(const struct assignments *assignments, uint16_t port);

// IPv4 before IPv6, each by its octets: below, equal to, or above 0.
int ip_order(const struct ip *a, const struct ip *b);
